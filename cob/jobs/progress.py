"""How far a job is, told while it runs.

Progress goes through the cache, not the row: an import is one transaction, and on SQLite a second connection could
not write beside it.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from django.core.cache import cache

KEEP_SECONDS = 3600


def _key(job_id: uuid.UUID | str) -> str:
    return f"job-progress:{job_id}"


class Progress:
    """Given to a handler; `step` is cheap enough to call for every claim."""

    def __init__(self, job_id: uuid.UUID | str) -> None:
        self.job_id = job_id
        self.done = 0
        self.total = 0
        self._told_at = 0.0

    def of(self, total: int, what: str = "") -> None:
        """Say how much there is to do, in any unit."""
        self.done, self.total = 0, total
        self._tell(what, force=True)

    def step(self, count: int = 1, what: str = "") -> None:
        self.done += count
        self._tell(what)

    def at(self, done: int, what: str = "") -> None:
        self.done = done
        self._tell(what)

    def _tell(self, what: str, *, force: bool = False) -> None:
        now = time.monotonic()
        if force or now - self._told_at >= 0.2:
            self._told_at = now
            said = {"done": self.done, "total": self.total, "what": what, "at": time.time()}
            cache.set(_key(self.job_id), said, KEEP_SECONDS)


def seen(job_id: uuid.UUID | str) -> dict[str, Any]:
    """The last thing the running job said: done, total, what, at (epoch seconds). Empty when it said nothing."""
    return cache.get(_key(job_id)) or {}
