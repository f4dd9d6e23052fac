"""One thing a rule may rest on, as somebody told it; told again, never edited."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.patients.models import Patient

# True first comes first, then told first comes first.
IN_ORDER = (models.F("true_from").asc(nulls_first=True), "told_at")


# Besides what is said of the claim: asked anew for each visit.
OF_ONE_VISIT = frozenset({"msp.research_program", "msp.no_fault"})


class FactQuerySet(AuditedQuerySet):
    site_path = "patient__site"

    def as_of(self, day: date) -> dict[str, Fact]:
        """The facts that hold on a day, by path: of those true by then, the one true latest, then told latest. What was
        told of another visit does not.
        """
        known = self.in_order().filter(Q(true_from=None) | Q(true_from__lte=day))
        latest = {fact.path: fact for fact in known}
        return {path: fact for path, fact in latest.items() if fact.is_about(day)}

    def in_order(self, known_at: datetime | None = None) -> Self:
        """True first comes first, then told first comes first; up to a moment of telling."""
        rows = self.filter(told_at__lte=known_at) if known_at else self
        return rows.order_by(*IN_ORDER)

    def as_of_each(self, days: Mapping[uuid.UUID, date]) -> dict[uuid.UUID, list[Fact]]:
        """The same for many patients, each on a day of its own. One query."""
        found: dict[uuid.UUID, dict[str, Fact]] = {patient: {} for patient in days}
        for fact in self.filter(patient__in=list(days)).in_order():
            if fact.true_from is None or fact.true_from <= days[fact.patient_id]:
                found[fact.patient_id][fact.path] = fact
        return {patient: list(facts.values()) for patient, facts in found.items()}


class Fact(Audited):
    """One thing a rule may rest on, as somebody told it; a correction is a later row, never an edit.

    `path` is the determination contract's own, with row ids for coverages and people:
    `coverages.<id>.employer.size`, `medicare.part_a`, `child.custodial_parent`. `value` is the contract's JSON;
    null takes an earlier answer back ("we thought we knew").
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="facts")
    path = models.CharField(max_length=120)
    value = models.JSONField(null=True, blank=True)
    true_from = models.DateField(
        null=True, blank=True, help_text="The first day it holds; empty: as far back as we know."
    )
    told_by = models.CharField(max_length=80)
    told_how = models.CharField(max_length=80, blank=True)
    told_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta:
        ordering = ("told_at",)
        indexes = [models.Index(fields=["patient", "path", "told_at"], name="fact_by_path")]

    def __str__(self) -> str:
        return self.path

    def is_about(self, day: date) -> bool:
        """Whether it is about a day: what was told of one visit is about no other."""
        is_of_one = self.path.startswith("claim.") or self.path in OF_ONE_VISIT
        return not is_of_one or self.true_from in (None, day)

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id
