"""The clock of a later payer: from the earlier answer, by the payer's days, to the last day it takes the claim."""

from __future__ import annotations

from datetime import date

import pytest

from claims.filing import filing_clock, filing_limit

ANSWERED = date(2026, 1, 1)


def test_the_limit_is_so_many_days_after_the_answer():
    assert filing_limit(ANSWERED, 180) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("today", "left"),
    [(date(2026, 6, 29), 1), (date(2026, 6, 30), 0), (date(2026, 7, 1), -1)],
    ids=["the day before", "the last day", "the day after"],
)
def test_days_left_around_the_limit(today, left):
    assert filing_clock(2, "Northern", "Lakeside", ANSWERED, 180).days_left(today) == left


@pytest.mark.parametrize(("place", "name"), [(2, "secondary_filing"), (3, "tertiary_filing"), (4, "filing_4")])
def test_each_place_has_its_own_clock(place, name):
    assert filing_clock(place, "Northern", "Lakeside", ANSWERED, 90).limit == name


def test_nothing_runs_before_the_earlier_payer_has_answered_nor_for_the_first():
    assert filing_clock(2, "Northern", "Lakeside", None, 180) is None
    assert filing_clock(1, "Lakeside", "", ANSWERED, 180) is None


def test_it_says_why_that_day():
    clock = filing_clock(2, "Northern", "Lakeside", ANSWERED, 180)
    assert clock.because == "Northern takes claims for 180 days after Lakeside answered on 01/01/2026."
