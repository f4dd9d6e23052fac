"""Open, take, finish, and take again what a dead worker left: the whole life of a job."""

from __future__ import annotations

import os
import socket
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.acting import acting
from cob.jobs.kinds import KINDS
from cob.jobs.models import Job, State
from cob.jobs.progress import Progress, seen

log = structlog.get_logger(__name__)

# A worker says something at least this often; beyond it, it is taken for dead.
LEASE = timedelta(minutes=2)
ATTEMPTS_MAX = 5
# Changes with every start of the process, so a job held by an earlier life is recognised.
THIS_WORKER = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[:80]


def open_job(
    kind: str,
    *,
    by: User | None = None,
    site: Site | None = None,
    slot: str | None = None,
    title: str = "",
    **args: Any,
) -> Job | None:
    """Write the job in the caller's transaction and wake a worker when it commits.

    Returns None when this slot was opened before: the clock may tick twice, the work is done once.
    """
    known = KINDS[kind]
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, slot=slot, title=title or known.title, by=by, site=site, args=args)
    except IntegrityError:
        if slot is None:
            raise
        return None
    transaction.on_commit(lambda: wake(job.pk))
    return job


def wake(job_id: uuid.UUID) -> None:
    """Tell the broker; if it cannot be reached the sweep will, so the caller never fails for it."""
    from cob.jobs.tasks import run_job

    try:
        run_job.apply_async(args=[str(job_id)], retry=False)
    except Exception:
        log.warning("broker_unreachable", job_id=str(job_id))


def take(job_id: uuid.UUID | str, *, owner: str = THIS_WORKER) -> Job | None:
    """Hold a waiting job; of two workers one gets it and the other None."""
    now = timezone.now()
    won = Job.objects.filter(pk=job_id, state=State.QUEUED).update(
        state=State.RUNNING, owner=owner, started_at=now, breathed_at=now, attempts=models.F("attempts") + 1
    )
    return Job.objects.select_related("by", "site").get(pk=job_id) if won else None


def run(job_id: uuid.UUID | str) -> Job | None:
    """Take the job and do it. A failure is written on the row in words, and logged without patient data."""
    job = take(job_id)
    if job is None:
        return None
    kind = KINDS.get(job.kind)
    if kind is None:
        return _finish(
            job, State.FAILED, error=f"No program here knows how to do '{job.kind}'. Is this an older worker?"
        )
    began = time.monotonic()
    try:
        with acting(job.by or kind.title):
            outcome = kind.run(job.args, Progress(job.pk)) or {}
    except Exception as failure:
        log.exception("job_failed", kind=job.kind, job_id=str(job.pk))
        return _finish(
            job,
            State.FAILED,
            error=f"{kind.title} stopped: {type(failure).__name__}. Run it again; if it stops again, tell support job {job.pk}.",
        )
    log.info("job_done", kind=job.kind, job_id=str(job.pk), duration_ms=round((time.monotonic() - began) * 1000))
    if kind.quiet and not outcome:
        # Every fifteen seconds nothing new: not worth a row.
        Job.objects.filter(pk=job.pk, owner=job.owner).delete()
        return None
    return _finish(job, State.DONE, outcome=outcome)


def _finish(job: Job, state: State, *, outcome: dict[str, Any] | None = None, error: str = "") -> Job:
    """Only the worker that still holds the job may end it; one that was taken for dead ends nothing."""
    said = seen(job.pk)
    Job.objects.filter(pk=job.pk, state=State.RUNNING, owner=job.owner).update(
        state=state,
        outcome=outcome,
        error=error,
        finished_at=timezone.now(),
        done=said.get("done", 0),
        total=said.get("total", 0),
    )
    job.refresh_from_db()
    return job


def run_again(*, job: Job, by: User) -> Job:
    """A person starts the same work anew; the failed row stays as history."""
    again = open_job(job.kind, by=by, site=job.site, title=job.title, **job.args)
    assert again is not None  # no slot, so it always opens
    return again


def requeue_abandoned(*, now: datetime | None = None, all_running: bool = False) -> int:
    """Queue again what runs without a living worker, and wake workers for what waits. Safe to call at any time.

    `all_running`: at the start of the embedded process nobody else can be alive, so everything running is abandoned.
    """
    now = now or timezone.now()
    for job in Job.objects.filter(state=State.RUNNING).exclude(owner=THIS_WORKER if all_running else ""):
        if all_running or not _breathes(job, now):
            _put_back(job)
    waiting = list(Job.objects.filter(state=State.QUEUED, created_at__lt=now).values_list("pk", flat=True)[:500])
    for pk in waiting:
        wake(pk)
    return len(waiting)


def _breathes(job: Job, now: datetime) -> bool:
    last = seen(job.pk).get("at", 0)
    breathed = max(job.breathed_at.timestamp() if job.breathed_at else 0, last)
    return now.timestamp() - breathed < LEASE.total_seconds()


def _put_back(job: Job) -> None:
    """Back to waiting; a job that killed five workers is the job's fault and stops."""
    held = Job.objects.filter(pk=job.pk, state=State.RUNNING, owner=job.owner)
    if job.attempts >= ATTEMPTS_MAX:
        held.update(
            state=State.FAILED,
            finished_at=timezone.now(),
            error=f"Stopped after {job.attempts} tries: the worker died each time.",
        )
    else:
        held.update(state=State.QUEUED, owner="")


def forget_old(*, days: int = 90) -> int:
    """Ended jobs older than this are history nobody opens; files and audit events stay."""
    old = Job.objects.filter(
        state__in=(State.DONE, State.FAILED), finished_at__lt=timezone.now() - timedelta(days=days)
    )
    return old.delete()[0]
