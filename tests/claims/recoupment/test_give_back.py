"""Who gets an overpayment back, how much and by when: published figures, boundary days."""

from __future__ import annotations

from datetime import date

import pytest

from claims.credits import too_much
from claims.recoupment.clocks import refund_clock, standstill
from claims.recoupment.look_back import look_back

DAY = date(2026, 3, 20)


def test_medicare_that_paid_as_first_gets_back_what_it_did_not_owe_as_second():
    """Paid 100.00, owed 30.00: 70.00 within 60 days."""
    assert too_much(100_00, 30_00) == 70_00
    clock = refund_clock(payer_kind="medicare", identified_on=date(2026, 5, 1), second_paid_on=DAY)
    assert (clock.due_on - DAY).days == 60
    assert "411.24" in clock.rule


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("medicare", date(2026, 5, 19)),
        ("medicaid", date(2026, 5, 19)),
        ("employer", None),
        ("medicare_advantage", None),
    ],
)
def test_only_government_money_has_a_clock_by_law(kind, due):
    clock = refund_clock(payer_kind=kind, identified_on=DAY)

    assert (clock.due_on, clock.is_legal, clock.is_confirmed) == (due, due is not None, due is not None)


@pytest.mark.parametrize(
    ("begun", "ended", "stood"),
    [
        pytest.param(None, None, 0, id="no inquiry"),
        pytest.param(date(2026, 3, 21), date(2026, 3, 22), 1, id="a day"),
        pytest.param(date(2026, 3, 20), date(2026, 9, 16), 180, id="180 days"),
        pytest.param(date(2026, 3, 20), date(2026, 9, 17), 180, id="181 days count 180"),
        pytest.param(date(2026, 3, 1), date(2026, 3, 22), 2, id="not before it was found"),
        pytest.param(date(2026, 3, 20), None, 10, id="still going on"),
    ],
)
def test_the_clock_stands_still_for_an_inquiry_of_at_most_180_days(begun, ended, stood):
    assert standstill(DAY, begun, ended, date(2026, 3, 30)) == stood
    clock = refund_clock(
        payer_kind="medicare",
        identified_on=DAY,
        inquiry_from=begun,
        inquiry_until=ended,
        today=date(2026, 3, 30),
    )
    assert (clock.due_on - DAY).days == 60 + stood


@pytest.mark.parametrize(("begun", "stood"), [(date(2024, 12, 31), 0), (date(2025, 1, 1), 30)])
def test_before_2025_no_inquiry_stopped_the_clock(begun, stood):
    assert standstill(date(2024, 12, 1), begun, date(2025, 1, 31), date(2025, 2, 1)) == stood


@pytest.mark.parametrize(
    ("letter_on", "is_cob", "says"),
    [
        (date(2027, 3, 20), False, "came in time"),
        (date(2027, 3, 21), False, "dispute it"),
        (date(2027, 9, 20), True, "came in time"),
        (date(2027, 9, 21), True, "dispute it"),
    ],
)
def test_how_far_back_a_payer_may_reach_is_told_and_marked_unconfirmed(letter_on, is_cob, says):
    found = look_back(payer_kind="employer", state="AL", paid_on=DAY, letter_on=letter_on, is_cob=is_cob)

    assert says in found.says
    assert not found.is_confirmed


def test_a_state_nobody_looked_up_says_so():
    found = look_back(payer_kind="employer", state="WY", paid_on=DAY, letter_on=DAY, is_cob=False)

    assert found.last_on is None
    assert "No limit for WY" in found.says
