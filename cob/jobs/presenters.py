"""A job as its page shows it: state, times, how far, what came of it. No patient data reaches a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from cob.jobs.models import Job, State
from cob.jobs.progress import progress_key

TONES = {State.QUEUED: "", State.RUNNING: "info", State.DONE: "good", State.FAILED: "bad"}
# Every worker looks after the jobs each minute; after three nobody does.
SILENCE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job, in words."""

    id: UUID
    title: str
    state: str
    tone: str
    is_over: bool
    by: str
    site: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    took: str
    done: int
    total: int
    doing: str
    outcome: tuple[tuple[str, str], ...]
    error: str
    attempts: int

    @property
    def summary(self) -> str:
        """One line for the list: what came of it, why it failed, or how far it is."""
        if self.error:
            return self.error
        if self.is_over:
            return ", ".join(f"{term.lower()}: {value}" for term, value in self.outcome)
        return f"{self.done} of {self.total}" if self.total else self.doing


def present(jobs: Iterable[Job]) -> list[JobRow]:
    """Rows for a list: one look into the cache however many run."""
    jobs = list(jobs)
    keys = {progress_key(job.pk): job.pk for job in jobs if not job.is_over}
    said = {keys[key]: value for key, value in _many(keys).items()}
    now = timezone.now()
    return [_row(job, said.get(job.pk, {}), now) for job in jobs]


def _many(keys: Iterable[str]) -> Mapping[str, Any]:
    try:
        return cache.get_many(list(keys))
    except Exception:
        return {}


def _row(job: Job, said: Mapping[str, Any], now: datetime) -> JobRow:
    return JobRow(
        id=job.pk,
        title=job.title,
        state=State(job.state).label,
        tone=TONES[State(job.state)],
        is_over=job.is_over,
        by=str(job.by) if job.by else "the clock" if job.slot else "the desk",
        site=str(job.site) if job.site else "",
        asked_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        took=_took(job, now),
        done=int(said.get("done", job.done)),
        total=int(said.get("total", job.total)),
        doing=str(said.get("what", "")),
        outcome=tuple((_spoken(key), _value(value)) for key, value in (job.outcome or {}).items()),
        error=job.error,
        attempts=job.attempts,
    )


def _took(job: Job, now: datetime) -> str:
    if job.started_at is None:
        return ""
    return duration((job.finished_at or now) - job.started_at)


def duration(span: timedelta) -> str:
    """How long, as people say it: "0.4 s", "12 s", "3 min 5 s", "1 h 2 min".

    >>> duration(timedelta(seconds=185))
    '3 min 5 s'
    """
    seconds = span.total_seconds()
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def _spoken(key: str) -> str:
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_spoken(str(key)).lower()} {_value(one)}" for key, one in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "—" if value is None else str(value)


def silence(swept_at: datetime | None, now: datetime) -> str:
    """What to tell people when no worker looks after the jobs; empty while one does."""
    if swept_at is None:
        return "No worker has been heard of yet. Jobs wait until one runs."
    if now - swept_at <= SILENCE:
        return ""
    return f"No worker has been heard of for {duration(now - swept_at)}. Jobs wait until one runs again."
