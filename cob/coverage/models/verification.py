"""What a payer said about the order: who, when, how, under which reference. Said again, never edited."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models.coverage import Coverage
from cob.patients.models import Patient


class Says(models.TextChoices):
    """What the payer says of the order it was read."""

    AGREES = "agrees", "Agrees with our order"
    DISAGREES = "disagrees", "Shows another order"
    NOT_KNOWN = "not_known", "Does not know of another plan"


class Method(models.TextChoices):
    """How it was said."""

    CALL = "call", "Call to the payer"
    PORTAL = "portal", "Payer portal"
    ELIGIBILITY = "271", "Eligibility answer (271)"
    LETTER = "letter", "Letter from the payer"


class VerificationQuerySet(AuditedQuerySet):
    site_path = "patient__site"

    def about(self, day: date) -> Self:
        """Those that speak of a day."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=day), first_day__lte=day)


class Verification(Audited):
    """One payer's word on one patient's order for a span of days. Append-only: a correction is a later one.

    What was said is kept as it was said. Whether it agrees with an order is found anew each time (`agreement`), because
    the order may change after the call.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="verifications")
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="verifications")
    first_day = models.DateField(help_text="First day of service it speaks of.")
    last_day = models.DateField(null=True, blank=True, help_text="Last one; empty: from then on.")
    says = models.CharField(max_length=10, choices=Says)
    own_position = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The place the payer shows for itself."
    )
    primary = models.ForeignKey(
        Coverage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom it shows as primary.",
    )
    primary_named = models.CharField(max_length=80, blank=True, help_text="The same, when it is no coverage on file.")
    is_active = models.BooleanField(null=True, blank=True, help_text="Whether its coverage is in force on these days.")
    shown_since = models.DateField(null=True, blank=True, help_text="Since when the payer shows this order.")
    shown_source = models.CharField(max_length=120, blank=True, help_text="Where the payer has it from.")
    has_all_since = models.DateField(
        null=True, blank=True, help_text="Since when the payer has had all it needs to decide."
    )
    spoken_with = models.CharField(max_length=80, blank=True)
    method = models.CharField(max_length=6, choices=Method)
    reference = models.CharField(max_length=60, blank=True, help_text="Call reference, trace number.")
    said_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ("-recorded_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=models.F("first_day")), name="verification_span_in_order"
            ),
            models.CheckConstraint(
                condition=Q(method="letter") | ~Q(reference=""), name="verification_can_be_checked_by_its_reference"
            ),
            models.CheckConstraint(
                condition=Q(own_position=None) | Q(own_position__gte=1), name="verification_place_counts_from_one"
            ),
            # An order that was not told cannot be held against ours.
            models.CheckConstraint(
                condition=Q(says="not_known", own_position=None, primary=None, primary_named="")
                | (
                    ~Q(says="not_known")
                    & (
                        Q(own_position__isnull=False)
                        | Q(primary__isnull=False)
                        | ~Q(primary_named="")
                        | Q(is_active=False)
                    )
                ),
                name="verification_says_what_the_payer_shows",
            ),
        ]
        indexes = [models.Index(fields=["patient", "coverage", "-recorded_at"], name="verification_latest")]

    def __str__(self) -> str:
        return f"{self.coverage_id}: {self.says}"

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id
