"""What went another way than it should, written down the same day, with by when it is right and how that is checked."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from workqueues.models.item import Item


class What(models.TextChoices):
    """What went wrong, in the words of the desk."""

    FILE_MISSING = "file_missing", "A file or remittance did not come"
    FILE_WRONG = "file_wrong", "A file came wrong or twice"
    CROSSOVER = "crossover", "A crossover did not arrive"
    PAYER_DOWN = "payer_down", "Payer's portal or line was down"
    HAND_OFF = "hand_off", "Work was not handed on in time"
    STEP_SKIPPED = "step_skipped", "A step was skipped"
    WRONG_ANSWER = "wrong_answer", "We were told something wrong"
    OTHER = "other", "Something else"


class ExceptionQuerySet(AuditedQuerySet):
    def open(self) -> ExceptionQuerySet:
        return self.filter(verified_at=None)


class LoggedException(Audited):
    """One exception; it is over when somebody has checked that it is right again."""

    audit_patient_path = "item__patient_id"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="exceptions")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="exceptions")
    what = models.CharField(max_length=14, choices=What)
    text = models.CharField(max_length=300)
    happened_on = models.DateField()
    expected_on = models.DateField(help_text="By when it should be right: the expected turnaround.")
    verify_how = models.CharField(max_length=200, help_text="The step that shows it is right.")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    found = models.CharField(max_length=300, blank=True, help_text="What the check showed.")

    objects: ClassVar = ExceptionQuerySet.as_manager()

    class Meta:
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None, found="")
                | (Q(verified_at__isnull=False, verified_by__isnull=False) & ~Q(found="")),
                name="exception_verified_says_by_whom_and_what",
            ),
            models.CheckConstraint(condition=Q(expected_on__gte=F("happened_on")), name="exception_expected_after_it"),
        ]
        indexes = [models.Index(fields=["site", "expected_on"], name="exception_open", condition=Q(verified_at=None))]

    def __str__(self) -> str:
        return f"{self.what} {self.happened_on}"

    @property
    def is_same_day(self) -> bool:
        """Logged on the day it happened, as it should be."""
        return timezone.localdate(self.at) == self.happened_on

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.item.patient_id] if self.item and self.item.patient_id else []

    def audit_site(self) -> uuid.UUID | None:
        return self.site_id
