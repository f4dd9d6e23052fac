"""The ladder applied to all open items at once: one statement for each level, each level once in a round.

Rungs and bounds are those of `escalation`; here they become conditions. Run twice, it writes nothing the second time;
run late, it writes what it would have written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import record
from workqueues import clocks, notices
from workqueues.calendars import STANDARD, Calendar
from workqueues.escalation import STANDS_STILL, TO_WHOM, Rung, bound
from workqueues.models import Contact, Escalation, Item, State
from workqueues.queues import Queue
from workqueues.terms import held
from workqueues.terms.held import Held

MOMENTS = {"untouched": "touched_at", "age": "entered_at", "days": "entered_at", "silent": "entered_at"}
# What counts business days, and so differs where a site keeps other ones.
BY_CALENDAR = ("overdue", "untouched", "age", "needed")
DAYS = {"limit": "limit_on", "needed": "needed_on", "ahead": "needed_on"}
LEVELS = tuple(TO_WHOM)
COUNTS = {"attempt": "attempt", "money": "amount_cents"}


def condition(rung: Rung, today: date, sla_days: int, calendar: Calendar = STANDARD) -> Q:
    """The rows for which a rung holds today."""
    edge = bound(rung, today, sla_days, calendar)
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
    if rung.test == "overdue":
        return Q(due_at__lte=moment)
    came = Q(**{f"{MOMENTS[rung.test]}__lt": moment})
    return came & ~Q(Exists(Contact.objects.got_through())) if rung.test == "silent" else came


def escalate(*, now: datetime | None = None) -> int:
    """Write every level reached and not yet written, and tell who must know; the number of new records."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    terms = held.on(today)
    with transaction.atomic():
        busy = [queue for queue in terms.queues() if Item.objects.open().filter(queue=queue.slug).exists()]
        written = sum(_write(level, busy, today, now, terms) for level in LEVELS) if busy else 0
        if written:
            _raise_levels(now)
            notices.tell(now)
            record("escalated items", Item._meta.label_lower, after={"count": written})
    return written


def _write(level: int, queues: Sequence[Queue], today: date, now: datetime, terms: Held) -> int:
    """INSERT … SELECT, one statement for all queues: half a million late items are read once a level, not once a rung
    of each queue, and none makes a round trip."""
    says = _by_queue({queue: _says(level, queue, today, terms) for queue in queues})
    whom = _by_queue({queue: Value(queue.to_whom(level), output_field=CharField()) for queue in queues})
    told = _by_queue({queue: _told(notices.person(terms, queue, level)) for queue in queues})
    written = Escalation.objects.filter(item=OuterRef("pk"), round=OuterRef("reopened_count"), level=level)
    # In order: what is sorted is read to its end first, else each row would be looked for among those just written.
    rows = Item.objects.open().alias(says=says).filter(~Exists(written), says__isnull=False).order_by("pk")
    at, of_level = Value(now, output_field=DateTimeField()), Value(level, output_field=IntegerField())
    return _insert(rows.values_list(F("pk"), F("reopened_count"), of_level, says, whom, told, at))


def _by_queue(found: dict[Queue, Combinable]) -> Case:
    return Case(*(When(queue=queue.slug, then=value) for queue, value in found.items()))


def _says(level: int, queue: Queue, today: date, terms: Held) -> Case:
    """The first rung of the level that holds says why; none says nothing."""
    rungs = [rung for rung in queue.ladder if rung.level == level]
    words = (When(_holds(rung, queue, today, terms), then=Value(rung.says)) for rung in rungs)
    return Case(*words, output_field=CharField())


def _holds(rung: Rung, queue: Queue, today: date, terms: Held) -> Q:
    """By the practice's calendar, and at each site with its own by that one."""
    apart = terms.sites_apart if rung.test in BY_CALENDAR else []
    elsewhere = Q(site=None) | ~Q(site__in=apart) if apart else Q()
    holds = elsewhere & condition(rung, today, queue.sla.close, terms.calendar(None))
    for site in apart:
        holds |= Q(site=site) & condition(rung, today, queue.sla.close, terms.calendar(site))
    return holds & ~Q(state=State.WAITING) if rung.test in STANDS_STILL else holds


def _insert(chosen: QuerySet[Item, Any]) -> int:
    sql, params = chosen.query.sql_with_params()
    table = connection.ops.quote_name(Escalation._meta.db_table)
    columns = ", ".join(
        map(connection.ops.quote_name, ("item_id", "round", "level", "reason", "to_whom", "told_id", "at"))
    )
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) {sql} ON CONFLICT DO NOTHING", params)
        return max(int(cursor.rowcount), 0)


def _told(person: User | None) -> Combinable:
    """Who is told by name, of the items that they may see."""
    nobody = Value(None, output_field=UUIDField())
    if person is None:
        return nobody
    sees = When(Q(site=None) | Q(site__in=person.site_ids()), then=Value(person.pk, output_field=UUIDField()))
    return Case(sees, default=nobody, output_field=UUIDField())


def _raise_levels(now: datetime) -> None:
    """The level shown on lists, from what this run wrote. Past the trail: the escalation rows are the trail."""
    # The highest first, so that an item that climbs several levels at once is written once.
    for level in reversed(LEVELS):
        reached = Escalation.objects.filter(level=level, at=now)
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
    calendar = held.on(today).calendar(item.site_id)
    stood = calendar.between(item.waiting_since, today) if item.waiting_since else 0
    due_on = clocks.last_day(item.due_at)
    return {
        "state": State.IN_PROGRESS,
        "due_at": clocks.end_of(calendar.add(due_on, stood)) if stood else item.due_at,
        "waited_days": item.waited_days + stood,
        "waiting_for": "",
        "waiting_until": None,
        "waiting_since": None,
        "touched_at": now,
    }
