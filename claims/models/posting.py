"""The ledger: what an answer did to a claim's balance. Append-only; a mistake is reversed, never edited."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.claim import Claim, Line
from claims.models.remittance import Adjudication
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Payer


class PostingKind(models.TextChoices):
    PAYMENT = "payment", "Payment"
    WRITE_OFF = "write_off", "Write-off"
    RESPONSIBILITY = "responsibility", "Patient or next payer"
    REVERSAL = "reversal", "Reversal"
    REFUND = "refund", "Refund"


class PostingQuerySet(AuditedQuerySet):
    site_path = "claim__site"


class Posting(Audited):
    """One entry. Payments and write-offs lower the balance by `amount_cents`; responsibility moves it between payer
    and patient; a reversal mirrors the entry it names, so the two add up to nothing; a refund is below zero and lowers
    what a payer has paid."""

    audit_patient_path = "claim__patient_id"

    # The index of what is filtered by starts the longer ones below; nobody asks by payer or author alone.
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="postings", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    adjudication = models.ForeignKey(
        Adjudication, on_delete=models.PROTECT, null=True, blank=True, related_name="postings"
    )
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="postings", db_index=False)
    rank = models.PositiveSmallIntegerField(help_text="The payer's place when it answered.")
    kind = models.CharField(max_length=14, choices=PostingKind)
    group = models.CharField(max_length=2, blank=True)
    carc = models.CharField(max_length=5, blank=True)
    rarc = models.JSONField(default=list, blank=True)
    amount_cents = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal")
    note = models.CharField(max_length=200, blank=True)
    posted_on = models.DateField()
    posted_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    key = models.CharField(
        max_length=64, unique=True, help_text="Payer, trace, claim, their number, line, entry, sign: posts once."
    )

    objects: ClassVar = PostingQuerySet.as_manager()

    class Meta:
        ordering = ("posted_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="posting_reversal_names_what_it_reverses",
            ),
            models.CheckConstraint(condition=~Q(kind="refund") | Q(amount_cents__lt=0), name="posting_refund_lowers"),
            # A payment of nothing says that the payer has answered; its reversal takes that back.
            models.CheckConstraint(
                condition=~Q(amount_cents=0) | Q(kind__in=["payment", "reversal"]), name="posting_moves_something"
            ),
        ]
        indexes = [
            models.Index(fields=["claim", "posted_at"], name="posting_of_claim"),
            models.Index(fields=["posted_on"], name="posting_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_cents}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
