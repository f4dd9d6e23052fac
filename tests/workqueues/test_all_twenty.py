"""The queues in which somebody else has the next word, the look-alikes, and that every refusal is in one queue."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from claims.models import Claim, ClaimPayer
from cob.audit.acting import acting
from cob.coverage.models import Coverage
from denials.actions import record_denials
from denials.models import COB, Denial
from denials.queries import desk_code_book
from tests.factories.denials import ClaimFactory, answer_of, payer_of, remittance_of
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import (
    ItemFactory,
    both_deny,
    care_billed,
    crossed_over,
    filed_too_late,
    questionnaire,
    refused,
    sent,
)
from workqueues import actions, ladder, membership
from workqueues.asks.denials import OTHER, OWNERS
from workqueues.models import Escalation, Item, State
from workqueues.queues import BY_SLUG, QUEUES
from workqueues.tasks import look_again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


def _in(slug):
    membership.ask(queues=[queue for queue in QUEUES if queue.slug in (slug, "timely-filing")])
    return list(Item.objects.open().filter(queue=slug))


def test_there_are_twenty_queues_numbered_from_one():
    assert sorted(queue.id for queue in QUEUES) == [f"WQ{n:02}" for n in range(1, 21)]
    assert QUEUES[-1].slug == "timely-filing", "it looks at what the others found"


# --- every open refusal is in one queue ------------------------------------------------------------


@pytest.mark.parametrize("category", ["order_wrong", "clinical"])
@pytest.mark.parametrize("named", ["", *sorted(BY_SLUG)])
def test_an_open_denial_is_worked_in_one_queue_however_its_codes_are_mapped(main, category, named):
    denial = refused(main, on=timezone.localdate())
    family = desk_code_book().categories[category].family
    Denial.objects.filter(pk=denial.pk).update(category=category, family=family, queue=named, limit_on=None)

    membership.ask(queues=[queue for queue in QUEUES if queue.slug in {*OWNERS, OTHER, "cob-denials", "both-deny"}])

    (item,) = Item.objects.open()
    left_over = "cob-denials" if family == COB or named == "cob-denials" else OTHER
    assert item.queue == (named if named in {*OWNERS, OTHER} else left_over)


def test_two_payers_that_point_at_each_other_are_one_item_of_the_claim(main):
    claim = both_deny(main)
    membership.ask()

    item = Item.objects.open().get(claim=claim, queue="both-deny")

    assert item.reason == "Acme Health and Beacon Mutual each refused it: another payer comes first."
    assert item.needed_on == timezone.localdate() + timedelta(days=30)
    assert not Item.objects.open().filter(claim=claim, queue="cob-denials").exists()


@pytest.mark.parametrize(
    ("named", "is_standoff"),
    [("cob-denials", True), ("rejected-claims", False), ("other-denials", False)],
    ids=["refused", "rejected with the same codes", "worked elsewhere"],
)
def test_only_what_no_other_queue_works_makes_a_standoff(main, named, is_standoff):
    claim = both_deny(main)
    Denial.objects.filter(payer__name="Beacon Mutual").update(queue=named)

    membership.ask()

    worked = Item.objects.open().filter(claim=claim).exclude(queue="timely-filing")
    kept = {"both-deny"} if is_standoff else {"cob-denials", named}
    assert {item.queue for item in worked} - {"cob-determination"} == kept


def test_a_standoff_ends_when_one_payer_answers_as_the_first_and_the_other_is_a_cob_denial_again(main):
    claim = both_deny(main)
    membership.ask()
    first = claim.denials.get(payer__name="Acme Health")
    Denial.objects.filter(pk=first.pk).update(
        status="resolved", resolved_on=timezone.localdate(), resolution="The payer answered anew."
    )

    look_again(claim.patient)

    assert Item.objects.get(claim=claim, queue="both-deny").closed_because == "The payer answered anew."
    assert Item.objects.open().get(claim=claim, queue="cob-denials").payer.name == "Beacon Mutual"


def test_a_standoff_closed_by_a_person_ends_both_refusals(main, dee):
    claim = both_deny(main)
    membership.ask()
    with acting(dee):
        item = actions.take(item=Item.objects.open().get(queue="both-deny"), by=dee)
        actions.add_evidence(item=item, kind="primary_answer", reference="ICN 7", by=dee)
        actions.close(item=item, code="done", root_cause="payer_error", because="Acme pays first", by=dee)

    assert not claim.denials.filter(status="open").exists()


def test_a_standoff_closed_by_a_person_leaves_the_rejection_of_a_third_payer_open(main, dee):
    claim = both_deny(main)
    third = payer_of(claim, 3, "Cedar Plan", state="denied")
    record_denials(answer_of(third, ("CO", "22", 10000), remarks=["MA130"]).remittance)
    membership.ask()
    with acting(dee):
        item = actions.take(item=Item.objects.open().get(queue="both-deny"), by=dee)
        actions.add_evidence(item=item, kind="primary_answer", reference="ICN 7", by=dee)
        actions.close(item=item, code="done", root_cause="payer_error", because="Acme pays first", by=dee)

    assert [denial.payer.name for denial in claim.denials.filter(status="open")] == ["Cedar Plan"]


@pytest.mark.parametrize(("days", "levels"), [(29, False), (30, True)], ids=["day 29", "day 30"])
def test_thirty_days_after_both_answers_the_administrator_is_told(main, days, levels):
    both_deny(main)
    Denial.objects.update(limit_on=None, at_risk_cents=100, attempt=1)
    membership.ask()
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        ladder.escalate()

    said = Escalation.objects.filter(item__queue="both-deny", level=3).values_list("reason", flat=True)
    assert any("equal shares" in words for words in said) is levels


# --- the first payer is silent ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "on_paper", "is_work"),
    [(20, False, False), (21, False, True), (34, True, False), (35, True, True)],
    ids=["20 days", "21 days", "34 days on paper", "35 days on paper"],
)
def test_a_silent_first_payer_is_chased_from_day_21_or_35(main, days, on_paper, is_work):
    sent(main, days_ago=days, on_paper=on_paper)

    assert bool(_in("awaiting-primary")) is is_work


def test_the_clock_of_a_chase_runs_from_its_first_day_and_a_claim_nobody_took_in_keeps_its_limit(main):
    payer = sent(main, days_ago=30, accepted=False)
    Coverage.objects.filter(pk=payer.coverage_id).update(kind="medicare")

    (item,) = _in("awaiting-primary")

    today = timezone.localdate()
    assert timezone.localdate(item.entered_at) == today - timedelta(days=9)
    assert item.needed_on == today + timedelta(days=15)
    assert item.limit_on == date(2027, 3, 10)
    assert "has not said that it has it" in item.reason


@pytest.mark.parametrize("state", ["adjudicated", "denied", "rejected", "not_billable"])
def test_any_answer_of_the_first_payer_ends_the_chase(main, state):
    payer = sent(main, days_ago=40)
    (item,) = _in("awaiting-primary")
    ClaimPayer.objects.filter(pk=payer.pk).update(state=state)

    assert _in("awaiting-primary") == []
    item.refresh_from_db()
    assert "Beacon Mutual" in item.closed_because


def test_a_claim_sent_again_after_a_refusal_is_worked_as_that_refusal(main):
    denial = refused(main)
    ClaimPayer.objects.filter(pk=denial.claim_payer_id).update(
        state="submitted", submitted_on=timezone.localdate() - timedelta(days=60)
    )

    assert _in("awaiting-primary") == []


# --- later payers and crossovers -------------------------------------------------------------------


def test_a_later_payers_claim_is_watched_from_the_day_it_was_sent_with_the_day_of_the_next_check(main):
    payer = sent(main, days_ago=0, rank=2)

    (item,) = _in("awaiting-payer")

    assert (item.subject_id, item.next_action_on) == (payer.pk, timezone.localdate() + timedelta(days=21))


@pytest.mark.parametrize(("days", "check"), [(20, 21), (21, 21), (34, 21), (35, 35), (50, 50), (80, 50)])
def test_the_check_that_is_due_stays_due_until_the_next_one(main, days, check):
    sent(main, days_ago=days, rank=2)

    (item,) = _in("awaiting-payer")
    assert item.next_action_on == timezone.localdate() + timedelta(days=check - days)


@pytest.mark.parametrize(("days", "levels"), [(59, []), (60, [2])], ids=["day 59", "day 60"])
def test_what_is_only_watched_escalates_by_its_own_days_and_not_because_nobody_touched_it(main, days, levels):
    with time_machine.travel("2026-10-19T16:00:00Z", tick=False):
        sent(main, days_ago=0, rank=2)
        _in("awaiting-payer")
    start = datetime.fromisoformat("2026-10-19T16:00:00+00:00")
    with time_machine.travel(start + timedelta(days=days), tick=False):
        ladder.escalate()

    found = Escalation.objects.filter(item__queue="awaiting-payer", level=2).values_list("level", flat=True)
    assert list(found) == levels


@pytest.mark.parametrize(("until_in", "where"), [(0, "crossover-watch"), (-1, "secondary-submission")])
def test_a_crossover_is_watched_through_its_last_day_and_then_billed(main, until_in, where):
    crossed_over(main, until_in=until_in)
    membership.ask()

    assert list(Item.objects.open().exclude(queue="cob-determination").values_list("queue", flat=True)) == [where]


def test_nobody_is_given_what_has_to_wait(main, sol):
    sent(main, days_ago=0, rank=2)
    _in("awaiting-payer")

    with acting(sol):
        assert actions.take_next(by=sol, queues=("awaiting-payer",)) is None


# --- the patient must answer -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "days", "levels"),
    [
        (None, 13, False),
        (None, 14, True),
        ("left_message", 14, True),
        ("wrong_number", 14, True),
        ("returned_mail", 14, True),
        ("reached", 14, False),
    ],
    ids=["day 13", "day 14", "a message only", "a wrong number", "a letter that came back", "reached"],
)
def test_fourteen_days_without_reaching_anybody_are_told_to_the_lead(main, ana, outcome, days, levels):
    questionnaire(main)
    Denial.objects.update(limit_on=None)
    (item,) = _in("patient-outreach")
    if outcome:
        with acting(ana):
            contact = actions.add_contact(item=item, by=ana, channel="phone", party="Patient", outcome=outcome)
            contact.full_clean()
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        Item._base_manager.update(touched_at=timezone.now(), due_at=timezone.now() + timedelta(days=9))
        ladder.escalate()

    assert Escalation.objects.filter(item=item, reason="Nobody was reached for 14 days.").exists() is levels


def test_money_sent_to_the_patient_is_asked_for_until_nothing_is_open(main):
    claim = ClaimFactory(patient=PatientFactory(site=main))
    first = payer_of(claim, 1, "Acme Health", state="adjudicated", answered_on=timezone.localdate())
    answer_of(first, ("OA", "100", 6400), status="1", remittance=remittance_of(first.payer, site=main))

    (item,) = _in("patient-outreach")
    assert (item.amount_cents, item.reason.split(". ")[0]) == (6400, "Acme Health paid the patient")

    Claim.objects.filter(pk=claim.pk).update(insurer_open_cents=0, paid_cents=10000)
    assert _in("patient-outreach") == []


# --- limits and months -----------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_near"), [(46, False), (45, True), (-3, True)])
def test_a_limit_is_shown_beside_its_item_from_45_days_on(main, days, is_near):
    owner = ItemFactory(patient=PatientFactory(site=main), limit_on=timezone.localdate() + timedelta(days=days))

    overlay = _in("timely-filing")

    assert [item.subject_id for item in overlay] == ([owner.subject_id] if is_near else [])
    owner.refresh_from_db()
    assert owner.is_open, "the queue that owns it keeps it"


def test_what_was_put_right_leaves_the_overlay_in_the_same_round(main):
    denial = refused(main)
    Denial.objects.filter(pk=denial.pk).update(limit_on=timezone.localdate() + timedelta(days=3))
    membership.ask()
    assert Item.objects.open().filter(queue="timely-filing").exists()
    Denial.objects.filter(pk=denial.pk).update(
        status="resolved", resolved_on=timezone.localdate(), resolution="A claim sent since was accepted."
    )

    look_again(denial.claim.patient)

    overlay = Item.objects.get(queue="timely-filing")
    assert (overlay.state, overlay.closed_because) == (State.CLOSED, "A claim sent since was accepted.")


def test_a_refusal_because_it_was_late_is_worked_there_and_closing_an_overlay_ends_no_denial(main, sol):
    late = filed_too_late(main)
    other = refused(main)
    Denial.objects.filter(pk=other.pk).update(limit_on=timezone.localdate())
    membership.ask()
    mine = {item.subject_id: item for item in Item.objects.open().filter(queue="timely-filing")}
    assert set(mine) == {late.pk, other.pk}
    for item in mine.values():
        with acting(sol):
            actions.take(item=item, by=sol)
            actions.add_evidence(item=item, kind="limit_proof", reference="277CA of 04/01", by=sol)
            actions.close(item=item, code="done", root_cause="sent_late", because="In time", by=sol)

    late.refresh_from_db()
    other.refresh_from_db()
    assert (late.status, other.status) == ("resolved", "open")


@pytest.mark.parametrize(
    ("today", "is_work"),
    [("2026-10-02", False), ("2026-10-03", True), ("2026-12-04", True), ("2026-12-05", False)],
    ids=["2 days after the month", "3 days after", "62 days later", "63 days later"],
)
def test_a_month_not_billed_after_one_that_was_is_looked_at_once_it_is_closed(main, today, is_work):
    with time_machine.travel(f"{today}T18:00:00Z", tick=False):
        care_billed(main, date(2026, 8, 14))

        found = _in("missed-care-months")

    assert [item.reason_codes for item in found] == ([["care_2026-09"]] if is_work else [])


@pytest.mark.parametrize(("today", "is_work"), [("2027-08-31", True), ("2027-09-30", True), ("2027-10-01", False)])
def test_a_missed_month_stays_work_until_its_own_year_to_file_is_over(main, today, is_work):
    with time_machine.travel("2026-10-19T18:00:00Z", tick=False) as clock:
        care_billed(main, date(2026, 8, 1))
        assert _in("missed-care-months")
        clock.move_to(f"{today}T18:00:00Z")

        assert bool(_in("missed-care-months")) is is_work


@pytest.mark.parametrize(
    ("procedure", "is_work"), [("99493", False), ("G0569", False), ("99494", True), ("90834", True)]
)
def test_only_a_code_that_stands_for_a_month_closes_the_gap(main, procedure, is_work):
    with time_machine.travel("2026-10-19T18:00:00Z", tick=False):
        patient = care_billed(main, date(2026, 8, 14)).patient
        care_billed(main, date(2026, 9, 30), patient=patient, procedure=procedure)

        assert bool(_in("missed-care-months")) is is_work


def test_a_month_somebody_said_cannot_be_billed_is_not_asked_again(main, ben):
    with time_machine.travel("2026-10-19T18:00:00Z", tick=False) as clock:
        care_billed(main, date(2026, 8, 14))
        (item,) = _in("missed-care-months")
        with acting(ben):
            actions.take(item=item, by=ben)
            actions.add_evidence(item=item, kind="not_billable", reference="11 minutes in the month", by=ben)
            actions.close(item=item, code="not_needed", root_cause="normal_work", because="Too few minutes", by=ben)
        clock.move_to("2026-11-25T18:00:00Z")

        assert _in("missed-care-months") == []
