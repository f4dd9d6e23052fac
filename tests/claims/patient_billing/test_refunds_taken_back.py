"""Between two people's yes and the money going out a payer may take its answer back, or somebody think better of it."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from claims.patient_billing import paying, refunding
from claims.patient_billing.models import PatientRefund
from tests.claims.edi_samples import answer, file_835, svc, taken_back
from tests.claims.edi_samples import transaction as remit
from tests.claims.patient_billing.flow import PAID, TODAY, one_plan, standing
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]


@pytest.fixture
def approved(bring, ana, sol):
    """$5.00 of $25.00, agreed to by Sol."""
    row = one_plan(bring)
    taken = {"amount_cents": 25_00, "method": "card", "received_on": TODAY, "claims": {row.pk: 25_00}, "by": ana}
    paying.take(patient=row.patient, **taken)
    (refund,) = refunding.propose(claim=row, reason="Too much.", by=ana)
    return refunding.approve(refund=refund, by=sol)


def _answer_taken_back(bring):
    bring(file_835(remit(taken_back(answer("PCN1", svc(*PAID))), trace="EFT2")))


def test_it_does_not_go_out_once_the_payer_took_its_answer_back_and_its_page_says_so(approved, bring, ana, sign_in):
    _answer_taken_back(bring)

    with pytest.raises(refunding.RefundRefused, match=r"not paid this too much any more.* Take it back"):
        refunding.send(refund=approved, method="check", reference="77", on=TODAY)

    page = sign_in(ana).get(reverse("billing:refund-page", args=[approved.pk])).content.decode()
    assert "It must not go out as things stand." in page
    assert reverse("billing:refund-send", args=[approved.pk]) not in page


def test_what_is_taken_back_is_a_credit_again_and_can_be_proposed_anew(approved, ana, ben):
    with pytest.raises(refunding.RefundRefused, match="Say why"):
        refunding.take_back(refund=approved, because=" ", by=ben)

    refunding.take_back(refund=approved, because="The patient would rather keep it here.", by=ben)

    assert (approved.get_state_display(), approved.withdrawn_by) == ("Taken back, not sent", ben)
    assert (standing().credit_cents, standing().balance.patient_paid_cents) == (5_00, 25_00)
    membership.ask()
    (item,) = Item.objects.open().filter(queue="credit-balances")
    assert item.reason == "$5.00 the patient paid too much goes back: propose the refund."
    (again,) = refunding.propose(claim=approved.claim, reason="Asked for it after all.", by=ana)
    assert again.amount_cents == 5_00


def test_it_is_taken_back_or_sent_and_whoever_comes_second_is_told(approved, ben, sol):
    twin = PatientRefund.objects.get(pk=approved.pk)
    refunding.take_back(refund=approved, because="Typed twice.", by=ben)

    with pytest.raises(refunding.RefundRefused, match="now it stands at “taken back, not sent”"):
        refunding.send(refund=twin, method="check", reference="77", on=TODAY)
    with pytest.raises(refunding.RefundRefused, match="now it stands at “taken back, not sent”"):
        refunding.take_back(refund=twin, because="Again.", by=sol)


def test_what_was_sent_or_not_approved_is_not_taken_back(approved, ana, sol):
    refunding.send(refund=approved, method="check", reference="77", on=TODAY)

    with pytest.raises(refunding.RefundRefused, match="now it stands at “sent”"):
        refunding.take_back(refund=approved, because="No.", by=sol)


def test_it_cannot_have_gone_out_before_it_was_approved(approved):
    with pytest.raises(refunding.RefundRefused, match="approved on 04/15/2026"):
        refunding.send(refund=approved, method="check", reference="77", on=TODAY - timedelta(days=1))


def test_of_what_was_refused_nobody_reads_that_it_was_approved(approved, ana, sol):
    PatientRefund.objects.filter(pk=approved.pk).update(state="refused")
    approved.refresh_from_db()

    with pytest.raises(refunding.RefundRefused, match="now it stands at “not approved”"):
        refunding.send(refund=approved, method="check", reference="77", on=TODAY - timedelta(days=1))


def test_from_its_page_it_is_taken_back_with_the_reason(approved, ana, sign_in):
    client, here = sign_in(ana), reverse("billing:refund-page", args=[approved.pk])
    back = reverse("billing:refund-back", args=[approved.pk])
    assert back in client.get(here).content.decode()

    done = client.post(back, {"because": "The card was closed."}, follow=True).content.decode()

    assert "The card was closed." in done
    assert back not in done


def test_where_the_desk_is_set_back_it_is_a_refused_one_and_its_money_no_refund_on_its_way(approved, ben):
    refunding.take_back(refund=approved, because="Typed twice.", by=ben)

    import_module("claims.patient_billing.migrations.0003_refunds_taken_back").as_refused(apps, None)

    approved.refresh_from_db()
    assert (approved.state, approved.decided_because) == ("refused", "Typed twice.")
