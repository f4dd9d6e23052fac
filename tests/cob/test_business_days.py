"""Business days: weekends and federal holidays never count, however long the span."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.dates import add_business_days, business_days_before, business_days_between, federal_holidays, is_business_day

DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        pytest.param(date(2026, 7, 3), False, id="Independence Day on a Saturday is kept on Friday"),
        pytest.param(date(2026, 7, 6), True, id="and Monday is open"),
        pytest.param(date(2021, 12, 31), False, id="New Year's Day on a Saturday is kept the year before"),
        pytest.param(date(2023, 1, 2), False, id="New Year's Day on a Sunday is kept on Monday"),
        pytest.param(date(2026, 5, 25), False, id="Memorial Day"),
        pytest.param(date(2026, 11, 26), False, id="Thanksgiving"),
        pytest.param(date(2026, 11, 27), True, id="the day after Thanksgiving is open"),
        pytest.param(date(2020, 6, 19), True, id="Juneteenth before it was a holiday"),
        pytest.param(date(2026, 6, 19), False, id="Juneteenth since"),
        pytest.param(date(2026, 11, 21), False, id="a Saturday"),
    ],
)
def test_a_day_is_open_or_not(day, is_open):
    assert is_business_day(day) is is_open


def test_fifteen_business_days_after_4_may_skip_memorial_day():
    assert add_business_days(date(2026, 5, 4), 15) == date(2026, 5, 26)


@pytest.mark.parametrize(
    ("day", "found"), [(date(2026, 11, 20), date(2026, 11, 20)), (date(2026, 11, 21), date(2026, 11, 23))]
)
def test_no_business_day_more_is_the_day_itself_or_the_next_open_one(day, found):
    assert add_business_days(day, 0) == found


@given(DAYS)
def test_eleven_holidays_a_year_are_weekdays(day):
    assert all(kept.weekday() < 5 for kept in federal_holidays(day.year))


@given(DAYS, st.integers(0, 800))
def test_counting_agrees_with_counting_day_by_day(start, span):
    end = start + timedelta(days=span)

    slow = sum(is_business_day(start + timedelta(days=n)) for n in range(1, span + 1))
    assert business_days_between(start, end) == slow
    assert business_days_between(end, start) == 0


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_undo_each_other(start, count):
    end = add_business_days(start, count)

    assert business_days_between(start, end) == count
    assert is_business_day(end)


@given(DAYS, st.integers(0, 60))
def test_going_back_finds_the_latest_day_so_many_business_days_ago(day, count):
    back = business_days_before(day, count)

    assert business_days_between(back, day) >= count
    assert business_days_between(back + timedelta(days=1), day) < count or count == 0
