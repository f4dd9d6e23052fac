"""Which items there are follows from the facts: in at the boundary, out at the boundary, and never twice."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Adjudication, Claim, ClaimPayer, EdiFile
from cob.audit.acting import acting
from cob.coverage.models import Coverage
from cob.dates import business_days_between
from cob.patients.models import Patient
from denials import actions as denial_actions
from tests.factories.coverage import CoverageFactory
from tests.factories.denials import ClaimFactory, answer_of, payer_of
from tests.factories.workqueues import (
    held_back,
    next_payer_due,
    refused,
    settle_order,
    two_coverages,
    verified,
    without_claim,
)
from workqueues import actions as item_actions
from workqueues import membership
from workqueues.models import Closure, ClosureCode, Item, State
from workqueues.queues import BY_SLUG
from workqueues.tasks import items_of_file, look_again

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


# --- who pays first -------------------------------------------------------------------------------


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
    settle_order(patient)
    Coverage.objects.filter(patient=patient).update(kind="workers_comp", **verified(120))

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


def test_a_kind_nobody_named_and_a_coverage_added_since_are_said(main):
    patient = two_coverages(main)
    settle_order(patient)
    CoverageFactory(patient=patient, kind="", **verified())

    assert _in(DETERMINATION)[0].reason_codes == ["coverage_added", "kind_unknown"]


def test_one_coverage_is_no_question_of_order(main):
    patient = two_coverages(main)
    Coverage.objects.filter(pk=patient.coverages.first().pk).update(enrolled=False)

    assert _in(DETERMINATION) == []


# --- denials --------------------------------------------------------------------------------------


def test_a_cob_denial_is_work_with_its_money_and_limit(main):
    denial = refused(main)

    (item,) = _in(DENIALS)

    assert (item.subject_id, item.claim_id, item.amount_cents) == (denial.pk, denial.claim_id, 10000)
    assert (item.limit_on, item.reason_codes) == (denial.limit_on, ["CO-22"])


@pytest.mark.parametrize("reason", ["50", "197", "27"], ids=["clinical", "authorization", "eligibility"])
def test_look_alikes_stay_out_of_cob_denials(main, reason):
    refused(main, reason)

    assert _in(DENIALS) == []


def test_what_a_queue_not_yet_worked_would_own_is_not_lost(main):
    denial = refused(main, "22", remarks=["N179"])

    assert denial.queue == "patient-outreach"
    assert denial.queue not in BY_SLUG
    assert len(_in(DENIALS)) == 1


def test_a_resolved_denial_closes_its_item_and_says_why(main):
    denial = refused(main)
    _in(DENIALS)
    denial_actions.resolve(denial=denial, resolution="Sent to the right payer.")

    assert _in(DENIALS) == []
    item = Item.objects.get()
    assert (item.state, item.closure_code, item.closed_by) == (State.CLOSED, ClosureCode.REASON_GONE, None)
    assert item.closed_because == "Sent to the right payer."
    assert Closure.objects.get(item=item).because == "Sent to the right payer."


# --- next payer -----------------------------------------------------------------------------------


def test_the_next_payer_is_work_once_the_first_has_answered(main):
    second = next_payer_due(main)

    (item,) = _in(SECONDARY)

    assert (item.subject_id, item.payer_id, item.amount_cents) == (second.pk, second.payer_id, 10000)
    assert item.limit_on == timezone.localdate() + timedelta(days=180)
    assert item.reason.endswith("Beacon Mutual has not been billed.")


@pytest.mark.parametrize("state", ["expected", "submitted", "rejected", "forwarded", "reversed"])
def test_a_first_payer_without_a_final_answer_keeps_the_next_one_waiting(main, state):
    second = next_payer_due(main)
    ClaimPayer.objects.filter(claim=second.claim, rank=1).update(state=state)

    assert _in(SECONDARY) == []


@pytest.mark.parametrize("state", ["submitted", "forwarded", "adjudicated", "denied", "not_billable"])
def test_a_next_payer_that_was_sent_the_claim_or_needs_none_is_no_work(main, state):
    next_payer_due(main, state=state)

    assert _in(SECONDARY) == []


@pytest.mark.parametrize(("wait", "is_work"), [(0, False), (-1, True)], ids=["last day of the wait", "day after"])
@pytest.mark.parametrize("state", ["expected", "forwarded"])
def test_a_crossover_is_waited_for_through_its_last_day(main, state, wait, is_work):
    next_payer_due(main, state=state, crossover_until=timezone.localdate() + timedelta(days=wait))

    assert bool(_in(SECONDARY)) is is_work


@pytest.mark.parametrize(
    ("kind", "is_work"), [("employer", False), ("medicaid", True), ("medicare", True), ("medigap", False)]
)
def test_with_nothing_open_only_medicare_and_medicaid_are_billed(main, kind, is_work):
    second = next_payer_due(main)
    Claim.objects.filter(pk=second.claim_id).update(insurer_open_cents=0, paid_cents=10000)
    Coverage.objects.filter(pk=second.coverage_id).update(kind=kind)

    assert bool(_in(SECONDARY)) is is_work


def test_medicares_year_runs_from_the_service_whenever_the_first_payer_answered(main):
    second = next_payer_due(main)
    Coverage.objects.filter(pk=second.coverage_id).update(kind="medicare")

    assert _in(SECONDARY)[0].limit_on == date(2027, 3, 10)


@pytest.mark.parametrize(("reason", "is_work"), [("22", False), ("50", True)], ids=["order", "clinical"])
def test_a_refusal_over_the_order_is_worked_before_the_next_payer_is_billed(main, reason, is_work):
    claim = refused(main, reason).claim
    ClaimPayer.objects.filter(claim=claim, rank=1).update(answered_on=timezone.localdate())
    payer_of(claim, 2, "Beacon Mutual")

    assert bool(_in(SECONDARY)) is is_work


def test_the_third_payer_waits_for_the_second(main):
    second = next_payer_due(main)
    third = payer_of(second.claim, 3, "Cedar Trust")
    assert [item.subject_id for item in _in(SECONDARY)] == [second.pk]

    ClaimPayer.objects.filter(pk=second.pk).update(state="adjudicated", answered_on=timezone.localdate())
    assert [item.subject_id for item in _in(SECONDARY)] == [third.pk]


def test_a_void_claim_is_nobodys_work(main):
    second = next_payer_due(main)
    Claim.objects.filter(pk=second.claim_id).update(is_void=True)

    assert _in(SECONDARY) == []


# --- posting --------------------------------------------------------------------------------------


def test_a_remittance_held_back_is_work_at_its_site(main):
    file = held_back(main)

    (item,) = _in(POSTING)

    assert (item.subject_id, item.site_id) == (file.pk, main.pk)
    assert "CLP04 of claim 7 is no amount." in item.reason


def test_a_file_of_no_known_site_is_work_for_posters_and_for_who_brought_it(cast):
    file = held_back()
    EdiFile.objects.filter(pk=file.pk).update(by=cast["ben"])

    (item,) = _in(POSTING)

    assert item.site_id is None
    seeing_the_item = {name for name, user in cast.items() if item in Item.objects.visible_to(user)}
    seeing_the_file = {name for name, user in cast.items() if file in EdiFile.objects.visible_to(user)}
    assert seeing_the_item == seeing_the_file == {"ben", "pat", "sol", "ira", "ada"}


def test_an_item_of_no_known_site_stays_with_whom_it_was_given_to(cast):
    held_back()
    (item,) = _in(POSTING)
    Item.objects.filter(pk=item.pk).update(owner=cast["dee"], state=State.ASSIGNED)

    assert item in Item.objects.visible_to(cast["dee"])
    assert item not in Item.objects.visible_to(cast["kit"])


def test_a_file_of_another_kind_held_back_is_not_posting_work(main):
    EdiFile.objects.filter(pk=held_back(main).pk).update(kind="837P")

    assert _in(POSTING) == []


def test_an_answer_without_its_claim_is_work_until_the_match(main):
    answer = without_claim(main)
    assert [item.reason_codes for item in _in(POSTING)] == [["unmatched"]]

    Adjudication.objects.filter(pk=answer.pk).update(claim=ClaimFactory(patient__site=main))
    assert _in(POSTING) == []
    assert Item.objects.get().closed_because == "Its claim was found."


def test_an_answer_with_an_exception_is_work(main):
    first = payer_of(ClaimFactory(patient__site=main), 1, "Acme Health")
    answer_of(first, status="1", paid=10000, exceptions=["It says secondary; we billed it first."])

    assert _in(POSTING)[0].reason == "Acme Health: It says secondary; we billed it first."


# --- asking again ---------------------------------------------------------------------------------


def test_asking_twice_changes_nothing(main):
    for make in (two_coverages, refused, next_payer_due, held_back):
        make(main)
    first = membership.ask()
    before = list(Item.objects.order_by("pk").values())

    again = membership.ask()

    assert first.opened == 5  # the patient of the second payer has two coverages without an order, too
    assert (again.opened, again.reopened, again.changed, again.closed) == (0, 0, 0, 0)
    assert list(Item.objects.order_by("pk").values()) == before


def test_changed_facts_change_the_item_and_not_its_owner(main, dee):
    second = next_payer_due(main)
    (item,) = _in(SECONDARY)
    Item.objects.filter(pk=item.pk).update(owner=dee, state="in_progress")
    Claim.objects.filter(pk=second.claim_id).update(insurer_open_cents=2500, paid_cents=7500)

    (after,) = _in(SECONDARY)

    assert (after.pk, after.amount_cents, after.owner_id) == (item.pk, 2500, dee.pk)
    assert after.priority > item.priority


def test_what_comes_back_within_thirty_days_is_opened_again_and_counts_as_a_failed_closing(main, dee):
    patient = two_coverages(main)
    (item,) = _in(DETERMINATION)
    Item.objects.filter(pk=item.pk).update(owner=dee, state="in_progress")
    settle_order(patient)
    assert _in(DETERMINATION) == []

    with time_machine.travel(timezone.now() + timedelta(days=29)):
        settle_order(patient, status="cycle")
        (back,) = _in(DETERMINATION)

    assert (back.pk, back.state, back.owner_id) == (item.pk, State.ASSIGNED, dee.pk)
    assert (back.reopened_count, back.failed_closures) == (1, 1)


def test_what_comes_back_later_is_a_new_item(main):
    patient = two_coverages(main)
    (item,) = _in(DETERMINATION)
    settle_order(patient)
    assert _in(DETERMINATION) == []

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        settle_order(patient, status="cycle")
        (new,) = _in(DETERMINATION)

    assert new.pk != item.pk
    assert Item.objects.filter(failed_closures__gt=0).count() == 0


def _close_by(person, item, *, days_ago=0):
    at = timezone.now() - timedelta(days=days_ago)
    Item.objects.filter(pk=item.pk).update(state="closed", closed_at=at, closed_by=person, closure_code="sent")


@pytest.mark.parametrize(("days", "comes_back"), [(29, False), (30, True)])
def test_a_persons_closing_stands_for_thirty_days_although_the_cause_is_still_seen(main, ben, days, comes_back):
    next_payer_due(main)
    (item,) = _in(SECONDARY)
    _close_by(ben, item, days_ago=days)

    assert bool(_in(SECONDARY)) is comes_back


def test_a_persons_closing_of_what_can_never_change_stands_for_good(main, ben):
    without_claim(main)
    (item,) = _in(POSTING)
    _close_by(ben, item, days_ago=400)

    assert _in(POSTING) == []


def test_a_new_cause_about_the_same_subject_is_new_work_at_once(main, ben):
    patient = two_coverages(main, next_visit_on=timezone.localdate())
    (item,) = _in(DETERMINATION)
    _close_by(ben, item)
    settle_order(patient)
    Coverage.objects.filter(patient=patient).update(**verified(120))

    (new,) = _in(DETERMINATION)

    assert (new.pk != item.pk, new.reason_codes) == (True, ["verification_old"])


def test_an_import_says_what_it_brought_in_to_do(main):
    first = payer_of(ClaimFactory(patient__site=main), 1, "Acme Health", state="denied")
    answer = answer_of(first, ("CO", "22", 10000))
    held = held_back(main)
    refused(main)
    denial_actions.record_missed()
    membership.ask()

    assert items_of_file(answer.remittance.file) == {DENIALS: 1}
    assert items_of_file(held) == {POSTING: 1}


# --- one event or the whole night: the same -------------------------------------------------------

MAKES = {"coverages": two_coverages, "denial": refused, "secondary": next_payer_due, "answer": without_claim,
         "file": held_back}  # fmt: skip
CHANGES = {"order": "coverages", "verify_old": "coverages", "resolve": "denial", "send": "secondary", "match": "answer",
           "post": "file"}  # fmt: skip
ACTS = (*MAKES, *CHANGES)


def _act(name, site, made):
    """Do one thing to the facts and name what an event would have touched."""
    if name in MAKES:
        made.setdefault(name, []).append(MAKES[name](site))
        return made[name][-1]
    before = CHANGES[name]
    if not made.get(before):
        return None
    row = made[before][-1]
    row.refresh_from_db()
    if name == "order":
        if not row.determinations.exists():
            settle_order(row)
    elif name == "resolve":
        if row.status == "open":
            denial_actions.resolve(denial=row, resolution="Sent.")
    elif name == "send":
        ClaimPayer.objects.filter(pk=row.pk).update(state="submitted")
    elif name == "match":
        Adjudication.objects.filter(pk=row.pk).update(claim=ClaimFactory(patient__site=site))
    elif name == "post":
        EdiFile.objects.filter(pk=row.pk).update(outcome="posted")
    elif name == "verify_old":
        Coverage.objects.filter(patient=row).update(**verified(120))
        Patient.objects.filter(pk=row.pk).update(next_visit_on=timezone.localdate())
    row.refresh_from_db()
    return row


@given(st.lists(st.sampled_from(ACTS), min_size=1, max_size=8))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_looking_again_after_each_event_gives_what_the_night_gives(main, acts):
    from django.db import transaction

    class Undo(Exception):
        pass

    try:
        with transaction.atomic(), acting("test task"):
            made = {}
            for name in acts:
                touched = _act(name, main, made)
                if touched is not None:
                    look_again(touched)
            by_event = _picture()
            night = membership.ask()
            assert (night.opened, night.closed, night.reopened) == (0, 0, 0)
            assert _picture() == by_event
            raise Undo
    except Undo:
        pass


def _picture():
    return sorted(
        Item.objects.values_list("queue", "subject_id", "state", "reason", "amount_cents", "limit_on", "closed_because")
    )


@pytest.mark.parametrize(("days_late", "age"), [(0, 0), (7, 5), (14, 10)])
def test_the_clock_runs_from_the_payers_answer_not_from_the_day_we_heard(main, days_late, age):
    """A remittance brought in two weeks late is two weeks old at once, and its promise may be broken already."""
    today = date(2026, 10, 30)  # a Friday without a holiday in the fourteen days before
    with time_machine.travel("2026-10-30T16:00:00Z", tick=False), acting("test task"):
        refused(main, on=today - timedelta(days=days_late))
        membership.ask()

    item = Item.objects.get(queue="cob-denials")
    assert business_days_between(timezone.localdate(item.entered_at), today) == age
    assert (item.due_at.date() <= today) == (age > 5)
