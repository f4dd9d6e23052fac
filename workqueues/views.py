"""My work, the list of queues, and a queue: what to do next and in which order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from workqueues import actions, presenters, queries
from workqueues.models import Item
from workqueues.queries import Filters
from workqueues.queues import BY_SLUG, Queue

PAGE_ROWS = 50
WHO = {"all": "All", "mine": "Mine", "unowned": "Nobody's", "aside": "Set aside", "escalated": "Escalated"}


def queue_or_404(slug: str) -> Queue:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


@require_safe
@may(Permission.VIEW_QUEUES)
def my_work(request: DeskRequest) -> HttpResponse:
    """What I have, what came back, what waits for my word; and where the next item comes from."""
    today = timezone.localdate()
    items = list(queries.my_items(request.user))
    approvals, high = list(queries.to_approve(request.user)), queries.escalated(request.user)
    record_view("my work", [item.patient_id for item in [*items, *approvals, *high]])
    rows = presenters.rows(items, today)
    context = {
        "working": [row for row in rows if not row.waits],
        "aside": sorted((row for row in rows if row.waits), key=lambda row: row.item.waiting_until or today),
        "approvals": presenters.rows(approvals, today),
        "high": presenters.rows(high, today),
        "queues": [count for count in queries.counts(request.user) if count.queue in queries.my_queues(request.user)],
        "due": queries.due_soon([row.item for row in rows if not row.waits], today),
    }
    return render(request, "workqueues/my_work.html", context)


@require_safe
@may(Permission.VIEW_QUEUES)
def queue_list(request: DeskRequest) -> HttpResponse:
    """Every queue with its numbers, each of which opens the list it counts."""
    return render(request, "workqueues/queue_list.html", {"counts": queries.counts(request.user)})


@require_safe
@may(Permission.VIEW_QUEUES)
def queue_page(request: DeskRequest, slug: str) -> HttpResponse:
    """The items of one queue, most urgent first."""
    queue = queue_or_404(slug)
    filters = _filters(request.GET)
    found = queries.in_queue(queue, request.user, filters)
    page = Paginator(queries.sorted_by(found, request.GET.get("sort", "")), PAGE_ROWS).get_page(request.GET.get("page"))
    record_view(f"queue {queue.slug}", [item.patient_id for item in page])
    context = _page_context(request, queue, filters) | {
        "queue": queue,
        "page": page,
        "rows": presenters.rows(page),
        "total": page.paginator.count,
    }
    return render(request, "workqueues/queue.html", context)


def _filters(query: QueryDict) -> Filters:
    who = query.get("who", "all")
    return Filters(
        who=who if who in WHO else "all",
        age=query.get("age", ""),
        payer=_uuid(query.get("payer")),
        site=_uuid(query.get("site")),
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _page_context(request: DeskRequest, queue: Queue, filters: Filters) -> dict[str, Any]:
    """What stands around the table: tabs, choices, chips and the aging bar of what is shown without the age filter."""
    payers, sites = queries.payers_in(queue, request.user), queries.sites_of(request.user)
    names = {str(payer.pk): payer.name for payer in payers} | {str(site.pk): site.name for site in sites}
    without_age = Filters(filters.who, "", filters.payer, filters.site)
    aged = queries.aged(queue, queries.in_queue(queue, request.user, without_age))
    buckets = [
        {"label": bucket.label, "cents": cents, "count": count, "url": _with(request.GET, age=bucket.key)}
        for bucket, count, cents in aged
    ]
    return {
        "filters": filters,
        "payers": payers,
        "sites": sites if len(sites) > 1 else [],
        "tabs": [
            {"label": label, "url": _with(request.GET, who=who), "is_current": filters.who == who}
            for who, label in WHO.items()
        ],
        "chips": _chips(request.GET, names, {bucket.key: bucket.label for bucket, *_ in aged}),
        "clear_url": reverse("workqueues:queue-page", args=[queue.slug]),
        "buckets": buckets if any(bucket["count"] for bucket in buckets) else [],
        "can_work": request.user.has_perm(Permission.WORK_ITEMS),
        "people": _people(request.user),
    }


def _people(user: User) -> list[User]:
    """To whom a supervisor may give several items at once."""
    if not user.has_perm(Permission.ASSIGN_ITEMS):
        return []
    people = User.objects.filter(is_active=True, sites__in=user.site_ids()).distinct()
    return [person for person in people if person.has_perm(Permission.WORK_ITEMS)]


def _chips(query: QueryDict, names: dict[str, str], ages: dict[str, str]) -> list[dict[str, str]]:
    said = {"payer": names, "site": names, "age": ages}
    return [
        {"label": f"{name.capitalize()}: {labels[value]}", "remove_url": _with(query, **{name: ""})}
        for name, labels in said.items()
        if (value := query.get(name, "")) in labels
    ]


def _with(query: QueryDict, **changes: str) -> str:
    """The same address with something changed; a change to nothing takes it out. Pages begin anew."""
    changed = query.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"


@require_POST
@may(Permission.WORK_ITEMS)
def take_next(request: DeskRequest) -> HttpResponse:
    """The most urgent free item of the named queue, or of all queues of my role."""
    named = request.POST.get("queue", "")
    slugs = (named,) if named in BY_SLUG else tuple(queue.slug for queue in queries.my_queues(request.user))
    item = actions.take_next(by=request.user, queues=slugs)
    if item is None:
        messages.info(request, "Nothing is left to take: every item has somebody.")
        return redirect("workqueues:my-work")
    return redirect("workqueues:item-page", item.pk)


@require_POST
@may(Permission.WORK_ITEMS)
def take_many(request: DeskRequest, slug: str) -> HttpResponse:
    """Take the ticked items; those somebody else has are named."""
    queue = queue_or_404(slug)
    taken, refused = 0, []
    for item in _ticked(request, queue):
        try:
            actions.take(item=item, by=request.user)
            taken += 1
        except actions.Refused as refusal:
            refused.append(str(refusal))
    messages.success(request, f"You took {taken} item{'' if taken == 1 else 's'}.")
    for words in dict.fromkeys(refused):
        messages.warning(request, words)
    return redirect("workqueues:queue-page", slug)


@require_POST
@may(Permission.ASSIGN_ITEMS)
def assign(request: DeskRequest, slug: str) -> HttpResponse:
    """Give the ticked items to one person."""
    queue = queue_or_404(slug)
    to = get_object_or_404(
        User.objects.filter(sites__in=request.user.site_ids()).distinct(), pk=_uuid(request.POST.get("to"))
    )
    moved = actions.assign(items=_ticked(request, queue), to=to, by=request.user)
    messages.success(request, f"{to} has {moved} item{'' if moved == 1 else 's'} more.")
    return redirect("workqueues:queue-page", slug)


def _ticked(request: DeskRequest, queue: Queue) -> Any:
    ids = [pk for text in request.POST.getlist("pick")[:PAGE_ROWS] if (pk := _uuid(text))]
    return Item.objects.visible_to(request.user).open().filter(queue=queue.slug, pk__in=ids).select_related("owner")
