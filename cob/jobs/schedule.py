"""What runs by the clock: `settings.JOB_SCHEDULE` as beat entries, and one Job per slot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from cob import statistics
from cob.jobs import actions, sweep
from cob.jobs.kinds import KINDS, job_kind
from cob.jobs.models import Job, State
from cob.jobs.progress import Progress

SWEEP = "jobs.sweep"


def beat_schedule() -> dict[str, Any]:
    """Every entry sends the same tiny message; a slot makes doubled or late ticks harmless."""
    return {
        kind: {
            "task": "cob.jobs.tick",
            "schedule": _when(every),
            "args": [kind],
            "options": {"expires": _stale_after_seconds(every)},
        }
        for kind, every in settings.JOB_SCHEDULE.items()
    }


def _when(every: timedelta | str) -> Any:
    if isinstance(every, timedelta):
        return every
    hour, minute = every.split(":")
    return crontab(hour=hour, minute=minute)


def _stale_after_seconds(every: timedelta | str) -> int:
    """A tick that waited longer than until the next one has nothing left to say."""
    return 3600 if isinstance(every, str) else max(1, int(every.total_seconds()))


def slot_of(every: timedelta | str, now: datetime) -> str:
    """The name of the slot `now` falls in: the day for a daily job, else the start of its interval."""
    if isinstance(every, str):
        return timezone.localtime(now).date().isoformat()
    seconds = max(1, int(every.total_seconds()))
    return str(int(now.timestamp()) // seconds * seconds)


def open_slot(kind: str, *, now: datetime | None = None) -> Job | None:
    """Open this kind's job for the slot of `now`, unless it was opened before or an earlier one is not over."""
    now = now or timezone.now()
    if kind == SWEEP:
        sweep.requeue_abandoned(now=now)
        catch_up(now=now)
        return None
    if kind not in KINDS or kind not in settings.JOB_SCHEDULE:
        return None
    slot = slot_of(settings.JOB_SCHEDULE[kind], now)
    same = Job.objects.filter(kind=kind, slot__isnull=False)
    if same.filter(slot=slot).exists() or same.filter(state__in=(State.QUEUED, State.RUNNING)).exists():
        return None
    return actions.open_job(kind, slot=slot)


def catch_up(*, now: datetime | None = None) -> list[str]:
    """Open the daily jobs whose hour has passed today without them: after an outage, or when a tick was lost."""
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
    """Daily: history older than 90 days. What is left is looked at, so that queries stay quick as the desk grows."""
    gone = sweep.forget_old()
    statistics.gather()
    return {"forgotten": gone} if gone else None


@job_kind("sessions.forget", title="Delete expired sessions", quiet=True)
def forget_sessions(_args: dict[str, Any], _progress: Progress) -> dict[str, Any] | None:
    """Daily: an interview nobody came back to stands in its session, whose row would otherwise stay."""
    gone, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return {"deleted": gone} if gone else None
