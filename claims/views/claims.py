"""The list of claims and the page of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from claims.expecting.shown import compared_of, worth_showing
from claims.forms import ClaimFilter, NumberForm
from claims.presenters.claim import claim_page as shown
from claims.queries import claim_list as listed
from claims.queries import next_step_of, numbered, papers_of
from claims.recoupment.queries import money_back_of
from claims.submissions.folder import open_folder
from claims.views.lookups import claim_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.patients.models import Patient

PAGE = 50
REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS)
def claim_list(request: DeskRequest) -> HttpResponse:
    """Claims by filter; a claim number is posted and leads to its claim."""
    if request.method == "POST":
        return _by_number(request)
    form = ClaimFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    return _list(request, Paginator(listed(request.user, wanted), PAGE), form, NumberForm(auto_id="find_%s"))


def _by_number(request: DeskRequest) -> HttpResponse:
    number = NumberForm(request.POST, auto_id="find_%s")
    if not number.is_valid():
        return _list(request, Paginator(listed(request.user, {}), PAGE), ClaimFilter(), number, status=REFUSED)
    found = numbered(request.user, number.cleaned_data["number"])
    first = list(found[:2])
    if len(first) == 1:
        return redirect("claims:claim-page", first[0].pk)
    if not first:
        number.add_error("number", "No claim has this number, neither ours nor a payer's.")
    return _list(request, Paginator(found, PAGE), ClaimFilter(), number, status=200 if first else REFUSED)


def _list(
    request: DeskRequest, pages: Paginator[Any], form: ClaimFilter, number: NumberForm, *, status: int = 200
) -> HttpResponse:
    page = pages.get_page(request.GET.get("page"))
    patient = form.is_bound and getattr(form, "cleaned_data", {}).get("patient")
    whose = Patient.objects.visible_to(request.user).filter(pk=patient).first() if patient else None
    record_view("claim list", [whose and whose.pk, *(claim.patient_id for claim in page)])
    context = {
        "page_obj": page,
        "form": form,
        "number": number,
        "whose": whose,
        "is_filtered": bool(form.data),
        "has_sites": len(request.user.site_ids()) > 1,
    }
    return render(request, "claims/claim_list.html", context, status=status)


@require_safe
@may(Permission.VIEW_CLAIMS)
def claim_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One claim from charge to zero."""
    claim = claim_or_404(request.user, pk)
    record_view("claim page", [claim.patient_id], site_id=claim.site_id)
    folder, today = open_folder(claim), timezone.localdate()
    may_send = request.user.has_perm(Permission.SUBMIT_CLAIMS)
    back, step = money_back_of(claim), next_step_of(folder, today)
    page = shown(folder, papers_of(claim, today), step, today, may_send=may_send, credits=back.credits)
    expected = compared_of(claim)
    context = {
        "page": page,
        "claim": claim,
        "expected": expected if worth_showing(expected) else (),
        "back": back,
    }
    return render(request, "claims/claim.html", context)
