"""A patient says it is wrong: what, why, who looks after it, until when, and how it ended."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models import Claim
from claims.patient_billing.models.statement import Statement
from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from cob.patients.models import Patient


class Cause(models.TextChoices):
    """What was wrong, as far as is known. Those of `COB_CAUSES` count in the measure of disputes."""

    UNKNOWN = "unknown", "Not known yet"
    OTHER_PLAN_NOT_BILLED = "other_plan_not_billed", "Another plan was not billed"
    ORDER_WRONG = "order_wrong", "Plans were billed in the wrong order"
    COVERAGE_OUTDATED = "coverage_outdated", "Coverage on file was out of date"
    PAYER_NOT_DONE = "payer_not_done", "Billed before every plan had answered"
    PROTECTED = "protected", "Protected from billing (QMB, Medicaid)"
    SHARE_WRONG = "share_wrong", "Share after both plans worked out wrongly"
    PAYMENT_MISSING = "payment_missing", "The patient’s payment is not on it"
    BENEFIT = "benefit", "Disagrees with the plan’s benefit"
    PRICE = "price", "Price or charge"
    CARE = "care", "The care itself, or a service not received"
    OTHER = "other", "Something else"


COB_CAUSES = (
    Cause.OTHER_PLAN_NOT_BILLED,
    Cause.ORDER_WRONG,
    Cause.COVERAGE_OUTDATED,
    Cause.PAYER_NOT_DONE,
    Cause.PROTECTED,
    Cause.SHARE_WRONG,
)


class DisputeOutcome(models.TextChoices):
    CORRECTED = "corrected", "Corrected statement sent"
    REFUNDED = "refunded", "Refunded"
    WRITTEN_OFF = "written_off", "Written off"
    EXPLAINED = "explained", "Explained and accepted"
    WITHDRAWN = "withdrawn", "Withdrawn by the patient"


class DisputeQuerySet(AuditedQuerySet):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Dispute(Audited):
    """One complaint about what a patient was asked to pay. While it is open, statements of its claims are held."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="disputes")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="disputes")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes")
    # Empty: everything on the statement, or where there is none everything of the patient.
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes")
    received_on = models.DateField()
    told_by = models.CharField(max_length=80)
    told_how = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=1000)
    cause = models.CharField(max_length=24, choices=Cause, default=Cause.UNKNOWN)
    attempt = models.PositiveSmallIntegerField(default=1, help_text="2 and more: the patient came again about it.")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(help_text="Five business days after it came.")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=DisputeOutcome, blank=True)
    outcome_text = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ("-received_on",)
        constraints = [
            models.CheckConstraint(
                condition=(Q(closed_at=None) & Q(outcome=""))
                | (Q(closed_at__isnull=False) & ~Q(outcome="") & ~Q(outcome_text="") & ~Q(cause="unknown")),
                name="dispute_closed_says_cause_and_how",
            ),
        ]
        indexes = [
            models.Index(fields=["patient"], name="dispute_open", condition=Q(closed_at=None)),
            models.Index(fields=["received_on"], name="dispute_by_day"),
        ]

    def __str__(self) -> str:
        return self.get_cause_display()


class DisputeNoteQuerySet(AuditedQuerySet):
    site_path = "dispute__site"


class DisputeNote(Audited):
    """What was said or done about it. Append-only."""

    audit_patient_path = "dispute__patient_id"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = DisputeNoteQuerySet.as_manager()

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.text[:40]

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.dispute.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.dispute.site_id
