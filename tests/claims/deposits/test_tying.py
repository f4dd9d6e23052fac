"""Which remittance a deposit pays: the trace decides, amount and day only where one fits."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.deposits.tying import DAYS_APART_MAX, Money, plain, score, ties

DAY = date(2026, 3, 20)


def money(trace="", cents=80_00, after=0):
    return Money(uuid4(), trace, cents, DAY + timedelta(days=after))


@pytest.mark.parametrize(
    ("deposit", "remittance", "how"),
    [
        (money("EFT1"), money("EFT1"), "trace, amount, same day"),
        (money("000-EFT 1", after=2), money("eft1"), "trace, amount, 2 days apart"),
        (money("EFT1", 79_00), money("EFT1"), "trace, same day; 1.00 less deposited"),
        (money("", after=1), money("EFT1"), "amount, 1 day apart"),
        (money("", after=DAYS_APART_MAX), money("EFT1"), "amount, 10 days apart"),
        (money("", after=DAYS_APART_MAX + 1), money("EFT1"), None),
        (money("OTHER"), money("EFT1"), None),
        (money("", 79_99), money("EFT1"), None),
        (money("EFT1", 79_00, after=61), money("EFT1"), None),
        (money("EFT1", after=200), money("EFT1"), "trace, amount, 200 days apart"),
    ],
)
def test_one_and_one(deposit, remittance, how):
    found = ties([deposit], [remittance])

    assert [tie.how for tie in found] == ([how] if how else [])


@pytest.mark.parametrize(("deposits", "remittances"), [(1, 2), (2, 1), (2, 2)])
def test_among_equals_nobody_guesses(deposits, remittances):
    assert ties([money() for _ in range(deposits)], [money(f"T{n}") for n in range(remittances)]) == []


def test_a_trace_used_again_goes_to_the_same_amount_and_then_the_nearest_day():
    old, new = money("7", 50_00, after=-400), money("7", 80_00)

    assert [t.remittance for t in ties([money("7", 80_00, after=1)], [old, new])] == [new.id]
    assert [t.remittance for t in ties([money("7", 81_00, after=1)], [old, new])] == [new.id]


@pytest.mark.parametrize(("text", "said"), [("000123", "123"), ("ab-12 c", "AB12C"), ("", ""), ("000", "")])
def test_banks_pad_and_punctuate(text, said):
    assert plain(text) == said


def test_the_score_orders_candidates():
    deposit = money("EFT1")

    assert score(deposit, money("EFT1")) > score(deposit, money("EFT1", 1)) > score(deposit, money("X")) > 0


@given(
    st.lists(st.tuples(st.sampled_from(["", "A", "B", "C"]), st.integers(1, 3), st.integers(0, 30)), max_size=8),
    st.lists(st.tuples(st.sampled_from(["A", "B", "C", "D"]), st.integers(1, 3), st.integers(0, 30)), max_size=8),
)
def test_each_is_tied_once_at_most(deposits, remittances):
    found = ties([money(*row) for row in deposits], [money(*row) for row in remittances])

    assert len({t.remittance for t in found}) == len({t.deposit for t in found}) == len(found)
