"""What two people agree to write off is written off: on the ledger, on the line that was refused, and on no other."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.actions import undo_answer
from claims.ledger_check import check_all
from claims.models import Adjudication, Claim, ClaimPayer, Posting
from claims.models.undo import UndoKind
from claims.patient_billing.holding import follow
from claims.patient_billing.models import StatementHold
from cob.audit.acting import acting
from cob.audit.models import Event
from denials.actions import record_missed
from denials.models import Denial
from tests.claims.edi_samples import (
    BETA,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    service,
    svc,
    taken_back,
    transaction,
    whole,
)
from workqueues import actions, membership
from workqueues.forms import CloseForm
from workqueues.models import Item, State

pytestmark = pytest.mark.django_db

# Line 1 of 100: 50 paid, 30 by contract, 20 the patient's. Line 2 of 50: refused, because nobody asked beforehand.
TWO_LINES = claim("PCN1", service(1, cents=100_00), service(2, "99214", cents=50_00))
PAID_AND_REFUSED = answer(
    "PCN1",
    svc(("CO-45", 30_00), ("PR-2", 20_00), charge=100_00),
    svc(("CO-197", 50_00), code="99214", charge=50_00, number=2),
)


@pytest.fixture
def refused(bring):
    bring(file_837p(TWO_LINES))
    bring(file_835(PAID_AND_REFUSED))
    ask()
    return Item.objects.get(queue="other-denials")


def ask():
    with acting("the night"):
        record_missed()
        membership.ask()


def given_up(item, dee, sol, because="Past every limit."):
    with acting(dee):
        mine = actions.take(item=item, by=dee)
        asked = actions.close(item=mine, code="write_off", root_cause="sent_late", because=because, by=dee)
    with acting(sol):
        return actions.approve(item=asked, by=sol)


def balances():
    row = Claim.objects.get(control_number="PCN1")
    return row.paid_cents, row.written_off_cents, row.insurer_open_cents, row.patient_cents


def written_off():
    rows = Posting.objects.filter(note__startswith="Refused and written off: ").order_by("posted_at", "id")
    return [(row.line.number if row.line else None, row.amount_cents, str(row.by)) for row in rows]


def test_what_was_refused_is_written_off_on_its_line_in_the_name_of_who_agreed(refused, dee, sol):
    assert balances() == (50_00, 30_00, 50_00, 20_00)
    given_up(refused, dee, sol)

    assert written_off() == [(2, 50_00, "Sol Sato")]
    assert balances() == (50_00, 80_00, 0, 20_00)
    assert check_all().broken == {}
    assert Posting.objects.get(note="Refused and written off: Past every limit.").adjudication_id is not None
    assert {"cents": 50_00} in [
        event.after for event in Event.objects.filter(verb="open amount written off", actor_id=sol.pk)
    ]


def test_then_nothing_holds_back_what_the_patient_owes_of_the_other_line(refused, dee, sol):
    def grounds():
        with acting("test"):
            follow(Claim.objects.all())
        return set(StatementHold.objects.filter(lifted_at=None).values_list("ground", flat=True))

    assert "unreconciled" in grounds()
    given_up(refused, dee, sol)
    assert "unreconciled" not in grounds()


def test_nothing_is_written_off_before_somebody_agrees_nor_when_it_is_sent_back(refused, dee, sol):
    with acting(dee):
        mine = actions.take(item=refused, by=dee)
        asked = actions.close(item=mine, code="write_off", root_cause="sent_late", because="Too late.", by=dee)
    assert written_off() == []
    with acting(sol):
        actions.send_back(item=asked, note="Appeal it.", by=sol)

    assert written_off() == []


def test_opened_again_it_is_open_again_on_the_ledger(refused, dee, sol):
    closed = given_up(refused, dee, sol)
    with acting(dee):
        actions.reopen(item=Item.objects.get(pk=closed.pk), reason="They take a late appeal.", by=dee)

    assert balances() == (50_00, 30_00, 50_00, 20_00)
    assert check_all().broken == {}
    back = Posting.objects.get(kind="reversal")
    assert (back.amount_cents, back.note, back.by) == (-50_00, "They take a late appeal.", dee)


def test_given_up_opened_again_and_given_up_it_is_written_off_once(refused, dee, sol):
    closed = given_up(refused, dee, sol)
    with acting(dee):
        again = actions.reopen(item=Item.objects.get(pk=closed.pk), reason="One more try.", by=dee)
        asked = actions.close(item=again, code="write_off", root_cause="sent_late", because="No.", by=dee)
    with acting(sol):
        actions.approve(item=asked, by=sol)

    assert balances() == (50_00, 80_00, 0, 20_00)
    assert [amount for _, amount, _ in written_off()] == [50_00, 50_00]
    assert check_all().broken == {}


def test_when_the_payer_takes_its_answer_back_the_write_off_goes_with_it(refused, dee, sol, bring):
    given_up(refused, dee, sol)
    corrected = answer(
        "PCN1",
        svc(("CO-45", 30_00), ("PR-2", 20_00), charge=100_00),
        svc(("CO-45", 10_00), ("PR-2", 8_00), code="99214", charge=50_00, number=2),
        number="ICN2",
    )
    bring(file_835(transaction(taken_back(PAID_AND_REFUSED), corrected, trace="EFT2")))

    assert balances() == (82_00, 40_00, 0, 28_00)
    assert check_all().broken == {}


def test_what_another_payer_accounts_for_by_then_is_not_written_off(bring, dee, sol):
    """The first payer refused 50; the second paid 35 of it, left 5 and wrote off the rest."""
    two_payers = claim("PCN1", service(1, cents=100_00), service(2, "99214", cents=50_00), other_coverages=(also(),))
    bring(file_837p(two_payers))
    bring(file_835(PAID_AND_REFUSED))
    ask()
    item = Item.objects.get(queue="other-denials")
    second = answer(
        "PCN1",
        svc(("OA-23", 80_00), ("PR-2", 20_00), charge=100_00),
        svc(("CO-45", 10_00), ("PR-2", 5_00), code="99214", charge=50_00, number=2),
        status="2",
    )
    bring(file_835(transaction(second, payer=BETA, trace="EFT2")))
    before = balances()
    given_up(item, dee, sol)

    assert written_off() == []
    assert balances() == before == (85_00, 40_00, 0, 25_00)


def test_of_an_answer_that_is_posted_no_longer_nothing_is_written_off(refused, dee, sol, cast):
    with acting(cast["pat"]):
        undo_answer(
            adjudication=Adjudication.objects.get(), kind=UndoKind.UNPOSTED, reason="Wrong file.", by=cast["pat"]
        )
    before = balances()
    given_up(refused, dee, sol)

    assert written_off() == []
    assert balances() == before == (0, 0, 150_00, 0)


def test_in_the_claims_history_it_stands_on_its_own_day_with_its_reason(refused, dee, sol, sign_in):
    given_up(refused, dee, sol)
    row = Claim.objects.get()
    life = sign_in(sol).get(reverse("claims:claim-page", args=[row.pk])).context["life"]

    found = [(one.what, one.written_off_cents, one.open_cents) for one in life if one.written_off_cents]
    assert found == [("Answered, as primary", 30_00, 70_00), ("Write-off", 50_00, 20_00)]
    last = next(one for one in life if one.what == "Write-off")
    assert (last.on, last.detail) == (timezone.localdate(), "Refused and written off: Past every limit.")


def test_a_refusal_of_the_whole_claim_is_shared_by_what_its_lines_have_left(bring, dee, sol):
    bring(file_837p(TWO_LINES))
    bring(file_835(whole("PCN1", 150_00, ("CO-197", 150_00), status="4")))
    ask()
    closed = given_up(Item.objects.get(queue="other-denials"), dee, sol)

    assert closed.state == State.CLOSED
    assert written_off() == [(1, 100_00, "Sol Sato"), (2, 50_00, "Sol Sato")]
    assert balances() == (0, 150_00, 0, 0)
    assert check_all().broken == {}


def test_whoever_gives_up_the_second_payer_gives_up_what_was_left_to_it(bring, dee, ben, sol):
    """The first payer left 20 of 150 to the second, which nobody bills: the patient is not asked for it either."""
    bring(file_837p(claim("PCN1", other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))))
    ask()
    assert balances() == (80_00, 50_00, 20_00, 0)
    closed = given_up(Item.objects.get(queue="secondary-submission"), ben, sol, "Their plan has gone bankrupt.")

    assert balances() == (80_00, 70_00, 0, 0)
    assert check_all().broken == {}
    assert Posting.objects.filter(note="Open and written off: Their plan has gone bankrupt.").count() == 1
    with acting(ben):
        actions.reopen(item=Item.objects.get(pk=closed.pk), reason="A successor pays.", by=ben)
    assert balances() == (80_00, 50_00, 20_00, 0)


def test_a_claim_no_payer_ever_took_is_written_off_without_an_answer(bring, ben, sol):
    bring(file_837p(TWO_LINES))
    with acting("the test"):
        ClaimPayer.objects.update(state="rejected")
    ask()
    given_up(Item.objects.get(queue="rejected-claims"), ben, sol)

    assert balances() == (0, 150_00, 0, 0)
    assert {row.adjudication for row in Posting.objects.all()} == {None}
    assert check_all().broken == {}


def test_beside_another_queues_item_nothing_is_written_off(refused, dee, sol):
    """Its limit is near, so that it is shown in timely filing too: an approval there would reach no ledger."""
    with acting("the test"):
        Denial.objects.update(limit_on=timezone.localdate())
    ask()
    beside = Item.objects.get(queue="timely-filing")

    with pytest.raises(actions.Refused, match="Nothing would be written off from here"):
        given_up(beside, sol, dee)
    beside.refresh_from_db()
    assert "write_off" not in dict(CloseForm(item=beside, user=sol).fields["code"].choices)
    assert beside.state == State.IN_PROGRESS
    assert balances() == (50_00, 30_00, 50_00, 20_00)


def test_nobody_agrees_to_a_write_off_of_which_nothing_is_left(refused, dee, sol):
    """Asked for in timely filing while its codes named that queue; they name another one now."""
    with acting("the test"):
        Denial.objects.update(limit_on=timezone.localdate(), queue="timely-filing")
    ask()
    with acting(dee):
        item = actions.take(item=Item.objects.get(queue="timely-filing"), by=dee)
        asked = actions.close(item=item, code="write_off", root_cause="sent_late", because="Too late.", by=dee)
    with acting("the test"):
        Denial.objects.update(queue="other-denials")

    with acting(sol), pytest.raises(actions.Refused, match="Nothing would be written off from here"):
        actions.approve(item=asked, by=sol)
    asked.refresh_from_db()
    assert (asked.state, written_off()) == (State.RESOLVED, [])


def test_what_is_no_refusal_and_no_payer_to_be_asked_has_nothing_to_write_off(bring, dee, sol):
    bring(file_837p(TWO_LINES))
    with acting("the test"):
        Claim.objects.update(related_to=["auto"])
    ask()

    with pytest.raises(actions.Refused, match="Nothing would be written off from here"):
        given_up(Item.objects.get(queue="accident-liability"), dee, sol)
    assert balances() == (0, 0, 150_00, 0)
