"""A copy that was announced and never comes: the wait ends on its day, in a sending, in work, or with nothing left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from claims.crossover.ending import ENDED, end_lapsed
from claims.delivery.due import due
from claims.models import Claim, CrossoverWatch
from claims.patient_billing import paying
from claims.patient_billing.standing import standings
from claims.queries import next_step_of
from claims.submissions.folder import open_folder
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage.models import Coverage
from tests.claims.crossover.copies import UNTIL, place, stands
from tests.claims.edi_samples import also, answer, claim, file_835, file_837p, svc, taken_back, transaction
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
NOTHING_LEFT = (("CO-45", 70_00),)
AFTER = UNTIL + timedelta(days=1)


@pytest.fixture
def settled(bring_settled):
    return bring_settled()


@pytest.fixture
def bring_settled(bring):
    """The first payer paid 80.00, wrote 70.00 off, and handed the claim on all the same."""

    def _bring(status="19"):
        bring(file_837p(claim(other_coverages=(also(),))))
        bring(file_835(answer("PCN1", svc(*NOTHING_LEFT), status=status)))
        return Claim.objects.get()

    return _bring


def step(on):
    return next_step_of(open_folder(Claim.objects.get()), on)


@pytest.mark.parametrize(
    ("on", "action", "payer"), [(UNTIL, "wait_crossover", "BETA LIFE"), (AFTER, "hold", "ACME HEALTH")]
)
def test_what_was_not_its_claim_and_is_passed_on_waits_for_the_copy_as_any_other(bring, on, action, payer):
    """CLP02 23: the first payer decided nothing, so there is nothing of it to appeal."""
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(("OA-109", 150_00)), status="23")))

    found = step(on)

    assert (found.action.value, found.place.payer) == (action, payer), found.because
    assert "settle the order" in found.because


@pytest.mark.parametrize(
    ("on", "state"), [(UNTIL, "forwarded"), (AFTER, "expected"), (AFTER + timedelta(days=60), "expected")]
)
def test_the_wait_ends_the_day_after_its_timer(settled, on, state):
    assert end_lapsed(on) == (state == "expected")
    assert end_lapsed(on) == 0

    assert place().state == state
    assert stands(on) == ("check" if state == "forwarded" else "never")


def test_it_says_why_on_the_trail_and_on_the_claim(settled):
    end_lapsed(AFTER)

    event = Event.objects.filter(verb=ENDED).get()
    assert event.reason == "No copy came to BETA LIFE by 04/19/2026, and nothing is left to bill."
    found = step(AFTER)
    assert (found.action, "The copy it was to get never came." in found.because) == ("none", True)
    assert not due(None, AFTER).exists()


def test_with_money_open_the_wait_ends_in_work_instead(bring_forwarded):
    bring_forwarded()

    assert end_lapsed(AFTER) == 0
    with time_machine.travel(f"{AFTER}T15:00:00Z"):
        membership.ask()
    item = Item.objects.open().get(claim__isnull=False, queue="secondary-submission")
    assert "Nothing came of the crossover to BETA LIFE by 04/19/2026" in item.reason


def test_a_payer_that_is_billed_anyhow_is_sent_the_claim_with_nothing_open(settled):
    Coverage.objects.filter(claim_payers__rank=2).update(kind="medicaid")

    assert end_lapsed(AFTER) == 0
    assert list(due(None, AFTER)) == [place()]
    assert not due(None, UNTIL).exists()


def test_a_copy_that_comes_after_all_is_posted_like_any_answer(settled, bring):
    end_lapsed(AFTER)

    late = answer("PCN1", svc(("OA-23", 150_00)), status="2")
    bring(file_835(transaction(late, payer=("66666", "BETA LIFE"), trace="EFT2", paid=AFTER), number=2))

    assert place().state == "adjudicated"
    assert stands(AFTER) == "late"


def test_money_taken_back_by_the_first_payer_makes_the_second_due_again(settled, bring):
    end_lapsed(AFTER)

    corrected = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)), number="ICN9")
    back = taken_back(answer("PCN1", svc(*NOTHING_LEFT), status="19"))
    bring(file_835(transaction(back, corrected, trace="EFT3"), number=3))

    assert list(due(None, AFTER)) == [place()]


def test_a_copay_taken_at_the_desk_goes_back_once_nobody_is_waited_for(settled, ana):
    with acting(ana):
        paying.take(
            patient=settled.patient,
            amount_cents=20_00,
            method="cash",
            received_on=date(2026, 3, 20),
            claims={settled.pk: 20_00},
            by=ana,
        )
    (before,) = standings([settled])
    assert (before.owes_cents, before.credit_cents) == (None, 0)

    end_lapsed(AFTER)

    (after,) = standings([Claim.objects.select_related("patient__site", "site").get()])
    assert (after.owes_cents, after.credit_cents) == (0, 20_00)
    assert CrossoverWatch.objects.count() == 1
