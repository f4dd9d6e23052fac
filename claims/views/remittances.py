"""Remittances: what payers paid and said, and the answers that fit no claim until somebody says which."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import actions
from claims.deposits.figures import posted_sums
from claims.forms import MatchForm, ReasonForm, RemittanceFilter, UndoForm
from claims.models import Adjudication, DepositTie, PaperEob
from claims.models.undo import UndoKind
from claims.presenters.matching import candidates, said_of, sent_since, undo_rows
from claims.presenters.told import answer_row, plb_row
from claims.queries import answers_of, claims_like, suggested_for, totals_of
from claims.queries import remittance_list as listed
from claims.recoupment.queries import accounts_by_adjustment
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
    totals, plb = totals_of(remittance), list(remittance.provider_adjustments.all())
    accounts = accounts_by_adjustment([row.pk for row in plb])
    context = {
        "remittance": remittance,
        "page_obj": page,
        "answers": [answer_row(row) for row in page],
        "totals": totals,
        "difference": totals["paid"] - totals["plb"] - remittance.paid_cents,
        "plb": [(plb_row(row), accounts.get(row.pk)) for row in plb],
        "posted": posted_sums(remittance),
        "tie": DepositTie.objects.filter(remittance=remittance).select_related("deposit", "by").first(),
        "eob": PaperEob.objects.filter(remittance=remittance).select_related("by", "posted_by").first(),
    }
    return render(request, "claims/remittance.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def adjudication_match(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Find the claim an answer belongs to, and say that it is the one."""
    answer = answer_or_404(request.user, pk)
    if answer.claim_id:
        messages.info(request, f"This answer belongs to claim {answer.claim} already ({answer.matched_how}).")
        return redirect("claims:claim-page", answer.claim_id)
    if answer.remittance.withdrawn_at:
        messages.info(request, "This answer was withdrawn: it was typed wrongly and is typed anew.")
        return redirect("claims:remittance-page", answer.remittance_id)
    if request.method == "POST" and "claim" in request.POST:
        return _match(request, answer)
    form = MatchForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_valid():
        said = form.cleaned_data
        found = claims_like(request.user, said["q"], service_on=said["service_on"], charge_cents=said["charge"])
    rows = candidates(answer, suggested_for(answer, request.user) if found is None else found)
    record_view("claims to match", [row.claim.patient_id for row in rows])
    context = {"answer": answer, "said": said_of(answer), "form": form, "rows": rows, "is_search": found is not None}
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


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def adjudication_undo(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Take one answer out of the ledger: to match it anew, or to post it later."""
    answer = answer_or_404(request.user, pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        kind, reason = UndoKind(form.cleaned_data["kind"]), form.cleaned_data["reason"]
        try:
            actions.undo_answer(adjudication=answer, kind=kind, reason=reason, by=request.user)
        except actions.CannotUndo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Taken back: each entry has its mirror entry.")
            where = "adjudication-match" if kind == UndoKind.UNMATCHED else "remittance-page"
            return redirect(f"claims:{where}", answer.pk if kind == UndoKind.UNMATCHED else answer.remittance_id)
    record_view("answer to undo", [answer.claim.patient_id] if answer.claim else [])
    context = {"answer": answer, "form": form, "rows": undo_rows(answer), "sent": sent_since(answer)}
    return render(request, "claims/undo.html", context, status=REFUSED if form.errors else 200)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def adjudication_post(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Post an answer whose posting was undone."""
    answer = answer_or_404(request.user, pk)
    try:
        row = actions.post_answer_again(adjudication=answer)
        if row.posted_at:
            messages.success(request, "Posted.")
        else:
            messages.warning(request, f"Not posted: {' '.join(row.exceptions)}")
    except actions.AlreadyMatched as error:
        messages.warning(request, str(error))
    return redirect("claims:remittance-page", answer.remittance_id)


def _say_taken_back(request: DeskRequest, count: int) -> None:
    """Whoever was second took nothing back."""
    if count:
        one, many = "1 answer taken back; it keeps its claim", f"{count} answers taken back; they keep their claims"
        messages.success(request, f"{one if count == 1 else many} and can be posted again.")
    else:
        messages.warning(request, "Nothing of it is posted any more: somebody has taken it back already.")


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def remittance_undo(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Take a whole remittance out of the ledger, all or nothing."""
    remittance = remittance_or_404(request.user, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.undo_remittance(remittance=remittance, reason=form.cleaned_data["reason"], by=request.user)
        except actions.CannotUndo as error:
            form.add_error(None, str(error))
        else:
            _say_taken_back(request, count)
            return redirect("claims:remittance-page", remittance.pk)
    context = {"remittance": remittance, "form": form, "posted": posted_sums(remittance)}
    return render(request, "claims/remittance_undo.html", context, status=REFUSED if form.errors else 200)
