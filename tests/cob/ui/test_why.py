"""The verdict card says the answer first and nothing the verdict does not say."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from cob.ui.why import explain
from tests.cob.ui.verdicts import CASE, DETERMINED, NEEDS_FACTS, SOURCES

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


def test_a_step_carries_the_facts_its_rule_rests_on_with_their_source():
    first, second, third = explain(DETERMINED, case=CASE, sources=SOURCES).steps

    assert [(fact.label, fact.value, fact.source) for fact in first.facts] == [
        ("Subscriber’s job now", "Working", "patient, 03/02/2026, by telephone"),
        ("Employees at the employer", "20 to 99", "employer letter, 01/15/2026"),
        ("Medicare by age from", "06/2024", ""),
    ]
    assert second.facts == ()
    assert [(fact.label, fact.value) for fact in third.facts] == [("Kind of plan", "Medicaid")]


def test_a_step_says_how_sure_its_source_is_and_a_gone_rule_says_nothing():
    gone = deepcopy(DETERMINED)
    gone["positions"][1]["rule"] = "OLD-1"
    gone["positions"][2]["rule"] = "NAIC-6D6"

    first, second, third = explain(gone, case=CASE).steps

    assert (first.sure.label, first.sure.is_unconfirmed) == ("Source read in full", False)
    assert second.sure.label == ""
    assert (third.sure.label, third.sure.is_unconfirmed) == ("UNCONFIRMED", True)


def test_likely_is_explained_and_names_what_nothing_confirms():
    verdict = DETERMINED | {"status": "likely", "notes": [{"rule": "GEN-ERISA", "text": "Ask the plan."}]}

    why = explain(verdict, case=CASE)

    assert why.doubt.startswith("Likely, not certain")
    assert [entry.mark for entry in why.unconfirmed] == ["GEN-ERISA"]


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "No end date"), ("2026-05-31", "05/31/2026")],
)
def test_an_open_end_is_a_fact_like_any_day(value, said):
    case = deepcopy(CASE)
    case["coverages"][0]["last_covered_day"] = value
    verdict = DETERMINED | {"facts_used": ["coverages.A.last_covered_day"]}

    assert [fact.value for fact in explain(verdict, case=case).facts] == [said]


def test_a_plan_and_a_person_of_one_id_are_told_apart():
    case = {
        "id": "x", "claim": {"dos": "2026-03-10"}, "patient": "P",
        "people": {"P": {}, "mom": {"relation": "mother"}},
        "coverages": [{"id": "mom", "payer": "Birch", "kind": "employer", "subscriber": "mom"}],
    }  # fmt: skip
    verdict = BARE | {"status": "determined", "order": ["mom"], "facts_used": ["coverages.mom.subscriber"]}

    why = explain(verdict, case=case)

    assert why.answer == "Birch is the only payer"
    assert [(fact.about, fact.value) for fact in why.facts] == [("Birch", "the mother")]


def test_days_inside_a_sentence_of_the_rules_are_written_as_the_trade_does():
    aside = [{"coverage": "A", "rule": "GEN-DOS", "because": "ended 2025-12-31"}]

    assert explain(DETERMINED | {"set_aside": aside}, case=CASE).set_aside[0].text == "Ended 12/31/2025"


def test_a_reason_already_given_is_not_said_again_as_a_note():
    own = DETERMINED["positions"][0]
    note = {"rule": own["rule"], "text": own["because"]}

    assert [one.mark for one in explain(DETERMINED | {"notes": [note, *DETERMINED["notes"]]}).notes] == ["MCD-NOBAL"]


def test_a_question_about_somebody_names_that_person():
    question = {
        "fact": "people.k1.birth_month_day", "ask": "What month and day is mother's birthday?", "why": "…",
        "choices": ["03-01", "12-31"],
    }  # fmt: skip
    case = CASE | {"people": {"P": {}, "k1": {"relation": "mother"}}}
    verdict = NEEDS_FACTS | {"questions": [question]}

    asked = explain(verdict, case=case, names={"k1": "Maria Boateng"}).questions[0]

    assert asked.ask == "What month and day is Maria Boateng's birthday?"
    assert asked.choices == ("03/01", "12/31")
    assert explain(verdict, case=case).questions[0].ask == "What month and day is the mother's birthday?"


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

    assert [branch.when for branch in why.branches] == ["If fewer than 20", "If 20 or more"]
    assert why.branches[0].order == ("Medicare Part B", "Harbor Health PPO", "State Medicaid")
    assert why.last == ("State Medicaid",)
    assert why.questions[0].choices == ("Fewer than 20", "20 to 99", "100 or more")


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        (("<20", "20-99"), ["If fewer than 20", "If 20 or more"]),
        (("<20", "100+"), ["If fewer than 100", "If 100 or more"]),
        (("<20", "20-99", "100+"), ["If fewer than 20", "If 20 to 99", "If 100 or more"]),
        (("20-99", "100+"), ["If 20 to 99", "If 100 or more"]),
    ],
)
def test_the_branches_of_a_size_leave_no_answer_out(tried, said):
    path = "coverages.A.employer.size"
    branches = [{"assuming": [{"fact": path, "value": one}], "order": [], "rules": []} for one in tried]

    assert [one.when for one in explain(NEEDS_FACTS | {"branches": branches}, case=CASE).branches] == said


def test_with_two_questions_a_branch_says_which_it_answers():
    other = {"fact": "claim.related_to", "ask": "Was it an accident?", "why": "…", "choices": [True, False]}
    verdict = NEEDS_FACTS | {"questions": [*NEEDS_FACTS["questions"], other]}

    assert explain(verdict, case=CASE).branches[0].when == (
        "If Employees at the employer (Harbor Health PPO): Fewer than 20"
    )


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
