"""Of all a payer's answers, the ones that stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.submissions.decided import Answer, money_back_on, net, taken_back_on
from cob.x12.parts import Adjustment


def answer(paid, *, day=1, charge=100_00, status="1", **changes):
    rest = (Adjustment("CO", "45", charge - paid),)
    fields = {"adjustments": rest} | changes
    return Answer(status, date(2026, 2, day), charge, paid, f"N{day}", **fields)


def test_the_only_answer_stands():
    assert net([answer(80_00)], 100_00).paid_cents == 80_00


def test_no_answer_is_no_decision():
    assert net([], 100_00) is None


def test_a_reversed_answer_is_out_and_the_day_it_was_taken_back_is_known():
    answers = [answer(80_00, is_reversed=True), answer(-80_00, day=5, charge=-100_00, status="22", reverses=True)]

    assert net(answers, 100_00) is None
    assert taken_back_on(answers, 100_00) == date(2026, 2, 5)


def test_after_a_correction_nothing_is_taken_back_any_more():
    answers = [
        answer(80_00, is_reversed=True),
        answer(-80_00, day=5, charge=-100_00, status="22", reverses=True),
        answer(60_00, day=5),
    ]

    assert (net(answers, 100_00).paid_cents, net(answers, 100_00).was_corrected) == (60_00, True)
    assert taken_back_on(answers, 100_00) is None


def test_passed_on_and_estimated_are_no_decisions():
    assert net([answer(0, status="23"), answer(50_00, status="25")], 100_00) is None


def test_refused_as_a_duplicate_does_not_replace_what_was_decided():
    refused = answer(0, day=9, adjustments=(Adjustment("OA", "18", 100_00),))

    assert net([answer(80_00), refused], 100_00).paid_cents == 80_00
    assert net([refused], 100_00).paid_cents == 0


def test_the_newest_of_two_full_answers_stands():
    assert net([answer(0, day=1), answer(70_00, day=9)], 100_00).paid_cents == 70_00


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=6), st.data())
def test_a_split_claim_loses_no_cent(charges, data):
    """However the payer splits it, what it paid and adjusted over all parts still makes the charge."""
    paid = [data.draw(st.integers(0, charge)) for charge in charges]
    answers = [answer(p, charge=c, day=n) for n, (p, c) in enumerate(zip(paid, charges, strict=True), start=1)]

    decided = net(answers, sum(charges))

    assert decided.paid_cents == sum(paid)
    assert decided.paid_cents + sum(a.amount_cents for a in decided.adjustments) == sum(charges)


PAID, GONE = answer(90_00), answer(90_00, is_reversed=True)
BACK = answer(-90_00, day=20, charge=-100_00, status="22", reverses=True)


@pytest.mark.parametrize(
    ("answers", "on"),
    [
        pytest.param([PAID], None, id="it pays"),
        pytest.param([GONE, BACK], date(2026, 2, 20), id="taken back, no other answer"),
        pytest.param([GONE, BACK, answer(0, day=20, status="4")], date(2026, 2, 20), id="taken back and refused"),
        pytest.param([GONE, BACK, answer(60_00, day=20)], None, id="corrected, and it still pays"),
        pytest.param([answer(0, is_reversed=True), BACK], None, id="it never paid"),
        pytest.param([replace(GONE, taken_back_on=date(2026, 2, 25))], date(2026, 2, 25), id="by letter"),
    ],
)
def test_the_day_a_payers_money_was_gone(answers, on):
    assert money_back_on(answers, 100_00) == on
