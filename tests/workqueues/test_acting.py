"""What people do with items: who may, what is asked for, and what the second of two people is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.at_once import at_once
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory, refused
from workqueues import actions, ladder, membership
from workqueues.models import Closure, Evidence, EvidenceKind, Item, Note, State
from workqueues.queues import BY_SLUG

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)  # a Friday
NOON = "2026-11-20T18:00:00Z"


@pytest.fixture
def item(main):
    with acting("test task"):
        return ItemFactory(patient=PatientFactory(site=main))


@pytest.fixture
def dees(item, dee):
    """The item, taken by Dee."""
    with acting(dee):
        return actions.take(item=item, by=dee)


def _proof(item, by, kind=EvidenceKind.ACCEPTED_CLAIM):
    return actions.add_evidence(item=item, kind=kind, reference="277CA 4711", by=by)


def _close(item, by, **told):
    return actions.close(item=item, by=by, **{"code": "sent", "root_cause": "order_wrong", "because": "Sent.", **told})


def test_taking_makes_it_mine_and_counts_as_the_first_touch(item, dee):
    with acting(dee):
        taken = actions.take(item=item, by=dee)

    assert (taken.owner, taken.state) == (dee, State.IN_PROGRESS)
    assert taken.first_touched_at is not None
    event = Event.objects.get(verb="took item")
    assert (event.subject_id, event.actor_id, event.after["owner"]) == (str(item.pk), dee.pk, str(dee.pk))


def test_of_two_people_with_the_same_page_open_one_takes_it_and_the_other_is_told_who(item, dee, ben):
    deess, bens = Item.objects.get(pk=item.pk), Item.objects.get(pk=item.pk)
    with acting(dee):
        actions.take(item=deess, by=dee)

    with acting(ben), pytest.raises(actions.AlreadyTaken, match="Dee Dutta took this item a moment ago"):
        actions.take(item=bens, by=ben)
    assert Item.objects.get(pk=item.pk).owner == dee


def test_taking_what_is_mine_changes_nothing(dees, dee):
    with acting(dee):
        actions.take(item=dees, by=dee)

    assert Event.objects.filter(verb="took item").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_taking_at_the_same_moment_leave_one_owner(item, dee, ben):
    seen = {person: Item.objects.get(pk=item.pk) for person in (dee, ben)}

    def press(person):
        with acting(person):
            return actions.take(item=seen[person], by=person)

    answers = dict(zip(seen, at_once(press, seen), strict=True))

    owner = Item.objects.get(pk=item.pk).owner
    loser = ben if owner == dee else dee
    assert answers[owner] == item
    assert isinstance(answers[loser], actions.Refused)
    assert str(answers[loser]) == f"{owner} took this item a moment ago."
    assert Event.objects.filter(verb="took item").count() == 1


@pytest.mark.parametrize("was", ["in hand", "set aside already"])
def test_of_two_who_set_one_item_aside_the_second_reads_until_when_it_waits(dees, dee, sol, was):
    until = timezone.localdate() + timedelta(days=7)
    if was == "set aside already":
        with acting(dee):
            actions.set_aside(item=dees, waiting_for="The patient", until=until - timedelta(days=2), by=dee)
    first, second = Item.objects.get(pk=dees.pk), Item.objects.get(pk=dees.pk)
    with acting(dee):
        actions.set_aside(item=first, waiting_for="Acme Health", until=until, by=dee)

    with acting(sol), pytest.raises(actions.Refused, match=f"waits for Acme Health until {until:%m/%d/%Y}"):
        actions.set_aside(item=second, waiting_for="Beta", until=until + timedelta(days=1), by=sol)
    assert Item.objects.get(pk=dees.pk).waiting_for == "Acme Health"


def test_what_nobody_has_is_not_put_back(item, sol):
    with acting(sol), pytest.raises(actions.Refused, match="Nobody has it"):
        actions.put_back(item=item, reason="Not mine.", by=sol)


def test_take_next_gives_the_most_urgent_of_my_queues_that_nobody_has(main, north, dee, ben):
    with acting("test task"):
        make = [
            ItemFactory(patient=PatientFactory(site=main), priority=30),
            ItemFactory(patient=PatientFactory(site=main), priority=10, owner=ben, state="in_progress"),
            ItemFactory(patient=PatientFactory(site=main), priority=20, queue="posting-exceptions"),
            ItemFactory(patient=PatientFactory(site=north), priority=5),
        ]

    with acting(dee):
        assert actions.take_next(by=dee, queues=("cob-denials",)) == make[0]
        assert actions.take_next(by=dee, queues=("cob-denials",)) is None


@time_machine.travel(NOON, tick=False)
def test_next_follows_todays_rights_and_todays_date(main, north, dee):
    with acting("test task"):
        here, there, later = (
            ItemFactory(patient=PatientFactory(site=main), priority=10),
            ItemFactory(patient=PatientFactory(site=north), priority=20),
            ItemFactory(patient=PatientFactory(site=north), priority=30, next_action_on=TODAY + timedelta(days=1)),
        )

    def press():
        person = User.objects.get(pk=dee.pk)  # as each request does
        with acting(person):
            return actions.take_next(by=person, queues=("cob-denials", "posting-exceptions"))

    assert (press(), press()) == (here, None)
    dee.sites.set([north])
    assert (press(), press()) == (there, None)
    with time_machine.travel("2026-11-21T18:00:00Z", tick=False):
        dee.sites.set([main])
        assert press() is None
        dee.sites.set([north])
        assert press() == later


# --- handing over and waiting ---------------------------------------------------------------------


def test_handing_over_needs_a_word_and_somebody_who_works_there(dees, dee, ben, kit, ira):
    with acting(dee):
        with pytest.raises(actions.Refused, match="Say why"):
            actions.hand_over(item=dees, to=ben, note=" ", by=dee)
        for stranger in (kit, ira):
            with pytest.raises(actions.Refused, match="does not work items of this site"):
                actions.hand_over(item=dees, to=stranger, note="yours", by=dee)
        moved = actions.hand_over(item=dees, to=ben, note="The next payer is yours.", by=dee)

    assert (moved.owner, moved.state) == (ben, State.ASSIGNED)
    assert Note.objects.get(item=moved).text == "The next payer is yours."


def test_only_the_owner_or_who_assigns_work_moves_an_item(dees, ben, sol):
    with acting(ben), pytest.raises(actions.AlreadyTaken, match="Dee Dutta"):
        actions.hand_over(item=dees, to=ben, note="mine now", by=ben)
    with acting(sol):
        assert actions.hand_over(item=dees, to=ben, note="Dee is away.", by=sol).owner == ben


@pytest.mark.parametrize(
    ("days", "is_allowed"), [(0, False), (1, True), (30, True), (31, False)], ids=["today", "tomorrow", "30", "31"]
)
def test_an_item_waits_for_a_day_between_tomorrow_and_thirty_days(dees, dee, days, is_allowed):
    until = timezone.localdate() + timedelta(days=days)
    with acting(dee):
        if not is_allowed:
            with pytest.raises(actions.Refused, match="Choose a day from tomorrow"):
                actions.set_aside(item=dees, waiting_for="Acme Health", until=until, by=dee)
            return
        assert actions.set_aside(item=dees, waiting_for="Acme Health", until=until, by=dee).state == State.WAITING


def test_nobody_waits_for_nobody(dees, dee):
    with acting(dee), pytest.raises(actions.Refused, match="whom you wait for"):
        actions.set_aside(item=dees, waiting_for=" ", until=timezone.localdate() + timedelta(days=1), by=dee)


def test_our_clock_stands_still_while_waiting_and_moves_on_by_business_days(main, dee):
    with time_machine.travel(NOON, tick=False):
        with acting("test task"):
            refused(main)
            membership.ask()
        with acting(dee):
            item = actions.take(item=Item.objects.get(queue="cob-denials"), by=dee)
            before = item.due_at
            actions.set_aside(item=item, waiting_for="Acme Health", until=TODAY + timedelta(days=10), by=dee)

    with time_machine.travel("2026-11-30T18:00:00Z", tick=False), acting("test task"):
        assert ladder.resume_due() == 1
        assert ladder.resume_due() == 0
    item.refresh_from_db()
    # 10 days with a weekend on each side and Thanksgiving between: 5 business days stood still.
    assert (item.state, item.waited_days, item.owner) == (State.IN_PROGRESS, 5, dee)
    assert (before.date(), item.due_at.date()) == (date(2026, 12, 1), date(2026, 12, 8))


def test_a_wait_ends_on_its_day_and_not_before(dees, dee):
    until = timezone.localdate() + timedelta(days=3)
    with acting(dee):
        actions.set_aside(item=dees, waiting_for="patient", until=until, by=dee)

    with acting("test task"):
        with time_machine.travel(timezone.now() + timedelta(days=2)):
            assert ladder.resume_due() == 0
        with time_machine.travel(timezone.now() + timedelta(days=3)):
            assert ladder.resume_due() == 1


# --- ending ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in EvidenceKind if kind != EvidenceKind.APPROVED_WRITE_OFF])
def test_each_queue_closes_with_its_own_proof_and_no_other(main, sol, kind):
    for queue in BY_SLUG.values():
        with acting(sol):
            item = ItemFactory(patient=PatientFactory(site=main), queue=queue.slug, subject_type="patients.patient")
            item = actions.take(item=item, by=sol)
            _proof(item, sol, kind)
            if kind in queue.closes_with:
                assert _close(item, sol).state == State.CLOSED
            else:
                with pytest.raises(actions.EvidenceMissing, match="closes only with proof"):
                    _close(item, sol)


def test_nothing_closes_without_proof_or_root_cause(dees, dee):
    with acting(dee):
        with pytest.raises(actions.EvidenceMissing):
            _close(dees, dee)
        _proof(dees, dee)
        with pytest.raises(actions.Refused, match="root cause"):
            _close(dees, dee, root_cause="")
        closed = _close(dees, dee)

    assert (closed.state, closed.closed_by, closed.root_cause) == (State.CLOSED, dee, "order_wrong")
    closure = Closure.objects.get(item=closed)
    assert (closure.by, closure.code, closure.is_in_time) == (dee, "sent", True)


def test_closing_a_denials_item_ends_the_denial_so_that_it_does_not_come_back(main, dee):
    with acting(dee):
        denial = refused(main)
        membership.ask()
        item = actions.take(item=Item.objects.get(), by=dee)
        _proof(item, dee)
        _close(item, dee, because="Sent to the right payer.")
        denial.refresh_from_db()

        assert (denial.status, denial.root_cause) == ("resolved", "order_wrong")
        assert denial.resolution == "Sent to the payer: Sent to the right payer."
        assert membership.ask().opened == 0


def test_a_write_off_needs_a_second_person(dees, dee, sol):
    with acting(dee):
        asked = _close(dees, dee, code="write_off", because="Past every limit.")
        assert asked.state == State.RESOLVED
        with pytest.raises(actions.Refused, match="Somebody else must approve"):
            actions.approve(item=asked, by=dee)
    with acting(sol):
        closed = actions.approve(item=asked, by=sol)

    closure = Closure.objects.get(item=closed)
    assert (closed.state, closure.code, closure.by, closure.approved_by) == (State.CLOSED, "write_off", dee, sol)
    assert Evidence.objects.get(item=closed).kind == EvidenceKind.APPROVED_WRITE_OFF


def test_a_supervisor_cannot_approve_their_own_write_off(item, sol):
    with acting(sol):
        asked = _close(actions.take(item=item, by=sol), sol, code="write_off", because="Small.")
        with pytest.raises(actions.Refused, match="Somebody else"):
            actions.approve(item=asked, by=sol)


def test_the_database_refuses_a_write_off_approved_by_its_worker(dees, dee):
    with pytest.raises(IntegrityError), transaction.atomic():
        Closure.objects.create(
            item=dees, by=dee, approved_by=dee, code="write_off", entered_at=dees.entered_at, is_in_time=True
        )


def test_an_approval_cannot_be_typed_in_as_proof(dees, dee):
    with acting(dee), pytest.raises(actions.Refused, match="approved by a second person"):
        _proof(dees, dee, EvidenceKind.APPROVED_WRITE_OFF)


def test_a_write_off_that_is_not_agreed_goes_back_with_the_reason(dees, dee, sol):
    with acting(dee):
        asked = _close(dees, dee, code="write_off", because="Too late.")
    with acting(sol):
        back = actions.send_back(item=asked, note="The year is not over.", by=sol)

    assert (back.state, back.owner, back.resolved_by) == (State.IN_PROGRESS, dee, None)
    assert Note.objects.get(item=back).text == "The year is not over."


@pytest.mark.parametrize(("days", "failed"), [(30, 1), (31, 0)])
def test_opening_again_within_thirty_days_is_a_failed_closing(dees, dee, days, failed):
    with acting(dee):
        _proof(dees, dee)
        closed = _close(dees, dee)
        with time_machine.travel(closed.closed_at + timedelta(days=days), tick=False):
            again = actions.reopen(item=Item.objects.get(pk=closed.pk), reason="It was refused again.", by=dee)

    assert (again.state, again.closed_at, again.reopened_count, again.failed_closures) == (
        State.IN_PROGRESS,
        None,
        1,
        failed,
    )


def test_old_proof_does_not_close_a_second_round(dees, dee):
    with acting(dee):
        _proof(dees, dee)
        closed = _close(dees, dee)
        with time_machine.travel(closed.closed_at + timedelta(days=2)):
            again = actions.reopen(item=closed, reason="Refused again.", by=dee)
            with pytest.raises(actions.EvidenceMissing):
                _close(again, dee)


def test_an_item_that_closed_itself_meanwhile_tells_its_worker(main, dee):
    with acting(dee):
        denial = refused(main)
        membership.ask()
        seen = actions.take(item=Item.objects.get(), by=dee)
        stale = Item.objects.get(pk=seen.pk)
        denial.__class__.objects.filter(pk=denial.pk).update(
            status="resolved", resolved_on=timezone.localdate(), resolution="The payer answered anew."
        )
        membership.ask()
        with pytest.raises(actions.ChangedMeanwhile, match="The desk closed this item"):
            actions.set_aside(item=stale, waiting_for="Acme", until=timezone.localdate() + timedelta(days=2), by=dee)


@pytest.mark.parametrize("model", [Closure, ladder.Escalation], ids=["closing", "escalation"])
def test_the_history_of_an_item_cannot_be_rewritten(dees, model, dee):
    from django.db import DatabaseError

    table = model._meta.db_table
    Closure.objects.create(item=dees, by=dee, code="sent", entered_at=dees.entered_at, is_in_time=True)
    ladder.Escalation.objects.create(item=dees, level=1, reason="late", to_whom="Denial lead", at=timezone.now())
    for act in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)
