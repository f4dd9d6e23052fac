"""One claim against the order due: how it differs, what it costs, and what to do first."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.order_audit import Billed, Do, Due, Kind, Step, compare, due_of

A, B, C = "a", "b", "c"


def due(*groups, rules=(), aside=None, status="determined", sole=""):
    return Due(status, tuple((one,) if isinstance(one, str) else one for one in groups), rules, aside or {}, sole)


def paid(coverage, rank, cents, **more):
    return Billed(coverage, rank, "adjudicated", cents, **more)


def sent(coverage, rank):
    return Billed(coverage, rank, "submitted")


def waits(coverage, rank):
    return Billed(coverage, rank, "expected")


@pytest.mark.parametrize(
    ("ranks", "order"),
    [
        ([paid(A, 1, 50), waits(B, 2)], due(A, B)),
        ([paid(A, 2, 50), waits(B, 5)], due(A, B)),
        ([paid(B, 1, 50), paid(A, 2, 5)], due((A, B))),
        ([paid(B, 1, 50), paid(A, 2, 5), waits(C, 3)], due((A, B), C)),
        ([paid(A, 1, 50), Billed(B, 2, "not_billable", 0, "determined")], due(A)),
        ([paid(A, 1, 50), Billed(B, 2, "not_billable", 0, "billed")], due(A, B)),
        ([], due(status="no_coverage")),
    ],
    ids=["in order", "by rank, whatever the number", "either of two that share", "then the third", "set aside",
         "taken off by a person", "nobody covers"],
)  # fmt: skip
def test_nothing_to_say(ranks, order):
    assert compare(ranks, order) is None


@pytest.mark.parametrize(
    ("ranks", "order", "kinds", "steps"),
    [
        (
            [paid(A, 1, 50), waits(B, 2)], due(B, A),
            {Kind.SWAPPED}, (Step(Do.REBILL, B), Step(Do.RECOUP, A, 50)),
        ),
        (
            [paid(A, 1, 50), paid(B, 2, 7)], due(B, A),
            {Kind.SWAPPED}, (Step(Do.CORRECT, B), Step(Do.RECOUP, A, 50)),
        ),
        (
            [sent(A, 1), waits(B, 2)], due(B, A),
            {Kind.SWAPPED}, (Step(Do.REBILL, B), Step(Do.CORRECT, A)),
        ),
        ([waits(A, 1), waits(B, 2)], due(B, A), {Kind.SWAPPED}, (Step(Do.REORDER),)),
        ([paid(A, 1, 50)], due(A, B), {Kind.MISSING}, (Step(Do.SECONDARY, B),)),
        (
            [paid(A, 1, 50)], due(B, A),
            {Kind.SWAPPED, Kind.MISSING}, (Step(Do.REBILL, B), Step(Do.RECOUP, A, 50)),
        ),
        (
            [paid(A, 1, 50), paid(B, 2, 7)], due(B),
            {Kind.SWAPPED, Kind.NOT_DUE}, (Step(Do.VOID, A, 50), Step(Do.CORRECT, B)),
        ),
        ([paid(A, 1, 50)], due(status="no_coverage"), {Kind.NOT_DUE}, (Step(Do.VOID, A, 50),)),
        ([paid(A, 1, 50), waits(B, 2)], due(A), {Kind.NOT_DUE}, (Step(Do.REORDER),)),
        ([paid(A, 1, 50), waits(B, 2)], due(status="needs_facts"), {Kind.OPEN}, (Step(Do.DETERMINE),)),
        ([paid(A, 1, 50), waits(B, 2)], due(A, status="cycle"), {Kind.OPEN}, (Step(Do.DETERMINE),)),
        (
            [paid(A, 1, 50), Billed(B, 2, "not_billable", 0, "determined")], due(B, A),
            {Kind.SWAPPED, Kind.MISSING}, (Step(Do.REBILL, B), Step(Do.RECOUP, A, 50)),
        ),
        (
            [paid(A, 1, 50), waits(C, 2)], due((A, B), C),
            {Kind.SWAPPED, Kind.MISSING}, (Step(Do.SECONDARY, B), Step(Do.SECONDARY, C)),
        ),
    ],
    ids=["paid, and the other is due first", "both paid", "sent, not answered", "nobody sent", "a second payer is due",
         "a payer is due ahead", "the first does not cover", "nobody covers", "an unsent payer is not due",
         "a fact is missing", "a circle", "set aside once, due now", "one of two that share is missing"],
)  # fmt: skip
def test_how_it_differs_and_what_to_do(ranks, order, kinds, steps):
    found = compare(ranks, order)

    assert found is not None
    assert (set(found.kinds), found.steps) == (kinds, steps)


def test_what_is_at_stake():
    found = compare([paid(A, 1, 8000), paid(B, 2, 500)], due(B, A), insurer_open_cents=1000, patient_cents=250)

    assert found is not None
    assert (found.paid_cents, found.take_back_cents, found.at_stake_cents) == (8500, 8000, 9250)


def test_money_paid_too_much_takes_nothing_off_what_is_at_stake():
    found = compare([paid(A, 1, 8000)], due(B, A), insurer_open_cents=-700)

    assert found is not None
    assert found.at_stake_cents == 8000


@pytest.mark.parametrize(
    ("ranks", "order", "rule"),
    [
        ([paid(A, 1, 1), paid(B, 2, 1), paid(C, 3, 1)], due(A, C, B, rules=("R1", "R2")), "R2"),
        ([paid(B, 1, 1), paid(A, 2, 1)], due(A, B, rules=("R1",)), "R1"),
        ([paid(A, 1, 1)], due(A, B, rules=("R1",)), "R1"),
        ([paid(A, 1, 1), paid(B, 2, 1)], due(B, aside={A: "GEN-DOS"}, sole="SOLE"), "GEN-DOS"),
        ([paid(A, 1, 1)], due(B, sole="SOLE"), "SOLE"),
    ],
)
def test_the_rule_is_that_of_the_first_pair_the_claim_has_otherwise(ranks, order, rule):
    found = compare(ranks, order)

    assert found is not None
    assert found.rule == rule


def test_an_order_is_read_from_a_verdict():
    verdict = {
        "status": "tie", "order": [A, B, C], "ties": [[B, C]],
        "positions": [{"coverage": A, "rule": "R1"}], "pairs": [{"first": A, "second": B, "rule": "R1"}],
        "set_aside": [{"coverage": "x", "rule": "GEN-DOS", "because": "It ended."}],
    }  # fmt: skip

    assert due_of(verdict) == Due("tie", ((A,), (B, C)), ("R1",), {"x": "GEN-DOS"}, "R1")


LINES = st.permutations([A, B, C]).flatmap(lambda line: st.integers(1, 3).map(lambda n: tuple(line[:n])))
STATES = st.sampled_from(["expected", "submitted", "adjudicated", "denied", "rejected"])


@given(billed=LINES, order=LINES, states=st.tuples(STATES, STATES, STATES))
def test_a_claim_differs_exactly_when_its_line_is_another(billed, order, states):
    ranks = [Billed(one, at, state) for at, (one, state) in enumerate(zip(billed, states, strict=False), start=1)]

    found = compare(ranks, due(*order))

    assert (found is None) is (billed == order)
    if found is not None:
        assert found.steps
        assert (Kind.MISSING in found.kinds) is bool(set(order) - set(billed))
        assert (Kind.NOT_DUE in found.kinds) is bool(set(billed) - set(order))


@pytest.mark.parametrize("billed", list(permutations([A, B, C])))
def test_among_payers_that_share_any_line_is_right(billed):
    ranks = [Billed(one, at, "adjudicated") for at, one in enumerate(billed, start=1)]

    assert compare(ranks, due((A, B, C))) is None
