"""How far a job is, told while it runs.

Progress goes through the cache, not the row: an import is one transaction, and on SQLite a second connection could
not write beside it. A cache that cannot be reached costs the bar on the page, never the job.
"""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)

KEEP_SECONDS = 3600
TELL_EVERY_SECONDS = 0.2


class Lost(Exception):
    """This worker was taken for dead and another has the job: stop here and leave no trace."""


def progress_key(job_id: uuid.UUID) -> str:
    """Where the cache keeps what this job said last."""
    return f"job-progress:{job_id}"


class Progress:
    """Given to a handler; `step` is cheap enough to call for every claim."""

    def __init__(self, job_id: uuid.UUID) -> None:
        self.job_id = job_id
        self.done = 0
        self.total = 0
        self._told_at = 0.0
        self._is_lost = threading.Event()

    def of(self, total: int, what: str = "") -> None:
        """Say how much there is to do, in any unit. `what` is a few words for the page, without patient data."""
        self.done, self.total = 0, total
        self._tell(what, force=True)

    def step(self, count: int = 1, what: str = "") -> None:
        self.done += count
        self._tell(what)

    def at(self, done: int, what: str = "") -> None:
        self.done = done
        self._tell(what)

    def lose(self) -> None:
        """The job was taken from this worker: its next word is its last."""
        self._is_lost.set()

    def _tell(self, what: str, *, force: bool = False) -> None:
        if self._is_lost.is_set():
            raise Lost(str(self.job_id))
        now = time.monotonic()
        if force or now - self._told_at >= TELL_EVERY_SECONDS:
            self._told_at = now
            said = {"done": self.done, "total": self.total, "what": what, "at": time.time()}
            try:
                cache.set(progress_key(self.job_id), said, KEEP_SECONDS)
            except Exception:
                log.warning("cache_unreachable", job_id=str(self.job_id))


def seen(job_id: uuid.UUID) -> dict[str, Any]:
    """The last thing the running job said: done, total, what, at (epoch seconds). Empty when it said nothing."""
    try:
        return cache.get(progress_key(job_id)) or {}
    except Exception:
        return {}
