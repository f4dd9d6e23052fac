"""A posting that somebody took back: which answer, why, and what was meant to happen next. Never changed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from claims.models.claim import Claim
from claims.models.remittance import Adjudication
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet


class UndoKind(models.TextChoices):
    UNPOSTED = "unposted", "Taken out of the ledger, to be posted again"
    UNMATCHED = "unmatched", "Wrong claim"
    WITHDRAWN = "withdrawn", "Typed wrongly"


class UndoQuerySet(AuditedQuerySet):
    site_path = "claim__site"


class PostingUndo(Audited):
    """One answer taken out of the ledger by a person, entry by entry mirrored. A payer's own reversal is none."""

    audit_patient_path = "claim__patient_id"

    adjudication = models.ForeignKey(Adjudication, on_delete=models.PROTECT, related_name="undos")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="undos")
    kind = models.CharField(max_length=9, choices=UndoKind)
    reason = models.CharField(max_length=200)
    entries = models.PositiveSmallIntegerField(help_text="How many ledger entries were mirrored.")
    posted_at = models.DateTimeField(help_text="When the answer had been posted.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = UndoQuerySet.as_manager()

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.adjudication}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
