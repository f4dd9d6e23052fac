"""What a patient paid, and which claims it was laid on. Append-only: a mistake is reversed, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models import Claim
from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from cob.patients.models import Patient


class Method(models.TextChoices):
    CASH = "cash", "Cash"
    CHECK = "check", "Check"
    CARD = "card", "Card"
    TRANSFER = "transfer", "Bank transfer"
    OTHER = "other", "Other"


class PaymentQuerySet(AuditedQuerySet):
    pass


class PatientPayment(Audited):
    """Money from one patient, with its receipt. What is taken at the desk before the payers have answered is a
    prepayment; `service_on` says for which visit. A reversal mirrors the payment it names."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="patient_payments")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=10, choices=[("prepayment", "Prepayment"), ("payment", "Payment")])
    method = models.CharField(max_length=10, choices=Method)
    amount_cents = models.BigIntegerField(help_text="Below zero in a reversal.")
    received_on = models.DateField()
    receipt = models.CharField(max_length=20, help_text="Our receipt number, one series per site.")
    reference = models.CharField(max_length=60, blank=True, help_text="Check number, card slip.")
    service_on = models.DateField(null=True, blank=True, help_text="The visit a prepayment was taken for.")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was reversed.")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ("-received_on", "-created_at")
        constraints = [
            models.UniqueConstraint(fields=["site", "receipt"], name="payment_receipt_once_per_site"),
            models.CheckConstraint(
                condition=Q(reverses=None, amount_cents__gt=0)
                | (Q(reverses__isnull=False, amount_cents__lt=0) & ~Q(reason="")),
                name="payment_is_positive_or_reverses_one",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-received_on"], name="payment_of_patient")]

    def __str__(self) -> str:
        return self.receipt


class AllocationQuerySet(AuditedQuerySet):
    site_path = "claim__site"


class Allocation(Audited):
    """Part of a payment laid on a claim of the same patient; below zero when it is taken off again."""

    audit_patient_path = "payment__patient_id"

    payment = models.ForeignKey(PatientPayment, on_delete=models.PROTECT, related_name="allocations")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="patient_allocations")
    amount_cents = models.BigIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ("at",)
        constraints = [models.CheckConstraint(condition=~Q(amount_cents=0), name="allocation_moves_something")]

    def __str__(self) -> str:
        return f"{self.amount_cents}"
