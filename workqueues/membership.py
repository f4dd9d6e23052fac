"""Who is in a queue is asked of the facts, never kept as books: new answers open items, vanished ones close them.

Asking again changes nothing. Asking everything at night gives the same as asking after each event.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from cob import rows
from cob.audit.acting import doing
from cob.audit.models import record
from workqueues import clocks
from workqueues.asks.asking import EVERYTHING, Found, Scope
from workqueues.models import Closure, ClosureCode, Item, State
from workqueues.queues import QUEUES, Queue
from workqueues.terms import held

CHUNK = 2_000
REASON = 300
# A return within this many days after closing is the same problem: the closing failed.
FAILED_WITHIN = timedelta(days=30)
FROM_FACTS = ("site_id", "patient_id", "claim_id", "payer_id", "reason", "amount_cents", "limit_on", "needed_on",
              "attempt", "is_harmful", "has_legal_clock")  # fmt: skip
STEP = ("reason_codes", "next_action", "next_action_on")
RANKED = ("priority", "priority_parts")
ROUND = ("entered_at", "touched_at", "first_touch_due_at", "due_at", "first_touched_at", "waited_days")


@dataclass
class Changes:
    """What asking brought about, for the log and the job's outcome."""

    opened: int = 0
    reopened: int = 0
    changed: int = 0
    closed: int = 0

    def __iadd__(self, other: Changes) -> Changes:
        self.opened += other.opened
        self.reopened += other.reopened
        self.changed += other.changed
        self.closed += other.closed
        return self


def ask(scope: Scope = EVERYTHING, *, now: datetime | None = None, queues: Iterable[Queue] = QUEUES) -> Changes:
    """Ask the queues of everything, or of what the scope names."""
    now = now or timezone.now()
    done, scope = Changes(), replace(scope)  # what the last asking remembers is of another moment
    asked = held.on(timezone.localdate(now)).queues(queues)
    there = {} if scope.is_everything else _open_about(scope, asked)
    for queue in asked:
        items = list(Item.objects.open().filter(queue=queue.slug)) if scope.is_everything else there[queue.slug]
        done += _ask_one(queue, scope, items, now)
    return done


def _ask_one(queue: Queue, scope: Scope, items: Iterable[Item], now: datetime) -> Changes:
    wanted = {found.subject_id: found for found in queue.ask.found(scope, timezone.localdate(now))}
    there = {item.subject_id: item for item in items}
    new = [found for subject, found in wanted.items() if subject not in there]
    gone = [item for subject, item in there.items() if subject not in wanted]
    kept = [(item, wanted[subject]) for subject, item in there.items() if subject in wanted]
    opened, reopened = _open(queue, new, now)
    return Changes(opened, reopened, _refresh(queue, kept, now), _close(queue, gone, now))


def _open_about(scope: Scope, queues: Iterable[Queue]) -> dict[str, list[Item]]:
    """The open items about a scope, by queue: of its patients, and about what belongs to no patient."""
    about = Q(patient__in=scope.patients or ())
    for queue in queues:
        for subjects in queue.ask.of_nobody(scope):
            about |= Q(queue=queue.slug, subject_id__in=subjects)
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for item in Item.objects.open().filter(about):
        found[item.queue].append(item)
    return found


def _open(queue: Queue, found: Sequence[Found], now: datetime) -> tuple[int, int]:
    """New items for new answers; what came back within 30 days is opened again instead."""
    opened = reopened = 0
    for start in range(0, len(found), CHUNK):
        part = found[start : start + CHUNK]
        last = _last_closed(queue, [each.subject_id for each in part])
        fresh, back = [], []
        for each in part:
            before = last.get(each.subject_id)
            if before is None or not _is_return(queue, before, each, now):
                fresh.append(_item(queue, each, now))
            elif not _still_stands(queue, before, each, now):
                back.append((before, each))
        with transaction.atomic(), doing("opened item"):
            opened += len(Item.objects.bulk_create(fresh, ignore_conflicts=True)) if fresh else 0
        reopened += sum(_reopen(queue, item, each, now) for item, each in back)
    return opened, reopened


def _last_closed(queue: Queue, subjects: list[uuid.UUID]) -> dict[uuid.UUID, Item]:
    closed = Item.objects.filter(queue=queue.slug, subject_id__in=subjects, closed_at__isnull=False)
    return {item.subject_id: item for item in closed.order_by("closed_at")}


def _is_return(queue: Queue, item: Item, found: Found, now: datetime) -> bool:
    """The same problem as before, not a new one about the same subject: a cause of then is seen again."""
    if item.closed_at is None or not set(found.codes) & set(item.reason_codes):
        return False
    if queue.closes_its_words and item.closed_by_id and item.reason != found.reason[:REASON]:
        return False
    return now - item.closed_at <= FAILED_WITHIN or _was_ended_by_a_person(item, found)


def _was_ended_by_a_person(item: Item, found: Found) -> bool:
    return item.closed_by_id is not None and set(found.codes) <= set(item.reason_codes)


def _still_stands(queue: Queue, item: Item, found: Found, now: datetime) -> bool:
    """A person said it is done: believed for a while (or for good) although the cause is still to be seen."""
    if item.closed_at is None or not _was_ended_by_a_person(item, found):
        return False
    days = queue.closing_stands_days
    return days is None or now - item.closed_at < timedelta(days=days)


def _item(queue: Queue, found: Found, now: datetime) -> Item:
    item = Item(queue=queue.slug, subject_type=found.subject_type, subject_id=found.subject_id)
    _take_facts(item, found)
    clocks.start(item, queue, now, found.since)
    _take_rank(item, queue, now)
    return item


def _take_facts(item: Item, found: Found) -> bool:
    """Copy what the facts say; True when anything differs."""
    differs: bool = list(found.codes) != item.reason_codes
    differs |= _take_next_action(item, found)
    item.reason_codes = list(found.codes)
    for name in FROM_FACTS:
        value = getattr(found, name)
        value = value[:REASON] if name == "reason" else value
        differs |= bool(getattr(item, name) != value)
        setattr(item, name, value)
    return differs


def _take_next_action(item: Item, found: Found) -> bool:
    """The first step as the facts have it now, unless somebody planned another: ours stands in the reason too."""
    is_ours = not item.next_action or item.next_action in item.reason
    if not is_ours:
        return False
    step, day = found.next_action[:200], item.next_action_on
    # A later day is somebody's plan for the same step.
    is_later = found.next_on is not None and (day is None or day < found.next_on)
    if step == item.next_action and not is_later:
        return False
    item.next_action, item.next_action_on = step, found.next_on
    return True


def _take_rank(item: Item, queue: Queue, now: datetime) -> bool:
    score = clocks.rank(item, queue, clocks.day_of(now))
    differs = item.priority != score.rank
    item.priority, item.priority_parts = score.rank, score.as_json()
    return differs


def _refresh(queue: Queue, kept: Sequence[tuple[Item, Found]], now: datetime) -> int:
    """Facts and rank of items that stay. Past the trail: nobody acted, and the facts' own changes are on it."""
    changed, moved = [], []
    for item, found in kept:
        needed_on = item.needed_on
        differs = _take_facts(item, found)
        # A promise that was missed stays missed, though the visit it was missed for is over.
        if item.needed_on != needed_on and now < item.due_at:
            clocks.follow_need(item, queue)
            moved.append(item)
        if _take_rank(item, queue, now) or differs:
            changed.append(item)
    for some, fields in ((changed, [*FROM_FACTS, *STEP, *RANKED]), (moved, ["due_at"])):
        for start in range(0, len(some), CHUNK):
            rows.update(some[start : start + CHUNK], fields)
    return len(changed)


def _reopen(queue: Queue, item: Item, found: Found, now: datetime) -> bool:
    """Open it again for whoever had it; of two workers one does."""
    owner, closed_at = item.owner_id, item.closed_at
    _take_facts(item, found)
    clocks.start(item, queue, now)
    _take_rank(item, queue, now)
    values = {name: getattr(item, name) for name in (*FROM_FACTS, *STEP, *RANKED)}
    values |= {name: getattr(item, name) for name in ROUND}
    state = State.ASSIGNED if owner else State.NEW
    again = reopened(item, now, closed_at) | {"state": state, "owner_id": owner}
    with transaction.atomic():
        same = Item.objects.filter(pk=item.pk, closed_at=closed_at)
        if not models.QuerySet.update(same, **values, **again):
            return False
        patients = [item.patient_id] if item.patient_id else []
        record("reopened item", item, patients=patients, site_id=item.site_id, reason="Its reason came back.")
    return True


def reopened(item: Item, now: datetime, closed_at: datetime | None) -> dict[str, Any]:
    """What opening a closed item again sets: a new round, and one failed closing more if the last did not hold."""
    failed = closed_at is not None and now - closed_at <= FAILED_WITHIN
    ending = {"closed_at": None, "closed_by": None, "closed_because": "", "closure_code": "", "resolved_by": None}
    return ending | {
        "escalation_level": 0,
        "reopened_at": now,
        "reopened_count": item.reopened_count + 1,
        "failed_closures": item.failed_closures + failed,
    }


def _close(queue: Queue, gone: Sequence[Item], now: datetime) -> int:
    """Items whose reason has gone close themselves and say what made it go. One statement for each sentence."""
    closed = 0
    for start in range(0, len(gone), CHUNK):
        part = gone[start : start + CHUNK]
        said = queue.ask.gone([item.subject_id for item in part])
        by_words: defaultdict[str, list[Item]] = defaultdict(list)
        for item in part:
            by_words[said.get(item.subject_id, "It is no longer there.")].append(item)
        closed += sum(_close_group(items, words[:300], now) for words, items in by_words.items())
    return closed


def _close_group(items: list[Item], words: str, now: datetime) -> int:
    with transaction.atomic(), doing("item closed itself", reason=words):
        still = list(Item.objects.open().filter(pk__in=[item.pk for item in items]).select_for_update())
        Closure.objects.bulk_create([_closure(item, words, now) for item in still])
        return Item.objects.filter(pk__in=[item.pk for item in still], closed_at=None).update(
            state=State.CLOSED, closed_at=now, closed_because=words, closure_code=ClosureCode.REASON_GONE
        )


def _closure(item: Item, words: str, now: datetime) -> Closure:
    return Closure(
        item=item,
        at=now,
        code=ClosureCode.REASON_GONE,
        because=words,
        entered_at=item.entered_at,
        is_in_time=now < item.due_at,
    )
