"""A running job breathes, whatever it is busy with: a thread beside it says every few seconds that its worker lives.

Without it a job that spends minutes in one statement would be taken for dead and be done twice at the same time.
The breath goes to the cache, and on PostgreSQL also to the row, so that neither a broken Redis nor a long import makes
a living worker look dead. (On SQLite the row cannot be written beside an import, which is one transaction.)
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from cob.jobs.models import Job, State
from cob.jobs.progress import Progress

log = structlog.get_logger(__name__)

EVERY_SECONDS = 20.0
KEEP_SECONDS = 3600


def _key(job_id: uuid.UUID) -> str:
    return f"job-breath:{job_id}"


def breathe(job_id: uuid.UUID, owner: str) -> bool:
    """Say once that the worker lives. False when the job is no longer this worker's."""
    now = timezone.now()
    try:
        cache.set(_key(job_id), now.timestamp(), KEEP_SECONDS)
    except Exception:
        log.warning("cache_unreachable", job_id=str(job_id))
    held = Job.objects.filter(pk=job_id, state=State.RUNNING, owner=owner)
    return held.exists() if connection.vendor == "sqlite" else held.update(breathed_at=now) == 1


def heard_at(job: Job) -> float:
    """When the job was last heard, in epoch seconds; 0 when never."""
    in_row = job.breathed_at.timestamp() if job.breathed_at else 0.0
    try:
        return max(in_row, float(cache.get(_key(job.pk)) or 0.0))
    except Exception:
        return in_row


@contextmanager
def breathing(job: Job, progress: Progress, *, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Breathe until the block ends; tell `progress` if the job was taken from this worker, so that it stops there."""
    is_over = threading.Event()

    def run() -> None:
        try:
            while not is_over.wait(every_seconds):
                if not _breathe_safely(job) and not is_over.is_set():
                    progress.lose()
        finally:
            connection.close()

    thread = threading.Thread(target=run, name=f"breath-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _breathe_safely(job: Job) -> bool:
    """A database that does not answer now is no reason to stop the job."""
    try:
        return breathe(job.pk, job.owner)
    except Exception:
        log.warning("breath_missed", job_id=str(job.pk))
        return True
