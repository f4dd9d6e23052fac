"""What is coming opens a task once, and what an accident is about stays in its own queue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Claim
from cob.audit.acting import acting
from cob.coverage import actions
from cob.coverage.models import Coverage
from cob.patients.actions import change_patient
from cob.patients.models import Patient
from tests.factories.coverage import CoverageFactory, FactFactory, PayerFactory
from tests.factories.denials import ClaimFactory, payer_of
from tests.factories.patients import PatientFactory, PersonFactory
from tests.factories.workqueues import accident_claim, plan_ending, refused, verified
from workqueues import ladder, membership
from workqueues.models import Escalation, Item
from workqueues.tasks import look_again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
CHANGE, ACCIDENT, DENIALS = "coverage-change", "accident-liability", "cob-denials"
TODAY = date(2026, 10, 19)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel("2026-10-19T16:00:00Z", tick=False):
        yield


def _in(slug):
    membership.ask()
    return list(Item.objects.open().filter(queue=slug).order_by("reason_codes", "pk"))


def _codes(slug=CHANGE):
    return [item.reason_codes for item in _in(slug)]


def _on(day):
    return time_machine.travel(f"{day}T16:00:00Z", tick=False)


# --- who is in ---------------------------------------------------------------------------------------------------


def turning_65(site, **columns):
    """65 counts from 1 December 2026."""
    return CoverageFactory(patient=PatientFactory(site=site, birth_on=date(1961, 12, 9), **columns)).patient


def turning_26(site):
    """26 on 15 November 2026, on the mother's plan."""
    patient = PatientFactory(site=site, birth_on=date(2000, 11, 15))
    mother = PersonFactory(patient=patient, relation="mother")
    return CoverageFactory(patient=patient, relationship="child", subscriber=mother).patient


def kidney(site):
    """Kidney month 28: dialysis since April 2024."""
    patient = CoverageFactory(patient=PatientFactory(site=site)).patient
    FactFactory(patient=patient, path="medicare.esrd", value={"first_dialysis": "2024-04-10"})
    return patient


def on_cobra(site):
    """COBRA since 1 July 2025."""
    row = CoverageFactory(patient=PatientFactory(site=site), effective_on=date(2025, 7, 1))
    FactFactory(patient=row.patient, path=f"coverages.{row.pk}.continuation", value="cobra")
    return row.patient


def divorced(site):
    patient = PatientFactory(site=site, marital_status="divorced")
    spouse = PersonFactory(patient=patient, relation="spouse")
    return CoverageFactory(patient=patient, relationship="spouse", subscriber=spouse).patient


COMING = {
    "AGE-65": (turning_65, date(2026, 12, 1)),
    "AGE-26": (turning_26, date(2026, 11, 15)),
    "ESRD-30": (kidney, date(2027, 1, 1)),
    "COBRA-18": (on_cobra, date(2027, 1, 1)),
    "PLAN-ENDS": (plan_ending, date(2026, 11, 30)),
    "DIVORCE": (divorced, None),
}


@pytest.mark.parametrize("code", COMING)
def test_what_is_coming_is_work_for_the_front_desk_with_its_day(main, code):
    make, needed_on = COMING[code]
    patient = make(main)

    (item,) = _in(CHANGE)

    assert (item.reason_codes, item.patient_id, item.site_id) == ([code], patient.pk, main.pk)
    assert (item.needed_on, item.limit_on, item.amount_cents) == (needed_on, None, 0)


@pytest.mark.parametrize(
    ("columns", "is_work"),
    [
        ({"ended_on": date(2026, 10, 21), "open_ended": False}, True),
        ({"ended_on": date(2026, 10, 22), "open_ended": False}, False),
        ({"effective_on": date(2026, 10, 23)}, True),
        ({"effective_on": date(2026, 10, 22)}, False),
        ({"enrolled": False}, True),
        ({"kind": "discount_card"}, True),
    ],
    ids=["ended before it", "ends on the day", "begins after it", "begins on the day", "never taken up", "no plan"],
)
def test_a_visit_that_no_plan_covers_is_work_whyever(main, columns, is_work):
    CoverageFactory(patient=PatientFactory(site=main, next_visit_on=date(2026, 10, 22)), **columns)

    assert (["NO-COVER"] in _codes()) is is_work


@pytest.mark.parametrize(
    ("make", "days"),
    [(turning_65, ("2026-08-02", "2026-08-03")), (turning_26, ("2026-08-16", "2026-08-17")),
     (on_cobra, ("2026-10-02", "2026-10-03")),
     (kidney, ("2026-08-31", "2026-09-01"))],
)  # fmt: skip
def test_the_task_comes_on_its_day_and_not_the_day_before(main, make, days):
    with _on(days[0]):
        make(main)
        assert _codes() == []
    with _on(days[1]):
        assert len(_codes()) == 1


@pytest.mark.parametrize("code", COMING)
def test_a_task_a_person_closed_is_not_opened_again(main, ana, code):
    COMING[code][0](main)
    (item,) = _in(CHANGE)
    closed = {"state": "closed", "closed_at": timezone.now(), "closed_by": ana, "closure_code": "done"}
    Item.objects.filter(pk=item.pk).update(**closed)

    for day in ("2026-10-20", "2026-11-10", "2026-12-20", "2027-01-15"):
        with _on(day):
            assert [codes for codes in _codes() if codes == [code]] == []


def test_an_open_task_stays_one_until_it_is_answered_however_late(main):
    patient = turning_65(main)
    (item,) = _in(CHANGE)

    with _on("2027-10-19"):
        assert [open_item.pk for open_item in _in(CHANGE)] == [item.pk]
        CoverageFactory(patient=patient, kind="medicare", payer=PayerFactory(name="Medicare", edi_id="MC"))
        assert _in(CHANGE) == []

    item.refresh_from_db()
    assert item.closed_because == "Medicare is on file, or the patient was never enrolled."


@pytest.mark.parametrize(("day", "is_work"), [("2027-01-01", True), ("2027-01-02", False)])
def test_what_changed_more_than_a_month_ago_opens_no_task(main, day, is_work):
    with _on(day):
        turning_65(main)

        assert bool(_codes()) is is_work


def test_a_new_last_day_is_a_new_task_and_closes_the_old_one(main, ana):
    patient = plan_ending(main)
    (item,) = _in(CHANGE)
    Coverage.objects.filter(patient=patient).update(ended_on=date(2026, 11, 15))

    (new,) = _in(CHANGE)

    assert new.pk != item.pk
    assert new.needed_on == date(2026, 11, 15)


def test_what_follows_a_plan_must_be_verified_before_its_end_is_no_work(main):
    patient = plan_ending(main)
    following = CoverageFactory(patient=patient, effective_on=date(2026, 12, 1))
    assert _codes() == [["PLAN-ENDS"]]

    Coverage.objects.filter(pk=following.pk).update(**verified())
    assert _codes() == []


def test_a_patient_who_died_has_no_coming_changes(main, ana):
    patient = turning_65(main)
    (item,) = _in(CHANGE)
    change_patient(patient=patient, by=ana, died_on=TODAY)

    assert _in(CHANGE) == []
    item.refresh_from_db()
    assert item.closed_because == "The patient has died."


def test_a_refusal_because_nothing_was_in_force_is_worked_here_and_its_closing_ends_it(main):
    denial = refused(main, "27")

    assert [(item.subject_id, item.claim_id) for item in _in(CHANGE)] == [(denial.pk, denial.claim_id)]
    assert _in(DENIALS) == []


@pytest.mark.parametrize(("day", "levels"), [("2026-11-16", []), ("2026-11-17", [1])], ids=["15 days", "14 days"])
def test_14_days_before_the_change_the_lead_hears(main, day, levels):
    turning_65(main)
    (item,) = _in(CHANGE)
    Item.objects.filter(pk=item.pk).update(due_at=timezone.now() + timedelta(days=365))
    with _on(day):
        Item.objects.filter(pk=item.pk).update(touched_at=timezone.now())
        ladder.escalate()

    said = Escalation.objects.filter(item=item).values_list("level", "reason")
    assert [level for level, _ in said] == levels
    assert all(reason == "The change is at most 14 days away." for _, reason in said)


def test_it_is_to_be_done_before_the_change(main):
    with _on("2026-11-25"):
        turning_65(main)
        (item,) = _in(CHANGE)

    assert timezone.localdate(item.due_at) - timedelta(days=1) == date(2026, 12, 1)


# --- accidents ---------------------------------------------------------------------------------------------------


def visit_of(patient, value, day=TODAY):
    return FactFactory(patient=patient, path="claim.related_to", value=value, true_from=day)


def test_an_open_claim_for_an_accident_is_work_until_the_accident_payer_answers(main):
    claim = accident_claim(main)
    auto = payer_of(claim, 1, "Auto First", kind="no_fault", state="submitted")

    (item,) = _in(ACCIDENT)
    assert (item.claim_id, item.amount_cents, item.reason_codes) == (claim.pk, 10000, ["auto"])

    type(auto).objects.filter(pk=auto.pk).update(state="denied", answered_on=TODAY)
    assert _in(ACCIDENT) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda claim: Claim.objects.filter(pk=claim.pk).update(is_void=True), id="void"),
        pytest.param(
            lambda claim: Claim.objects.filter(pk=claim.pk).update(insurer_open_cents=0, paid_cents=10000), id="paid"
        ),
        pytest.param(lambda claim: Claim.objects.filter(pk=claim.pk).update(related_to=[]), id="not related"),
        pytest.param(lambda claim: visit_of(claim.patient, ["none"], claim.service_from), id="ruled out"),
        pytest.param(
            lambda claim: FactFactory(patient=claim.patient, path="accident.no_fault.exhausted_on", value="2026-09-01"),
            id="benefits used up",
        ),
    ],
)
def test_a_claim_leaves_the_accident_queue_when(main, change):
    claim = accident_claim(main)
    assert len(_in(ACCIDENT)) == 1

    change(claim)
    assert _in(ACCIDENT) == []


def test_a_yes_at_check_in_is_work_before_there_is_a_claim_and_one_item_after(main):
    patient = CoverageFactory(patient=PatientFactory(site=main)).patient
    visit_of(patient, ["work"])

    (item,) = _in(ACCIDENT)
    assert "an injury at work" in item.reason

    ClaimFactory(patient=patient, service_from=TODAY, related_to=["work"])
    assert [each.claim_id is not None for each in _in(ACCIDENT)] == [True]


@pytest.mark.parametrize(
    ("told", "is_work"),
    [([["work"], ["none"]], False), ([["none"], ["work"]], True), ([["none"]], False), ([None], False)],
    ids=["taken back", "corrected to yes", "no", "not known"],
)
def test_the_last_word_about_a_visit_counts(main, told, is_work):
    patient = PatientFactory(site=main)
    for minutes, value in enumerate(told):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes + 1), tick=False):
            visit_of(patient, value)

    assert bool(_in(ACCIDENT)) is is_work


def test_a_refusal_over_an_accident_is_its_claims_only_item(main):
    denial = refused(main, "20")
    Claim.objects.filter(pk=denial.claim_id).update(related_to=["liability"])

    assert [item.subject_id for item in _in(ACCIDENT)] == [denial.pk]


@pytest.mark.parametrize(("day", "is_told"), [("2026-06-08", False), ("2026-06-09", True)], ids=["day 99", "day 100"])
def test_for_medicare_the_lead_hears_on_day_100_of_120(main, day, is_told):
    with _on("2026-03-02"):
        claim = accident_claim(main, ["liability"], service_from=date(2026, 3, 1), billed_on=date(2026, 3, 1))
        CoverageFactory(patient=claim.patient, kind="medicare", payer=PayerFactory(name="Medicare", edi_id="MC"))
        (item,) = _in(ACCIDENT)
    assert item.needed_on == date(2026, 6, 29)
    Item.objects.filter(pk=item.pk).update(due_at=timezone.now() + timedelta(days=365))

    with _on(day):
        Item.objects.filter(pk=item.pk).update(touched_at=timezone.now())
        ladder.escalate()

    told = Escalation.objects.filter(item=item, reason__startswith="Day 100")
    assert told.exists() is is_told


# --- one event or the whole night --------------------------------------------------------------------------------

MAKES = {"65": turning_65, "26": turning_26, "kidney": kidney, "cobra": on_cobra, "ends": plan_ending,
         "divorce": divorced, "accident": lambda site: accident_claim(site).patient,
         "refused": lambda site: refused(site, "27").claim.patient}  # fmt: skip
CHANGES = {
    "medicare": lambda patient: CoverageFactory(
        patient=patient, kind="medicare", payer=PayerFactory(name="Medicare", edi_id="MC")
    ),
    "end": lambda patient: Coverage.objects.filter(patient=patient).update(ended_on=TODAY, open_ended=False),
    "married": lambda patient: Patient.objects.filter(pk=patient.pk).update(marital_status="married"),
    "visit": lambda patient: Patient.objects.filter(pk=patient.pk).update(next_visit_on=date(2027, 2, 1)),
    "ruled out": lambda patient: visit_of(patient, ["none"], date(2026, 3, 10)),
}


@given(st.lists(st.tuples(st.sampled_from([*MAKES, *CHANGES]), st.integers(0, 5)), min_size=1, max_size=6))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_looking_again_after_each_event_gives_what_the_night_gives(main, acts):
    from django.db import transaction

    class Undo(Exception):
        pass

    try:
        with transaction.atomic(), acting("test task"):
            patients = []
            for name, which in acts:
                if name in MAKES:
                    patients.append(MAKES[name](main))
                    look_again(patients[-1])
                elif patients:
                    CHANGES[name](patients[which % len(patients)])
                    look_again(patients[which % len(patients)])
            by_event = _picture()
            night = membership.ask()
            assert (night.opened, night.closed, night.reopened) == (0, 0, 0)
            assert _picture() == by_event
            raise Undo
    except Undo:
        pass


def _picture():
    return sorted(Item.objects.values_list("queue", "subject_id", "state", "reason", "closed_because"))


def test_the_queue_is_asked_when_the_chart_changes(main, ana, django_capture_on_commit_callbacks):
    from cob.audit import subscribers

    patient = CoverageFactory(patient=PatientFactory(site=main), relationship="spouse").patient
    with django_capture_on_commit_callbacks(execute=True), acting(ana):
        change_patient(patient=patient, by=ana, marital_status="divorced")
    subscribers.tell_now()

    assert [item.reason_codes for item in Item.objects.open().filter(queue=CHANGE)] == [["DIVORCE"]]


def test_asking_a_hundred_costs_what_asking_one_costs(main, queries_of):
    turning_65(main)
    one = queries_of(lambda: membership.ask())
    for make in (turning_26, kidney, on_cobra, divorced) * 5:
        make(main)
    membership.ask()

    assert queries_of(lambda: membership.ask()) == one


def test_ending_the_coverage_through_the_desk_closes_the_task(main, ana):
    patient = turning_26(main)
    (item,) = _in(CHANGE)
    row = patient.coverages.get()
    actions.end_coverage(coverage=row, last_day=date(2026, 11, 14), by=ana, told_by="plan")

    assert [each.reason_codes for each in _in(CHANGE)] == [["PLAN-ENDS"]]
    item.refresh_from_db()
    assert item.closed_because == "The plan’s last day is on file, or the dependent stays covered."
