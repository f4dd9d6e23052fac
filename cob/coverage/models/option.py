"""What the practice, a payer or a state chose where the law leaves a choice, from a day on. Append-only."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models.payer import Payer


class Scope(models.TextChoices):
    """Whose choice it is; the narrower one wins: payer over state over practice."""

    PRACTICE = "practice", "The practice"
    STATE = "state", "A state"
    PAYER = "payer", "A payer"


class OptionQuerySet(AuditedQuerySet):
    def newest_first(self) -> Self:
        """As a history is read."""
        return self.order_by("-effective_on", "-created_at")


class Option(Audited):
    """One choice, from a day of service on; a change is a later row.

    Within one scope the row with the latest day not after the day of service holds, of two with the same day the one
    written last. A value of null withdraws: from that day on this scope says nothing.
    """

    audit_patient_path = None

    name = models.CharField(max_length=40)
    scope = models.CharField(max_length=8, choices=Scope)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="options")
    state = models.CharField(max_length=2, blank=True)
    value = models.JSONField(null=True, blank=True)
    effective_on = models.DateField(help_text="The first day of service it holds for.")
    source = models.CharField(max_length=200, help_text="Where it stands, so that somebody else can check.")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = OptionQuerySet.as_manager()

    class Meta:
        ordering = ("name", "effective_on", "created_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="practice", payer=None, state="")
                | Q(scope="payer", payer__isnull=False, state="")
                | (Q(scope="state", payer=None) & ~Q(state="")),
                name="option_scope_names_its_owner",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="option_names_its_source"),
        ]
        indexes = [models.Index(fields=["name", "effective_on"], name="option_by_name")]

    def __str__(self) -> str:
        return f"{self.name} from {self.effective_on}"
