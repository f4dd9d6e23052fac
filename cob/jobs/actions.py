"""Open, take, do and finish: the life of a job. What dead workers left is picked up in `cob.jobs.sweep`."""

from __future__ import annotations

import time
import uuid
from typing import Any, overload

import structlog
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.acting import acting
from cob.audit.models import record
from cob.jobs import worker
from cob.jobs.breath import breathing
from cob.jobs.kinds import KINDS, JobStopped, Kind
from cob.jobs.models import Job, State
from cob.jobs.progress import Lost, Progress

log = structlog.get_logger(__name__)


@overload
def open_job(
    kind: str, *, by: User | None = None, site: Site | None = None, slot: None = None, title: str = "", **args: Any
) -> Job: ...
@overload
def open_job(
    kind: str, *, by: User | None = None, site: Site | None = None, slot: str, title: str = "", **args: Any
) -> Job | None: ...
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
        run_job.apply_async(args=(str(job_id),), retry=False)
    except Exception:
        log.warning("broker_unreachable", job_id=str(job_id))


def take(job_id: uuid.UUID | str, *, owner: str = "") -> Job | None:
    """Hold a waiting job; of two workers one gets it and the other None."""
    now = timezone.now()
    won = Job.objects.filter(pk=job_id, state=State.QUEUED).update(
        state=State.RUNNING,
        owner=owner or worker.this_worker(),
        started_at=now,
        breathed_at=now,
        attempts=models.F("attempts") + 1,
    )
    return Job.objects.select_related("by", "site").get(pk=job_id) if won else None


def run(job_id: uuid.UUID | str) -> Job | None:
    """Take the job and do it. None when another worker has it, or when it was taken from this one."""
    job = take(job_id)
    if job is None:
        return None
    kind = KINDS.get(job.kind)
    if kind is None:
        return _finish(job, error=f"No program here knows how to do '{job.kind}'. Is this an older worker?")
    progress = Progress(job.pk)
    worker.begin(progress)
    try:
        with breathing(job, progress):
            return _do(job, kind, progress)
    finally:
        worker.end(job.pk)


def _do(job: Job, kind: Kind, progress: Progress) -> Job | None:
    """A failure is written on the row in words, and logged by its type alone."""
    began = time.monotonic()
    try:
        with acting(job.by or kind.title):
            outcome = kind.run(job.args, progress) or {}
    except Lost:
        log.warning("job_lost", kind=job.kind, job_id=str(job.pk))
        return None
    except JobStopped as stopped:
        return _finish(job, progress, error=str(stopped))
    except Exception as failure:
        log.exception("job_failed", kind=job.kind, job_id=str(job.pk))
        again = f"Run it again; if it stops again, tell support this job's id: {job.pk}."
        return _finish(job, progress, error=f"{kind.title} stopped: {type(failure).__name__}. {again}")
    log.info("job_done", kind=job.kind, job_id=str(job.pk), duration_ms=round((time.monotonic() - began) * 1000))
    finished = _finish(job, progress, outcome=outcome)
    if kind.quiet and not outcome:
        _keep_only_latest(finished)
    return finished


def _finish(
    job: Job, progress: Progress | None = None, *, outcome: dict[str, Any] | None = None, error: str = ""
) -> Job:
    """Only the worker that still holds the job may end it; one that was taken for dead ends nothing."""
    Job.objects.filter(pk=job.pk, state=State.RUNNING, owner=job.owner).update(
        state=State.FAILED if error else State.DONE,
        outcome=outcome,
        error=error[:500],
        finished_at=timezone.now(),
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
    )
    job.refresh_from_db()
    return job


def _keep_only_latest(job: Job) -> None:
    """Every fifteen seconds nothing new is not worth a row each; the latest stays, so that its slot stays taken."""
    same = Job.objects.filter(kind=job.kind, state=State.DONE, outcome={}, slot__isnull=False)
    same.filter(created_at__lt=job.created_at).delete()


class UnderWay(Exception):
    """The same work waits or runs already; `job` is it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        super().__init__(f"{job.title} is not over yet. This is the job that does it.")


def run_again(*, job: Job, by: User) -> Job:
    """A person starts the same work anew, of two people one; the ended row stays as history. Raises UnderWay."""
    with transaction.atomic():
        Job.objects.select_for_update().filter(pk=job.pk).values_list("pk").first()
        at_it = Job.objects.filter(kind=job.kind, state__in=(State.QUEUED, State.RUNNING))
        if same := next((one for one in at_it if one.args == job.args), None):
            raise UnderWay(same)
        again: Job = open_job(job.kind, by=by, site=job.site, title=job.title, **job.args)
        record("ran again", again, site_id=job.site_id, before={"job": str(job.pk)})
    return again
