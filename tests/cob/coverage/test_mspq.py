"""Medicare's questionnaire: the six parts from the facts, the worked examples with their types, filed and kept."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.asked import msp_due
from cob.coverage.models import Determination, MspQuestionnaire, NotKnown
from cob.coverage.msp_filing import NotComplete, file_msp, result_of
from cob.coverage.mspq import MSP_TYPES, mspq_for
from cob.x12.t837p import MSP_TYPES as CODES
from tests.cob.coverage.conftest import DAY
from tests.cob.coverage.questionnaires import (
    AGE,
    DISABLED,
    KIDNEY,
    WHO,
    answer_the_rest,
    answered_and_filed,
    on_medicare,
    plan_of,
)
from tests.factories.coverage import CoverageFactory, EmployerFactory, PayerFactory
from tests.factories.patients import PatientFactory

# --- the worked examples ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "first", "code"), [("20-99", "Harbor", "12"), ("<20", "Medicare", "")], ids=["45 people", "12 people"]
)
def test_at_67_and_working_the_size_of_the_employer_decides(main, acted, size, first, code):
    patient = on_medicare(main, acted, AGE)
    plan_of(patient, acted, size=size)

    assert answered_and_filed(patient, acted) == (first, code)


def test_at_67_and_retired_medicare_is_first(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan_of(patient, acted, **{"employment.status": "retired", "work_status": "retired"})

    assert answered_and_filed(patient, acted) == ("Medicare", "")


def test_at_67_a_working_spouse_at_a_small_employer_leaves_medicare_first(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan_of(patient, acted, size="<20", whose="spouse")

    assert answered_and_filed(patient, acted) == ("Medicare", "")


@pytest.mark.parametrize(
    ("size", "first", "code"), [("20-99", "Medicare", ""), ("100+", "Harbor", "43")], ids=["80 people", "250 people"]
)
def test_at_50_and_disabled_the_husbands_employer_needs_100(main, acted, size, first, code):
    patient = on_medicare(main, acted, DISABLED, born=date(1976, 1, 1))
    plan_of(patient, acted, size=size, whose="spouse")

    assert answered_and_filed(patient, acted) == (first, code)


def test_at_45_in_the_fourteenth_kidney_month_cobra_is_first(main, acted):
    kidney = {"medicare.esrd.first_dialysis": "2025-01-10", "medicare.esrd.transplant": "never"}
    patient = on_medicare(
        main, acted, KIDNEY, born=date(1981, 1, 1), **kidney, **{"medicare.esrd.self_training_start": "never"}
    )
    plan_of(patient, acted, continuation="cobra", **{"employment.status": "terminated", "work_status": "none"})

    assert answered_and_filed(patient, acted) == ("Harbor", "13")


def test_at_70_after_a_car_accident_the_open_no_fault_policy_is_first(main, acted):
    patient = on_medicare(main, acted, AGE, born=date(1956, 1, 1))
    CoverageFactory(patient=patient, payer=PayerFactory(name="Roadwise", edi_id="RW1"), kind="no_fault", member_id="C7")
    told = {"accident.date": "2026-03-01", "accident.state": "IL", "accident.no_fault.exhausted_on": "never"}
    actions.tell_facts(patient=patient, facts=told, told_by="patient", by=acted)
    actions.tell_fact(
        patient=patient, path="claim.related_to", value=["auto"], true_from=DAY, told_by="patient", by=acted
    )

    assert answered_and_filed(patient, acted) == ("Roadwise", "14")
    lines = {line["ask"]: line["answer"] for line in MspQuestionnaire.objects.get().answers[1]["lines"]}
    assert lines["No-fault or medical-payments insurer and claim number"] == "Roadwise, number C7"


def test_every_type_a_claim_can_carry_has_its_words():
    assert set(MSP_TYPES) == set(CODES)


# --- the parts -------------------------------------------------------------------------------------------------------


def _part(page, number):
    return next(part for part in page.parts if part.number == number)


def test_what_is_on_file_is_not_asked_and_says_who_told_us(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan_of(patient, acted, size="20-99")

    page = mspq_for(patient, DAY)

    size = next(line for line in page.lines if line.path.endswith("employer.size"))
    assert (size.ask, size.answer) == ("Has the employer behind Harbor 20 or more employees?", "20 to 99")
    assert size.source.startswith("patient")
    assert {line.path for line in page.open} == {"msp.research_program", "va.authorised", "msp.spouse_works"}


@pytest.mark.parametrize(
    ("basis", "applies"),
    [(AGE, {"IV"}), (DISABLED, {"V"}), (KIDNEY, {"VI"}), (AGE | KIDNEY, {"IV", "VI"}), (DISABLED | AGE, {"IV"})],
    ids=["age", "disability", "kidney", "age and kidney", "disability, then age"],
)
def test_why_the_patient_has_medicare_decides_which_parts_apply(main, acted, basis, applies):
    patient = on_medicare(main, acted, basis, born=date(1959, 6, 1) if "age" in basis else date(1976, 1, 1))

    page = mspq_for(patient, DAY)

    assert {part.number for part in page.parts[3:] if part.lines} == applies
    assert all(part.left_out for part in page.parts[3:] if not part.lines)


@pytest.mark.parametrize(
    ("born", "number", "code"),
    [
        pytest.param(date(1961, 4, 2), "V", "", id="65 counts from next month"),
        pytest.param(date(1961, 4, 1), "IV", "12", id="the day before is in this month"),
    ],
)
def test_who_was_disabled_is_asked_about_age_from_65_on_as_the_order_is(main, acted, born, number, code):
    """Twenty employees instead of a hundred, and the spouse instead of the family."""
    patient = on_medicare(main, acted, DISABLED, born=born)
    plan = plan_of(patient, acted, size="20-99")

    applies = {part.number: part for part in mspq_for(patient, DAY).parts[3:] if part.lines}

    assert set(applies) == {number}
    least = "20" if number == "IV" else "100"
    size = next(one for one in applies[number].lines if one.path == f"coverages.{plan.pk}.employer.size")
    assert size.ask == f"Has the employer behind Harbor {least} or more employees?"
    assert answered_and_filed(patient, acted)[1] == code


@pytest.mark.parametrize(
    ("kind", "columns", "said"),
    [
        ("workers_comp", {}, "Roadwise, number C7, employer Quarry"),
        ("black_lung", {"effective_on": date(2019, 5, 1)}, "Roadwise, number C7, from 05/01/2019"),
    ],
)
def test_part_one_says_the_employer_of_an_injury_and_the_days_of_black_lung(main, acted, kind, columns, said):
    patient = on_medicare(main, acted, AGE)
    payer, employer = PayerFactory(name="Roadwise", edi_id="RW1"), EmployerFactory(name="Quarry")
    CoverageFactory(patient=patient, payer=payer, kind=kind, member_id="C7", employer=employer, **columns)
    related = ["work" if kind == "workers_comp" else kind]
    actions.tell_fact(
        patient=patient, path="claim.related_to", value=related, true_from=DAY, told_by="patient", by=acted
    )

    assert said in [line.answer for line in _part(mspq_for(patient, DAY), "I").lines]


def test_without_the_reason_the_last_parts_wait(main, acted):
    patient = on_medicare(main, acted, {})

    page = mspq_for(patient, DAY)

    assert "medicare.basis" in {line.path for line in page.open}
    assert [part.left_out for part in page.parts[3:]] == ["It waits for part III."] * 3


@pytest.mark.parametrize(("value", "opens"), [("no", True), ("yes", False), ("no_spouse", False)])
def test_only_a_spouse_who_does_not_work_is_asked_when_work_ended(main, acted, value, opens):
    patient = on_medicare(main, acted, AGE)
    actions.tell_fact(patient=patient, path="msp.spouse_works", value=value, told_by="patient", by=acted)

    assert ("msp.spouse_retired_on" in {line.path for line in mspq_for(patient, DAY).open}) is opens


def test_a_plan_of_both_reasons_is_asked_whether_medicare_paid_before_it(main, acted):
    patient = on_medicare(main, acted, AGE | KIDNEY)
    plan = plan_of(patient, acted, size="20-99")

    assert f"coverages.{plan.pk}.paid_after_medicare_before_esrd" in {line.path for line in mspq_for(patient, DAY).open}


@pytest.mark.parametrize("path", ["msp.research_program", "msp.no_fault"])
def test_an_answer_about_this_care_holds_for_this_visit_alone(main, acted, path):
    patient = on_medicare(main, acted, AGE)
    later = DAY + timedelta(days=7)
    who = {"patient": patient, "told_by": "patient", "by": acted}
    for day in (DAY, later):
        actions.tell_fact(path="claim.related_to", value=["auto"], true_from=day, **who)
    actions.tell_fact(path=path, value=False, true_from=DAY, **who)

    assert path not in {line.path for line in mspq_for(patient, DAY).open}
    assert path in {line.path for line in mspq_for(patient, later).open}
    actions.tell_fact(path=path, value=False, true_from=later, for_day=later, **who)
    assert path not in {line.path for line in mspq_for(patient, later).open}


def test_answers_only_medicare_asks_for_are_in_no_case(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan_of(patient, acted, size="20-99")
    before = actions.determine(patient=patient, service_on=DAY, by=acted)
    actions.tell_fact(patient=patient, path="msp.spouse_works", value="yes", told_by="patient", by=acted)

    assert actions.determine(patient=patient, service_on=DAY, by=acted) == before


def test_a_coverage_of_no_known_kind_and_a_patient_without_medicare_have_no_parts(main, acted):
    nameless, other = PatientFactory(site=main), PatientFactory(site=main)
    CoverageFactory(patient=nameless, kind="")
    CoverageFactory(patient=other)

    assert mspq_for(nameless, DAY).needs_kind is not None
    assert not mspq_for(other, DAY).has_medicare
    assert not mspq_for(other, DAY).is_complete


# --- filing ----------------------------------------------------------------------------------------------------------


def test_it_is_filed_with_its_verdict_its_sources_and_the_day_the_next_is_due(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan_of(patient, acted, size="20-99")
    answer_the_rest(patient, acted)

    row = file_msp(patient=patient, service_on=DAY, by=acted, **WHO)

    assert row.determination == Determination.objects.current().get()
    assert row.next_due_on == timezone.localdate() + timedelta(days=90)
    assert (row.told_by, row.told_how, row.asked_by) == ("Patient", "in person", acted)
    assert [part["part"] for part in row.answers] == ["I", "II", "III", "IV", "V", "VI"]
    assert all(line["answer"] and line["source"] for part in row.answers for line in part["lines"])
    assert Event.objects.get(verb="filed questionnaire").subject_id == str(row.pk)


def test_its_result_names_the_payers_as_they_were(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan = plan_of(patient, acted, size="20-99")
    answer_the_rest(patient, acted)
    row = file_msp(patient=patient, service_on=DAY, by=acted, **WHO)

    actions.change_coverage(coverage=plan, by=acted, payer=PayerFactory(name="Lakeside", edi_id="LL1"))

    assert result_of(MspQuestionnaire.objects.get(pk=row.pk).determination).order == ("Harbor", "Medicare")


def test_what_nobody_was_asked_keeps_it_from_being_filed(main, acted):
    patient = on_medicare(main, acted, AGE)

    with pytest.raises(NotComplete, match="cannot be filed yet"):
        file_msp(patient=patient, service_on=DAY, by=acted, **WHO)


def test_not_known_is_an_answer_and_says_who_could_know(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan = plan_of(patient, acted)
    actions.note_not_known(
        patient=patient, service_on=DAY, path=f"coverages.{plan.pk}.employer.size", told_by="Patient", by=acted
    )
    answer_the_rest(patient, acted)

    row = file_msp(patient=patient, service_on=DAY, by=acted, **WHO)

    (line,) = [one for part in row.answers for one in part["lines"] if one["answer"] == "Not known"]
    assert "the employer’s personnel or benefits office" in line["source"]
    assert result_of(row.determination).outcomes


@pytest.mark.parametrize(
    ("path", "value", "payer"),
    [
        ("va.authorised", True, "Veterans Affairs"),
        ("msp.group_plan", True, "the group plan"),
        ("claim.related_to", ["black_lung"], "the Black Lung program"),
    ],
)
def test_an_answer_that_names_a_payer_not_on_file_asks_for_it_first(main, acted, path, value, payer):
    patient = on_medicare(main, acted, AGE)
    actions.tell_fact(patient=patient, path=path, value=value, true_from=DAY, told_by="patient", by=acted)
    answer_the_rest(patient, acted)

    page = mspq_for(patient, DAY)
    assert (page.missing, page.is_complete) == ((payer,), False)


@pytest.mark.parametrize(
    ("related", "path", "value", "payer"),
    [
        ("work", "accident.workers_comp.status", "accepted", "the workers’ compensation carrier"),
        ("work", "accident.workers_comp.status", "pending", "the workers’ compensation carrier"),
        ("work", "accident.workers_comp.status", "denied", None),
        ("auto", "accident.liability.status", "open", "the liability insurer"),
        ("other_accident", "accident.liability.status", "settled", "the liability insurer"),
        ("liability", "accident.liability.status", "none", None),
        ("other_accident", "msp.no_fault", True, "the no-fault or medical-payments insurer"),
        ("auto", "msp.no_fault", False, None),
    ],
)
def test_who_answers_for_the_accident_is_on_file_before_medicare_is_filed_as_first(
    main, acted, related, path, value, payer
):
    patient = on_medicare(main, acted, AGE)
    who = {"patient": patient, "told_by": "patient", "by": acted}
    actions.tell_fact(path="claim.related_to", value=[related], true_from=DAY, **who)
    actions.tell_fact(path=path, value=value, true_from=DAY, **who)
    answer_the_rest(patient, acted)

    page = mspq_for(patient, DAY)
    assert (page.missing, page.is_complete) == ((payer,) if payer else (), payer is None)


def test_that_nobody_entered_a_no_fault_policy_does_not_say_that_there_is_none(main, acted):
    patient = on_medicare(main, acted, AGE)
    actions.tell_fact(
        patient=patient, path="claim.related_to", value=["auto"], true_from=DAY, told_by="patient", by=acted
    )
    assert "msp.no_fault" in {line.path for line in mspq_for(patient, DAY).open}

    CoverageFactory(patient=patient, kind="medpay")
    assert "msp.no_fault" not in {line.path for line in mspq_for(patient, DAY).lines}


def test_sent_twice_it_is_filed_once(main, acted):
    patient = on_medicare(main, acted, AGE)
    answer_the_rest(patient, acted)
    once = {"patient": patient, "service_on": DAY, "by": acted, "pk": uuid.uuid4(), **WHO}

    assert file_msp(**once) == file_msp(**once)
    assert file_msp(**(once | {"pk": uuid.uuid4()})) == MspQuestionnaire.objects.get()


@pytest.mark.parametrize("act", [lambda rows: rows.update(told_by="Nobody"), lambda rows: rows.delete()])
@pytest.mark.parametrize("kind", ["questionnaire", "not known"])
def test_what_was_asked_is_never_changed(main, acted, act, kind):
    patient = on_medicare(main, acted, AGE)
    actions.note_not_known(patient=patient, service_on=DAY, path="medicare.qmb", told_by="Patient", by=acted)
    answered_and_filed(patient, acted)
    rows = {"questionnaire": MspQuestionnaire, "not known": NotKnown}[kind].objects.all()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act(rows)


# --- when it is due --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_due"), [(89, False), (90, True)])
def test_it_is_due_again_on_the_ninetieth_day(main, acted, days, is_due):
    patient = on_medicare(main, acted, AGE)
    today = timezone.localdate()
    assert msp_due([patient.pk])[patient.pk].is_due(today)
    answered_and_filed(patient, acted)

    due = msp_due([patient.pk])[patient.pk]

    assert due.last_on == today
    assert due.is_due(today + timedelta(days=days)) is is_due


def test_an_advantage_member_is_never_due_and_told_so(main, acted, sign_in):
    patient = on_medicare(main, acted, AGE, kind="medicare_advantage")
    answer_the_rest(patient, acted)

    assert file_msp(patient=patient, service_on=DAY, by=acted, **WHO).next_due_on is None
    assert msp_due([patient.pk]) == {}
    page = sign_in(acted).get(reverse("coverage:msp", args=[patient.pk])).content.decode()
    assert "Not needed for a Medicare Advantage member." in page


def test_an_advantage_plan_beside_the_medicare_card_counts_as_the_plan(main, acted):
    patient = on_medicare(main, acted, AGE)
    CoverageFactory(patient=patient, kind="medicare_advantage")

    assert msp_due([patient.pk]) == {}


def test_what_is_due_costs_one_query_for_many(main, ana, django_assert_num_queries):
    with acting(ana):
        patients = [on_medicare(main, ana, AGE) for _ in range(4)]

    with django_assert_num_queries(1):
        found = msp_due([patient.pk for patient in patients])

    assert set(found) == {patient.pk for patient in patients}
