"""The score adds up, says why, and a limit outranks it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workqueues.aging import age, buckets
from workqueues.priority import Case, score

# money, days to the limit, business days open, promised days, harm → money, time, age, harm points, score, tier
WORKED = [
    (15000, 20, 3, 5, False, (26.4, 26.7, 4.5, 0.0), 57.6, 2),
    (120000, 6, 8, 5, False, (37.3, 36.0, 12.0, 0.0), 85.3, 1),
    (9000, 3, 1, 5, False, (23.7, 38.0, 1.5, 0.0), 63.2, 0),
    (400000, 200, 1, 5, False, (40.0, 0.0, 1.5, 0.0), 41.5, 3),
    (62000, 28, 2, 3, True, (33.8, 21.3, 5.0, 5.0), 65.2, 2),
    (3500, 75, 9, 3, False, (18.9, 0.0, 15.0, 0.0), 33.9, 3),
    (200000, 0, 10, 5, True, (40.0, 40.0, 15.0, 5.0), 100.0, 0),
    (4524, 12, 4, 2, False, (20.2, 32.0, 15.0, 0.0), 67.2, 1),
]


@pytest.mark.parametrize(
    ("cents", "days", "opened", "sla", "harm", "parts", "total", "tier"), WORKED, ids=[f"{row[6]}" for row in WORKED]
)
def test_the_worked_examples_come_out_to_the_tenth(cents, days, opened, sla, harm, parts, total, tier):
    told = score(Case(cents, days, opened, sla, harm))

    assert (told.total, told.tier) == (total, tier)
    assert tuple(part.points for part in told.parts) == parts


@pytest.mark.parametrize(
    ("days", "tier"), [(5, 0), (6, 1), (14, 1), (15, 3), (None, 3)], ids=["5", "6", "14", "15", "no limit"]
)
def test_a_near_limit_decides_the_tier_before_the_score_does(days, tier):
    assert score(Case(0, days, 0, 5)).tier == tier


def test_a_legal_clock_comes_first_of_all():
    told = score(Case(0, None, 0, 5, has_legal_clock=True))

    assert (told.tier, told.override) == (0, "A legal clock runs.")


CASES = st.builds(
    Case,
    amount_cents=st.integers(-100_000, 10_000_000),
    limit_days=st.none() | st.integers(-400, 400),
    open_days=st.integers(0, 400),
    sla_days=st.integers(0, 20),
    is_harmful=st.booleans(),
    has_legal_clock=st.booleans(),
)


@given(CASES)
def test_every_score_lies_between_0_and_100_and_every_part_says_why(case):
    told = score(case)

    assert 0 <= told.total <= 100
    assert all(0 <= part.points <= part.of and part.because for part in told.parts)


@given(CASES, CASES)
def test_one_rank_orders_by_tier_and_then_by_score(left, right):
    one, other = score(left), score(right)

    assert (one.rank < other.rank) == ((one.tier, -one.total) < (other.tier, -other.total))
    assert one.rank >= 1


@pytest.mark.parametrize("in_calendar_days", [False, True], ids=["business days", "calendar days"])
@given(entered=st.dates(date(2025, 1, 1), date(2026, 11, 20)))
def test_every_day_of_coming_in_falls_into_one_bucket_the_one_its_age_names(in_calendar_days, entered):
    today = date(2026, 11, 20)
    inside = [
        bucket
        for bucket in buckets(today, in_calendar_days=in_calendar_days)
        if (bucket.after is None or entered > bucket.after) and (bucket.until is None or entered <= bucket.until)
    ]

    (bucket,) = inside
    low, _, high = bucket.key.rstrip("+").partition("-")
    days = age(entered, today, in_calendar_days=in_calendar_days)
    assert int(low) <= days
    assert not high or days <= int(high)
