"""A dispute, what it holds and its work item end together, and nothing about its end is chosen beforehand."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims.patient_billing import disputing
from claims.patient_billing.models import Dispute, StatementHold
from tests.claims.edi_samples import answer, file_835, svc, taken_back
from tests.claims.edi_samples import transaction as remit
from tests.claims.patient_billing.flow import PAID, TODAY, one_plan, only, standing
from workqueues import actions, membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]
TOLD = {"text": "Not mine.", "told_by": "Patient", "received_on": TODAY}
END = {"cause": "price", "outcome": "explained", "text": "How it came about."}


def _held():
    return list(StatementHold.objects.open().filter(ground="dispute").values_list("claim__control_number", flat=True))


def _in_full(bring):
    """The plan takes its answer back and pays what it had left to the patient."""
    again = answer("PCN1", svc(("CO-45", 50_00)), number="I2")
    bring(file_835(remit(taken_back(answer("PCN1", svc(*PAID))), again, trace="EFT2")))


def test_what_it_held_is_free_though_a_payer_took_over_the_rest_meanwhile(bring, ben):
    dispute = disputing.open_dispute(patient=one_plan(bring).patient, by=ben, **TOLD)
    assert _held() == ["PCN1"]
    _in_full(bring)
    assert only().patient_cents == 0

    disputing.close(dispute=dispute, by=ben, **END)

    assert _held() == []


def test_what_another_open_dispute_is_about_stays_held_whatever_is_left(bring, ben):
    patient = one_plan(bring).patient
    first, second = (disputing.open_dispute(patient=patient, by=ben, **TOLD) for _ in range(2))
    _in_full(bring)

    disputing.close(dispute=first, by=ben, **END)
    assert _held() == ["PCN1"]
    disputing.close(dispute=second, by=ben, **END)
    assert _held() == []


def test_its_cause_is_chosen_by_whoever_closes_it_or_is_the_one_it_was_logged_with(bring, ben, sign_in):
    patient, client = one_plan(bring).patient, sign_in(ben)
    unknown = disputing.open_dispute(patient=patient, by=ben, **TOLD)
    known = disputing.open_dispute(patient=patient, by=ben, cause="price", **TOLD)

    def offered(dispute):
        form = client.get(reverse("billing:dispute-close", args=[dispute.pk])).context["form"]
        return form["cause"].value(), form.fields["outcome"].choices[0][0]

    assert (offered(unknown), offered(known)) == (("", ""), ("price", ""))
    nothing_chosen = {"cause": "", "outcome": "", "text": "Told."}
    assert client.post(reverse("billing:dispute-close", args=[unknown.pk]), nothing_chosen).status_code == 422
    assert Dispute.objects.open().count() == 2


class TestItsItem:
    @pytest.fixture
    def item(self, bring, ben):
        disputing.open_dispute(patient=one_plan(bring).patient, by=ben, **TOLD)
        membership.ask()
        return actions.take(item=Item.objects.get(queue="patient-disputes"), by=ben)

    def test_it_does_not_end_without_the_dispute(self, item, ben, sign_in):
        actions.add_evidence(item=item, kind="patient_answer", reference="Letter", by=ben)

        with pytest.raises(actions.Refused, match="Close the dispute itself"):
            actions.close(item=item, code="done", root_cause="normal_work", because="Explained.", by=ben)

        client = sign_in(ben)
        there = client.get(reverse("workqueues:item-close", args=[item.pk]))
        assert there.url == reverse("billing:dispute-close", args=[item.subject_id])
        beside = f"{reverse('workqueues:queue-page', args=['patient-disputes'])}?item={item.pk}"
        for page in (reverse("workqueues:item-page", args=[item.pk]), beside):
            shown = client.get(page).content.decode()
            assert "nds with the dispute: close that." in shown
            assert "loses with one of" not in shown

    def test_it_ends_with_the_dispute_and_is_not_opened_again_without_it(self, item, ben):
        disputing.close(dispute=Dispute.objects.get(), by=ben, **END)
        membership.ask()
        item.refresh_from_db()
        assert item.closed_because == "Closed: explained and accepted."

        with pytest.raises(actions.Refused, match="log it anew"):
            actions.reopen(item=item, reason="She called again.", by=ben)

        assert standing().due_cents == 20_00
