"""Reads behind the queue screens. A count and the list it opens are the same query."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Sum, When
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.accounts.roles import Permission
from cob.audit.models import Event
from cob.coverage.models import Coverage, Payer
from workqueues import clocks
from workqueues.aging import Bucket, buckets
from workqueues.asks import filing_risk
from workqueues.models import Item, State
from workqueues.models.item import ItemQuerySet
from workqueues.queues import QUEUES, Queue
from workqueues.terms import held
from workqueues.write_offs import approval_limit

BY_URGENCY = ("priority", "due_at", "id")
SORTS = {
    "limit": ("limit_on", "priority", "id"),
    "-limit": ("-limit_on", "priority", "id"),
    "amount": ("amount_cents", "id"),
    "-amount": ("-amount_cents", "id"),
    "age": ("-entered_at", "id"),
    "-age": ("entered_at", "id"),
}


# What a line of a list says, and no more: fifty rows of five tables are most of a page's time.
LISTED = (
    *("id", "queue", "state", "reason", "subject_type", "priority", "due_at", "priority_parts", "escalation_level"),
    *("amount_cents", "limit_on", "entered_at", "closed_at", "waiting_for", "waiting_until"),
    *("next_action", "next_action_on", "handed_by_id", "owner_id", "site_id", "claim__control_number"),
    *("patient__last_name", "patient__first_name", "patient__birth_on", "payer__name"),
    *("owner__first_name", "owner__last_name", "owner__username"),
)


def listed(rows: QuerySet[Item]) -> QuerySet[Item]:
    """With what lists show of an item."""
    return rows.select_related("patient", "payer", "owner", "claim").only(*LISTED)


def shown(rows: QuerySet[Item]) -> QuerySet[Item]:
    """With what an item's own page shows, and without the whole claim as it was filed."""
    return rows.select_related("patient", "payer", "owner", "site", "claim").defer("claim__content")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a queue page shows, as its address says; unknown words count as not said."""

    who: str = "all"  # all, mine, unowned, aside (set aside), escalated
    age: str = ""
    payer: UUID | None = None
    site: UUID | None = None
    cause: str = ""  # one of the reason's codes
    level: int = 0  # of the ladder, at least

    def at_any_age(self) -> Filters:
        return replace(self, age="")

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
    if filters.cause:
        # Codes are a list of words: each stands in quotes, so that CO-2 does not find CO-22.
        rows = rows.filter(reason_codes__icontains=json.dumps(filters.cause))
    if filters.level:
        rows = rows.filter(escalation_level__gte=filters.level)
    found = {bucket.key: bucket for bucket in buckets_of(queue, today)} if filters.age else {}
    return rows.filter(span(found[filters.age])) if filters.age in found else rows


def _who(word: str, user: User) -> Q:
    named = {
        "mine": Q(owner=user),
        "unowned": Q(owner=None),
        "aside": Q(state=State.WAITING),
        "escalated": Q(escalation_level__gt=0),
    }
    return named.get(word, Q())


def keys_of(sort: str) -> tuple[str, ...]:
    """By urgency unless asked otherwise."""
    return SORTS.get(sort, BY_URGENCY)


def buckets_of(queue: Queue, today: date | None = None) -> tuple[Bucket, ...]:
    today = today or timezone.localdate()
    terms = held.on(today)
    starts = terms.of("long_buckets" if queue.in_calendar_days else "buckets")
    return buckets(today, in_calendar_days=queue.in_calendar_days, starts=starts, calendar=terms.calendar(None))


def span(bucket: Bucket) -> Q:
    """A bucket as a span of moments of coming in, so that an index finds it."""
    until = Q(entered_at__lt=clocks.end_of(bucket.until)) if bucket.until else Q()
    return until & Q(entered_at__gte=clocks.end_of(bucket.after)) if bucket.after else until


def aged(queue: Queue, rows: QuerySet[Item]) -> list[tuple[Bucket, int, int]]:
    """Each bucket with its items and their money: one statement, in which a row is given its bucket once."""
    found = buckets_of(queue)
    later = [When(entered_at__gte=clocks.end_of(one.after), then=at) for at, one in enumerate(found) if one.after]
    at = Case(*later, default=len(found) - 1, output_field=IntegerField())
    grouped = rows.order_by().values(at=at).annotate(n=Count("pk"), cents=Sum("amount_cents"))
    told = {row["at"]: (row["n"], row["cents"]) for row in grouped}
    return [(bucket, *told.get(at, (0, 0))) for at, bucket in enumerate(found)]


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
    return listed(rows.order_by(*BY_URGENCY))


def up_next(user: User, queues: Sequence[str], *, today: date | None = None) -> ItemQuerySet:
    """What "next" takes from, most urgent first: nobody has it, its own day has come, and no other queue works it."""
    return free(queues, today=today).visible_to(user)


def free(queues: Sequence[str], *, today: date | None = None) -> ItemQuerySet:
    """The same for everybody, whatever they may see."""
    today = today or timezone.localdate()
    rows: ItemQuerySet = Item.objects.open().unowned()
    has_come = Q(next_action_on=None) | Q(next_action_on__lte=today)
    rows = rows.filter(has_come, queue__in=queues, state=State.NEW)
    if filing_risk.SLUG in queues:
        owned = Item.objects.open().filter(subject_id=OuterRef("subject_id")).exclude(queue=filing_risk.SLUG)
        rows = rows.exclude(Q(Exists(owned.order_by())), queue=filing_risk.SLUG)
    return rows.by_priority()


def to_approve(user: User) -> QuerySet[Item]:
    """Write-offs that wait for a second person, without this person's own."""
    rows: QuerySet[Item] = Item.objects.visible_to(user).open().filter(state=State.RESOLVED)
    if not user.has_perm(Permission.WORK_ITEMS):
        return rows.none()
    mine = Q(resolved_by=user) | Q(owner=user)
    terms, within = held.today(), Q(pk=None)
    for queue in QUEUES:
        limit = approval_limit(user, queue.slug, terms)
        within |= Q(queue=queue.slug) if limit is None else Q(queue=queue.slug, amount_cents__lte=limit or -1)
    return listed(rows.filter(within).exclude(mine).order_by("priority", "id"))


def escalated(user: User, limit: int = 10) -> Sequence[Item]:
    """The highest and most urgent items on the ladder, for who assigns work."""
    if not user.has_perm(Permission.ASSIGN_ITEMS):
        return []
    rows = Item.objects.visible_to(user).open().filter(escalation_level__gte=2)
    return list(listed(rows.order_by("-escalation_level", "priority", "id"))[:limit])


def my_queues(user: User) -> list[Queue]:
    """The queues of this person's role; all of them for who assigns work."""
    if user.has_perm(Permission.ASSIGN_ITEMS):
        return list(QUEUES)
    terms = held.today()
    mine = str(user.pk)
    teams = {queue.slug: terms.of("team", queue=queue.slug) for queue in QUEUES}
    named = [queue for queue in QUEUES if mine in teams[queue.slug]]
    by_role = [q for q in QUEUES if not teams[q.slug] and terms.of("owner", queue=q.slug) == user.role]
    return [queue for queue in QUEUES if queue in named or queue in by_role]


def new_today(user: User, slugs: Sequence[str], today: date) -> int:
    """How many items came into these queues today."""
    since = clocks.end_of(today - timedelta(days=1))
    rows: ItemQuerySet = Item.objects.visible_to(user).open()
    return rows.filter(queue__in=slugs, entered_at__gte=since).count()


def causes_in(queue: Queue, user: User, most: int = 30) -> list[tuple[str, int]]:
    """The reason codes that stand in a queue with their items, the most frequent first."""
    rows = Item.objects.visible_to(user).open().filter(queue=queue.slug).order_by()
    counted: Counter[str] = Counter()
    for codes, count in rows.values_list("reason_codes").annotate(n=Count("pk")).order_by("-n")[:200]:
        for code in codes:
            counted[code] += count
    return counted.most_common(most)


def plans_of(patients: Sequence[UUID], today: date) -> dict[UUID, int]:
    """How many coverages of each patient are in force: one statement for a page."""
    rows = Coverage.objects.in_force(today).filter(patient__in=patients)
    return dict(rows.order_by().values_list("patient").annotate(n=Count("pk")))


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


def also_open(item: Item, user: User) -> QuerySet[Item]:
    """What else is open about the same claim or, without one, the same patient: linked, not copied."""
    about = Q(claim=item.claim_id) if item.claim_id else Q(patient=item.patient_id, patient__isnull=False)
    rows: ItemQuerySet = Item.objects.visible_to(user).open().filter(about).exclude(pk=item.pk)
    return listed(rows.order_by("priority", "id"))[:10]


def history(item: Item) -> list[Event]:
    """What people did with an item, newest first; looking at it is not doing."""
    rows = Event.objects.filter(subject_type=item._meta.label_lower, subject_id=str(item.pk)).exclude(verb="saw")
    return list(rows.order_by("-id")[:100])
