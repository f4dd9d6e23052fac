"""Money going back to a patient: proposed by one person, approved by another, then sent, or taken back before it is."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from claims.models import Claim
from claims.patient_billing.models.payment import Method, PatientPayment
from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from cob.patients.models import Patient


class RefundState(models.TextChoices):
    PROPOSED = "proposed", "Waits for approval"
    APPROVED = "approved", "Approved, to be sent"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Not approved"
    WITHDRAWN = "withdrawn", "Taken back, not sent"


class RefundQuerySet(AuditedQuerySet):
    def live(self) -> Self:
        """Those that take money off the patient's credit, now or soon."""
        return self.exclude(state__in=[RefundState.REFUSED, RefundState.WITHDRAWN])


class PatientRefund(Audited):
    """Part of one payment given back; never laid on anybody else's account."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="patient_refunds")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(PatientPayment, on_delete=models.PROTECT, related_name="refunds")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="patient_refunds")
    amount_cents = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_because = models.CharField(max_length=300, blank=True)
    method = models.CharField(max_length=10, choices=Method, blank=True)
    reference = models.CharField(max_length=60, blank=True, help_text="Check number, card refund.")
    sent_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects: ClassVar = RefundQuerySet.as_manager()

    class Meta:
        ordering = ("-proposed_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) & ~Q(reason=""), name="refund_has_amount_and_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None) | Q(decided_by__isnull=False),
                name="refund_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "sent"]) | ~Q(decided_by=F("proposed_by")),
                name="refund_approved_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | (Q(sent_on__isnull=False) & ~Q(method="")), name="refund_sent_says_how"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | (Q(withdrawn_by__isnull=False, sent_on=None) & ~Q(withdrawn_because="")),
                name="refund_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
