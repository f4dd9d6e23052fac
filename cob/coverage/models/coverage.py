"""One plan covering one patient for a span."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models.kind import Kind
from cob.coverage.models.payer import Employer, Payer
from cob.patients.models import Patient, RelatedPerson, squash
from cob.rules.frontdesk.picture import patient_is


class CoverageQuerySet(AuditedQuerySet):
    site_path = "patient__site"

    def in_force(self, day: date) -> Self:
        """Coverages whose dates include the day; an unknown start counts as begun: asking is cheaper than losing it."""
        return self.filter(
            Q(effective_on=None) | Q(effective_on__lte=day), Q(ended_on=None) | Q(ended_on__gte=day), enrolled=True
        )


class Coverage(Audited):
    """One plan covering one patient for a span.

    What the rules read beyond these columns are `Fact` rows, so that every one of them says who told us and when.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="coverages")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="coverages")
    # Empty: a file named the coverage but not what it is; the desk is asked before any rule is read.
    kind = models.CharField(max_length=24, choices=Kind, blank=True)
    plan_name = models.CharField(max_length=80, blank=True)
    member_id = models.CharField(max_length=30, blank=True)
    group_number = models.CharField(max_length=30, blank=True)
    # Empty subscriber and relationship "self": the patient is the subscriber.
    subscriber = models.ForeignKey(
        RelatedPerson, on_delete=models.PROTECT, null=True, blank=True, related_name="coverages"
    )
    relationship = models.CharField(
        max_length=20,
        blank=True,
        help_text="Of the patient to the subscriber; empty means nobody said.",
        choices=[
            (value, value.replace("_", " ").capitalize())
            for value in (
                "self",
                "spouse",
                "common_law_spouse",
                "divorced_spouse",
                "domestic_partner",
                "child",
                "stepchild",
                "foster_child",
                "adopted_child",
                "ward",
                "parent",
                "sibling",
                "other",
            )
        ],
    )
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="coverages")
    enrolled = models.BooleanField(default=True, help_text="Unticked: offered and refused.")
    effective_on = models.DateField(null=True, blank=True)
    # Three states: a day; none and open_ended (known to go on); none and not open_ended (nobody said).
    ended_on = models.DateField(null=True, blank=True, help_text="Last covered day.")
    open_ended = models.BooleanField(default=False)
    source = models.CharField(
        max_length=80, default="front desk", help_text="Who told us: patient, card, 837P file, 271."
    )
    search_member = models.CharField(max_length=30, editable=False, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verified_how = models.CharField(
        max_length=80, blank=True, help_text="Call with reference number, portal, 271, letter."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = CoverageQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(effective_on=None) | Q(ended_on__gte=models.F("effective_on")),
                name="coverage_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(open_ended=False), name="coverage_with_an_end_is_not_open_ended"
            ),
            models.CheckConstraint(
                condition=(Q(verified_on=None) & Q(verified_how=""))
                | (Q(verified_on__isnull=False) & ~Q(verified_how="")),
                name="coverage_verification_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["search_member"], name="coverage_by_member"),
            models.Index(fields=["patient", "payer"], name="coverage_by_patient_payer"),
        ]

    def __str__(self) -> str:
        return f"{self.payer} ({self.get_kind_display()})"

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_member = squash(self.member_id)[:30]
        super().save(*args, **kwargs)

    @property
    def patient_is(self) -> str:
        """What the patient is to the subscriber; empty where nobody said."""
        return patient_is(self.relationship, self.subscriber.relation if self.subscriber else "")

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id
