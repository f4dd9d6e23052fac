"""Why a claim's statement waits: one row for each reason, with who looks after it and until when."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models import Claim
from cob.accounts.models import User
from cob.accounts.roles import ROLES
from cob.audit.models import Audited, AuditedQuerySet


class Ground(models.TextChoices):
    """In the order of telling: where several hold, the first is said."""

    PAYER_OUTSTANDING = "payer_outstanding", "A payer has not answered"
    CROSSOVER_PENDING = "crossover_pending", "A crossover is pending"
    REVERSAL_OPEN = "reversal_open", "An answer was taken back"
    NOT_POSTED = "not_posted", "An answer is not posted"
    ANOTHER_PAYER = "another_payer", "A payer points to another payer"
    COVERAGE_NOT_BILLED = "coverage_not_billed", "A coverage in force is not on the claim"
    COB_DENIAL = "cob_denial", "A denial over payer order is open"
    CREDIT = "credit", "There is a credit"
    FACT_UNKNOWN = "fact_unknown", "A fact is not known"
    UNRECONCILED = "unreconciled", "The lines do not reconcile"
    DISPUTE = "dispute", "The patient disputes it"
    BY_HAND = "by_hand", "Held by hand"


class HoldQuerySet(AuditedQuerySet):
    site_path = "claim__site"

    def open(self) -> Self:
        return self.filter(lifted_at=None)


class StatementHold(Audited):
    """One reason on one claim. While a claim has an open row, nothing of it is printed.

    Rows of most grounds are opened and lifted by the machine as their reason comes and goes; one placed by a person,
    or lifted by one, says why. Every change is a `HoldChange`.
    """

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="statement_holds")
    ground = models.CharField(max_length=20, choices=Ground)
    because = models.CharField(max_length=300)
    owner_role = models.CharField(max_length=20, choices=[(str(role), card.label) for role, card in ROLES.items()])
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_on = models.DateField()
    expires_on = models.DateField(help_text="The day somebody has to look.")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.CharField(max_length=300, blank=True)
    # A person let the claim out against this reason: it is not opened again for the same words.
    is_overruled = models.BooleanField(default=False)

    objects: ClassVar = HoldQuerySet.as_manager()

    class Meta:
        ordering = ("opened_on", "ground")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "ground"], condition=Q(lifted_at=None), name="hold_open_once_per_ground"
            ),
            models.CheckConstraint(
                condition=(Q(lifted_at=None) & Q(lifted_because=""))
                | (Q(lifted_at__isnull=False) & ~Q(lifted_because="")),
                name="hold_lifted_says_why",
            ),
            models.CheckConstraint(condition=~Q(because=""), name="hold_says_why"),
        ]
        indexes = [models.Index(fields=["expires_on"], name="hold_by_expiry", condition=Q(lifted_at=None))]

    def __str__(self) -> str:
        return self.get_ground_display()

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id


class HoldChangeQuerySet(AuditedQuerySet):
    site_path = "hold__claim__site"


class HoldChange(Audited):
    """Placed, extended, handed over or lifted: by whom, when and why. Append-only."""

    audit_patient_path = "hold__claim__patient_id"

    hold = models.ForeignKey(StatementHold, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(
        max_length=10,
        choices=[("placed", "Placed"), ("extended", "Extended"), ("owned", "Handed over"), ("lifted", "Lifted")],
    )
    why = models.CharField(max_length=300)
    expires_on = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = HoldChangeQuerySet.as_manager()

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.get_what_display()

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.hold.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.hold.claim.site_id
