"""Business days of a site: its weekdays, its holidays, the days it opens all the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.dates import add_business_days, business_days_before, business_days_between
from workqueues.calendars import STANDARD, Calendar, NoBusinessDays

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(
    Calendar,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    keeps_federal=st.booleans(),
    closed=st.frozensets(DAYS, max_size=6),
    opened=st.frozensets(DAYS, max_size=6),
)

# calendar → how many of Mon 21 December 2026 to Sun 3 January 2027 are worked
TWO_WEEKS = {
    "Monday to Friday": (Calendar(), 8),
    "without federal holidays": (Calendar(keeps_federal=False), 10),
    "with Saturdays": (Calendar(weekdays=frozenset(range(6))), 10),
    "closed on Christmas Eve besides": (Calendar(closed=frozenset({date(2026, 12, 24)})), 7),
    "open on Christmas Day": (Calendar(opened=frozenset({date(2026, 12, 25)})), 9),
    "open on one Sunday": (Calendar(opened=frozenset({date(2026, 12, 27)})), 9),
    "closed and opened on one day: open": (
        Calendar(closed=frozenset({date(2026, 12, 24)}), opened=frozenset({date(2026, 12, 24)})),
        8,
    ),
}


@pytest.mark.parametrize(("calendar", "worked"), TWO_WEEKS.values(), ids=TWO_WEEKS)
def test_the_days_of_two_weeks_around_christmas(calendar, worked):
    assert calendar.between(date(2026, 12, 20), date(2027, 1, 3)) == worked


def test_a_calendar_without_a_business_day_is_refused():
    with pytest.raises(NoBusinessDays, match="at least one weekday"):
        Calendar(weekdays=frozenset())


@given(CALENDARS, DAYS, st.integers(0, 60))
def test_counting_by_weeks_is_counting_day_by_day(calendar, start, span):
    end = start + timedelta(days=span)
    slow = sum(calendar.is_open(start + timedelta(days=n)) for n in range(1, span + 1))

    assert calendar.between(start, end) == slow
    assert calendar.between(end, start) == 0


@given(CALENDARS, DAYS, st.integers(0, 15))
def test_adding_and_going_back_are_the_count_turned_round(calendar, day, count):
    end = calendar.add(day, count)
    back = calendar.before(day, count)

    assert calendar.is_open(end)
    assert count == 0 or calendar.between(day, end) == count
    assert calendar.between(back, day) >= count
    assert count == 0 or calendar.between(back + timedelta(days=1), day) < count


@given(DAYS, st.integers(0, 20))
def test_the_standard_calendar_counts_as_the_whole_desk_does(day, count):
    later = day + timedelta(days=count)

    assert STANDARD.add(day, count) == add_business_days(day, count)
    assert STANDARD.before(day, count) == business_days_before(day, count)
    assert STANDARD.between(day, later) == business_days_between(day, later)
