"""A verdict on file and its ranks: append-only, superseded and never edited."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models.coverage import Coverage
from cob.patients.models import Patient


class DeterminationQuerySet(AuditedQuerySet):
    site_path = "patient__site"

    def current(self) -> Self:
        """Those no later one supersedes."""
        return self.filter(superseded_by=None)


class Determination(Audited):
    """A verdict on file: the facts, the answer, the rule book it came from, and who asked. Append-only."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="determinations")
    service_on = models.DateField()
    case = models.JSONField()
    verdict = models.JSONField()
    status = models.CharField(max_length=16)
    rules_version = models.CharField(max_length=64)
    # Empty also on verdicts stored before it was kept: their `watch` list still says it.
    expires_on = models.DateField(null=True, blank=True, help_text="The first day on which it becomes another.")
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_how = models.CharField(
        max_length=10, choices=[("rules", "By the rules"), ("person", "By a person")], default="rules"
    )
    reason = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects: ClassVar = DeterminationQuerySet.as_manager()

    class Meta:
        ordering = ("-decided_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_how="rules") | (Q(decided_by__isnull=False) & ~Q(reason="") & ~Q(evidence="")),
                name="determination_by_a_person_has_reason_and_evidence",
            )
        ]
        indexes = [models.Index(fields=["patient", "-service_on", "-decided_at"], name="determination_latest")]

    def __str__(self) -> str:
        return f"{self.service_on}: {self.status}"

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id

    @property
    def is_settled(self) -> bool:
        return self.status in ("determined", "likely", "tie")

    @property
    def order(self) -> list[str]:
        """Coverage ids (as text) in paying order."""
        ids: list[str] = self.verdict.get("order", [])
        return ids


class Rank(Audited):
    """One step of a determination as a row, so that lists and queues can join to it. Append-only."""

    audit_patient_path = "determination__patient_id"

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="ranks")
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="ranks")
    rank = models.PositiveSmallIntegerField(help_text="1 pays first.")
    rule = models.CharField(max_length=40)
    because = models.CharField(max_length=300)

    class Meta:
        ordering = ("rank",)
        constraints = [
            models.UniqueConstraint(fields=["determination", "coverage"], name="rank_one_per_coverage"),
            models.UniqueConstraint(fields=["determination", "rank"], name="rank_one_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}: {self.coverage_id}"

    def audit_site(self) -> uuid.UUID | None:
        return self.determination.patient.site_id
