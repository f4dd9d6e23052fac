"""Who pays first as work: in at the boundary, out at the boundary, and the next step in words."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from cob.audit.acting import acting
from cob.coverage.models import Coverage
from cob.patients.actions import change_patient
from cob.patients.models import Patient
from tests.factories.coverage import CoverageFactory, FactFactory
from tests.factories.denials import ClaimFactory
from tests.factories.workqueues import (
    settle_order,
    two_coverages,
    verified,
)
from workqueues import actions as item_actions
from workqueues import clocks, membership
from workqueues.asks.asking import EVERYTHING
from workqueues.models import Item
from workqueues.queues import BY_SLUG

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
DETERMINATION, DENIALS, SECONDARY, POSTING = (
    "cob-determination",
    "cob-denials",
    "secondary-submission",
    "posting-exceptions",
)


def _in(slug):
    membership.ask()
    return list(Item.objects.open().filter(queue=slug))


def test_two_coverages_without_an_order_are_work_for_the_front_desk(main):
    patient = two_coverages(main)

    (item,) = _in(DETERMINATION)

    assert (item.patient_id, item.site_id, item.reason_codes) == (patient.pk, main.pk, ["undetermined"])
    assert item.reason == "2 coverages at once: no order is on file."


@pytest.mark.parametrize("status", ["determined", "likely", "tie"])
def test_a_settled_order_leaves_nothing_to_do(main, status):
    settle_order(two_coverages(main), status=status)

    assert _in(DETERMINATION) == []


@pytest.mark.parametrize(("status", "code"), [("needs_facts", "needs_facts"), ("cycle", "undetermined")])
def test_an_order_that_is_not_settled_is_work(main, status, code):
    settle_order(two_coverages(main), status=status)

    assert _in(DETERMINATION)[0].reason_codes == [code]


@pytest.mark.parametrize(
    ("days", "status", "is_work"),
    [
        pytest.param(-90, "no_coverage", False, id="a day long past, settled again since"),
        pytest.param(0, "needs_facts", True, id="today itself"),
        pytest.param(7, "needs_facts", False, id="a day to come"),
    ],
)
def test_the_order_that_today_rests_on_counts_not_the_one_decided_last(main, days, status, is_work):
    patient = two_coverages(main)
    settle_order(patient)
    later = timezone.now() + timedelta(minutes=5)

    order = settle_order(patient, status=status, decided_at=later, on=timezone.localdate() + timedelta(days=days))

    assert [item.reason_codes for item in _in(DETERMINATION)] == ([[order.status]] if is_work else [])


def _retired(patient):
    plan = patient.coverages.first()
    FactFactory(patient=patient, path=f"coverages.{plan.pk}.employment.status", value="retired")


@pytest.mark.parametrize(
    ("change", "days", "is_work"),
    [
        pytest.param(_retired, 7, True, id="a fact told, a week before the visit"),
        pytest.param(_retired, 8, False, id="earlier than that"),
        pytest.param(lambda patient: change_patient(patient=patient, by=None, birth_on=date(1980, 4, 3)), 0, True,
                     id="a birth date put right"),
        pytest.param(lambda patient: patient.coverages.update(kind="individual"), 0, True, id="another kind of plan"),
        pytest.param(lambda patient: patient.coverages.update(verified_on=timezone.localdate()), 0, False,
                     id="verified again"),
        pytest.param(lambda patient: FactFactory(patient=patient, path="msp.spouse_works", value="no"), 0, False,
                     id="what no order rests on"),
    ],
)  # fmt: skip
def test_an_order_that_no_longer_rests_on_what_is_on_file_is_work_before_the_visit(main, change, days, is_work):
    with time_machine.travel("2026-10-19T16:00:00Z", tick=False):
        patient = two_coverages(main, next_visit_on=timezone.localdate() + timedelta(days=days))
        settle_order(patient)
        assert _in(DETERMINATION) == []

        change(patient)

        assert [item.reason_codes for item in _in(DETERMINATION)] == ([["facts_changed"]] if is_work else [])
        settle_order(patient, supersedes=patient.determinations.get())
        assert _in(DETERMINATION) == []


QUESTIONS = [
    {"fact": "coverages.A.employer.size", "ask": "About how many people work there?", "why": "", "choices": []},
    {"fact": "child.decree.terms", "ask": "Is there a court order?", "why": "", "choices": []},
]
FIRST = "Ask the employer’s personnel or benefits office: About how many people work there? Then 1 more."


def test_an_order_that_waits_for_an_answer_says_for_which_and_whom_to_ask(main):
    settle_order(two_coverages(main), status="needs_facts", questions=QUESTIONS)

    (item,) = _in(DETERMINATION)

    assert item.reason == f"2 coverages at once: the order waits for an answer. {FIRST}"
    assert item.next_action == FIRST


def test_the_first_step_follows_the_facts_until_somebody_plans_another(main, cast):
    patient = two_coverages(main)
    settle_order(patient, status="needs_facts", questions=QUESTIONS)
    _in(DETERMINATION)
    settle_order(patient, status="needs_facts", questions=QUESTIONS[1:])

    (item,) = _in(DETERMINATION)
    assert item.next_action.startswith("Ask the court,")
    with acting(cast["sol"]):
        item_actions.plan(item=item, next_action="Wait for the mother’s call", on=None, by=cast["sol"])
    settle_order(patient, status="needs_facts", questions=QUESTIONS)

    assert _in(DETERMINATION)[0].next_action == "Wait for the mother’s call"
    assert FIRST in _in(DETERMINATION)[0].reason


def test_a_question_that_names_somebody_by_an_id_is_told_by_its_facts_name(main):
    asks = {"fact": "people.x.birth_month_day", "ask": f"What month and day is {uuid.uuid4()}'s birthday?", "why": ""}
    settle_order(two_coverages(main), status="needs_facts", questions=[asks])

    (item,) = _in(DETERMINATION)
    assert item.next_action == "Ask the person in whose name the plan is: Birthday (month and day)"


@pytest.mark.parametrize(
    ("visit", "weekly", "verified_on", "is_work"),
    [
        pytest.param("2026-10-22", False, "2026-10-19", False, id="3 days before the visit"),
        pytest.param("2026-10-22", False, "2026-10-18", True, id="4 days before"),
        pytest.param("2026-10-22", True, "2026-10-15", False, id="7 days before a weekly visit"),
        pytest.param("2026-10-22", True, "2026-10-14", True, id="8 days before a weekly visit"),
        pytest.param("2026-10-23", False, "2026-10-10", False, id="too early to check: the visit is 4 days off"),
        pytest.param("2026-10-18", False, "2026-10-10", False, id="the visit is over"),
    ],
)
def test_a_verification_is_worked_from_the_day_on_which_a_new_one_counts(main, visit, weekly, verified_on, is_work):
    with time_machine.travel("2026-10-19T16:00:00Z", tick=False):
        patient = two_coverages(main, next_visit_on=date.fromisoformat(visit), comes_weekly=weekly)
        settle_order(patient)
        Coverage.objects.filter(patient=patient).update(verified_on=verified_on, verified_how="call 1234")

        assert [item.reason_codes for item in _in(DETERMINATION)] == ([["verification_old"]] if is_work else [])


@pytest.mark.parametrize(("today", "is_work"), [("2026-10-31", False), ("2026-11-01", True)])
def test_a_new_month_asks_for_a_new_verification_and_not_before_it_has_come(main, today, is_work):
    with time_machine.travel(f"{today}T16:00:00Z", tick=False):
        patient = two_coverages(main, next_visit_on=date(2026, 11, 2), comes_weekly=True)
        settle_order(patient)
        Coverage.objects.filter(patient=patient).update(verified_on="2026-10-30", verified_how="call 1234")

        assert bool(_in(DETERMINATION)) is is_work


def test_an_accident_payer_is_verified_once(main):
    patient = two_coverages(main, next_visit_on=timezone.localdate())
    Coverage.objects.filter(patient=patient).update(kind="workers_comp", **verified(120))
    settle_order(patient)

    assert _in(DETERMINATION) == []


@pytest.mark.parametrize(("days", "is_work"), [(1, False), (0, True)], ids=["the day before", "the day"])
def test_an_order_is_good_until_the_day_it_becomes_another(main, days, is_work):
    order = settle_order(two_coverages(main), expires_on=timezone.localdate() + timedelta(days=days))

    assert [item.reason_codes for item in _in(DETERMINATION)] == ([["order_expired"]] if is_work else []), order


@pytest.mark.parametrize(("ended", "is_work"), [(0, True), (-1, False)], ids=["ends today", "ended yesterday"])
def test_a_coverage_counts_on_its_last_day_and_not_after(main, ended, is_work):
    patient = two_coverages(main)
    last = timezone.localdate() + timedelta(days=ended)
    Coverage.objects.filter(pk=patient.coverages.first().pk).update(ended_on=last, open_ended=False)

    assert bool(_in(DETERMINATION)) is is_work


@pytest.mark.parametrize(("open_cents", "is_work"), [(1, True), (0, False)], ids=["open", "paid"])
def test_coverages_that_overlapped_on_an_open_claim_are_work(main, open_cents, is_work):
    patient = two_coverages(main)
    ended = patient.coverages.first()
    Coverage.objects.filter(pk=ended.pk).update(ended_on=date(2026, 3, 31), open_ended=False)
    ClaimFactory(patient=patient, insurer_open_cents=open_cents, paid_cents=10000 - open_cents)

    assert bool(_in(DETERMINATION)) is is_work


def test_a_visit_decides_the_day_that_is_looked_at(main):
    visit = timezone.localdate() + timedelta(days=20)
    patient = two_coverages(main, next_visit_on=visit)
    Coverage.objects.filter(pk=patient.coverages.first().pk).update(
        effective_on=visit - timedelta(days=1), ended_on=None
    )

    assert _in(DETERMINATION)[0].needed_on == visit


def test_the_day_it_is_due_follows_the_next_visit_until_it_is_missed(main):
    """Promised within 3 business days, and before the visit if that is sooner."""
    monday = date(2026, 10, 5)
    with time_machine.travel("2026-10-05T18:00:00Z", tick=False) as clock:
        patient = two_coverages(main)
        due = [_due(_in(DETERMINATION))]
        for visit in (monday + timedelta(days=1), monday + timedelta(days=20), None, monday + timedelta(days=1)):
            Patient.objects.filter(pk=patient.pk).update(next_visit_on=visit)
            due.append(_due(_in(DETERMINATION)))
        clock.move_to("2026-10-07T18:00:00Z")
        due.append(_due(_in(DETERMINATION)))

    assert [(day - monday).days for day in due] == [3, 1, 3, 3, 1, 1]


def test_a_visit_called_off_leaves_the_promise_and_what_it_waited(main):
    monday = date(2026, 10, 5)
    with time_machine.travel("2026-10-05T18:00:00Z", tick=False):
        patient = two_coverages(main, next_visit_on=monday + timedelta(days=1))
        _in(DETERMINATION)
        Item.objects.filter(queue=DETERMINATION).update(waited_days=1)
        Patient.objects.filter(pk=patient.pk).update(next_visit_on=None)

        assert (_due(_in(DETERMINATION)) - monday).days == 4


@pytest.mark.parametrize(("moves", "days"), [(False, 9), (True, 1)])
def test_a_due_day_that_somebody_moved_meanwhile_stands_unless_the_visit_moved(main, moves, days):
    monday = date(2026, 10, 5)
    with time_machine.travel("2026-10-05T18:00:00Z", tick=False):
        patient = two_coverages(main)
        read = _in(DETERMINATION)
        Item.objects.filter(pk=read[0].pk).update(due_at=clocks.end_of(monday + timedelta(days=9)))
        if moves:
            Patient.objects.filter(pk=patient.pk).update(next_visit_on=monday + timedelta(days=1))
        else:
            CoverageFactory(patient=patient, kind="", **verified())
        assert membership._ask_one(BY_SLUG[DETERMINATION], EVERYTHING, read, timezone.now()).changed == 1

    assert (_due(Item.objects.filter(queue=DETERMINATION)) - monday).days == days


def _due(items):
    return clocks.last_day(items[0].due_at)


def test_a_kind_nobody_named_and_a_coverage_added_since_are_said(main):
    patient = two_coverages(main)
    settle_order(patient)
    CoverageFactory(patient=patient, kind="", **verified())

    assert _in(DETERMINATION)[0].reason_codes == ["coverage_added", "kind_unknown"]


def test_a_coverage_added_before_a_visit_is_said_once(main):
    patient = two_coverages(main, next_visit_on=timezone.localdate())
    settle_order(patient)
    CoverageFactory(patient=patient, **verified())

    assert _in(DETERMINATION)[0].reason_codes == ["coverage_added"]


def test_an_order_of_two_is_not_settled_anew_for_a_visit_that_one_covers(main):
    patient = two_coverages(main, next_visit_on=timezone.localdate())
    settle_order(patient)
    ended = patient.coverages.first()
    ClaimFactory(patient=patient, insurer_open_cents=1, paid_cents=9999)
    Coverage.objects.filter(pk=ended.pk).update(ended_on=date(2026, 3, 31), open_ended=False)

    assert _in(DETERMINATION) == []


def test_one_coverage_is_no_question_of_order(main):
    patient = two_coverages(main)
    Coverage.objects.filter(pk=patient.coverages.first().pk).update(enrolled=False)

    assert _in(DETERMINATION) == []
