"""Filters of a queue kept under a name: for oneself, or for everybody who opens the queue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from cob.accounts.access import DeskRequest, may
from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.one_line import past_a_form
from workqueues.models import SavedView
from workqueues.queues import BY_SLUG, Queue

# What a queue's address may say; a view kept before one of them went away names it in vain.
NAMES = ("who", "age", "payer", "site", "cause", "level", "sort")
PASSING = ("after", "before", "item", "view")


@dataclass(frozen=True, slots=True)
class Shown:
    """A view as a link."""

    view: SavedView
    url: str
    is_mine: bool


def views_of(queue: Queue, user: User) -> list[Shown]:
    rows: QuerySet[SavedView] = SavedView.objects.filter(Q(user=user) | Q(is_shared=True), queue=queue.slug)
    address = reverse("workqueues:queue-page", args=[queue.slug])
    return [
        Shown(row, f"{address}?{row.query}{'&' if row.query else ''}view={row.pk}", row.user_id == user.pk)
        for row in rows.select_related("user")
    ]


def kept_query(text: str) -> str:
    """The filters of an address, without where one stands on the page."""
    told = QueryDict(text, mutable=True)
    for name in PASSING:
        told.pop(name, None)
    return told.urlencode()[:300]


def unknown(query: QueryDict) -> list[str]:
    """Names of filters that do not exist (any more)."""
    return sorted(set(query) - set(NAMES) - set(PASSING))


def warning(names: Iterable[str]) -> str:
    """What is said of a view that names a filter nobody knows; empty when it names none."""
    said = ", ".join(f"“{name[:20]}”" for name in names)
    return f"There is no filter {said} any more; everything else is applied. Save the view anew." if said else ""


@require_POST
@may(Permission.VIEW_QUEUES)
def view_save(request: DeskRequest, slug: str) -> HttpResponse:
    """Keep the filters under a name; the same name replaces what it stood for."""
    if slug not in BY_SLUG:
        raise Http404
    name = past_a_form(request.POST.get("name"), 40)
    query = kept_query(request.POST.get("query", ""))
    if not name:
        messages.warning(request, "Give the view a name.")
    else:
        values = {"query": query, "is_shared": bool(request.POST.get("is_shared"))}
        SavedView.objects.update_or_create(user=request.user, queue=slug, name=name, defaults=values)
        messages.success(request, f"Saved as “{name}”.")
    return redirect(f"{reverse('workqueues:queue-page', args=[slug])}?{query}")


@require_POST
@may(Permission.VIEW_QUEUES)
def view_delete(request: DeskRequest, pk: int) -> HttpResponse:
    """Only one's own."""
    row = get_object_or_404(SavedView, pk=pk, user=request.user)
    row.delete()
    messages.success(request, f"“{row.name}” is deleted.")
    return redirect("workqueues:queue-page", row.queue)
