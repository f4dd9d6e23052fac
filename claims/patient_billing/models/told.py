"""What somebody told of one claim that its patient's share rests on: a signed notice, a written agreement."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from claims.models import Claim
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet


class BillingFactQuerySet(AuditedQuerySet):
    site_path = "claim__site"


class BillingFact(Audited):
    """One fact of one claim. Told again, never edited. Append-only. Contracts and terms are kept of their payers."""

    audit_patient_path = "claim__patient_id"

    name = models.CharField(max_length=40)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="billing_facts")
    value = models.JSONField(null=True, blank=True, help_text="Null takes an earlier answer back.")
    told_by = models.CharField(max_length=80)
    source = models.CharField(max_length=200, blank=True, help_text="Where it stands: contract, document, call.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = BillingFactQuerySet.as_manager()

    class Meta:
        ordering = ("told_at",)
        indexes = [models.Index(fields=["claim", "name"], name="billing_fact_of_claim")]

    def __str__(self) -> str:
        return self.name

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
