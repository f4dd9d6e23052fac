"""An answer a share rests on is checked, shown with who gave it, and taken back with a reason where it turned out
otherwise."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims.patient_billing import protecting, telling
from claims.patient_billing.models import BillingFact
from cob.coverage.facts import tell_fact
from cob.coverage.models import Coverage, PlanTerms
from tests.claims.edi_samples import MEDICARE, also, answer, claim, file_835, file_837p, insured, svc, to
from tests.claims.edi_samples import transaction as remit
from tests.claims.patient_billing.flow import PAID, grounds, only, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]
QUESTION = "Did the patient sign a notice (ABN) before the service?"


@pytest.fixture
def row(bring, ben):
    """Medicare held it not necessary and left $150.00 to the patient: whether a notice was signed decides."""
    bring(file_837p(claim(subscriber=insured(filing="MB"), payer=to(MEDICARE))))
    tell_fact(patient=only().patient, path="medicare.qmb", value=False, told_by="271", by=ben)
    bring(file_835(remit(answer("PCN1", svc(("PR-50", 150_00)), status="4"), payer=MEDICARE)))
    return only()


def tell(row, value, ben):
    telling.answer(claim=row, fact="abn_signed", value=value, told_by="Chart", source="Form of 03/01", by=ben)


def test_what_was_told_wrongly_is_taken_back_from_the_claim_and_asked_anew(row, ben, sign_in):
    tell(row, True, ben)
    assert standing().owes_cents == 150_00
    client, here = sign_in(ben), reverse("claims:claim-page", args=[row.pk])
    told = BillingFact.objects.get()
    back = reverse("billing:answer-back", args=[row.pk, told.pk])
    page = client.get(here).content.decode()
    assert "Chart (Form of 03/01) on 04/15/2026: a notice was signed before the service." in page
    assert back in page
    assert client.post(back, {"because": ""}).status_code == 422

    after = client.post(back, {"because": "It was of another service."}, follow=True).content.decode()

    assert (standing().owes_cents, standing().held) == (None, QUESTION)
    assert back not in after
    assert [fact.value for fact in BillingFact.objects.order_by("told_at")] == [True, None]
    with pytest.raises(telling.NotTold, match="not told any more"):
        telling.take_back(told=told, because="Again.", by=ben)


def test_a_no_is_shown_after_what_was_asked(row, ben, sign_in):
    tell(row, False, ben)
    client, back = sign_in(ben), reverse("billing:answer-back", args=[row.pk, BillingFact.objects.get().pk])

    page = client.get(reverse("claims:claim-page", args=[row.pk])).content.decode()
    assert f"{QUESTION} Chart (Form of 03/01) on 04/15/2026: none was." in page
    assert f"{QUESTION} Chart: none was." in client.get(back).content.decode()


def test_with_the_write_off_that_followed_taken_back_the_patient_owes_it_after_all(row, ben, pat):
    tell(row, False, ben)
    protecting.write_off(claim=row, by=pat)
    assert standing().owes_cents == 0
    protecting.take_back(claim=only(), because="The notice was found.", by=pat)
    telling.take_back(told=BillingFact.objects.get(), because="The notice was found.", by=ben)
    assert standing().held == QUESTION

    tell(row, True, ben)

    assert standing().owes_cents == 150_00
    assert "fact_unknown" not in grounds()


class TestTheStatesCopay:
    @pytest.fixture
    def asked(self, bring):
        """A plan left $20.00 of $150.00, and Medicaid $4.00 of that as its copay."""
        state = ("77777", "STATE MEDICAID")
        bring(file_837p(claim(other_coverages=(also(state),))))
        Coverage.objects.filter(claim_payers__rank=2).update(kind="medicaid")
        bring(file_835(answer("PCN1", svc(*PAID))))
        second = answer("PCN1", svc(("OA-23", 130_00), ("PR-3", 4_00)), status="2", number="B1")
        bring(file_835(remit(second, trace="EFT2", payer=state), number=2))
        assert standing().held == "Which copay does the state charge for this service?"
        return reverse("billing:question", args=[only().pk])

    @pytest.mark.parametrize(
        ("typed", "says"),
        [("-5", "from 0 to $100,000.00"), ("1000000000000", "from 0 to"), ("1.005", "two decimals"), ("", "required")],
    )
    def test_what_cannot_be_one_is_not_kept(self, asked, ben, sign_in, typed, says):
        refused = sign_in(ben).post(asked, {"cents": typed, "told_by": "Manual", "source": "Page 4"})

        assert (refused.status_code, says in refused.content.decode()) == (422, True)
        assert standing().held == "Which copay does the state charge for this service?"

    @pytest.mark.parametrize("cents", [-5_00, 10**14])
    def test_nor_by_any_other_way_in(self, asked, ben, cents):
        with pytest.raises(telling.NotTold, match="should be"):
            telling.answer(claim=only(), fact="state_copay_cents", value=cents, told_by="x", source="y", by=ben)

        assert not PlanTerms.objects.exists()
        assert standing().owes_cents is None

    def test_what_can_be_is(self, asked, ben, sign_in):
        sign_in(ben).post(asked, {"cents": "3", "told_by": "Manual", "source": "Page 4"})

        assert standing().owes_cents == 3_00
