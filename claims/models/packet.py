"""A proof packet as it was made: the file itself, what is in it, who made it and when. Append-only."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from claims.models.claim import Claim
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet


class PacketQuerySet(AuditedQuerySet):
    site_path = "claim__site"


class ProofPacket(Audited):
    """One PDF about one claim, kept under a made-up name."""

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="packets")
    parts = models.JSONField(help_text="Its parts with the page on which each begins.")
    pages = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    kept = models.FileField(upload_to="packets/%Y/%m", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = PacketQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.claim_id} {self.made_at:%Y-%m-%d}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
