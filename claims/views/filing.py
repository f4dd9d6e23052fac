"""Settings: by when each payer must have a claim, and whether its first claim names the others."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.filing.defaults import STATE_PROGRAMS, published
from claims.filing.forms import LimitForm, OthersForm, ProgramForm
from claims.filing.keeping import BadLimit, set_limit, set_others_named, set_program_state
from claims.presenters import filing as presenters
from cob.accounts.access import DeskRequest, may
from cob.accounts.models import Site
from cob.accounts.roles import Permission
from cob.coverage.models import Payer

REFUSED = 422


@require_safe
@may(Permission.MANAGE_SETTINGS)
def filing_list(request: DeskRequest) -> HttpResponse:
    """Every payer with what holds today."""
    context = {"lines": presenters.filing_lines(timezone.localdate(), _state()), "published": published()}
    return render(request, "claims/filing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.MANAGE_SETTINGS)
def filing_payer(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One payer: keep a limit from a day on, and everything kept before."""
    payer = get_object_or_404(Payer, pk=pk)
    if request.method != "POST":
        return _page(request, payer)
    form = LimitForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            set_limit(
                payer=payer,
                position=said["position"],
                limit=form.limit(),
                effective_on=said["effective_on"],
                source=said["source"],
                by=request.user,
            )
        except BadLimit as bad:
            _refuse(form, bad)
        else:
            messages.success(request, f"Kept, from {said['effective_on']:%m/%d/%Y}.")
            return redirect("claims:filing-payer", payer.pk)
    return _page(request, payer, limit=form)


@require_POST
@may(Permission.MANAGE_SETTINGS)
def filing_others(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Keep whether the first claim to a payer names the other coverages."""
    payer = get_object_or_404(Payer, pk=pk)
    form = OthersForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        is_named = said["is_named"] == "yes"
        try:
            set_others_named(
                payer=payer,
                is_named=is_named,
                effective_on=said["effective_on"],
                source=said["source"],
                by=request.user,
            )
        except BadLimit as bad:
            _refuse(form, bad)
        else:
            messages.success(request, f"Kept, from {said['effective_on']:%m/%d/%Y}.")
            return redirect("claims:filing-payer", payer.pk)
    return _page(request, payer, others=form)


@require_POST
@may(Permission.MANAGE_SETTINGS)
def filing_program(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Say whose program a Medicaid payer is."""
    payer = get_object_or_404(Payer, pk=pk)
    form = ProgramForm(request.POST, auto_id="program_%s")
    if form.is_valid():
        try:
            set_program_state(payer=payer, state=form.cleaned_data["state"])
        except BadLimit as bad:
            _refuse(form, bad)
        else:
            messages.success(request, "Kept. Deadlines follow at once.")
            return redirect("claims:filing-payer", payer.pk)
    return _page(request, payer, program=form)


def _refuse(form: Form, bad: BadLimit) -> None:
    form.add_error(bad.field if bad.field in form.fields else None, str(bad))


def _state() -> str:
    """The state of the practice's first site; Medicaid's built-in limits differ by state."""
    return Site.objects.exclude(state="").values_list("state", flat=True).first() or ""


def _page(
    request: DeskRequest,
    payer: Payer,
    limit: LimitForm | None = None,
    others: OthersForm | None = None,
    program: ProgramForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "payer": payer,
        "now": presenters.payer_filing(payer, today, _state()),
        "limits": presenters.limit_history(payer, today),
        "naming": presenters.naming_history(payer, today),
        "limit_form": limit or LimitForm(),
        "others_form": others or OthersForm(auto_id="others_%s"),
        "is_program": payer.kind in STATE_PROGRAMS,
        "program_form": program or ProgramForm(initial={"state": payer.state}, auto_id="program_%s"),
    }
    refused = any(form is not None for form in (limit, others, program))
    return render(request, "claims/filing_payer.html", context, status=REFUSED if refused else 200)
