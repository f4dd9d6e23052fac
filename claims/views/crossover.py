"""Crossover: expected against received by payer, the claims behind each count, and one copy with what was heard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.crossover import actions, queries
from claims.crossover.forms import CopiesForm, HeardForm, SpanForm
from claims.models import CrossoverNotice, CrossoverWatch, Heard
from claims.models.claim import PayerState
from claims.presenters.crossover import copy_rows, copy_shown, road_rows
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view

PAGE = 50
REFUSED = 422
SPAN = timedelta(days=365)


@require_safe
@may(Permission.VIEW_CLAIMS)
def crossover(request: DeskRequest) -> HttpResponse:
    """By payer: what was handed on to it in a span of days, and what became of that."""
    today = timezone.localdate()
    usual = {"since": today - SPAN, "until": today}
    form = SpanForm(request.GET if request.GET else usual)
    since, until = (form.cleaned_data[n] for n in ("since", "until")) if form.is_valid() else usual.values()
    roads = queries.by_payer(request.user, today, since, until)
    context = {"form": form, "rows": road_rows(roads, since, until), "since": since, "until": until}
    return render(request, "claims/crossover.html", context, status=REFUSED if form.errors else 200)


@require_safe
@may(Permission.VIEW_CLAIMS)
def crossover_claims(request: DeskRequest) -> HttpResponse:
    """The claims behind a count."""
    form = CopiesForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(_wanted(request, wanted, timezone.localdate()), PAGE).get_page(request.GET.get("page"))
    rows = copy_rows(page.object_list)
    record_view("crossover claims", {row.watch.claim.patient_id for row in rows})
    context = {"form": form, "page_obj": page, "rows": rows}
    return render(request, "claims/crossover_claims.html", context, status=REFUSED if form.errors else 200)


def _wanted(request: DeskRequest, wanted: dict[str, Any], today: date) -> Any:
    rows = queries.seen_by(request.user, today).select_related("claim__patient", "claim_payer__payer", "sender")
    lookups = {
        "payer": "claim_payer__payer",
        "stands": "stands",
        "since": "forwarded_on__gte",
        "until": "forwarded_on__lte",
    }
    asked = {lookup: wanted[name] for name, lookup in lookups.items() if wanted.get(name)}
    return rows.filter(**asked).defer("claim__content").order_by("forwarded_on", "created_at")


@require_safe
@may(Permission.VIEW_CLAIMS)
def crossover_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One copy: its signs and timer, what was heard of it, and a form for what somebody hears."""
    return _page(request, _copy_or_404(request, pk), None)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def crossover_hear(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Keep what a letter, a call or a portal said."""
    watch, form = _copy_or_404(request, pk), HeardForm(request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        try:
            notice = actions.hear(watch=watch, heard=Heard(said.pop("heard")), by=request.user, **said)
        except actions.NoticeRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _done(notice))
            return redirect("claims:crossover-page", watch.pk)
    return _page(request, watch, form)


def _page(request: DeskRequest, watch: CrossoverWatch, form: HeardForm | None) -> HttpResponse:
    record_view("crossover", [watch.claim.patient_id], site_id=watch.claim.site_id)
    is_waited_for, copy = watch.claim_payer.state == PayerState.FORWARDED, copy_shown(watch)
    context = {
        "copy": copy,
        "watch": watch,
        "notices": CrossoverNotice.objects.filter(claim_payer=watch.claim_payer).select_related("by"),
        "is_waited_for": is_waited_for,
        "may_send": copy.may_be_sent and request.user.has_perm(Permission.SUBMIT_CLAIMS),
        "form": form or HeardForm(initial={"told_on": timezone.localdate()}),
    }
    return render(request, "claims/crossover_page.html", context, status=REFUSED if form else 200)


def _copy_or_404(request: DeskRequest, pk: UUID) -> CrossoverWatch:
    rows = queries.seen_by(request.user, timezone.localdate())
    found: CrossoverWatch = get_object_or_404(
        rows.select_related("claim__patient", "claim__site", "claim_payer__payer", "sender", "answer__remittance"),
        pk=pk,
    )
    return found


def _done(notice: CrossoverNotice) -> str:
    place = notice.claim_payer
    if place.state == PayerState.FORWARDED and place.crossover_until:
        return f"Kept. The claim is waited for until {place.crossover_until:%m/%d/%Y}."
    return f"Kept. The claim may be sent to {place.payer} now."
