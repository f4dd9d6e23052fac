"""What runs by the clock: `settings.JOB_SCHEDULE` as beat entries, and one Job per slot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.utils import timezone

from cob.jobs import actions
from cob.jobs.kinds import KINDS, job_kind
from cob.jobs.models import Job
from cob.jobs.progress import Progress


def beat_schedule() -> dict[str, Any]:
    """Every entry sends the same tiny message; a slot makes doubled or late ticks harmless."""
    return {
        kind: {"task": "cob.jobs.tick", "schedule": _when(every), "args": [kind], "options": {"expires": 3600}}
        for kind, every in settings.JOB_SCHEDULE.items()
    }


def _when(every: timedelta | str) -> Any:
    if isinstance(every, timedelta):
        return every
    hour, minute = every.split(":")
    return crontab(hour=hour, minute=minute)


def slot_of(every: timedelta | str, now: datetime) -> str:
    """The name of the slot `now` falls in: the day for a daily job, else the start of its interval."""
    if isinstance(every, str):
        return timezone.localtime(now).date().isoformat()
    seconds = int(every.total_seconds())
    return str(int(now.timestamp()) // seconds * seconds)


def open_slot(kind: str, *, now: datetime | None = None) -> Job | None:
    """Open this kind's job for the slot of `now`, unless it was opened before or one still waits."""
    now = now or timezone.now()
    if kind == "jobs.sweep":
        actions.requeue_abandoned(now=now)
        return None
    if kind not in KINDS or Job.objects.filter(kind=kind, state="queued").exists():
        return None
    return actions.open_job(kind, slot=slot_of(settings.JOB_SCHEDULE[kind], now))


def catch_up(*, now: datetime | None = None) -> list[str]:
    """After an outage: open the daily jobs whose hour has passed today without them."""
    now = now or timezone.now()
    local = timezone.localtime(now)
    due = [
        kind
        for kind, every in settings.JOB_SCHEDULE.items()
        if isinstance(every, str) and local.strftime("%H:%M") >= every
    ]
    return [kind for kind in due if open_slot(kind, now=now) is not None]


@job_kind("jobs.forget", title="Forget old jobs", quiet=True)
def forget(_args: dict[str, Any], _progress: Progress) -> dict[str, Any] | None:
    """Daily: history older than 90 days."""
    gone = actions.forget_old()
    return {"forgotten": gone} if gone else None
