"""The product against a second working-out of the catalogue, on cases nobody chose.

What the law and the contract leave open is not compared: the generator does not make it (`random_cases.LEFT_OPEN`) or
the reference says so (`LeftOpen`).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cob.rules import determine
from tests.cob.rules.order.conftest import checked
from tests.reference.order import Answer, decide
from tests.reference.outcomes import Outcomes, TooMany, grouped, outcomes
from tests.reference.random_cases import cases
from tests.reference.reading import LeftOpen, Unknown

SHAPE = jsonschema.Draft202012Validator(
    json.loads(files("cob.rules.order").joinpath("case.schema.json").read_text(encoding="utf-8"))
)
SOME = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
CHECKED = [pytest.param(row["case"], row["expect"], id=row["id"]) for row in checked()]


def worked_out(case: dict[str, Any]) -> Outcomes:
    try:
        found = outcomes(case, limit=1500)
    except (LeftOpen, TooMany):
        assume(False)
    assume(found.answers)
    return found


def units(verdict: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """The order with the members of a tie side by side in any order."""
    tied = {name: tuple(sorted(group)) for group in verdict["ties"] for name in group}
    return tuple(dict.fromkeys(tied.get(name, (name,)) for name in verdict["order"]))


@SOME
@given(cases(unknown=2))
def test_random_cases_have_the_contracts_shape(case):
    assert list(SHAPE.iter_errors(case)) == []


@pytest.mark.parametrize(("case", "expect"), CHECKED)
def test_the_reference_agrees_with_the_checked_cases(case, expect):
    found = outcomes(case)

    assert found.status == expect["status"]
    if found.status == "needs_facts":
        assert found.prefix() == expect["order"]
        assert {tuple(answer.order) for answer in found.answers} == {tuple(order) for order in expect["branches"]}
    elif found.status != "data_conflict":
        assert {name for group in found.answers[0].groups for name in group} == set(expect["order"])
        assert not expect.get("ties") or found.answers[0].groups == expect["ties"]


@SOME
@given(cases())
def test_with_all_facts_known_both_give_one_answer(case):
    try:
        answer = decide(case)
    except (LeftOpen, Unknown):
        assume(False)
    verdict = determine(case).as_json()

    assert verdict["status"] == answer.status
    if answer.status != "data_conflict":
        assert units(verdict) == grouped(answer)
        assert {entry["coverage"] for entry in verdict["set_aside"]} == answer.aside
        assert (verdict["msp_type"], verdict["conditional"]) == (answer.msp_type, answer.conditional)


@SOME
@given(st.integers(1, 3).flatmap(lambda count: cases(unknown=count, coverages=4)))
def test_with_facts_unknown_both_leave_the_same_outcomes_open(case):
    found = worked_out(case)
    verdict = determine(case).as_json()

    assert verdict["status"] == found.status
    if found.status == "needs_facts":
        orders = [branch["order"] for branch in verdict["branches"]]
        assert all(any(shows(order, answer) for answer in found.answers) for order in orders)
        assert all(any(shows(order, answer) for order in orders) for answer in found.answers)
        assert verdict["order"] == found.prefix()
        assert verdict["certain_suffix"] == found.suffix()
        assert verdict["questions"]
        assert all(reached(question["fact"], found, case) for question in verdict["questions"])
    elif found.status != "data_conflict":
        assert units(verdict) == grouped(found.answers[0])


def shows(order: list[str], answer: Answer) -> bool:
    """Whether an order is that of the answer; those who share equally may stand in it either way round."""
    place = {name: number for number, group in enumerate(answer.groups) for name in group}
    return set(order) == set(place) and [place[name] for name in order] == sorted(place.values())


def reached(fact: str, found: Outcomes, case: dict) -> bool:
    """Whether the reference needed that fact or one beside it: a size may be asked whole or by one of its counts, what
    somebody is to the patient on any of that person's cards."""
    needed = {whose(".".join(path), case) for path in found.asked}
    fact = whose(fact, case)
    beside = {one.rpartition(".")[0] for one in needed}
    return fact.rpartition(".")[0] in beside or any(one.startswith(fact) or fact.startswith(one) for one in needed)


def whose(fact: str, case: dict) -> str:
    """The fact, of a relationship by the person instead of the card."""
    holders = {f"coverages.{card['id']}.relationship": card.get("subscriber") for card in case["coverages"]}
    return f"relationship of {holders[fact]}" if holders.get(fact) else fact


@settings(SOME, max_examples=80)
@given(cases(coverages=4), st.integers(0, 40))
def test_every_day_on_which_the_reference_changes_its_mind_is_watched(case, left):
    first = date.fromisoformat(case["claim"]["dos"])
    case["coverages"] = [plan for plan in case["coverages"] if plan["kind"] != "no_fault"]
    case["coverages"].append({"id": "auto", "kind": "no_fault", "effective": "2018-01-01", "last_covered_day": None})
    case["claim"]["related_to"] = ["auto"]
    facts = {"election": "no_fault_first", "paid_to_date_cents": 0, "exhausted_on": str(first + timedelta(days=left))}
    case["accident"] = {**(case.get("accident") or {}), "state": "NY", "no_fault": facts}
    case["accident"].setdefault("workers_comp", {"provider_authorised": True})
    try:
        changes = [day for day in days_told(case, first) if key(case, day) != key(case, day - timedelta(days=1))]
    except (LeftOpen, Unknown):
        assume(False)
    verdict = determine(case).as_json()
    assume(verdict["status"] != "needs_facts")

    assert {str(day) for day in changes} <= {entry["on"] for entry in verdict["watch"]}


def key(case: dict[str, Any], day: date) -> Any:
    moved = copy.deepcopy(case)
    moved["claim"]["dos"] = str(day)
    return grouped(decide(moved))


def days_told(case: dict[str, Any], first: date) -> Iterator[date]:
    """Days on file after the visit on which a card begins, and those after which a card or a benefit has ended."""
    for plan in case["coverages"]:
        yield from (date.fromisoformat(day) for day in [plan.get("effective")] if day and day > str(first))
        ends = plan.get("last_covered_day")
        yield from (date.fromisoformat(day) + timedelta(days=1) for day in [ends] if day and day >= str(first))
    yield date.fromisoformat(case["accident"]["no_fault"]["exhausted_on"]) + timedelta(days=1)
