"""An item's own days as moments: when a promise ends, how old it is, how far its limit."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from cob.dates import ONE_DAY, add_business_days, business_days_between
from workqueues.escalation import Facts
from workqueues.models import Item, State
from workqueues.priority import Case, Score, score
from workqueues.queues import Queue


def end_of(day: date) -> datetime:
    """The moment a day is over, on the practice's clock."""
    return timezone.make_aware(datetime.combine(day + ONE_DAY, time.min))


def last_day(moment: datetime) -> date:
    """The day that ends at a moment made by `end_of`."""
    return timezone.localdate(moment) - ONE_DAY


def start(item: Item, queue: Queue, now: datetime, since: date | None = None) -> None:
    """Begin a round: the clocks run from the day its reason came to be, or from now; nobody has touched it."""
    today = timezone.localdate(now)
    if since and since < today:
        today, now = since, timezone.make_aware(datetime.combine(since, time(12)))
    item.entered_at = item.touched_at = now
    item.first_touched_at, item.waited_days, item.escalation_level = None, 0, 0
    item.first_touch_due_at = end_of(add_business_days(today, queue.sla.first_touch))
    item.due_at = end_of(_due_on(today, queue, item.needed_on))


def _due_on(entered: date, queue: Queue, needed_on: date | None) -> date:
    promised = add_business_days(entered, queue.sla.close)
    return min(promised, max(needed_on, entered)) if needed_on else promised


def rank(item: Item, queue: Queue, today: date) -> Score:
    """The item's score today."""
    return score(
        Case(
            amount_cents=item.amount_cents,
            limit_days=(item.limit_on - today).days if item.limit_on else None,
            open_days=business_days_between(timezone.localdate(item.entered_at), today),
            sla_days=queue.sla.close,
            is_harmful=item.is_harmful,
            has_legal_clock=item.has_legal_clock,
        )
    )


def facts(item: Item, queue: Queue) -> Facts:
    """What the ladder reads of an item."""
    return Facts(
        due_on=last_day(item.due_at),
        entered_on=timezone.localdate(item.entered_at),
        touched_on=timezone.localdate(item.touched_at),
        sla_days=queue.sla.close,
        amount_cents=item.amount_cents,
        attempt=item.attempt,
        limit_on=item.limit_on,
        needed_on=item.needed_on,
        has_legal_clock=item.has_legal_clock,
        is_waiting=item.state == State.WAITING,
    )
