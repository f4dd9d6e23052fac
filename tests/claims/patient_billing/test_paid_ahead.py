"""Money that lies on no claim is laid on one by a person; before that nobody is asked for more."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims.models import Claim
from claims.patient_billing import paying, refunding
from claims.patient_billing.models import Allocation, Statement
from claims.patient_billing.statements import running
from claims.patient_billing.statements.sending import StatementRefused, drafts, issue
from tests.claims.edi_samples import answer, claim, file_835, file_837p, svc
from tests.claims.patient_billing.flow import PAID, TODAY, only, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]


@pytest.fixture
def paid(bring, ana):
    """$50.00 paid before anything was owed; then $20.00 is."""
    bring(file_837p(claim()))
    row = paying.take(patient=only().patient, amount_cents=50_00, method="cash", received_on=TODAY, by=ana)
    bring(file_835(answer("PCN1", svc(*PAID))))
    return row


def test_a_statement_does_not_ask_for_what_the_patient_has_paid(paid, ben, main):
    with pytest.raises(StatementRefused, match="Part of receipt R000001 lies on no claim"):
        issue(patient=paid.patient, by=ben)

    assert not running.candidates([main.pk], TODAY).exists()
    (left_out,) = running.left_out([main.pk], TODAY)
    assert "lies on no claim" in drafts([left_out.pk])[left_out.pk].why_not


def test_nor_does_a_corrected_one(bring, ana, ben):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(*PAID))))
    first = issue(patient=only().patient, by=ben)
    paying.take(patient=only().patient, amount_cents=5_00, method="cash", received_on=TODAY, by=ana)

    with pytest.raises(StatementRefused, match="lies on no claim"):
        issue(patient=only().patient, by=ben, corrects=first)


def test_what_waits_for_its_visit_or_goes_back_stands_against_no_statement(paid, ana, ben):
    refunding.propose_free(payment=paid, reason="Asked for it.", by=ana)
    later = TODAY.replace(month=6)
    paying.take(patient=paid.patient, amount_cents=9_00, method="cash", received_on=TODAY, service_on=later, by=ana)

    assert issue(patient=paid.patient, by=ben).amount_cents == 20_00


def test_it_is_laid_on_the_claim_from_its_receipt_once_and_the_rest_stays(paid, ben, sign_in):
    client, here = sign_in(ben), reverse("billing:payment-lay", args=[paid.pk])
    assert here in client.get(reverse("billing:payment-page", args=[paid.pk])).content.decode()
    form = client.get(here).context["form"]
    assert (form["claim"].value(), form["amount"].value()) == (only().pk, "20.00")
    told = {"claim": str(only().pk), "amount": "20", "once": form["once"].value()}

    first, again = client.post(here, told), client.post(here, told)

    assert (first.status_code, again.status_code) == (302, 302)
    assert Allocation.objects.get().amount_cents == 20_00
    assert (standing().due_cents, standing().because) == (0, "The patient has paid it.")
    assert client.post(here, {"claim": str(only().pk), "amount": "30.01"}).status_code == 422
    assert not Statement.objects.exists()


def test_claims_of_one_visit_are_offered_by_their_number(paid, bring, ben, sign_in):
    bring(file_837p(claim("PCN0")), name="second.837")

    form = sign_in(ben).get(reverse("billing:payment-lay", args=[paid.pk])).context["form"]

    assert [one.control_number for one in form.fields["claim"].queryset] == ["PCN0", "PCN1"]


@pytest.mark.parametrize("cents", [0, -5_00, 50_01])
def test_no_more_is_laid_than_is_free_nor_nothing_nor_less(paid, ben, cents):
    with pytest.raises(paying.PaymentRefused, match=r"more than 0 and at most \$50\.00 can be laid"):
        paying.lay(payment=paid, claim=only(), amount_cents=cents, by=ben)


def test_it_is_not_laid_on_a_void_claim(paid, ben):
    Claim.objects.filter(pk=only().pk).update(is_void=True)

    with pytest.raises(paying.PaymentRefused, match="or is void"):
        paying.lay(payment=paid, claim=only(), amount_cents=5_00, by=ben)
