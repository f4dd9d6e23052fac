"""Giving work out and taking it back: in turn or to whoever has least, never to the absent, back when it lies idle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils import timezone

from cob.accounts.models import User
from cob.accounts.roles import ROLES, Permission, Role
from cob.audit.acting import doing
from workqueues import queries
from workqueues.models import Item, State
from workqueues.queues import QUEUES, Queue
from workqueues.terms import held
from workqueues.terms.held import Held

IN_HAND = (State.ASSIGNED, State.IN_PROGRESS)
AT_ONCE = 200  # of one queue in one run: what is left is given out in the next


@dataclass
class Member:
    """Somebody of a queue's team, with what the two ways of choosing look at."""

    user: User
    in_hand: int
    last_at: datetime | None

    def key(self, way: str) -> tuple[Any, ...]:
        """The smallest is next; who never got one comes first, and of equals the first by id."""
        turn = self.last_at.timestamp() if self.last_at else 0.0
        return (self.in_hand, turn, self.user.pk) if way == "least_loaded" else (turn, self.in_hand, self.user.pk)


def team(terms: Held, queue: Queue, today: date) -> list[User]:
    """Who may be given the queue's items now: of the team or, without one, of the role; nobody who is absent."""
    named = terms.of("team", queue=queue.slug)
    role = Role(terms.of("owner", queue=queue.slug))
    here = Q(absent_until=None) | Q(absent_until__lt=today)
    people = User.objects.filter(here, is_active=True).prefetch_related("sites").order_by("pk")
    people = people.filter(pk__in=named) if named else people.filter(role=role)
    return [user for user in people if Permission.WORK_ITEMS in ROLES[Role(user.role)].permissions]


def give_out(*, now: datetime | None = None) -> int:
    """Give the free items of every queue that is not left to whoever comes; the number of items given."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    terms = held.on(today)
    return sum(
        _give_out(queue, team(terms, queue, today), way, now)
        for queue in QUEUES
        if (way := terms.of("hand_out", queue=queue.slug)) != "pull"
    )


def _give_out(queue: Queue, people: Sequence[User], way: str, now: datetime) -> int:
    members = _members(people)
    given = 0
    for site in {site.pk for user in people for site in user.sites.all()}:
        able = [member for member in members if site in {each.pk for each in member.user.sites.all()}]
        for item in list(queries.free([queue.slug]).filter(site=site)[:AT_ONCE]):
            chosen = min(able, key=lambda member: member.key(way))
            given += _give(item, chosen, now)
            # Of two in one run the second goes to the next one.
            now += timedelta(microseconds=1)
    return given


def _members(people: Sequence[User]) -> list[Member]:
    rows = Item.objects.open().filter(owner__in=people, state__in=IN_HAND).order_by().values("owner")
    in_hand = {row["owner"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    given = Item.objects.filter(owner__in=people, handed_out_at__isnull=False).order_by().values("owner")
    last = {row["owner"]: row["at"] for row in given.annotate(at=Max("handed_out_at"))}
    return [Member(user, in_hand.get(user.pk, 0), last.get(user.pk)) for user in people]


def _give(item: Item, to: Member, now: datetime) -> bool:
    """Of two workers one gives it."""
    with transaction.atomic(), doing("gave out item"):
        free = Item.objects.filter(pk=item.pk, owner=None, state=State.NEW, closed_at=None)
        if not free.update(owner=to.user, state=State.ASSIGNED, handed_out_at=now):
            return False
    to.in_hand, to.last_at = to.in_hand + 1, now
    return True


def release_idle(*, now: datetime | None = None) -> int:
    """What was taken and not worked on goes back to all, and so does what lies with somebody who is absent or left."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    idle_since = now - timedelta(minutes=held.on(today).of("idle_minutes"))
    mine = Item.objects.open().filter(state__in=IN_HAND)
    # Whoever writes a word about an item or sets it aside has worked on it: it stays theirs.
    idle = mine.filter(
        state=State.IN_PROGRESS, taken_at__lte=idle_since, touched_at__lte=F("taken_at") + timedelta(seconds=1)
    )
    absent = mine.filter(owner__absent_until__gte=today)
    gone = mine.exclude(_still_works_here())
    back = {"owner": None, "state": State.NEW, "taken_at": None, "handed_by": None}
    released = 0
    left = "Its owner does not work here any more."
    for rows, because in ((idle, "Taken and not worked on."), (absent, "Its owner is absent."), (gone, left)):
        with transaction.atomic(), doing("released item", reason=because):
            pks = list(rows.order_by("pk").values_list("pk", flat=True)[:5000])
            for start in range(0, len(pks), 500):
                released += rows.filter(pk__in=pks[start : start + 500]).update(**back)
    return released


def _still_works_here() -> Q:
    """The owner is active, works items, and sees the item's site."""
    workers = {role: card for role, card in ROLES.items() if Permission.WORK_ITEMS in card.permissions}
    everywhere = Q(owner__role__in=[role for role, card in workers.items() if card.all_sites]) | Q(site=None)
    of_site = User.sites.through.objects.filter(user=OuterRef("owner"), site=OuterRef("site"))
    return Q(everywhere | Q(Exists(of_site)), owner__is_active=True, owner__role__in=list(workers))
