"""What was asked when a patient came: the short form of each visit, and single questions nobody could answer."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.patients.models import Patient


class AskedQuerySet(AuditedQuerySet):
    site_path = "patient__site"


class Asked(Audited):
    """Somebody was asked: about whom, for which visit, who answered and how, who asked and when. Append-only."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    service_on = models.DateField(help_text="The visit it was asked for.")
    told_by = models.CharField(max_length=80)
    told_how = models.CharField(max_length=80, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AskedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("-asked_at",)
        default_related_name = "%(class)ss"

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id


class CheckIn(Asked):
    """The short form of one visit. "Nothing changed" is an answer like any other: it has a day, an author, a source."""

    answers = models.JSONField(help_text="Question → answer, as `checkins.QUESTIONS` names them.")

    class Meta(Asked.Meta):
        indexes = [models.Index(fields=["patient", "-asked_at"], name="check_in_latest")]

    def __str__(self) -> str:
        return f"Check-in for {self.service_on}"

    @property
    def is_unchanged(self) -> bool:
        """Whether every answer was no."""
        return not any(self.answers.values())


class NotKnown(Asked):
    """A question put to somebody who does not know: no fact, and not the same as never asked."""

    path = models.CharField(max_length=120, help_text="The fact's path, as in `Fact`.")

    class Meta(Asked.Meta):
        default_related_name = "not_known"
        indexes = [models.Index(fields=["patient", "path", "asked_at"], name="not_known_by_path")]

    def __str__(self) -> str:
        return self.path
