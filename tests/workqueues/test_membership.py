"""Which items there are follows from the facts: asked once, again, by event or at night, with the same answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Acknowledgement, AckReply, Adjudication, Claim, ClaimPayer, EdiFile
from cob.accounts.models import User
from cob.audit.acting import acting
from cob.coverage.models import Coverage
from cob.dates import business_days_between
from cob.patients.models import Patient
from denials import actions as denial_actions
from tests.factories.coverage import CoverageFactory
from tests.factories.denials import ClaimFactory, answer_of, payer_of
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import (
    awaiting_later,
    awaiting_primary,
    both_deny,
    care_month_missed,
    crossed_over,
    filed_too_late,
    held_back,
    next_payer_due,
    refused,
    settle_order,
    two_coverages,
    unplaced,
    verified,
    without_claim,
)
from workqueues import membership
from workqueues.asks.asking import about
from workqueues.models import Item, State
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


MAKES = {"coverages": two_coverages, "denial": refused, "secondary": next_payer_due, "answer": without_claim,
         "file": held_back, "silent": awaiting_primary, "later": awaiting_later, "crossed": crossed_over,
         "standoff": both_deny, "late": filed_too_late, "month": care_month_missed, "unplaced": unplaced}  # fmt: skip
CHANGES = {"order": "coverages", "verify_old": "coverages", "resolve": "denial", "send": "secondary", "match": "answer",
           "post": "file", "not_ours": "unplaced"}  # fmt: skip
ACTS = (*MAKES, *CHANGES)


def _act(name, site, made):
    """Do one thing to the facts and name what an event would have touched."""
    if name in MAKES:
        made.setdefault(name, []).append(MAKES[name](site))
        new = made[name][-1]
        return new.patient if isinstance(new, Claim) else new
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
    elif name == "not_ours":
        for ack in Acknowledgement.objects.unplaced().filter(file=row):
            AckReply.objects.create(acknowledgement=ack, reply="not_ours", reason="The old system’s.", by=_somebody())
    elif name == "verify_old":
        Coverage.objects.filter(patient=row).update(**verified(120))
        Patient.objects.filter(pk=row.pk).update(next_visit_on=timezone.localdate())
    row.refresh_from_db()
    return row


def _somebody():
    return User.objects.get_or_create(username="somebody", defaults={"role": "biller"})[0]


@given(st.lists(st.sampled_from(ACTS), min_size=1, max_size=8))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


def test_what_most_queues_have_nothing_to_say_of_is_looked_up_once_for_all_of_them(main, queries_of):
    """A patient of one plan and no denial; twelve more looks where each queue asks for denials by itself."""
    claim = ClaimFactory(patient=PatientFactory(site=main))
    CoverageFactory(patient=claim.patient)
    payer_of(claim, 1, "Acme Health", state="expected")

    assert queries_of(lambda: membership.ask(about(patients=[claim.patient_id]))) <= 33
