"""When a verification counts for a visit: three days, seven for weekly care, never across the first of a month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.rules.frontdesk import form_due_on, good_from, msp_due_on, next_check_on
from tests.cob.rules.frontdesk.pictures import TODAY


def on(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("visit", "weekly", "plan_year", "counts_from"),
    [
        pytest.param("2026-10-20", False, "", "2026-10-17", id="three days before"),
        pytest.param("2026-10-20", True, "", "2026-10-13", id="seven for weekly care"),
        pytest.param("2026-11-02", False, "", "2026-11-01", id="not before the first of the month"),
        pytest.param("2026-11-05", True, "", "2026-11-01", id="nor for weekly care"),
        pytest.param("2026-11-04", False, "", "2026-11-01", id="the first is three days before"),
        pytest.param("2026-11-05", False, "", "2026-11-02", id="the first is four days before"),
        pytest.param("2027-01-01", True, "", "2027-01-01", id="January 1"),
        pytest.param("2026-10-20", True, "10-15", "2026-10-15", id="a plan year that began on the 15th"),
        pytest.param("2026-10-20", True, "10-21", "2026-10-13", id="a plan year that begins tomorrow"),
        pytest.param("2027-03-01", True, "02-29", "2027-03-01", id="a plan year of February 29"),
    ],
)
def test_a_verification_counts_from(visit, weekly, plan_year, counts_from):
    assert good_from(on(visit), comes_weekly=weekly, plan_year_start=plan_year) == on(counts_from)


@pytest.mark.parametrize(
    ("kind", "verified", "visit", "due"),
    [
        pytest.param("employer", "2026-10-16", "2026-10-20", "2026-10-17", id="a day too old"),
        pytest.param("employer", "2026-10-17", "2026-10-20", None, id="just good"),
        pytest.param("employer", "2026-10-18", "2026-10-20", None, id="later than it had to be"),
        pytest.param("employer", "2025-01-01", None, None, id="no visit"),
        pytest.param("employer", "2025-01-01", "2026-10-18", None, id="the visit is over"),
        pytest.param("employer", "2026-10-01", "2026-12-15", "2026-12-12", id="a visit far away: due then, not now"),
        pytest.param("employer", None, None, "2026-10-19", id="never verified"),
        pytest.param("workers_comp", "2025-01-01", "2026-10-20", None, id="accident payers are verified once"),
        pytest.param("workers_comp", None, "2026-10-20", "2026-10-19", id="but once"),
        pytest.param("medicaid", "2026-10-16", "2026-10-20", "2026-10-17", id="Medicaid like all others"),
    ],
)
def test_the_payer_is_asked_again_on(kind, verified, visit, due):
    found = next_check_on(kind, verified_on=on(verified), visit_on=on(visit), today=TODAY)

    assert (found.on if found else None) == on(due)


@pytest.mark.parametrize(
    ("visit", "weekly", "word"),
    [
        ("2026-10-20", False, "3 days"),
        ("2026-10-20", True, "7 days"),
        ("2026-11-02", False, "month"),
        ("2027-01-02", False, "January 1"),
    ],
)
def test_it_says_why(visit, weekly, word):
    found = next_check_on(
        "employer", verified_on=on("2026-01-01"), visit_on=on(visit), today=TODAY, comes_weekly=weekly
    )

    assert word in found.why


DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@given(DAYS, st.booleans(), st.sampled_from(["", "02-29", "07-01", "12-31"]))
def test_the_day_of_the_visit_always_counts_and_no_day_counts_from_another_month(visit, weekly, plan_year):
    counts = good_from(visit, comes_weekly=weekly, plan_year_start=plan_year)

    assert counts <= visit
    assert (counts.year, counts.month) == (visit.year, visit.month)
    assert visit - counts <= timedelta(days=7)


@given(DAYS, DAYS, st.booleans())
def test_verifying_on_the_day_it_is_due_settles_it(verified, visit, weekly):
    due = next_check_on("employer", verified_on=verified, visit_on=visit, today=visit, comes_weekly=weekly)
    if due is not None:
        assert next_check_on("employer", verified_on=due.on, visit_on=visit, today=visit, comes_weekly=weekly) is None


@pytest.mark.parametrize(
    ("last", "has_flag", "due"),
    [
        (None, False, TODAY),
        (TODAY - timedelta(days=364), False, TODAY + timedelta(days=1)),
        (TODAY - timedelta(days=365), False, TODAY),
        (TODAY - timedelta(days=1), True, TODAY),
        (TODAY, True, TODAY + timedelta(days=365)),
    ],
)
def test_the_full_interview_is_held_yearly_and_on_a_flag(last, has_flag, due):
    assert form_due_on(last, today=TODAY, has_flag=has_flag).on == due


@pytest.mark.parametrize(
    ("kinds", "last", "due"),
    [
        ({"medicare"}, None, TODAY),
        ({"medicare"}, TODAY - timedelta(days=90), TODAY),
        ({"medicare", "medigap"}, TODAY - timedelta(days=89), TODAY + timedelta(days=1)),
        ({"medicare_advantage"}, None, None),
        ({"medicare", "medicare_advantage"}, None, None),
        ({"employer"}, None, None),
    ],
)
def test_medicares_questionnaire_is_due_every_90_days_and_not_with_an_advantage_plan(kinds, last, due):
    found = msp_due_on(frozenset(kinds), last, today=TODAY)

    assert (found.on if found else None) == due
