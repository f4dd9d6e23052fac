"""One sending of a claim to one payer, and what was heard of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from claims.models.claim import Claim, ClaimPayer
from claims.models.edi_file import EdiFile
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet


class SubmissionQuerySet(AuditedQuerySet):
    site_path = "claim__site"


class Submission(Audited):
    """The 837P we wrote, or the one that the practice's system wrote and we were shown."""

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="submissions")
    claim_payer = models.ForeignKey(ClaimPayer, on_delete=models.PROTECT, related_name="submissions")
    frequency = models.CharField(
        max_length=1, choices=[("1", "Original"), ("7", "Replacement"), ("8", "Void")], default="1"
    )
    sent_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Ours: the numbers of the envelope and the file itself. Theirs: the file it was seen in.
    interchange = models.CharField(max_length=9, blank=True)
    kept = models.FileField(upload_to="out/%Y/%m", max_length=200, blank=True)
    seen_in = models.ForeignKey(EdiFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_on = models.DateField(null=True, blank=True, help_text="277CA acceptance, or the payer's answer.")
    rejected_on = models.DateField(null=True, blank=True)
    rejection = models.CharField(max_length=300, blank=True)

    objects: ClassVar = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["interchange"], condition=~models.Q(interchange=""), name="submission_interchange_never_reused"
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.sent_at:%Y-%m-%d}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
