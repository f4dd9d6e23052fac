"""Two payers that point at each other are found in whatever order they were billed and answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import ClaimPayer, Submission
from denials.actions import ACCEPTED, record_denials, settle
from tests.factories.denials import answer_of, payer_of, remittance_of
from tests.factories.workqueues import refused
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


@pytest.mark.parametrize(
    ("state", "since", "is_standoff"),
    [
        pytest.param("denied", None, True, id="its refusal is its last word"),
        pytest.param("expected", None, True, id="the order put it behind the other"),
        pytest.param("submitted", None, False, id="it has the claim again"),
        pytest.param("adjudicated", "paid", False, id="it has paid since"),
        pytest.param("expected", "took back", False, id="it took its refusal back"),
    ],
)
def test_a_payer_that_took_the_claim_in_and_points_back_makes_a_standoff(main, state, since, is_standoff):
    """What the first refused was put right by the second taking the claim in; now the second refuses as well."""
    told = timezone.localdate() - timedelta(days=20)
    claim = refused(main, on=told).claim
    first, second = claim.payers.get(), payer_of(claim, 2, "Beacon Mutual", state="submitted")
    sent = timezone.now() - timedelta(days=15)
    Submission.objects.create(claim=claim, claim_payer=second, sent_at=sent, accepted_on=sent.date())
    settle()
    if since:
        status, paid = ("1", 10000) if since == "paid" else ("22", 0)
        later = remittance_of(first.payer, on=timezone.localdate())
        answer = answer_of(first, status=status, paid=paid, remittance=later)
        if since == "took back":
            type(answer).objects.filter(pk=answer.pk).update(reverses=claim.denials.get().adjudication)
    ClaimPayer.objects.filter(pk=first.pk).update(state=state)
    ClaimPayer.objects.filter(pk=second.pk).update(state="denied")
    record_denials(
        answer_of(
            second, ("CO", "22", 10000), remittance=remittance_of(second.payer, on=timezone.localdate())
        ).remittance
    )
    assert list(claim.denials.order_by("answered_on").values_list("status", flat=True)) == ["resolved", "open"]

    membership.ask()

    assert worked_in(claim) == {"both-deny" if is_standoff else "cob-denials"}

    ended = {"status": "resolved", "resolution": ACCEPTED, "resolved_on": timezone.localdate()}
    claim.denials.filter(status="open").update(**ended)
    refused(main)  # of another claim: the queues are asked in full
    membership.ask()
    assert not worked_in(claim)


def worked_in(claim):
    queues = Item.objects.open().filter(claim=claim).values_list("queue", flat=True)
    return set(queues) & {"both-deny", "cob-denials"}
