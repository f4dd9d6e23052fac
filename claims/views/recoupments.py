"""Demands by letter: the list, the form, the page of one, and what is decided on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.models import Recoupment
from claims.models.recoupment import Decision, Ground
from claims.recoupment import forms as asked
from claims.recoupment import letters, queries, refunds
from claims.recoupment.letters import Letter, LetterRefused
from claims.recoupment.look_back import look_back
from claims.views.lookups import claim_or_404
from claims.views.money_back import REFUSED, demand_or_404, tried
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.models import record
from cob.audit.reads import record_view
from cob.cents import dollars

PAGE = 50
_FORMS: dict[str, type[forms.Form]] = {
    "decide": asked.DecisionForm,
    "appeal": asked.AppealForm,
    "end-appeal": asked.EndAppealForm,
    "refund": asked.RefundForm,
    "close": asked.BecauseForm,
}
_DONE = {
    "decide": "The decision is on file.",
    "appeal": "The appeal is on file; nothing of this claim is written off meanwhile.",
    "end-appeal": "The outcome is on file.",
    "refund": "The refund waits for somebody else’s approval.",
    "close": "The demand is closed.",
}


@require_safe
@may(Permission.VIEW_CLAIMS)
def recoupment_list(request: DeskRequest) -> HttpResponse:
    """Open demands by the day an answer is due."""
    closed = "closed" in request.GET
    page = Paginator(queries.demand_list(request.user, closed=closed), PAGE).get_page(request.GET.get("page"))
    record_view("demands", [row.claim.patient_id for row in page])
    return render(
        request, "claims/recoupment_list.html", {"page_obj": page, "closed": closed, "today": timezone.localdate()}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def recoupment_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Enter a letter about a claim; saving takes the payment back on its ledger."""
    claim = claim_or_404(request.user, pk)
    record_view("claim before a demand", [claim.patient_id], site_id=claim.site_id)
    is_sent = request.method == "POST"
    form = asked.LetterForm(request.POST if is_sent else None, request.FILES if is_sent else None, claim=claim)
    if is_sent and form.is_valid():
        said = dict(form.cleaned_data)
        file, cents = said.pop("letter"), said.pop("amount")
        said["ground"] = Ground(said["ground"])
        try:
            row = letters.enter(
                Letter(claim=claim, amount_cents=cents, **said), name=file.name, stream=file, by=request.user
            )
        except LetterRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect("claims:recoupment-page", row.pk)
    context = {"claim": claim, "form": form}
    return render(request, "claims/recoupment_new.html", context, status=REFUSED if form.errors else 200)


@require_safe
@may(Permission.VIEW_CLAIMS)
def recoupment_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One demand from the letter to its end."""
    return _page(request, demand_or_404(request.user, pk), {})


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def recoupment_change(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Decide, appeal, end the appeal, open a refund, or close; the field `do` says which."""
    row, do = demand_or_404(request.user, pk), request.POST.get("do", "")
    if do not in _FORMS:
        return redirect("claims:recoupment-page", row.pk)
    form = _FORMS[do](request.POST, auto_id=f"{do}_%s")
    if tried(request, form, lambda said: _act(do, row, said, request), _DONE[do]):
        return redirect("claims:recoupment-page", row.pk)
    return _page(request, demand_or_404(request.user, pk), {do: form}, status=REFUSED)


def _act(do: str, row: Recoupment, said: dict[str, Any], request: DeskRequest) -> object:
    by = request.user
    match do:
        case "decide":
            return letters.decide(row=row, decision=Decision(said["decision"]), because=said["because"], by=by)
        case "appeal":
            return letters.appeal(row=row, reference=said["reference"], on=said["on"], by=by)
        case "end-appeal":
            return letters.end_appeal(row=row, **said)
        case "refund":
            return refunds.open_for_demand(recoupment=row, amount_cents=said["amount"], because=said["because"], by=by)
        case _:
            return letters.close(row=row, because=said["because"], by=by)


def _page(
    request: DeskRequest, row: Recoupment, tried_forms: dict[str, forms.Form], *, status: int = 200
) -> HttpResponse:
    record_view("demand", [row.claim.patient_id], site_id=row.claim.site_id)
    may_post = request.user.has_perm(Permission.POST_PAYMENTS)
    owed = row.account.balance_cents if row.account else None
    start = {"amount": dollars(owed)} if owed and owed > 0 else {}
    steps = _open_to(row, owed) if may_post else []
    shown = {name: _FORMS[name](auto_id=f"{name}_%s", initial=start) for name in steps}
    paid_on = row.answer.answered_on if row.answer else row.letter_on
    context = {
        "demand": row,
        "owed": owed,
        "entries": row.account.entries.select_related("remittance").order_by("posted_at") if row.account else [],
        "refunds": row.refunds.select_related("payer").order_by("-opened_at"),
        "look_back": look_back(
            payer_kind=row.payer.kind,
            state=row.claim.site.state,
            paid_on=paid_on,
            letter_on=row.letter_on,
            is_cob=row.ground == Ground.ANOTHER_PAYER,
        ),
        "forms": [(name, _TITLES[name], form) for name, form in {**shown, **tried_forms}.items()],
        "days_left": (row.answer_by - timezone.localdate()).days,
    }
    return render(request, "claims/recoupment.html", context, status=status)


_TITLES = {
    "decide": ("Decide", "Save the decision"),
    "appeal": ("Appeal", "Record the appeal"),
    "end-appeal": ("How the appeal ended", "Record the outcome"),
    "refund": ("Refund by check", "Open a refund"),
    "close": ("Close", "Close the demand"),
}


def _open_to(row: Recoupment, owed: int | None) -> list[str]:
    """What can be done now, in the order it is done."""
    if row.closed_at:
        return []
    if row.is_under_appeal:
        return ["end-appeal"]
    steps = ["decide"] if not row.decision else []
    if row.decision == Decision.VALID and owed and owed > 0:
        steps.append("refund")
    if not row.appealed_on:
        steps.append("appeal")
    return [*steps, "close"] if row.decision and not owed else steps


@require_safe
@may(Permission.VIEW_CLAIMS)
def recoupment_letter(request: DeskRequest, pk: UUID) -> FileResponse:
    """The letter as it came; taking it out of the desk is on the trail."""
    row = demand_or_404(request.user, pk)
    if not row.letter:
        raise Http404
    record("downloaded", row, patients=[row.claim.patient_id], site_id=row.claim.site_id)
    name = f"demand-{row.pk}{Path(row.letter.name or '').suffix}"
    return FileResponse(row.letter.open("rb"), as_attachment=True, filename=name)
