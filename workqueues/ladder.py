"""The ladder applied to all open items at once: one statement for each rung, each level once in a round.

Rungs and bounds are those of `escalation`; here they become conditions. Run twice, it writes nothing the second time;
run late, it writes what it would have written.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import CharField, DateTimeField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from cob.audit.models import record
from cob.dates import add_business_days, business_days_between
from workqueues import clocks
from workqueues.escalation import STANDS_STILL, Rung, bound
from workqueues.models import Escalation, Item, State
from workqueues.queues import QUEUES, Queue

MOMENTS = {"untouched": "touched_at", "age": "entered_at"}
DAYS = {"limit": "limit_on", "needed": "needed_on", "ahead": "needed_on"}
COUNTS = {"attempt": "attempt", "money": "amount_cents"}


def condition(rung: Rung, today: date, sla_days: int) -> Q:
    """The rows for which a rung holds today."""
    edge = bound(rung, today, sla_days)
    if rung.test == "legal":
        return Q(has_legal_clock=True)
    if rung.test in COUNTS:
        return Q(**{f"{COUNTS[rung.test]}__gte": edge})
    if not isinstance(edge, date):
        raise TypeError(f"the rung {rung.test} compares days, not {edge!r}")
    if rung.test in DAYS:
        return Q(**{f"{DAYS[rung.test]}__lte": edge})
    # A due moment is the end of its day; the others lie somewhere inside theirs.
    moment = clocks.end_of(edge)
    return Q(due_at__lte=moment) if rung.test == "overdue" else Q(**{f"{MOMENTS[rung.test]}__lt": moment})


def escalate(*, now: datetime | None = None) -> int:
    """Write every level reached and not yet written; the number of new records."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    with transaction.atomic():
        written = sum(_write(queue, rung, today, now) for queue in QUEUES for rung in queue.ladder)
        if written:
            _raise_levels()
            record("escalated items", Item._meta.label_lower, after={"count": written})
    return written


def _write(queue: Queue, rung: Rung, today: date, now: datetime) -> int:
    rows = Item.objects.open().filter(condition(rung, today, queue.sla.close), queue=queue.slug)
    if rung.test in STANDS_STILL:
        rows = rows.exclude(state=State.WAITING)
    written = Escalation.objects.filter(item=OuterRef("pk"), round=OuterRef("reopened_count"), level=rung.level)
    return _insert(rows.filter(~Exists(written)), rung, queue.to_whom(rung.level), now)


def _insert(rows: QuerySet[Item], rung: Rung, to_whom: str, now: datetime) -> int:
    """INSERT … SELECT, so that half a million late items are one statement and no round trip each."""
    chosen = rows.order_by().values_list(
        F("pk"),
        F("reopened_count"),
        Value(rung.level, output_field=IntegerField()),
        Value(rung.says, output_field=CharField()),
        Value(to_whom, output_field=CharField()),
        Value(now, output_field=DateTimeField()),
    )
    sql, params = chosen.query.sql_with_params()
    table = connection.ops.quote_name(Escalation._meta.db_table)
    columns = ", ".join(map(connection.ops.quote_name, ("item_id", "round", "level", "reason", "to_whom", "at")))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) {sql} ON CONFLICT DO NOTHING", params)
        return max(int(cursor.rowcount), 0)


def _raise_levels() -> None:
    """The level shown on lists. Past the trail: the escalation rows are the trail."""
    for level in (1, 2, 3, 4):
        reached = Escalation.objects.filter(level=level, round=F("item__reopened_count"), item__closed_at=None)
        lower = Item._base_manager.filter(escalation_level__lt=level, closed_at=None)
        lower.filter(pk__in=reached.values("item")).update(escalation_level=level)


def resume_due(*, now: datetime | None = None) -> int:
    """Items whose waiting is over come back to whoever set them aside, with their clocks moved by the wait."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    due = list(Item.objects.open().filter(state=State.WAITING, waiting_until__lte=today))
    return sum(_pick_up(item, today, now) for item in due)


def _pick_up(item: Item, today: date, now: datetime) -> bool:
    """Of two runs at once one picks it up."""
    still = Item.objects.filter(pk=item.pk, state=State.WAITING, waiting_until=item.waiting_until)
    with transaction.atomic():
        if not models.QuerySet.update(still, **resumed(item, today, now)):
            return False
        patients, words = [item.patient_id] if item.patient_id else [], f"The wait for {item.waiting_for} is over."
        record("picked up item", item, patients=patients, site_id=item.site_id, reason=words)
    return True


def resumed(item: Item, today: date, now: datetime) -> dict[str, Any]:
    """What the end of a wait sets: our promise moves by the business days the clock stood still."""
    stood = business_days_between(item.waiting_since, today) if item.waiting_since else 0
    due_on = clocks.last_day(item.due_at)
    return {
        "state": State.IN_PROGRESS,
        "due_at": clocks.end_of(add_business_days(due_on, stood)) if stood else item.due_at,
        "waited_days": item.waited_days + stood,
        "waiting_for": "",
        "waiting_until": None,
        "waiting_since": None,
        "touched_at": now,
    }
