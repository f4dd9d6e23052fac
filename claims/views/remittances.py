"""Remittances: what payers paid and said, and the answers that fit no claim until somebody says which."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from claims import actions
from claims.forms import MatchForm, RemittanceFilter
from claims.models import Adjudication
from claims.presenters import words
from claims.presenters.files import provider_adjustment_words
from claims.queries import answers_of, claims_like, suggested_for, totals_of
from claims.queries import remittance_list as listed
from claims.views.lookups import answer_or_404, claim_or_404, remittance_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view

PAGE = 50
REFUSED = 422


@require_safe
@may(Permission.VIEW_CLAIMS)
def remittance_list(request: DeskRequest) -> HttpResponse:
    """Newest payment first."""
    form = RemittanceFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    page = Paginator(listed(request.user, wanted), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "form": form, "is_filtered": bool(request.GET)}
    return render(request, "claims/remittance_list.html", context)


@require_safe
@may(Permission.VIEW_CLAIMS)
def remittance_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One check or transfer and everything it explains."""
    remittance = remittance_or_404(request.user, pk)
    page = Paginator(answers_of(remittance, request.user), PAGE).get_page(request.GET.get("page"))
    record_view("remittance page", [row.claim.patient_id for row in page if row.claim], site_id=remittance.site_id)
    totals = totals_of(remittance)
    context = {
        "remittance": remittance,
        "page_obj": page,
        "answers": [(row, words.PROCESSED.get(row.status, row.status)) for row in page],
        "totals": totals,
        "difference": totals["paid"] - totals["plb"] - remittance.paid_cents,
        "plb": [(row, provider_adjustment_words(row)) for row in remittance.provider_adjustments.all()],
    }
    return render(request, "claims/remittance.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def adjudication_match(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Find the claim an answer belongs to, and say that it is the one."""
    answer = answer_or_404(request.user, pk)
    if answer.claim_id:
        messages.info(request, "This answer has its claim.")
        return redirect("claims:claim-page", answer.claim_id)
    if request.method == "POST" and "claim" in request.POST:
        return _match(request, answer)
    form = MatchForm(request.POST if request.method == "POST" else None)
    found = claims_like(request.user, form.cleaned_data["q"]) if form.is_valid() else None
    suggested = suggested_for(answer, request.user) if found is None else []
    record_view("claims to match", [claim.patient_id for claim in [*(found or []), *suggested]])
    context = {"answer": answer, "form": form, "found": found, "suggested": suggested}
    return render(request, "claims/match.html", context, status=REFUSED if form.errors else 200)


def _match(request: DeskRequest, answer: Adjudication) -> HttpResponse:
    try:
        chosen = claim_or_404(request.user, UUID(request.POST["claim"]))
        actions.match_answer(adjudication=answer, claim=chosen)
    except ValueError as error:
        text = str(error) if isinstance(error, actions.AlreadyMatched) else "Choose a claim from the list."
        messages.warning(request, text)
        return redirect("claims:adjudication-match", answer.pk)
    messages.success(request, "Matched and posted.")
    return redirect("claims:claim-page", chosen.pk)
