"""The history page. Reading the trail is on the trail too."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit import presenters, queries
from cob.audit.forms import HistoryForm, known_verbs
from cob.audit.models import Event, record

REFUSED = 422


@require_safe
@may(Permission.VIEW_AUDIT)
def history(request: DeskRequest) -> HttpResponse:
    """Newest first, fifty at a time, by person, verb, subject, day or patient."""
    form = HistoryForm(request.GET, reader=request.user)
    is_right = form.is_valid()
    asked = form.asked()
    before = request.GET.get("before", "")
    window = queries.window(_events(request, asked) if is_right else Event.objects.none(), before=_number(before))
    record("read history", "audit.event", patients=[asked.patient], after=asked.told() or None)
    sees = request.user.has_perm(Permission.VIEW_PATIENTS)
    rows = [
        presenters.present(event, window.patients.get(event.pk, queries.NOBODY), may_see_patients=sees)
        for event in window.events
    ]
    context = {"form": form, "rows": rows, "older": window.older, "is_later": bool(before), "verbs": known_verbs()}
    return render(request, "audit/history.html", context, status=200 if is_right else REFUSED)


def _events(request: DeskRequest, asked: queries.Asked) -> QuerySet[Event]:
    return queries.matching(queries.visible_to(request.user), asked)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
