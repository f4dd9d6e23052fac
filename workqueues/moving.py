"""Moving an item: compare and set, one event on the trail, and the guards every act passes first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.audit.models import record
from workqueues.ladder import resumed
from workqueues.models import ALLOWED, Item, State
from workqueues.queues import BY_SLUG, Queue
from workqueues.terms import held


class Refused(ValueError):
    """An act that is not possible now; `str()` says why and what to do."""


class AlreadyTaken(Refused):
    """Somebody else has it; `by` says who."""

    def __init__(self, by: str) -> None:
        self.by = by
        super().__init__(f"{by} took this item a moment ago.")


class ChangedMeanwhile(Refused):
    """Somebody else moved the item while the page was open."""


class EvidenceMissing(Refused):
    """The queue takes only certain kinds of proof, and none of them is on the item."""


def queue_of(item: Item) -> Queue:
    """The item's queue as it is worked today."""
    return held.today().queue(BY_SLUG[item.queue])


def move(item: Item, to: State, verb: str, *, by: User | None, reason: str = "", **values: Any) -> Item:
    """Compare and set: the item is still as the caller saw it, or somebody was quicker. One event on the trail."""
    if to != item.state and to not in ALLOWED[State(item.state)]:
        raise Refused(f"An item that is “{State(item.state).label}” cannot become “{to.label}”.")
    now = timezone.now()
    touched = {"touched_at": now, "first_touched_at": item.first_touched_at or now} if by else {}
    changes = {"state": to.value, **touched, **values}
    before = {name: _plain(getattr(item, name)) for name in changes}
    after = {name: _plain(value) for name, value in changes.items()}
    seen = Item.objects.filter(pk=item.pk, state=item.state, owner=item.owner_id, closed_at=item.closed_at)
    seen = seen.filter(waiting_for=item.waiting_for, waiting_until=item.waiting_until)
    patients = [item.patient_id] if item.patient_id else []
    # No savepoint: nothing is refused in here, so nothing needs to be taken back alone.
    with transaction.atomic(savepoint=False):
        # Past the bulk trail: the event below says the same with its own verb and subject.
        is_moved = models.QuerySet.update(seen, **changes)
        if is_moved:
            record(verb, item, patients=patients, site_id=item.site_id, before=before, after=after, reason=reason)
    if not is_moved:
        raise lost(Item.objects.select_related("owner", "closed_by").get(pk=item.pk), item)
    for name, value in changes.items():
        setattr(item, name, value)
    return item


def _plain(value: Any) -> Any:
    return str(value.pk) if isinstance(value, models.Model) else value


def lost(item: Item, seen: Item | None = None) -> Refused:
    """Why it is no longer as `seen`, in words: who was quicker, and with what."""
    if not item.is_open:
        who = str(item.closed_by) if item.closed_by_id else "The desk"
        return ChangedMeanwhile(f"{who} closed this item a moment ago.")
    if item.state == State.WAITING and seen and seen.owner_id == item.owner_id:
        until = f"{item.waiting_until:%m/%d/%Y}"
        return ChangedMeanwhile(f"Somebody set it aside a moment ago: it waits for {item.waiting_for} until {until}.")
    if item.owner_id:
        return AlreadyTaken(str(item.owner))
    return ChangedMeanwhile("The item changed while you looked at it. Open it again.")


def touch(item: Item) -> None:
    """Writing about an item is working on it."""
    now = timezone.now()
    rows = Item._base_manager.filter(pk=item.pk)
    rows.update(touched_at=now)
    rows.filter(first_touched_at=None).update(first_touched_at=now)


def moment_in(item: Item) -> datetime:
    """Now; or when the item came in, where the clock was set back behind that: what is written belongs to its round."""
    return max(timezone.now(), item.entered_at)


def mine(item: Item, by: User) -> None:
    """Only its owner moves an item, or somebody who assigns work."""
    still_open(item)
    if item.owner_id is None and not by.has_perm(Permission.ASSIGN_ITEMS):
        raise Refused("Nobody has taken this item. Take it first.")
    if item.owner_id not in (None, by.pk) and not by.has_perm(Permission.ASSIGN_ITEMS):
        raise AlreadyTaken(str(item.owner))


def still_open(item: Item) -> Item:
    if not item.is_open:
        raise Refused("It is closed. Open it again first, with a reason.")
    return item


def awake(item: Item) -> dict[str, Any]:
    """Leaving a wait: the promise moves by the days it stood still."""
    if item.state != State.WAITING:
        return {}
    now = timezone.now()
    values = resumed(item, timezone.localdate(now), now)
    return {name: value for name, value in values.items() if name not in ("state", "touched_at")}
