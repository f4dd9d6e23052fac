"""What the bank says came in, which remittances explain it, and the days somebody closed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.remittance import Remittance
from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet


class DepositQuerySet(AuditedQuerySet):
    site_path = "site"


class MoneyIn(DepositQuerySet):
    """Deposits."""

    def counted(self) -> MoneyIn:
        """Without those that were typed wrongly and withdrawn."""
        return self.filter(withdrawn_at=None)


class BankFile(Audited):
    """An export of a bank account as it was brought, and how its columns were read."""

    audit_patient_path = None

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="bank_files")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.TextField()
    mapping = models.JSONField(default=dict, blank=True, help_text="Which column is the date, the amount, the trace …")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True, help_text="When its deposits were put on file.")

    objects: ClassVar = DepositQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at",)
        constraints = [models.UniqueConstraint(fields=["site", "sha256"], name="bank_file_once_per_site")]

    def __str__(self) -> str:
        return self.name


class Deposit(Audited):
    """One credit on the bank account. `key` makes it count once, from whichever export it comes."""

    audit_patient_path = None

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="deposits")
    deposited_on = models.DateField(help_text="The bank's day.")
    amount_cents = models.BigIntegerField()
    trace = models.CharField(max_length=50, blank=True, help_text="Transfer trace or check number; may be missing.")
    payer_said = models.CharField(max_length=120, blank=True, help_text="Who paid, in the bank's words.")
    bank_file = models.ForeignKey(
        BankFile, on_delete=models.PROTECT, null=True, blank=True, related_name="deposits", help_text="Empty: typed."
    )
    apart = models.JSONField(
        default=list, blank=True, help_text="Remittances a person took out of it: never tied to it by themselves again."
    )
    key = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Typed wrongly: it counts nowhere.")
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects: ClassVar = MoneyIn.as_manager()

    class Meta:
        ordering = ("-deposited_on", "trace")
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="deposit_is_money_in"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None)
                | (Q(bank_file=None, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
                name="deposit_withdrawn_was_typed",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "-deposited_on"], name="deposit_by_day"),
            models.Index(fields=["trace"], name="deposit_by_trace"),
        ]

    def __str__(self) -> str:
        return self.trace or "deposit"


class DepositTie(Audited):
    """A remittance that a deposit pays: each remittance is in one deposit, a deposit may hold several checks."""

    audit_patient_path = None

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="ties")
    remittance = models.OneToOneField(Remittance, on_delete=models.PROTECT, related_name="tie")
    how = models.CharField(max_length=120, help_text="Which signs tied them.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.deposit} {self.remittance}"


class DayClose(Audited):
    """A bank day at one site that somebody closed, with the figures as they stood. Reopened, it is kept."""

    audit_patient_path = None

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="day_closes")
    day = models.DateField()
    figures = models.JSONField(help_text="Deposited, remitted, posted … in cents, when it was closed.")
    difference_cents = models.BigIntegerField()
    explanation = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_because = models.CharField(max_length=300, blank=True)

    objects: ClassVar = DepositQuerySet.as_manager()

    class Meta:
        ordering = ("-day", "-at")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "day"], condition=Q(reopened_at=None), name="day_close_once_until_reopened"
            ),
            models.CheckConstraint(
                condition=Q(difference_cents=0) | ~Q(explanation=""), name="day_close_difference_is_explained"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.day}"
