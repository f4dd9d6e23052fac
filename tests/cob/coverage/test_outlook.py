"""What would change a verdict is the rules' own answer to the same case with one thing different."""

from __future__ import annotations

from copy import deepcopy

import pytest

import cob.rules  # noqa: F401 - reading the rules fills the book
from cob.coverage import grounds
from cob.coverage.naming import named, people_in, plans_in
from cob.coverage.outlook import MOST_DAYS, MOST_TURNS, outlook
from cob.coverage.rulebook import verdict_on
from cob.rules.checked import checked_cases
from cob.rules.reading import BOOK
from cob.ui.sample_cases import CASES, overridden

AMARA = CASES["determined"]
SIZE = "coverages.A.employer.size"


def _turns(case):
    return {turn.fact: turn.outcomes for turn in outlook(case, verdict_on(case)).turns}


def test_a_small_employer_would_turn_the_order():
    outcome = _turns(AMARA)[SIZE][0]

    assert (outcome.values, outcome.order) == (("<20",), ("M", "A", "D"))


@pytest.mark.parametrize("story", checked_cases(), ids=lambda story: story["id"])
def test_each_value_named_does_lead_to_that_order(story):
    """Where no other fact would matter then, the rules asked with that value give that very order."""
    case = story["case"]
    verdict = verdict_on(case)
    seen = outlook(case, verdict)
    for turn in seen.turns:
        for outcome in turn.outcomes:
            assert outcome.order != tuple(verdict["order"])
            for value in () if outcome.asks_more else outcome.values:
                then = _with(case, turn.fact, value)
                if then is not None:
                    assert tuple(verdict_on(then)["order"]) == outcome.order, (turn.fact, value)
    assert len(seen.turns) <= MOST_TURNS
    assert len(seen.later) == min(len(verdict["watch"]), MOST_DAYS)


def _with(case, path, value):
    """The case with a fact otherwise; None where the value has a shape of its own (a birthday beside a full date)."""
    copy = deepcopy(case)
    head, _, rest = path.partition(".")
    if head == "coverages":
        entry = next(one for one in copy["coverages"] if rest.startswith(f"{one['id']}."))
        node, way = entry, rest[len(entry["id"]) + 1 :].split(".")
    elif head == "people":
        owner, _, key = rest.partition(".")
        node, way = copy["people"][owner], [key]
        if key == "birth_month_day" and "birth_date" in node:
            return None
    else:
        node, way = copy, path.split(".")
    for step in way[:-1]:
        node = node[step]
    node[way[-1]] = value
    return copy


def test_the_day_a_verdict_changes_says_what_it_becomes():
    case = deepcopy(CASES["determined"])
    case["coverages"][0]["employment"] = {"last_day": "2026-09-30"}
    verdict = verdict_on(case)

    later = outlook(case, verdict).later

    assert [watch["on"] for watch in verdict["watch"]] == ["2026-10-01"]
    assert (later[0].on, later[0].order) == ("2026-10-01", ("M", "A", "D"))
    assert verdict_on(case | {"claim": case["claim"] | {"dos": "2026-09-30"}})["order"] == ["A", "M", "D"]


def test_a_payer_that_is_slow_changes_the_billing_and_not_the_order():
    verdicts = ((story["case"], verdict_on(story["case"])) for story in checked_cases())
    case, verdict = next(
        (case, said) for case, said in verdicts if any("conditionally" in one["because"] for one in said["watch"])
    )

    last = outlook(case, verdict).later[-1]

    assert (last.order, last.is_conditional) == (tuple(verdict["order"]), True)


@pytest.mark.parametrize("status", ["needs_facts", "cycle", "data_conflict", "no_coverage"])
def test_without_an_order_no_fact_is_said_to_change_it(status):
    assert outlook(CASES[status], verdict_on(CASES[status])).turns == ()


def test_beside_a_person_stands_what_the_rules_say():
    decision = overridden().decision

    assert (
        decision.by_rules == "Primary Acorn Health PPO, secondary Medicare Part B, tertiary State Medicaid (determined)"
    )


def test_what_was_tried_leaves_the_case_alone():
    before = deepcopy(AMARA)

    _turns(AMARA)

    assert before == AMARA


def test_every_rule_belongs_to_a_family_with_grounds():
    assert [rule_id for rule_id in BOOK if not grounds.keys_of(rule_id)] == []


@pytest.mark.parametrize(
    ("rule_id", "key", "rests"),
    [
        ("MSP-WA-20", "employer.size", True),
        ("MSP-WA-20", "medicare.basis.age", True),
        ("MSP-WA-20", "patient_covered_since", False),
        ("NAIC-6D2b-i-KN", "decree_notified_on", True),
        ("NAIC-6D2b-iii", "child.decree.terms", True),
        ("NAIC-6D5", "patient_covered_since", True),
        ("OLD-1", "kind", False),
    ],
)
def test_a_rule_rests_on_the_facts_of_its_family(rule_id, key, rests):
    assert grounds.rests_on(rule_id, key) is rests


def test_a_plan_without_a_name_is_called_by_its_kind_and_two_are_numbered():
    case = {
        "patient": "k1",
        "people": {"k1": {}, "k2": {"relation": "common_law_spouse"}, "k3": {}, "k4": {"relation": "child"}},
        "coverages": [
            {"id": "a", "kind": "employer"},
            {"id": "b", "kind": "medicare", "payer": ""},
            {"id": "c", "kind": "employer", "payer": "Employer plan"},
        ],
    }

    assert plans_in(case) == {"a": "Employer plan (1)", "b": "Medicare", "c": "Employer plan (2)"}
    assert people_in(case) == {
        "k1": "the patient", "k2": "the common law spouse", "k3": "another person", "k4": "the child",
    }  # fmt: skip
    assert [entry["payer"] for entry in named(case)["coverages"]] == [
        "Employer plan (1)",
        "Medicare",
        "Employer plan (2)",
    ]
