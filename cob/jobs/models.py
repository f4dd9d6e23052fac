"""A Job is progress, result and history in one row; it carries row ids, never patient data."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from cob.accounts.models import Site, SiteScoped, User


class State(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class JobQuerySet(SiteScoped):
    def visible_to(self, user: Any) -> Any:
        """Jobs of the user's sites and their own; scheduled jobs belong to everybody who may see jobs."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.sees_all_sites:
            return self
        return self.filter(models.Q(site=None) | models.Q(site__in=user.site_ids()) | models.Q(by=user))


class Job(models.Model):
    """One piece of long work. `slot` makes a scheduled job open once however often the clock ticks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    slot = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001  null: many unscheduled jobs of a kind
    args = models.JSONField(default=dict)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    owner = models.CharField(max_length=80, blank=True, help_text="Token of the worker that holds it.")
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    outcome = models.JSONField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # A worker that stopped breathing for longer than the lease is taken for dead and its job is done again.
    breathed_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = [models.UniqueConstraint(fields=["kind", "slot"], name="job_one_per_slot")]
        indexes = [
            models.Index(
                fields=["state", "created_at"], name="job_waiting", condition=models.Q(state__in=["queued", "running"])
            ),
            models.Index(fields=["-created_at"], name="job_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED)
