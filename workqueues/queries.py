"""Reads behind the queue screens. A count and the list it opens are the same query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.accounts.roles import Permission
from cob.audit.models import Event
from cob.coverage.models import Payer
from workqueues import clocks
from workqueues.aging import Bucket, buckets
from workqueues.models import Item, State
from workqueues.queues import QUEUES, Queue

SORTS = {
    "limit": ("limit_on", "priority", "id"),
    "-limit": ("-limit_on", "priority", "id"),
    "amount": ("amount_cents", "id"),
    "-amount": ("-amount_cents", "id"),
    "age": ("-entered_at", "id"),
    "-age": ("entered_at", "id"),
}


def shown(rows: QuerySet[Item]) -> QuerySet[Item]:
    """With what lists show of an item, and without the whole claim as it was filed."""
    return rows.select_related("patient", "payer", "owner", "site", "claim").defer("claim__content")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a queue page shows, as its address says; unknown words count as not said."""

    who: str = "all"  # all, mine, unowned, aside (set aside), escalated
    age: str = ""
    payer: UUID | None = None
    site: UUID | None = None

    @property
    def is_used(self) -> bool:
        return self != Filters()


def in_queue(queue: Queue, user: User, filters: Filters, *, today: date | None = None) -> QuerySet[Item]:
    """The open items of a queue that this person may see and asked for."""
    rows: QuerySet[Item] = Item.objects.visible_to(user).open().filter(queue=queue.slug)
    rows = rows.filter(_who(filters.who, user))
    if filters.payer:
        rows = rows.filter(payer=filters.payer)
    if filters.site:
        rows = rows.filter(site=filters.site)
    found = {bucket.key: bucket for bucket in buckets_of(queue, today)}
    return rows.filter(span(found[filters.age])) if filters.age in found else rows


def _who(word: str, user: User) -> Q:
    named = {
        "mine": Q(owner=user),
        "unowned": Q(owner=None),
        "aside": Q(state=State.WAITING),
        "escalated": Q(escalation_level__gt=0),
    }
    return named.get(word, Q())


def sorted_by(rows: QuerySet[Item], sort: str) -> QuerySet[Item]:
    """By urgency unless asked otherwise; rows with what the list shows of them."""
    return shown(rows.order_by(*SORTS.get(sort, ("priority", "due_at", "id"))))


def buckets_of(queue: Queue, today: date | None = None) -> tuple[Bucket, ...]:
    return buckets(today or timezone.localdate(), in_calendar_days=queue.in_calendar_days)


def span(bucket: Bucket) -> Q:
    """A bucket as a span of moments of coming in, so that an index finds it."""
    until = Q(entered_at__lt=clocks.end_of(bucket.until)) if bucket.until else Q()
    return until & Q(entered_at__gte=clocks.end_of(bucket.after)) if bucket.after else until


def aged(queue: Queue, rows: QuerySet[Item]) -> list[tuple[Bucket, int, int]]:
    """Each bucket with its items and their money: one statement."""
    found = buckets_of(queue)
    counts = {f"n{at}": Count("pk", filter=span(bucket)) for at, bucket in enumerate(found)}
    sums = {f"s{at}": Sum("amount_cents", filter=span(bucket), default=0) for at, bucket in enumerate(found)}
    told = rows.order_by().aggregate(**counts, **sums)
    return [(bucket, told[f"n{at}"], told[f"s{at}"]) for at, bucket in enumerate(found)]


@dataclass(frozen=True, slots=True)
class QueueCount:
    """One line of the list of queues."""

    queue: Queue
    total: int
    mine: int
    unowned: int
    aside: int
    escalated: int
    late: int
    amount_cents: int
    oldest_on: date | None


def counts(user: User) -> list[QueueCount]:
    """Every queue with its numbers: one statement."""
    now = timezone.now()
    rows = Item.objects.visible_to(user).open().order_by().values("queue")
    told = rows.annotate(
        total=Count("pk"),
        mine=Count("pk", filter=Q(owner=user)),
        unowned=Count("pk", filter=Q(owner=None)),
        aside=Count("pk", filter=Q(state=State.WAITING)),
        escalated=Count("pk", filter=Q(escalation_level__gt=0)),
        late=Count("pk", filter=Q(due_at__lte=now) & ~Q(state=State.WAITING)),
        amount_cents=Sum("amount_cents"),
        oldest_at=Min("entered_at"),
    )
    by_slug = {row["queue"]: row for row in told}
    return [_count(queue, by_slug.get(queue.slug)) for queue in QUEUES]


def _count(queue: Queue, row: dict[str, object] | None) -> QueueCount:
    if row is None:
        return QueueCount(queue, 0, 0, 0, 0, 0, 0, 0, None)
    told = {name: value for name, value in row.items() if name not in ("queue", "oldest_at")}
    return QueueCount(queue=queue, oldest_on=timezone.localdate(row["oldest_at"]), **told)  # type: ignore[arg-type]


def my_items(user: User) -> QuerySet[Item]:
    """What this person has taken, most urgent first; what is set aside comes by its day."""
    rows: QuerySet[Item] = Item.objects.visible_to(user).open().of(user)
    return shown(rows.order_by("priority", "due_at", "id"))


def to_approve(user: User) -> QuerySet[Item]:
    """Write-offs that wait for a second person, without this person's own."""
    rows: QuerySet[Item] = Item.objects.visible_to(user).open().filter(state=State.RESOLVED)
    if not user.has_perm(Permission.APPROVE_WRITE_OFF):
        return rows.none()
    mine = Q(resolved_by=user) | Q(owner=user)
    return shown(rows.exclude(mine).order_by("priority", "id")).select_related("resolved_by")


def escalated(user: User, limit: int = 10) -> Sequence[Item]:
    """The highest and most urgent items on the ladder, for who assigns work."""
    if not user.has_perm(Permission.ASSIGN_ITEMS):
        return []
    rows = Item.objects.visible_to(user).open().filter(escalation_level__gte=2)
    return list(shown(rows.order_by("-escalation_level", "priority", "id"))[:limit])


def my_queues(user: User) -> list[Queue]:
    """The queues of this person's role; all of them for who assigns work."""
    if user.has_perm(Permission.ASSIGN_ITEMS):
        return list(QUEUES)
    return [queue for queue in QUEUES if queue.owner == user.role]


def payers_in(queue: Queue, user: User) -> list[Payer]:
    found = Item.objects.visible_to(user).open().filter(queue=queue.slug, payer__isnull=False).order_by()
    return list(Payer.objects.filter(pk__in=found.values("payer")).only("pk", "name"))


def sites_of(user: User) -> list[Site]:
    return list(Site.objects.filter(pk__in=user.site_ids()))


def workers_for(item: Item) -> QuerySet[User]:
    """Who may be given an item: active people of its site whose role works items."""
    from cob.accounts.roles import ROLES

    roles = [role.value for role, card in ROLES.items() if Permission.WORK_ITEMS in card.permissions]
    people: QuerySet[User] = User.objects.filter(is_active=True, role__in=roles)
    return people.filter(sites=item.site_id) if item.site_id else people


def due_soon(rows: Sequence[Item], today: date) -> int:
    """How many of these must be done today or are late, ours and others' clocks alike."""
    return sum(clocks.last_day(item.due_at) <= today or _limit_is_near(item, today) for item in rows)


def _limit_is_near(item: Item, today: date) -> bool:
    return item.limit_on is not None and item.limit_on <= today + timedelta(days=5)


def history(item: Item) -> list[Event]:
    """What people did with an item, newest first; looking at it is not doing."""
    rows = Event.objects.filter(subject_type=item._meta.label_lower, subject_id=str(item.pk)).exclude(verb="saw")
    return list(rows.order_by("-id")[:100])
