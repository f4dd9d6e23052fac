"""A queue's list beside the item in hand: filters in the address, saved views, acts on many, and what is new."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.accounts.sessions import asked_by_itself
from cob.audit.reads import record_view
from cob.coverage.inputs import DayField
from cob.one_line import past_a_form
from workqueues import actions, item_views, paging, presenters, queries, saved_views
from workqueues.models import Item
from workqueues.queries import Filters
from workqueues.queues import BY_SLUG, Queue

PAGE_ROWS = 50
WHO = {"all": "All", "mine": "Mine", "unowned": "Nobody's", "aside": "Set aside", "escalated": "Escalated"}
LEVELS = ("1", "2", "3", "4")


def queue_or_404(slug: str) -> Queue:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


@require_safe
@may(Permission.VIEW_QUEUES)
def queue_page(request: DeskRequest, slug: str) -> HttpResponse:
    """The items of one queue, most urgent first, and beside them the one that is looked at."""
    queue = queue_or_404(slug)
    beside = {"pane": _pane(request, queue), "pane_off": _with(request.GET, {"item": ""}, keep_page=True)}
    if request.htmx and request.GET.get("item"):
        return render(request, "workqueues/queue.html#pane", beside)
    filters = _filters(request.GET)
    page = paging.turn(
        queries.listed(queries.in_queue(queue, request.user, filters)),
        queries.keys_of(request.GET.get("sort", "")),
        size=PAGE_ROWS,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    record_view(f"queue {queue.slug}", [item.patient_id for item in page.rows])
    context = _page_context(request, queue, filters) | {
        "queue": queue,
        "page": page,
        "rows": presenters.rows(page.rows, beside=_beside(request.GET)),
        "total": page.total,
        "query": request.GET.urlencode(),
        "warning": saved_views.warning(saved_views.unknown(request.GET)),
        "views": saved_views.views_of(queue, request.user),
        "kept": saved_views.kept_query(request.GET.urlencode()),
    }
    return render(request, "workqueues/queue.html", context | beside)


def _pane(request: DeskRequest, queue: Queue) -> dict[str, Any] | None:
    """The item beside the list; one that another queue works or that is not there is simply not shown."""
    pk = _uuid(request.GET.get("item"))
    rows = queries.shown(Item.objects.visible_to(request.user)).filter(queue=queue.slug, pk=pk) if pk else []
    item = next(iter(rows), None)
    if item is None:
        return None
    record_view("work item", [item.patient_id], site_id=item.site_id)
    return item_views.context_of(item, request)


def _beside(query: QueryDict) -> str:
    """The address of the list as it stands, to which a row adds its item."""
    told = query.copy()
    told.pop("item", None)
    return f"?{told.urlencode()}&item=" if told else "?item="


@require_safe
@asked_by_itself
@may(Permission.VIEW_QUEUES)
def queue_news(request: DeskRequest, slug: str) -> HttpResponse:
    """What is new since the list was opened, said above it; the rows stay as they are until somebody asks for them."""
    queue = queue_or_404(slug)
    now = queries.in_queue(queue, request.user, _filters(request.GET)).count()
    shown = request.GET.get("shown", "")
    was = int(shown) if shown.isdecimal() and len(shown) < 9 else now
    context = {"now": now, "was": was, "url": _with(request.GET, {"shown": ""}, keep_page=True)}
    return render(request, "workqueues/news.html", {"queue": queue, **context})


def _filters(query: QueryDict) -> Filters:
    who, level = query.get("who", "all"), query.get("level", "")
    return Filters(
        who=who if who in WHO else "all",
        age=query.get("age", ""),
        payer=_uuid(query.get("payer")),
        site=_uuid(query.get("site")),
        cause=query.get("cause", "")[:40],
        level=int(level) if level in LEVELS else 0,
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
    aged = queries.aged(queue, queries.in_queue(queue, request.user, filters.at_any_age()))
    buckets = [
        {"label": bucket.label, "cents": cents, "count": count, "url": _with(request.GET, {"age": bucket.key})}
        for bucket, count, cents in aged
    ]
    return {
        "filters": filters,
        "payers": payers,
        "sites": sites if len(sites) > 1 else [],
        "causes": queries.causes_in(queue, request.user),
        "levels": LEVELS,
        "tabs": [
            {"label": label, "url": _with(request.GET, {"who": who}), "is_current": filters.who == who}
            for who, label in WHO.items()
        ],
        "chips": _chips(request.GET, filters, names, {bucket.key: bucket.label for bucket, *_ in aged}),
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


def _chips(query: QueryDict, filters: Filters, names: dict[str, str], ages: dict[str, str]) -> list[dict[str, str]]:
    causes = {filters.cause: filters.cause} if filters.cause else {}
    levels = {str(filters.level): f"{filters.level} and above"} if filters.level else {}
    said = {"payer": names, "site": names, "age": ages, "cause": causes, "level": levels}
    return [
        {"label": f"{name.capitalize()}: {labels[value]}", "remove_url": _with(query, {name: ""})}
        for name, labels in said.items()
        if (value := query.get(name, "")) in labels
    ]


def _with(query: QueryDict, changes: dict[str, str], *, keep_page: bool = False) -> str:
    """The same address with something changed; a change to nothing takes it out. Pages begin anew."""
    changed = query.copy()
    for name in () if keep_page else ("after", "before", "item"):
        changed.pop(name, None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"


# --- acts on many -----------------------------------------------------------------------------------------------------


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
    return _back(request, queue, refused)


@require_POST
@may(Permission.WORK_ITEMS)
def aside_many(request: DeskRequest, slug: str) -> HttpResponse:
    """Set the ticked items aside for one party until one day: many items of one cause wait for one answer."""
    queue = queue_or_404(slug)
    until, waiting_for = _day(request.POST.get("until", "")), past_a_form(request.POST.get("waiting_for"), 120)
    if until is None:
        return _back(request, queue, ["Write the day until which they wait as mm/dd/yyyy, such as 03/10/2026."])
    done, refused = 0, []
    for item in _ticked(request, queue):
        try:
            # Both or neither: what cannot wait until that day is not left in this person's hands.
            with transaction.atomic():
                mine = item if item.owner_id else actions.take(item=item, by=request.user)
                actions.set_aside(item=mine, waiting_for=waiting_for, until=until, by=request.user)
            done += 1
        except actions.Refused as refusal:
            refused.append(str(refusal))
    if done:
        messages.success(request, f"{done} item{'' if done == 1 else 's'} wait until {until:%m/%d/%Y}.")
    return _back(request, queue, refused)


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
    return _back(request, queue, [])


def _day(text: str) -> date | None:
    field = DayField()
    try:
        day: date = field.clean(text)
    except ValidationError:
        return None
    return day


def _back(request: DeskRequest, queue: Queue, refused: list[str]) -> HttpResponse:
    """To the list as it stood, with what could not be done, each sentence once."""
    for words in dict.fromkeys(refused):
        messages.warning(request, words)
    return redirect(presenters.worklist(queue.slug, request.POST.get("query", "")))


def _ticked(request: DeskRequest, queue: Queue) -> Any:
    ids = [pk for text in request.POST.getlist("pick")[:PAGE_ROWS] if (pk := _uuid(text))]
    return Item.objects.visible_to(request.user).open().filter(queue=queue.slug, pk__in=ids).select_related("owner")
