"""Nothing is lost and nothing is done twice: jobs of dead workers go back to waiting, and what waits is woken.

Runs when a worker starts and every minute. It trusts rows only; the broker may have forgotten everything.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import structlog
from django.core.cache import cache
from django.db import models
from django.utils import timezone

from cob.jobs import worker
from cob.jobs.actions import wake
from cob.jobs.breath import heard_at
from cob.jobs.models import Job, State

log = structlog.get_logger(__name__)

# A worker is heard every 20 seconds; silent for this long, it is taken for dead.
LEASE = timedelta(minutes=2)
ATTEMPTS_MAX = 5
# A job that still waits is woken once in this long, so that a long line does not fill the broker with reminders.
REMIND_SECONDS = 600
WOKEN_MAX = 500
_SWEPT = "jobs-swept-at"


def requeue_abandoned(*, now: datetime | None = None, all_running: bool = False) -> int:
    """Queue again what runs without a living worker, wake workers for what waits; returns how many were woken.

    `all_running`: at the start of the embedded worker nobody else can be alive, so whatever runs is abandoned.
    Safe to call at any time, by several workers at once.
    """
    now = now or timezone.now()
    for job in Job.objects.filter(state=State.RUNNING):
        if all_running or not _is_alive(job, now):
            _put_back(job)
    waiting = Job.objects.filter(state=State.QUEUED, created_at__lt=now).order_by("created_at")
    woken = [pk for pk in waiting.values_list("pk", flat=True)[:WOKEN_MAX] if all_running or _is_due(str(pk))]
    for pk in woken:
        wake(pk)
    _note_swept()
    return len(woken)


def release_mine() -> int:
    """This process ends in good order: what it was doing waits again, and the try does not count."""
    return Job.objects.filter(state=State.RUNNING, owner=worker.this_worker()).update(
        state=State.QUEUED, owner="", attempts=models.F("attempts") - 1
    )


def last_swept() -> datetime | None:
    """When a worker last looked after the jobs; None when none did since the cache was emptied."""
    try:
        at = cache.get(_SWEPT)
    except Exception:
        return None
    return datetime.fromtimestamp(at, tz=timezone.get_current_timezone()) if at else None


def forget_old(*, days: int = 90) -> int:
    """Ended jobs older than this are history nobody opens; files and audit events stay."""
    old = Job.objects.filter(
        state__in=(State.DONE, State.FAILED), finished_at__lt=timezone.now() - timedelta(days=days)
    )
    return old.delete()[0]


def _is_alive(job: Job, now: datetime) -> bool:
    if job.owner == worker.this_worker():
        return worker.is_doing(job.pk)
    if worker.is_dead_neighbour(job.owner):
        return False
    return now.timestamp() - heard_at(job) < LEASE.total_seconds()


def _put_back(job: Job) -> None:
    """Back to waiting; a job that killed five workers is the job's fault and stops."""
    held = Job.objects.filter(pk=job.pk, state=State.RUNNING, owner=job.owner)
    if job.attempts >= ATTEMPTS_MAX:
        error = f"Stopped after {job.attempts} tries: the worker died each time. Tell support this job's id: {job.pk}."
        held.update(state=State.FAILED, finished_at=timezone.now(), error=error)
        return
    held.update(state=State.QUEUED, owner="")
    _forget_reminder(str(job.pk))
    log.warning("job_put_back", kind=job.kind, job_id=str(job.pk), count=job.attempts)


def _is_due(job_id: str) -> bool:
    """Whether to remind the broker of this job. The note lives in the cache: what empties the broker empties it too."""
    try:
        return bool(cache.add(f"job-reminded:{job_id}", 1, REMIND_SECONDS))
    except Exception:
        return True


def _forget_reminder(job_id: str) -> None:
    try:
        cache.delete(f"job-reminded:{job_id}")
    except Exception:
        log.warning("cache_unreachable", job_id=job_id)


def _note_swept() -> None:
    try:
        cache.set(_SWEPT, time.time(), None)
    except Exception:
        log.warning("cache_unreachable")
