"""A payer's word against the order that counts: by its own place, by whom it shows first, and against each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from cob.coverage.agreement import Stand, groups_of, place_in, stand_of, standing_of


@dataclass
class Word:
    says: str = "agrees"
    own_position: int | None = None
    primary_id: str | None = None
    primary_named: str = ""
    is_active: bool | None = None
    has_all_since: date | None = None


def verdict(*order, ties=(), status="determined"):
    return {"status": status, "order": list(order), "ties": [list(group) for group in ties]}


LINE = (("a",), ("b",), ("c",))
TIE = (("a", "b"), ("c",))


@pytest.mark.parametrize(
    ("who", "said", "groups", "stand"),
    [
        ("a", None, LINE, Stand.NOT_ASKED),
        ("a", Word("not_known"), LINE, Stand.NOT_KNOWN),
        ("a", Word(own_position=1), LINE, Stand.AGREES),
        ("a", Word(own_position=2), LINE, Stand.DISAGREES),
        ("b", Word(own_position=2), LINE, Stand.AGREES),
        ("b", Word(own_position=1), LINE, Stand.DISAGREES),
        ("b", Word(primary_id="a"), LINE, Stand.AGREES),
        ("b", Word(primary_id="c"), LINE, Stand.DISAGREES),
        ("b", Word(own_position=2, primary_named="Unheard Mutual"), LINE, Stand.DISAGREES),
        ("a", Word(own_position=1), TIE, Stand.AGREES),
        ("a", Word(own_position=2), TIE, Stand.AGREES),
        ("a", Word(own_position=3), TIE, Stand.DISAGREES),
        ("c", Word(own_position=2), TIE, Stand.DISAGREES),
        ("c", Word(own_position=3, primary_id="b"), TIE, Stand.AGREES),
        ("a", Word("disagrees", is_active=False), LINE, Stand.DISAGREES),
        ("x", Word("disagrees", own_position=1), LINE, Stand.DISAGREES),
        ("x", Word("disagrees", is_active=False), LINE, Stand.AGREES),
    ],
)  # fmt: skip
def test_one_payer_against_the_order(who, said, groups, stand):
    assert stand_of(who, said, groups, is_settled=True) is stand


def test_against_an_open_order_nothing_can_be_held():
    found = standing_of({"a": Word(own_position=1)}, verdict("a", status="needs_facts"), coverages=["a", "b"])

    assert found.stands == {"a": Stand.OPEN, "b": Stand.NOT_ASKED}
    assert not found.is_conflict


def test_what_was_said_is_held_against_the_order_of_now():
    said = {"a": Word("agrees", own_position=1)}

    assert standing_of(said, verdict("a", "b")).stands["a"] is Stand.AGREES
    assert standing_of(said, verdict("b", "a")).stands["a"] is Stand.DISAGREES


@pytest.mark.parametrize(
    ("words", "conflict"),
    [
        ({"a": Word(own_position=1), "b": Word(own_position=1)}, True),
        ({"a": Word(own_position=2), "b": Word(own_position=2)}, True),
        ({"a": Word(own_position=1), "b": Word(own_position=2)}, False),
        ({"a": Word(own_position=1), "b": Word(primary_id="a")}, False),
        ({"a": Word(own_position=1), "b": Word(primary_id="c")}, True),
        ({"a": Word(own_position=1), "b": Word("not_known")}, False),
        ({"a": Word(own_position=1), "b": Word("disagrees", is_active=False)}, False),
        ({"a": Word(own_position=1), "b": Word(primary_named="Unheard Mutual")}, True),
    ],
)
def test_two_payers_that_cannot_both_be_right_are_in_conflict_even_while_our_order_is_open(words, conflict):
    assert standing_of(words, None).is_conflict is conflict


FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 9)


@pytest.mark.parametrize(
    ("a_since", "b_since", "since"),
    [(FIRST, SECOND, SECOND), (SECOND, FIRST, SECOND), (FIRST, None, None), (None, None, None)],
)
def test_a_dispute_runs_from_the_day_the_last_plan_had_all_it_needs(a_since, b_since, since):
    said = {"a": Word(own_position=1, has_all_since=a_since), "b": Word(own_position=1, has_all_since=b_since)}

    assert standing_of(said, verdict("a", "b")).disagree_since == since


def test_a_dispute_does_not_run_while_they_agree_or_one_was_not_asked():
    agree = {"a": Word(own_position=1, has_all_since=FIRST), "b": Word(own_position=2, has_all_since=FIRST)}
    alone = {"b": Word(own_position=1, has_all_since=FIRST)}

    assert standing_of(agree, verdict("a", "b")).disagree_since is None
    assert standing_of(alone, verdict("a", "b")).disagree_since is None


def test_places_and_groups_follow_the_verdict():
    found = verdict("a", "b", "c", ties=[("b", "c")])

    assert groups_of(found) == (("a",), ("b", "c"))
    assert [place_in(found, one) for one in ("a", "b", "c", "x")] == [1, 2, 2, None]
