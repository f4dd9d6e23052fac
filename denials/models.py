"""What a payer refused of a claim, as the triage read it, and what became of it."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models import AdjudicatedLine, Adjudication, Claim, ClaimPayer
from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Payer

COB = "cob"


class Kind(models.TextChoices):
    """Five different things that people call "denied"; alerts and adjustments are never recorded here."""

    REJECTION = "rejection", "Rejection"
    DENIAL = "denial", "Denial"
    ADJUSTMENT = "adjustment", "Adjustment"
    ALERT = "alert", "Alert"
    PEND = "pend", "Pend"


class Status(models.TextChoices):
    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"


class DenialQuerySet(AuditedQuerySet):
    def open(self) -> Self:
        return self.filter(status=Status.OPEN)

    def in_family(self, family: str) -> Self:
        return self.filter(family=family)


class Denial(Audited):
    """One thing one payer's answer refused, by category: the lines it touched are one denial, not many."""

    audit_patient_path = "claim__patient_id"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="denials")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="denials")
    claim_payer = models.ForeignKey(ClaimPayer, on_delete=models.PROTECT, null=True, blank=True, related_name="denials")
    adjudication = models.ForeignKey(Adjudication, on_delete=models.PROTECT, related_name="denials")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="denials")
    line = models.ForeignKey(
        AdjudicatedLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="denials",
        help_text="The only line it touched; empty when it touched several or the whole claim.",
    )
    kind = models.CharField(max_length=10, choices=Kind)
    family = models.CharField(max_length=20)
    category = models.CharField(max_length=30)
    playbook = models.CharField(max_length=3, blank=True)
    queue = models.CharField(max_length=30, blank=True, help_text="Slug of the queue the codes name.")
    codes = models.JSONField(default=list, help_text="Every code, as evidence: CO-22, N598.")
    because = models.CharField(max_length=400, blank=True)
    flags = models.JSONField(default=list, blank=True)
    appealable = models.CharField(max_length=12, default="no")
    at_risk_cents = models.BigIntegerField(default=0, help_text="What the refusing adjustments add up to.")
    answered_on = models.DateField(help_text="BPR16 of the remittance.")
    limit_on = models.DateField(null=True, blank=True, help_text="The limit that binds; empty when none is known.")
    limit_name = models.CharField(max_length=40, blank=True)
    attempt = models.PositiveSmallIntegerField(
        default=1, help_text="2 and more: the same payer refused this claim with the same codes before."
    )
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    resolved_on = models.DateField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolution = models.CharField(max_length=200, blank=True, help_text="What ended it, in words.")
    root_cause = models.CharField(max_length=40, blank=True)
    reopened_at = models.DateTimeField(
        null=True, blank=True, help_text="A person took its ending back: only what comes after that ends it again."
    )

    objects: ClassVar = DenialQuerySet.as_manager()

    class Meta:
        ordering = ("-recorded_at",)
        constraints = [
            models.UniqueConstraint(fields=["adjudication", "category"], name="denial_once_per_answer_and_category"),
            models.CheckConstraint(
                condition=Q(status="open", resolved_on=None, resolution="")
                | (Q(status="resolved", resolved_on__isnull=False) & ~Q(resolution="")),
                name="denial_resolved_says_when_and_how",
            ),
        ]
        indexes = [
            models.Index(fields=["family", "recorded_at"], name="denial_open", condition=Q(status="open")),
            models.Index(fields=["claim"], name="denial_of_claim"),
            models.Index(fields=["recorded_on", "family"], name="denial_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {' '.join(self.codes)}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.site_id
