"""A claim billed by mistake: what the patient has paid on it goes back once no payer's money stands on it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims.ledger_check import check_all
from claims.models import Claim
from claims.patient_billing import paying, refunding
from claims.patient_billing.statements.sending import StatementRefused, issue
from cob.x12.parts import Reference
from tests.claims.edi_samples import answer, claim, file_835, file_837p, svc, taken_back
from tests.claims.edi_samples import transaction as remit
from tests.claims.patient_billing.flow import PAID, TODAY, only, standing
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]
OLD = (Reference("F8", "ICN1"),)
FIRST = answer("PCN1", svc(*PAID))


@pytest.fixture
def void(bring, ana):
    """20.00 at the desk, an answer or none, then the claim is voided."""

    def _void(*, is_answered=False):
        bring(file_837p(claim()))
        row = only()
        paying.take(
            patient=row.patient, amount_cents=20_00, method="cash", received_on=TODAY, claims={row.pk: 20_00}, by=ana
        )
        if is_answered:
            bring(file_835(FIRST))
        bring(file_837p(claim(frequency="8", references=OLD), number=2))
        assert only().is_void

    return _void


def back(bring):
    bring(file_835(remit(taken_back(FIRST), trace="EFT9"), number=3))


@pytest.mark.parametrize("is_answered", [False, True])
def test_desk_money_is_a_credit_and_goes_back(void, bring, ana, sol, is_answered):
    void(is_answered=is_answered)
    if is_answered:
        back(bring)
    assert (standing().owes_cents, standing().credit_cents, standing().due_cents) == (0, 20_00, 0)
    assert check_all().by_rule == {"13": 1}
    membership.ask()
    assert [row.amount_cents for row in Item.objects.open().filter(queue="credit-balances")] == [20_00]

    (refund,) = refunding.propose(claim=only(), reason="Billed by mistake.", by=ana)
    refunding.approve(refund=refund, by=sol)
    refunding.send(refund=refund, method="cash", reference="", on=TODAY)

    assert (refund.amount_cents, standing().credit_cents) == (20_00, 0)
    assert check_all().by_rule == {}


def test_while_a_payers_money_stands_it_waits_for_the_reversal(void, bring, ana):
    void(is_answered=True)
    assert standing().credit_cents == 0
    with pytest.raises(refunding.RefundRefused, match="nothing to give back"):
        refunding.propose(claim=only(), reason="Billed by mistake.", by=ana)
    back(bring)

    assert standing().credit_cents == 20_00


def test_nothing_is_sent_of_it_and_it_is_owed_again_when_it_is_billed_again(void, bring):
    void()
    with pytest.raises(StatementRefused):
        issue(patient=only().patient, by=None)
    bring(file_837p(claim(frequency="7", references=OLD), number=3))
    bring(file_835(FIRST))

    assert not Claim.objects.get().is_void
    assert (standing().owes_cents, standing().credit_cents) == (20_00, 0)


def test_the_account_shows_it_and_where_it_is_given_back(void, ana, sign_in):
    void()
    page = sign_in(ana).get(reverse("billing:account", args=[only().patient_id])).content.decode()

    assert "$20.00 was paid too much and goes back" in page
    assert reverse("billing:refund-new", args=[only().pk]) in page
    assert "claim is held" not in page
