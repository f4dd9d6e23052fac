"""What people do with an item. Of two who press at once one wins, and the other is told who did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from cob.accounts.models import User
from cob.accounts.roles import Permission
from workqueues.ending import approve, close, is_failed_closing, reopen, send_back
from workqueues.ladder import resumed
from workqueues.models import Contact, Evidence, EvidenceKind, Item, Note, State
from workqueues.moving import (
    AlreadyTaken,
    ChangedMeanwhile,
    EvidenceMissing,
    Refused,
    awake,
    lost,
    mine,
    moment_in,
    move,
    queue_of,
    still_open,
    touch,
)
from workqueues.next_up import held_next, most_urgent

TRIES = 20
__all__ = [
    "AlreadyTaken",
    "ChangedMeanwhile",
    "EvidenceMissing",
    "Refused",
    "add_contact",
    "add_evidence",
    "add_note",
    "approve",
    "assign",
    "close",
    "decline",
    "hand_over",
    "is_failed_closing",
    "may_work",
    "plan",
    "put_back",
    "queue_of",
    "reopen",
    "resume",
    "send_back",
    "set_aside",
    "take",
    "take_next",
]


# --- whose it is ------------------------------------------------------------------------------------------------------


def take(*, item: Item, by: User) -> Item:
    """Make it mine and start. Taking what is mine already changes nothing. Raises AlreadyTaken."""
    if item.owner_id == by.pk and item.state in (State.IN_PROGRESS, State.WAITING):
        return item if item.state == State.IN_PROGRESS else resume(item=item, by=by)
    if item.owner_id not in (None, by.pk) or not item.is_open:
        raise lost(item)
    return move(item, State.IN_PROGRESS, "took item", by=by, owner=by, taken_at=timezone.now(), handed_by=None)


def take_next(*, by: User, queues: Sequence[str]) -> Item | None:
    """The most urgent item of these queues that nobody has and whose own day has come.

    Who is quicker holds its row, which the next one skips: nobody waits for anybody. Where rows cannot be held
    (SQLite), whoever was too late looks again.
    """
    left = list(queues)
    for _ in range(TRIES + len(left)):
        slug = most_urgent(by, left)
        if slug is None:
            return None
        with transaction.atomic():
            first = held_next(by, slug)
            if first is None:
                left.remove(slug)
                continue
            try:
                return take(item=first, by=by)
            except Refused:
                continue
    return None


def hand_over(*, item: Item, to: User, note: str, by: User) -> Item:
    """Give it to somebody who may see and work it, with a word why. Raises Refused."""
    mine(item, by)
    if not note.strip():
        raise Refused("Say why you hand it over: the next person starts from your words.")
    if not may_work(to, item):
        raise Refused(f"{to} does not work items of this site. Choose somebody who does.")
    with transaction.atomic():
        moved = move(
            item, State.ASSIGNED, "handed over item", by=by, owner=to, handed_by=by, reason=note, **awake(item)
        )
        Note.objects.create(item=moved, by=by, text=note[:1000], about=f"Handed over to {to}"[:80])
    return moved


def decline(*, item: Item, reason: str, by: User) -> Item:
    """What was handed to me goes back to whoever handed it over, with a word why. Raises Refused."""
    giver = item.handed_by
    if item.state != State.ASSIGNED or item.owner_id != by.pk or giver is None:
        raise Refused("It was not handed over to you, or you have accepted it already.")
    if not reason.strip():
        raise Refused("Say why you do not take it: it goes back with your words.")
    if not may_work(giver, item):
        raise Refused(f"{giver} does not work items here any more. Hand it over to somebody else, or put it back.")
    with transaction.atomic():
        moved = move(item, State.ASSIGNED, "declined item", by=by, owner=giver, handed_by=None, reason=reason)
        Note.objects.create(item=moved, by=by, text=reason[:1000], about=f"Not accepted by {by}"[:80])
    return moved


def put_back(*, item: Item, reason: str, by: User) -> Item:
    """Nobody's again: whoever is free takes it next. Raises Refused."""
    mine(item, by)
    if item.owner_id is None:
        raise Refused("Nobody has it: it is free already.")
    if not reason.strip():
        raise Refused("Say why you put it back: the next person starts from your words.")
    with transaction.atomic():
        free = {"owner": None, "taken_at": None, "handed_by": None}
        moved = move(item, State.NEW, "put item back", by=by, reason=reason, **free)
        Note.objects.create(item=moved, by=by, text=reason[:1000], about="Put back")
    return moved


def assign(*, items: models.QuerySet[Item], to: User, by: User) -> int:
    """A supervisor gives several items to one person; how many moved."""
    note = f"Assigned by {by}."
    return sum(_try_hand_over(item, to, note, by) for item in items)


def _try_hand_over(item: Item, to: User, note: str, by: User) -> bool:
    try:
        hand_over(item=item, to=to, note=note, by=by)
    except Refused:
        return False
    return True


def may_work(user: User, item: Item) -> bool:
    is_there = item.site_id is None or item.site_id in user.site_ids()
    return user.is_active and user.has_perm(Permission.WORK_ITEMS) and is_there


# --- waiting ----------------------------------------------------------------------------------------------------------


def set_aside(*, item: Item, waiting_for: str, until: date, by: User, today: date | None = None) -> Item:
    """Wait for a named party until a day; our own clock stands still, limits do not. Raises Refused."""
    mine(item, by)
    today = today or timezone.localdate()
    longest = queue_of(item).waiting_days_max
    if not waiting_for.strip():
        raise Refused("Say whom you wait for: the payer, the patient, a colleague.")
    if not today < until <= today + timedelta(days=longest):
        last = today + timedelta(days=longest)
        raise Refused(
            f"Choose a day from tomorrow to {last:%m/%d/%Y}: nothing waits longer than {longest} days unseen."
        )
    return move(
        item,
        State.WAITING,
        "set item aside",
        by=by,
        owner=item.owner or by,
        reason=waiting_for,
        waiting_for=waiting_for[:120],
        waiting_until=until,
        waiting_since=today,
    )


def resume(*, item: Item, by: User, now: datetime | None = None) -> Item:
    """Pick it up again before its day; our promise moves by the business days it stood still."""
    mine(item, by)
    now = now or timezone.now()
    if item.state != State.WAITING:
        raise Refused("It is not set aside.")
    values: dict[str, Any] = resumed(item, timezone.localdate(now), now)
    values.pop("state")
    return move(item, State.IN_PROGRESS, "picked up item", by=by, **values)


# --- what is written about it -----------------------------------------------------------------------------------------


def add_note(*, item: Item, text: str, by: User) -> Note:
    with transaction.atomic():
        note: Note = Note.objects.create(item=still_open(item), at=moment_in(item), by=by, text=text[:1000])
        touch(item)
    return note


def add_contact(*, item: Item, by: User, **told: Any) -> Contact:
    """`told`: channel, party, outcome, reference, text."""
    with transaction.atomic():
        contact: Contact = Contact.objects.create(item=still_open(item), at=moment_in(item), by=by, **told)
        touch(item)
    return contact


def add_evidence(*, item: Item, kind: str, reference: str, by: User) -> Evidence:
    """A proof with where it can be found. A write-off is proved by its approval alone. Raises Refused."""
    if kind == EvidenceKind.APPROVED_WRITE_OFF:
        raise Refused("A write-off is approved by a second person: close with “Written off” and it is sent to them.")
    if not reference.strip():
        raise Refused("Say where it can be found: claim number, document, call reference.")
    with transaction.atomic():
        evidence: Evidence = Evidence.objects.create(
            item=still_open(item), at=moment_in(item), kind=kind, reference=reference[:200], by=by
        )
        touch(item)
    return evidence


def plan(*, item: Item, next_action: str, on: date | None, by: User) -> Item:
    """The next step and its day. Raises Refused."""
    mine(item, by)
    if on and on < timezone.localdate():
        raise Refused(f"{on:%m/%d/%Y} is over: choose today or a later day, or leave the day empty.")
    return move(item, State(item.state), "planned item", by=by, next_action=next_action[:200], next_action_on=on)
