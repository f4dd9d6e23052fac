"""What an answer says besides its money reaches the one who works it: on the remittance's page and the claim's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from claims.models import Claim, Remittance
from claims.presenters.told import alerts_of
from cob.x12.parts import Contact, NamedAmount, NamedDate, Party, Procedure
from cob.x12.plb import REASONS, PlbEffect, by_effect, plb_reason
from cob.x12.stored import dump_835
from cob.x12.t835 import ProviderAdjustment
from tests.claims.edi_samples import MAIN_NPI, answer, claim, file_835, file_837p, svc, transaction

PLAIN = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))
RECODED = replace(svc(("CO-45", 50_00)), submitted=Procedure("99214", ("25",)))


@pytest.mark.parametrize(
    ("said", "tone", "text"),
    [
        pytest.param(
            {"corrected": Party("74", "DUE", "JANE", id_qualifier="C", id="SJD999")}, "warn",
            "The payer corrects the insured: the name JANE DUE and the member id SJD999.", id="both corrected",
        ),
        pytest.param({"corrected": Party("74", id="X9")}, "warn", "insured: the member id X9.", id="the id only"),
        pytest.param(
            {"corrected_payer": Party("PR", "OTHER PLAN", id="60001")}, "warn",
            "another payer to be billed first: OTHER PLAN (id 60001).", id="another payer first",
        ),
        pytest.param(
            {"other_subscriber": Party("GB", "DOE", "LEON", id="O1")}, "warn",
            "other insurance under LEON DOE, member id O1.", id="other insurance",
        ),
        pytest.param(
            {"dates": (NamedDate("036", date(2025, 12, 31)),)}, "warn", "coverage ended on 12/31/2025.", id="ended",
        ),
        pytest.param({"lines": (RECODED,)}, "info", "Paid as 99213 what was sent as 99214-25.", id="recoded"),
        pytest.param({"lines": (svc(("CO-97", 150_00)),)}, "info", "99213 is bundled: its payment is in", id="bundled"),
        pytest.param({"lines": (svc(), svc())}, "info", "Our service L1 is answered in 2 parts.", id="split"),
        pytest.param({"amounts": (NamedAmount("I", 3_20),)}, "info", "Interest of 3.20 for this claim", id="interest"),
    ],
)  # fmt: skip
def test_an_answer_tells_what_else_it_says(said, tone, text):
    (alert,) = alerts_of(dump_835(replace(PLAIN, **said)))

    assert (alert.tone, text in alert.text) == (tone, True), alert


def test_a_plain_answer_tells_nothing_and_an_odd_one_whom_to_ask():
    contact = (Contact("CLAIM DESK", (("TE", "2185550111"), ("EX", "12")), "CX"),)
    corrected = replace(PLAIN, contacts=contact, corrected=Party("74", id="X9"))

    assert alerts_of({}) == alerts_of(dump_835(PLAIN)) == alerts_of(dump_835(replace(PLAIN, contacts=contact))) == []
    assert alerts_of(dump_835(corrected))[-1].text == "Ask CLAIM DESK: 2185550111, extension 12."


def test_every_reason_of_a_plb_has_a_name_an_account_and_words_for_both_signs():
    assert len(REASONS) == 41
    for code, reason in REASONS.items():
        assert (reason.code, bool(reason.name)) == (code, True)
        assert reason.meaning(1)
        assert reason.meaning(-1)
    assert plb_reason("ZZ").needs_person
    assert {code for code, reason in REASONS.items() if reason.is_confirmed} >= {"WO", "FB", "72", "L6", "CS", "LE"}


def test_provider_adjustments_are_summed_by_account_with_both_signs_apart():
    sums = by_effect([("WO", 80_00), ("WO", -30_00), ("L6", -2_50), ("CR", 1_00), ("ZZ", 5)])

    assert sums == {PlbEffect.RECOVERY: (80_00, 30_00), PlbEffect.INTEREST: (1_00, 2_50), PlbEffect.REVIEW: (5, 0)}


@pytest.mark.django_db
def test_both_pages_show_it(bring, sign_in, ben):
    bring(file_837p(claim()))
    plb = tuple(
        ProviderAdjustment(MAIN_NPI, date(2026, 12, 31), code, "", cents)
        for code, cents in (("WO", 10_00), ("L6", -1_00), ("CS", 1_00), ("CT", -2_00))
    )
    odd = replace(PLAIN, corrected=Party("74", id="SJD999"), lines=(replace(PLAIN.lines[0], units=Decimal(1)),))
    bring(file_835(transaction(odd, plb=plb)))
    client = sign_in(ben)
    page = client.get(reverse("claims:remittance-page", args=[Remittance.objects.get().pk])).content.decode()

    for text in (
        "the member id SJD999",
        "Overpayment recovery",
        "An overpayment was taken out of this payment.",
        "Interest for paying late; income of the practice, on no claim.",
        "Needs a person",
        "UNCONFIRMED",
    ):
        assert text in page, text
    claim_page = client.get(reverse("claims:claim-page", args=[Claim.objects.get().pk])).content.decode()
    assert "the member id SJD999" in claim_page
