"""My work today, the list of queues, and taking the next item."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from workqueues import actions, notices, presenters, queries
from workqueues.models import LoggedException, State
from workqueues.queues import BY_SLUG


@require_safe
@may(Permission.VIEW_QUEUES)
def my_work(request: DeskRequest) -> HttpResponse:
    """What I have, what came back, what waits for my word; and where the next item comes from."""
    today = timezone.localdate()
    items = list(queries.my_items(request.user))
    approvals, high = list(queries.to_approve(request.user)), queries.escalated(request.user)
    record_view("my work", [item.patient_id for item in [*items, *approvals, *high]])
    rows = presenters.rows(items, today)
    mine = queries.my_queues(request.user)
    handed = [row for row in rows if row.item.state == State.ASSIGNED and row.item.handed_by_id]
    context = {
        "notices": [(notice, notices.words(notice)) for notice in notices.unseen(request.user)[:20]],
        "handed": handed,
        "exceptions": LoggedException.objects.visible_to(request.user).open().filter(expected_on__lte=today).count(),
        "fresh": queries.new_today(request.user, [queue.slug for queue in mine], today),
        "working": [row for row in rows if not row.waits and row not in handed],
        "aside": sorted((row for row in rows if row.waits), key=lambda row: row.item.waiting_until or today),
        "approvals": presenters.rows(approvals, today),
        "high": presenters.rows(high, today),
        "queues": [count for count in queries.counts(request.user) if count.queue in mine],
        "due": queries.due_soon([row.item for row in rows if not row.waits], today),
    }
    return render(request, "workqueues/my_work.html", context)


@require_safe
@may(Permission.VIEW_QUEUES)
def queue_list(request: DeskRequest) -> HttpResponse:
    """Every queue with its numbers, each of which opens the list it counts."""
    return render(request, "workqueues/queue_list.html", {"counts": queries.counts(request.user)})


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
