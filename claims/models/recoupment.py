"""Money to give back: a payer's demand by letter, a credit the desk found itself, and the refund that ends either."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from claims.models.claim import Claim
from claims.models.provider_ledger import ProviderAccount
from claims.models.remittance import Adjudication, Remittance
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Payer

# How long a demand is taken to leave us that does not say so itself.
SILENT_DAYS = 30


class Ground(models.TextChoices):
    """Why the payer wants it back."""

    ANOTHER_PAYER = "another_payer", "Another payer comes first"
    DUPLICATE = "duplicate", "Paid twice"
    NOT_COVERED = "not_covered", "Not covered on that day"
    AMOUNT = "amount", "Paid the wrong amount"
    OTHER = "other", "Something else"


class Decision(models.TextChoices):
    """Whether the demand is right."""

    OPEN = "", "To decide"
    VALID = "valid", "Valid"
    DISPUTED = "disputed", "Disputed"


class OfClaim(AuditedQuerySet):
    site_path = "claim__site"


class Recoupment(Audited):
    """One demand by letter about one claim. `answer` is what it takes back in our ledger; the file is the letter."""

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="recoupments")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="recoupments")
    answer = models.OneToOneField(
        Adjudication, on_delete=models.PROTECT, null=True, blank=True, related_name="recoupment"
    )
    account = models.ForeignKey(
        ProviderAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="recoupments"
    )
    amount_cents = models.BigIntegerField()
    ground = models.CharField(max_length=16, choices=Ground)
    reference = models.CharField(max_length=60, help_text="The payer's number for the demand.")
    letter_on = models.DateField()
    received_on = models.DateField()
    respond_by = models.DateField(null=True, blank=True)
    letter = models.FileField(upload_to="letters/%Y/%m", max_length=200)
    letter_name = models.CharField(max_length=200)
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.OPEN, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_because = models.CharField(max_length=300, blank=True)
    appealed_on = models.DateField(null=True, blank=True)
    appeal_reference = models.CharField(max_length=60, blank=True)
    appeal_ended_on = models.DateField(null=True, blank=True)
    appeal_result = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_because = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = OfClaim.as_manager()

    class Meta:
        ordering = ("-letter_on", "reference")
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="recoupment_wants_something"),
            models.UniqueConstraint(fields=["claim", "payer", "reference"], name="recoupment_once_per_letter"),
        ]
        indexes = [models.Index(fields=["claim"], name="recoupment_open", condition=Q(closed_at=None))]

    def __str__(self) -> str:
        return self.reference

    @property
    def answer_by(self) -> date:
        """The day the letter sets; where it is silent 30 days from it, which nobody has confirmed."""
        return self.respond_by or self.letter_on + timedelta(days=SILENT_DAYS)

    @property
    def is_unanswered(self) -> bool:
        """Not decided yet, or disputed and not appealed: until then the payer has heard nothing of us."""
        return self.decision == Decision.OPEN or (self.decision == Decision.DISPUTED and self.appealed_on is None)

    @property
    def is_under_appeal(self) -> bool:
        """Appealed and not decided: Medicare stops taking (section 935), and nothing is written off."""
        return self.appealed_on is not None and self.appeal_ended_on is None

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id


class CreditKind(models.TextChoices):
    """What showed that too much was paid, the surest first."""

    BOTH_PRIMARY = "both_primary", "Two payers paid as first"
    PAID_TWICE = "paid_twice", "Paid twice"
    ABOVE_SHARE = "above_share", "Paid more than was left"
    CREDIT_BALANCE = "credit_balance", "More paid than charged"
    ABOVE_EXPECTED = "above_expected", "Paid more than its terms say"


class Credit(Audited):
    """One claim on which payers paid too much, found by asking the ledger; which gets it back, how much, by when.

    `amount_cents` is what is sure, `most_cents` what it may come to while nobody knows what the payer owed.
    """

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="credits")
    kind = models.CharField(max_length=16, choices=CreditKind)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    most_cents = models.BigIntegerField()
    because = models.CharField(max_length=300)
    since = models.DateField(help_text="The day of the payment that made it.")
    found_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    clock = models.CharField(max_length=160, blank=True)
    inquiry_from = models.DateField(null=True, blank=True)
    inquiry_until = models.DateField(null=True, blank=True)
    no_credit_because = models.CharField(max_length=300, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    settled_because = models.CharField(max_length=300, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = OfClaim.as_manager()

    class Meta:
        ordering = (F("due_on").asc(nulls_last=True), "since", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "kind"], condition=Q(settled_on=None), name="credit_open_once_per_claim_and_kind"
            )
        ]
        indexes = [models.Index(fields=["due_on"], name="credit_open_by_day", condition=Q(settled_on=None))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    @property
    def is_sure(self) -> bool:
        return self.amount_cents == self.most_cents

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id


class RefundState(models.TextChoices):
    OPENED = "opened", "Waits for approval"
    APPROVED = "approved", "Approved"
    SENT = "sent", "Sent"
    RETURNED = "returned", "Sent back by the payer"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Refund(Audited):
    """One check to one payer, for one claim. Opened by one person, approved by another."""

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="refunds")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="refunds")
    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    recoupment = models.ForeignKey(Recoupment, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    account = models.ForeignKey(
        ProviderAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    amount_cents = models.BigIntegerField()
    because = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.OPENED)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    check_number = models.CharField(max_length=50, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_on = models.DateField(null=True, blank=True)
    acknowledged_in = models.ForeignKey(
        Remittance, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    acknowledged_by_letter = models.CharField(max_length=60, blank=True, help_text="The letter's reference.")
    ended_because = models.CharField(max_length=300, blank=True)

    objects: ClassVar = OfClaim.as_manager()

    class Meta:
        ordering = ("-opened_at",)
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="refund_gives_something"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("opened_by")), name="refund_approved_by_another"
            ),
        ]
        indexes = [models.Index(fields=["payer", "state"], name="refund_of_payer")]

    def __str__(self) -> str:
        return f"Refund {self.check_number}".strip()

    @property
    def is_over(self) -> bool:
        return self.state in (RefundState.CLOSED, RefundState.WITHDRAWN)

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
