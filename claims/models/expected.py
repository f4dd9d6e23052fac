"""What a payer should have paid on a claim, beside what it paid: worked out anew after each posting and each change of
terms, so that lists and queues can ask for it. It is never posted.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from claims.models.claim import ClaimPayer
from cob.audit.models import Audited


class ExpectedPayment(Audited):
    """One payer's answer to one claim held against its terms; low and high differ while something is not known."""

    audit_patient_path = "claim_payer__claim__patient_id"

    claim_payer = models.OneToOneField(ClaimPayer, on_delete=models.CASCADE, related_name="expected")
    low_cents = models.BigIntegerField()
    high_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    difference_cents = models.BigIntegerField(help_text="Paid less expected: below zero too little. 0 within a range.")
    tolerance_cents = models.BigIntegerField()
    unconfirmed = models.BooleanField(default=False)
    because = models.CharField(max_length=300)
    answered_on = models.DateField()
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["difference_cents"], name="expected_by_difference")]

    def __str__(self) -> str:
        return f"{self.low_cents}–{self.high_cents}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim_payer.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim_payer.claim.site_id
