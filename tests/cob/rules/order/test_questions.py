"""What is asked names the plan or the person as people do, and shows tried values as the case would write them."""

from __future__ import annotations

from datetime import date

import pytest

from cob.dates import parse_month
from cob.rules import read_case
from cob.rules.order.questions import ASK, as_value, question
from cob.rules.order.visit import NOT_ENROLLED, OPEN
from tests.cob.rules.order.kinds import adult, job, set_to

CASE = adult(job(payer="Acme"), job("own.employer", "S"), people={"P": {}, "S": {"relation": "spouse"}, "X": {}})


@pytest.mark.parametrize(
    ("fact", "key", "names"),
    [
        ("coverages.own.employer.size", "employer.size", {"plan": "Acme"}),
        ("coverages.own.employer.employer.size", "employer.size", {"plan": "own.employer"}),
        ("people.P.birth_date", "patient.birth_date", {"person": "P"}),
        ("people.S.birth_month_day", "birth_month_day", {"person": "spouse"}),
        ("people.X.birth_month_day", "birth_month_day", {"person": "X"}),
        ("people.P.birth_month_day", "birth_month_day", {"person": "P"}),
        ("child.custodial_parent", "child.custodial_parent", {}),
    ],
)
def test_a_question_names_its_subject(fact, key, names):
    asked = question(read_case(CASE), fact, ["a", "b"])
    ask, why, choices = ASK[key]

    assert (asked.fact, asked.ask, asked.why) == (fact, ask.format(**names), why.format(**names))
    assert asked.choices == (choices or ["a", "b"])


@pytest.mark.parametrize(
    ("fact", "value", "written"),
    [
        ("coverages.own.last_covered_day", OPEN, None),
        ("medicare.part_a", NOT_ENROLLED, None),
        ("coverages.own.effective", date(2026, 3, 1), "2026-03-01"),
        ("medicare.basis.age", parse_month("2026-03"), "2026-03"),
        ("coverages.own.employment.prior_year_net_cents", 40_000, 40_000),
        ("child.disabled_dependent", False, False),
        ("coverages.own.employer.size", "<20", "<20"),
    ],
)
def test_a_tried_value_is_written_as_in_a_case(fact, value, written):
    assert as_value(fact, value) == written
    assert type(as_value(fact, value)) is type(written)


def test_a_plan_without_a_payer_is_called_by_its_id():
    case = read_case(set_to(CASE, "coverages.0.payer", None))

    assert "own" in question(case, "coverages.own.employer.size", []).ask


@pytest.mark.parametrize(
    ("tried", "offered"),
    [
        (["child", "stepchild"], ["child", "stepchild", "foster_child", "adopted_child", "ward", "sibling", "other"]),
        (["spouse", "domestic_partner"],
         ["spouse", "common_law_spouse", "divorced_spouse", "domestic_partner", "parent", "sibling", "other"]),
    ],
)  # fmt: skip
def test_of_relationships_those_are_offered_that_can_be(tried, offered):
    asked = question(read_case(CASE), "coverages.own.relationship", tried)

    assert asked.ask == ASK["relationship"][0].format(plan="Acme")
    assert asked.choices == offered
