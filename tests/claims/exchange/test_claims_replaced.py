"""A claim sent again: a replacement finds the one it replaces, a void ends it and keeps what was posted."""

from __future__ import annotations

import pytest

from claims.models import Claim, ClaimPayer
from cob.x12.parts import Reference
from tests.claims.edi_samples import (
    answer,
    claim,
    file_835,
    file_837p,
    svc,
)
from tests.claims.exchange.test_claims_in import counts, why

pytestmark = pytest.mark.django_db
NEW_NPI = "1679576722"
ANSWERED = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))


def test_a_replacement_finds_its_claim_by_the_payers_number(bring):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(("CO-16", 150_00)), status="4")))
    corrected = claim("PCN1-R", frequency="7", references=(Reference("F8", "ICN1"),))
    result = bring(file_837p(corrected, number=2))

    found = Claim.objects.get()
    assert (counts(result), found.control_number) == ({"replaced": 1}, "PCN1-R")
    assert (ClaimPayer.objects.get().state, found.postings.count()) == ("submitted", 1)


def test_a_replacement_sent_to_a_payer_that_had_answered_takes_the_patients_share_back(bring):
    bring(file_837p(claim()))
    bring(file_835(ANSWERED))
    assert Claim.objects.get().patient_cents == 20_00
    bring(file_837p(claim("PCN1", frequency="7", references=(Reference("F8", "ICN1"),)), number=2))

    found = Claim.objects.get()
    assert (found.patient_cents, found.insurer_open_cents) == (0, 20_00)


def test_a_void_marks_the_claim_and_keeps_what_was_posted(bring):
    bring(file_837p(claim()))
    bring(file_835(ANSWERED))
    result = bring(file_837p(claim("PCN1", frequency="8", references=(Reference("F8", "ICN1"),)), number=2))

    found = Claim.objects.get()
    assert (found.is_void, found.paid_cents, counts(result)) == (True, 80_00, {"voided": 1})
    assert "reversal" in why(result)[0]


def test_a_void_of_a_claim_nobody_has_is_listed(bring):
    result = bring(file_837p(claim("NONE", frequency="8", references=(Reference("F8", "ICN1"),))))

    assert (Claim.objects.count(), counts(result)["exceptions"]) == (0, 1)
