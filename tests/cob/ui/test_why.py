"""The verdict card says the answer first and nothing the verdict does not say."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from cob.ui.samples import CASE, DETERMINED, NEEDS_FACTS, SOURCES
from cob.ui.why import explain

BARE: dict[str, Any] = {"id": "x", "order": [], "positions": [], "questions": [], "branches": []}


def test_the_answer_names_each_payer_by_its_level():
    why = explain(DETERMINED, case=CASE)

    assert why.answer == "Primary Harbor Health PPO, secondary Medicare Part B, tertiary State Medicaid"
    assert why.label == "Determined"


def test_ids_stand_where_nobody_named_the_payer():
    assert explain(DETERMINED).answer == "Primary A, secondary M, tertiary D"


def test_the_practice_name_of_a_payer_wins_over_the_case():
    assert explain(DETERMINED, case=CASE, names={"A": "Harbor"}).answer.startswith("Primary Harbor, ")


def test_a_payer_whose_name_holds_a_level_keeps_its_capital():
    verdict = DETERMINED | {"order": ["A", "M"]}

    assert explain(verdict, names={"A": "Primary Health", "M": "Secondary Mutual"}).answer == (
        "Primary Primary Health, secondary Secondary Mutual"
    )


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        pytest.param({"status": "determined", "order": ["A"]}, "A is the only payer", id="one payer"),
        pytest.param({"status": "likely", "order": ["A", "B"]}, "Primary A, secondary B", id="likely"),
        pytest.param({"status": "tie", "order": ["A", "B"], "ties": [["A", "B"]]}, "A and B share equally", id="tie"),
        pytest.param(
            {"status": "tie", "order": ["A", "B", "C"], "ties": [["B", "C"]]},
            "Primary A; B and C share equally",
            id="tie behind a primary",
        ),
        pytest.param({"status": "cycle", "order": ["B", "A"]}, "Proposed: Primary B, secondary A", id="circle"),
        pytest.param({"status": "data_conflict"}, "No order until one of the facts is corrected", id="conflict"),
        pytest.param({"status": "no_coverage"}, "No coverage pays on this date of service", id="none"),
        pytest.param(
            {
                "status": "needs_facts",
                "order": ["A"],
                "questions": [{"fact": "claim.x", "ask": "?", "why": "", "choices": []}],
            },
            "Primary A; then one answer settles the order",
            id="certain beginning",
        ),
    ],
)
def test_each_status_has_its_sentence(verdict, said):
    assert explain(BARE | verdict).answer == said


def test_a_step_carries_the_facts_of_its_own_coverage_with_their_source():
    first, second, _ = explain(DETERMINED, case=CASE, sources=SOURCES).steps

    assert [(fact.label, fact.value, fact.source) for fact in first.facts] == [
        ("Job status", "working", "patient, 03/02/2026, by telephone"),
        ("Employees at the employer", "20 to 99", "employer letter, 01/15/2026"),
    ]
    assert second.facts == ()


def test_a_fact_nobody_knows_is_not_listed_as_a_ground():
    case = deepcopy(CASE)
    case["coverages"][0]["employer"]["size"] = None

    labels = [fact.label for fact in explain(DETERMINED, case=case).facts]

    assert "Employees at the employer" not in labels
    assert "Date of service" in labels


def test_tied_payers_name_each_other():
    verdict = DETERMINED | {"status": "tie", "ties": [["A", "M"]]}

    assert [step.shares_with for step in explain(verdict, case=CASE).steps] == [
        "Medicare Part B",
        "Harbor Health PPO",
        "",
    ]


def test_a_single_question_makes_branches_short():
    why = explain(NEEDS_FACTS, case=CASE)

    assert [branch.when for branch in why.branches] == ["If fewer than 20", "If 20 to 99"]
    assert why.branches[0].order == ("Medicare Part B", "Harbor Health PPO", "State Medicaid")
    assert why.last == ("State Medicaid",)


def test_with_two_questions_a_branch_says_which_it_answers():
    other = {"fact": "claim.related_to", "ask": "Was it an accident?", "why": "…", "choices": [True, False]}
    verdict = NEEDS_FACTS | {"questions": [*NEEDS_FACTS["questions"], other]}

    assert explain(verdict, case=CASE).branches[0].when == (
        "If How many people does the employer behind Harbor Health PPO employ: fewer than 20"
    )


def test_an_answer_travels_as_json_so_that_yes_stays_yes():
    question = {"fact": "claim.emergency", "ask": "Emergency?", "why": "…", "choices": [True, "20-99", None]}
    choices = explain(NEEDS_FACTS | {"questions": [question]}).questions[0].choices

    assert [json.loads(choice.value) for choice in choices] == [True, "20-99", None]
    assert [choice.label for choice in choices] == ["yes", "20 to 99", "not known"]


def test_a_dataclass_and_a_model_read_like_the_mapping():
    @dataclass
    class Held:
        id: str
        status: str
        order: list[str]

    class Model(BaseModel):
        id: str
        status: str
        order: list[str]

    facts = {"id": "x", "status": "determined", "order": ["A", "B"]}

    assert explain(Held(**facts)) == explain(Model(**facts)) == explain(facts)


def test_anything_else_is_refused_by_name():
    with pytest.raises(TypeError, match="not list"):
        explain([DETERMINED])


def test_the_tenth_payer_still_has_a_word():
    verdict = BARE | {"status": "determined", "order": [f"p{at}" for at in range(12)]}

    assert explain(verdict).answer.endswith("tenth p9, 11th p10, 12th p11")
