"""Medicare's questionnaire asks of each plan whose job it comes from, and of current work how large the employer is."""

from __future__ import annotations

from datetime import date

import pytest

from cob.coverage import actions
from cob.coverage.msp_filing import file_msp, result_of
from cob.coverage.mspq import mspq_for
from tests.cob.coverage.conftest import DAY
from tests.cob.coverage.questionnaires import (
    AGE,
    DISABLED,
    WHO,
    answer_the_rest,
    answered_and_filed,
    on_medicare,
    plan_of,
)
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PersonFactory


def asked_of(patient, part):
    """The questions of one part, with their answers."""
    (found,) = (one for one in mspq_for(patient, DAY).parts if one.number == part)
    return {line.ask: line.answer for line in found.lines}


def test_at_65_a_divorced_spouses_job_counts_and_its_employer_is_asked_about(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan = plan_of(patient, acted, whose="divorced_spouse")

    asked = asked_of(patient, "IV")
    assert asked["Does the divorced husband or wife work now? (Harbor)"] == "Working"
    assert asked["Has the employer behind Harbor 20 or more employees?"] == ""

    size = f"coverages.{plan.pk}.employer.size"
    actions.tell_fact(patient=patient, path=size, value="20-99", told_by="employer", by=acted)
    assert answered_and_filed(patient, acted) == ("Harbor", "12")


@pytest.mark.parametrize(
    ("relation", "ask"),
    [
        ("mother", "Does another family member’s job cover the patient? (Harbor)"),
        ("spouse", "Does the husband or wife work now? (Harbor)"),
    ],
)
def test_where_the_card_does_not_say_whose_job_it_is_the_person_does(main, acted, relation, ask):
    patient = on_medicare(main, acted, DISABLED, born=date(1990, 1, 1))
    holder = PersonFactory(patient=patient, relation=relation)
    payer = PayerFactory(name="Harbor", edi_id="HH1")
    CoverageFactory(patient=patient, payer=payer, relationship="", subscriber=holder)

    asked = asked_of(patient, "V")
    assert ask in asked
    assert "Does the patient work now? (Harbor)" not in asked


def test_each_outcome_on_the_filed_questionnaire_says_what_would_have_to_be_true_of_which_plan(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan = plan_of(patient, acted)
    path = f"coverages.{plan.pk}.employer.size"
    actions.note_not_known(patient=patient, service_on=DAY, path=path, told_by="Patient", by=acted)
    answer_the_rest(patient, acted)

    row = file_msp(patient=patient, service_on=DAY, by=acted, **WHO)

    size = "Employees at the employer (Harbor)"
    assert dict(result_of(row.determination).outcomes) == {
        f"{size}: Fewer than 20": ["Medicare", "Harbor"],
        f"{size}: 20 to 99": ["Harbor", "Medicare"],
    }


@pytest.mark.parametrize(
    "standing",
    [
        {"continuation": "cobra"},
        {"continuation": "state"},
        {"employment.status": "religious_order"},
        {"employment.status": "retired"},
    ],
    ids=str,
)
def test_how_large_an_employer_is_whose_plan_is_no_current_works_is_not_asked(main, acted, standing):
    patient = on_medicare(main, acted, AGE)
    plan_of(patient, acted, **standing)

    assert not [ask for ask in asked_of(patient, "IV") if "or more employees" in ask]
