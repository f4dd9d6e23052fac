"""An item's own days as moments: when a promise ends, how old it is, how far its limit."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timezone

from cob.dates import ONE_DAY
from workqueues.escalation import Facts
from workqueues.models import Item, State
from workqueues.models.choices import GOT_THROUGH
from workqueues.priority import Case, Score, score
from workqueues.queues import Queue


@lru_cache(maxsize=1024)
def end_of(day: date) -> datetime:
    """The moment a day is over, on the practice's clock."""
    return timezone.make_aware(datetime.combine(day + ONE_DAY, time.min), timezone.get_default_timezone())


@lru_cache(maxsize=1024)
def noon(day: date) -> datetime:
    """The middle of a day, on the practice's clock."""
    return timezone.make_aware(datetime.combine(day, time(12)), timezone.get_default_timezone())


@lru_cache(maxsize=4096)
def day_of(moment: datetime) -> date:
    """The day a moment falls on, on the practice's clock. Items that came in together share their moments."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def last_day(moment: datetime) -> date:
    """The day that ends at a moment made by `end_of`."""
    return day_of(moment) - ONE_DAY


def start(item: Item, queue: Queue, now: datetime, since: date | None = None) -> None:
    """Begin a round: the clocks run from the day its reason came to be, or from now; nobody has touched it."""
    today = day_of(now)
    if since and since < today:
        today, now = since, noon(since)
    item.entered_at = item.touched_at = now
    item.first_touched_at, item.waited_days, item.escalation_level = None, 0, 0
    item.first_touch_due_at = end_of(queue.calendar_of(item.site_id).add(today, queue.sla.first_touch))
    item.due_at = end_of(_due_on(today, queue, item))


def follow_need(item: Item, queue: Queue) -> None:
    """It is needed by another day now: a visit was made, moved or called off. What it waited stays counted."""
    due_on = _due_on(day_of(item.entered_at), queue, item, waited=item.waited_days)
    item.due_at = end_of(due_on)


def _due_on(entered: date, queue: Queue, item: Item, *, waited: int = 0) -> date:
    promised = queue.calendar_of(item.site_id).add(entered, queue.sla.close + waited)
    return min(promised, max(item.needed_on, entered)) if item.needed_on else promised


def rank(item: Item, queue: Queue, today: date) -> Score:
    """The item's score today."""
    return score(
        Case(
            amount_cents=item.amount_cents,
            limit_days=(item.limit_on - today).days if item.limit_on else None,
            open_days=queue.calendar_of(item.site_id).between(day_of(item.entered_at), today),
            sla_days=queue.sla.close,
            is_harmful=item.is_harmful,
            has_legal_clock=item.has_legal_clock,
        )
    )


def facts(item: Item, queue: Queue) -> Facts:
    """What the ladder reads of an item."""
    return Facts(
        due_on=last_day(item.due_at),
        entered_on=day_of(item.entered_at),
        touched_on=day_of(item.touched_at),
        sla_days=queue.sla.close,
        amount_cents=item.amount_cents,
        attempt=item.attempt,
        limit_on=item.limit_on,
        needed_on=item.needed_on,
        has_legal_clock=item.has_legal_clock,
        is_waiting=item.state == State.WAITING,
        was_reached=any(rung.test == "silent" for rung in queue.special) and _was_reached(item),
    )


def _was_reached(item: Item) -> bool:
    since = item.contacts.filter(at__gte=item.entered_at, outcome__in=GOT_THROUGH)
    return bool(since.exists())
