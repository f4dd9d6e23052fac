"""The provider's own ledger with a payer: what stands between them beside any claim, by provider number and reference.

Rows are append-only. An account's balance is the sum of its rows, kept beside them in the same transaction: above zero
the payer will still take it, below zero it took what nothing here accounts for.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.claim import Claim
from claims.models.remittance import Adjudication, ProviderAdjustment, Remittance
from claims.recoupment.plb import ACCOUNT_WORDS, MOVE_WORDS, Account, Move
from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Payer


class ProviderAccount(Audited):
    """What stands open under one reference."""

    audit_patient_path = "claim__patient_id"

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="provider_accounts")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="provider_accounts")
    npi = models.CharField(max_length=50, blank=True, help_text="PLB01: the provider the payer deals with.")
    account = models.CharField(max_length=16, choices=[(a.value, ACCOUNT_WORDS[a]) for a in Account])
    reason = models.CharField(max_length=4, blank=True, help_text="PLB03-1 that opened it; empty: a letter or refund.")
    reference = models.CharField(max_length=60, blank=True, help_text="PLB03-2, or the reference of the letter.")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="provider_accounts")
    balance_cents = models.BigIntegerField(default=0)
    opened_on = models.DateField()
    moved_on = models.DateField()

    objects: ClassVar = AuditedQuerySet.as_manager()

    class Meta:
        ordering = ("-moved_on", "reference")
        constraints = [
            models.UniqueConstraint(
                fields=["payer", "npi", "account", "reference"], name="provider_account_once_per_reference"
            )
        ]
        indexes = [
            models.Index(fields=["payer", "account", "-moved_on"], name="provider_account_of_payer"),
            models.Index(fields=["account"], name="provider_account_open", condition=~Q(balance_cents=0)),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.reference}".strip()

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id] if self.claim else []


class ProviderEntry(Audited):
    """One row: what it did to the balance, and the paper behind it."""

    audit_patient_path = "claim__patient_id"

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="entries")
    move = models.CharField(max_length=10, choices=[(m.value, MOVE_WORDS[m]) for m in Move])
    amount_cents = models.BigIntegerField(help_text="What it did to the balance: minus the PLB amount.")
    adjustment = models.ForeignKey(
        ProviderAdjustment, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    remittance = models.ForeignKey(
        Remittance, on_delete=models.PROTECT, null=True, blank=True, related_name="provider_entries"
    )
    adjudication = models.ForeignKey(
        Adjudication, on_delete=models.PROTECT, null=True, blank=True, related_name="provider_entries"
    )
    recoupment = models.ForeignKey(
        "claims.Recoupment", on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    refund = models.ForeignKey("claims.Refund", on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="provider_entries")
    note = models.CharField(max_length=200, blank=True)
    posted_on = models.DateField()
    posted_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=64, unique=True, help_text="Posts once.")

    objects: ClassVar = AuditedQuerySet.as_manager()

    class Meta:
        ordering = ("posted_at", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(amount_cents=0), name="provider_entry_moves_something"),
            models.CheckConstraint(
                condition=~Q(move="applied") | Q(amount_cents__lt=0), name="provider_entry_applied_lowers"
            ),
            models.CheckConstraint(
                condition=~Q(move="refund") | Q(amount_cents__lt=0), name="provider_entry_refund_lowers"
            ),
            models.CheckConstraint(condition=~Q(move="new") | Q(amount_cents__gt=0), name="provider_entry_new_raises"),
        ]
        indexes = [models.Index(fields=["account", "posted_at"], name="provider_entry_of_account")]

    def __str__(self) -> str:
        return f"{self.move} {self.amount_cents}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id] if self.claim else []
