"""What a manager set for queues, ladder and calendars, from a day on; and what was told to whom. Never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet


class QueueSetting(Audited):
    """One value from a day on. A later row follows it; a value of null goes back to the wider or the built-in one."""

    audit_patient_path = None

    name = models.CharField(max_length=40)
    queue = models.CharField(max_length=30, blank=True, help_text="Slug of the queue it is about.")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    value = models.JSONField(null=True, blank=True)
    effective_on = models.DateField()
    because = models.CharField(max_length=200)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AuditedQuerySet.as_manager()

    class Meta:
        ordering = ("name", "effective_on", "created_at")
        constraints = [
            models.CheckConstraint(condition=Q(queue="") | Q(site=None), name="queue_setting_of_queue_or_site"),
            models.CheckConstraint(condition=~Q(because=""), name="queue_setting_says_why"),
        ]
        indexes = [models.Index(fields=["name", "effective_on"], name="queue_setting_by_name")]

    def __str__(self) -> str:
        return f"{self.name} from {self.effective_on}"


class Notice(models.Model):
    """One word to one person about many items: how many reached a level of a queue. It names no patient."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    queue = models.CharField(max_length=30)
    level = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-level", "queue")
        constraints = [
            # However often a run is repeated, it tells a person once.
            models.UniqueConstraint(fields=["user", "queue", "level", "at"], name="notice_once")
        ]
        indexes = [
            models.Index(fields=["user", "at"], name="notice_unseen", condition=Q(seen_at=None)),
            models.Index(fields=["at"], name="notice_not_mailed", condition=Q(mailed_at=None)),
        ]

    def __str__(self) -> str:
        return f"L{self.level} {self.queue} {self.count}"


class SavedView(models.Model):
    """Filters of a queue under a name: a person's own, or shared with everybody who works the queue."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    queue = models.CharField(max_length=30)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300, blank=True, help_text="The address after the question mark.")
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["user", "queue", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name
