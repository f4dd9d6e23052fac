"""What people add to the edits: rules written by staff, and waivers of one edit for one claim as it stands."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.claim import Claim, ClaimPayer
from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Payer


class StaffEditQuerySet(AuditedQuerySet):
    def on(self, day: object) -> Self:
        """The versions switched on that day."""
        return self.filter(on_from__lte=day).filter(Q(off_from=None) | Q(off_from__gt=day))


class StaffEdit(Audited):
    """One version of an edit that staff wrote. What it asks and says is never changed: another version follows it.

    `when` is any of several groups of conditions, each a list of {"field", "is", "values"}; a group holds when all of
    its conditions do (`claims.edits.written`). It can be switched on once it was tried against recent claims.
    """

    audit_patient_path = None

    family = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=60)
    when = models.JSONField()
    message = models.CharField(max_length=300)
    fix = models.CharField(max_length=300)
    severity = models.CharField(max_length=4, choices=[("stop", "Stop"), ("warn", "Warning")], default="warn")
    is_waivable = models.BooleanField(default=True)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=200, help_text="Why there is such a rule, and where it stands.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True, blank=True)
    tried_count = models.PositiveIntegerField(null=True, blank=True, help_text="Recent sendings it was tried against.")
    tried_hits = models.PositiveIntegerField(null=True, blank=True)
    on_from = models.DateField(null=True, blank=True)
    off_from = models.DateField(null=True, blank=True)

    objects: ClassVar = StaffEditQuerySet.as_manager()

    class Meta:
        ordering = ("name", "-version")
        constraints = [
            models.UniqueConstraint(fields=["family", "version"], name="staff_edit_version_once"),
            models.CheckConstraint(
                condition=Q(on_from=None) | Q(tried_at__isnull=False), name="staff_edit_tried_before_on"
            ),
            models.CheckConstraint(
                condition=Q(off_from=None) | Q(off_from__gte=models.F("on_from")), name="staff_edit_off_after_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class EditWaiverQuerySet(AuditedQuerySet):
    site_path = "claim__site"

    def standing(self) -> Self:
        """Not withdrawn; whether the claim is still the one it was given for, the folder says."""
        return self.filter(withdrawn_at=None)


class EditWaiver(Audited):
    """One edit set aside for one claim at one payer, as the claim stood: `version` names the facts it was given for."""

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="waivers")
    claim_payer = models.ForeignKey(ClaimPayer, on_delete=models.PROTECT, related_name="waivers")
    edit = models.CharField(max_length=60)
    said = models.CharField(max_length=400, help_text="What the edit had said.")
    version = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = EditWaiverQuerySet.as_manager()

    class Meta:
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="edit_waiver_says_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="edit_waiver_withdrawn_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["claim_payer", "edit", "version"],
                condition=Q(withdrawn_at=None),
                name="edit_waiver_once_per_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.edit}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
