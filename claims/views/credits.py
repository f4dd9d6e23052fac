"""Credits with their clocks, and refunds from opening to the payer's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.models import Claim, ClaimPayer, Credit, Refund
from claims.models.claim import PayerState
from claims.models.recoupment import CreditKind, RefundState
from claims.patient_billing.reading import pictures_of
from claims.patient_billing.write_off_reversal import to_reverse
from claims.recoupment import before_sending, credits, queries, refunds
from claims.recoupment import forms as asked
from claims.recoupment.reopening import NotReopened, keep_answer
from claims.views.lookups import claim_or_404
from claims.views.money_back import REFUSED, credit_or_404, refund_or_404, tried
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.cents import dollars
from cob.coverage.models import Kind

PAGE = 50
_CREDIT_FORMS: dict[str, type[forms.Form]] = {
    "refund": asked.RefundForm,
    "no-credit": asked.BecauseForm,
    "inquire": asked.InquiryForm,
}
_CREDIT_TITLES = {
    "refund": ("Give it back", "Open a refund"),
    "no-credit": ("It is no credit", "Say why it is none"),
    "inquire": ("Related overpayments are looked for", "Let the clock stand still"),
}
_CREDIT_DONE = {
    "refund": "The refund waits for somebody else’s approval.",
    "no-credit": "Kept with your reason.",
    "inquire": "The clock counts the inquiry.",
}
_REFUND_FORMS: dict[str, type[forms.Form]] = {
    "send": asked.SendForm,
    "acknowledge": asked.AcknowledgedForm,
    "again": asked.BecauseForm,
    "withdraw": asked.BecauseForm,
}
_REFUND_TITLES = {
    "send": ("Send the check", "The check went out"),
    "acknowledge": ("Acknowledged by letter", "Close the refund"),
    "again": ("Send it again", "Get a new check ready"),
    "withdraw": ("Withdraw it", "Withdraw the refund"),
}
_REFUND_DONE = {
    "send": "Posted: the check is on its way.",
    "acknowledge": "The refund is closed.",
    "again": "A new check can go out.",
    "withdraw": "The refund is withdrawn.",
}


@require_safe
@may(Permission.VIEW_CLAIMS)
def credit_list(request: DeskRequest) -> HttpResponse:
    """Open credits by the day they are due, and refunds under way."""
    settled = "settled" in request.GET
    page = Paginator(queries.credit_list(request.user, settled=settled), PAGE).get_page(request.GET.get("page"))
    under_way = list(queries.refunds_under_way(request.user)[:PAGE]) if not settled else []
    seen = [row.claim.patient_id for row in page] + [row.claim.patient_id for row in under_way]
    record_view("credits", seen)
    today = timezone.localdate()
    rows = [(row, (row.due_on - today).days if row.due_on else None) for row in page]
    context = {"page_obj": page, "rows": rows, "refunds": under_way, "settled": settled}
    return render(request, "claims/credit_list.html", context)


@require_safe
@may(Permission.VIEW_CLAIMS)
def credit_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One credit: why, whose, how much, by when, and what was done."""
    return _credit(request, credit_or_404(request.user, pk), {})


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def credit_change(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Open a refund, say that it is none, or record an inquiry; the field `do` says which."""
    row, do = credit_or_404(request.user, pk), request.POST.get("do", "")
    if do not in _CREDIT_FORMS:
        return redirect("claims:credit-page", row.pk)
    form = _CREDIT_FORMS[do](request.POST, auto_id=f"{do}_%s")
    if tried(request, form, lambda said: _act_on_credit(do, row, said, request), _CREDIT_DONE[do]):
        return redirect("claims:credit-page", row.pk)
    return _credit(request, credit_or_404(request.user, pk), {do: form}, status=REFUSED)


def _act_on_credit(do: str, row: Credit, said: dict[str, Any], request: DeskRequest) -> object:
    by = request.user
    if do == "refund":
        return refunds.open_for_credit(credit=row, amount_cents=said["amount"], because=said["because"], by=by)
    if do == "inquire":
        return credits.inquire(credit=row, since=said["since"], until=said["until"], kind=_kind(row))
    return credits.say_no_credit(credit=row, because=said["because"], by=by)


def _kind(row: Credit) -> str:
    found = ClaimPayer.objects.filter(claim=row.claim_id, payer=row.payer_id).select_related("coverage").first()
    return str(found.coverage.kind) if found else row.payer.kind


def _credit(
    request: DeskRequest, row: Credit, tried_forms: dict[str, forms.Form], *, status: int = 200
) -> HttpResponse:
    record_view("credit", [row.claim.patient_id], site_id=row.claim.site_id)
    is_open = row.settled_on is None and not row.no_credit_because
    names = list(_CREDIT_FORMS) if is_open and request.user.has_perm(Permission.POST_PAYMENTS) else []
    # The 60 days from a second primary payment (42 CFR 411.24) know no standstill.
    if "inquire" in names and (_kind(row) != Kind.MEDICARE or row.kind == CreditKind.BOTH_PRIMARY):
        names.remove("inquire")
    start = {"amount": dollars(row.amount_cents)} if row.is_sure else {}
    shown = {name: _CREDIT_FORMS[name](auto_id=f"{name}_%s", initial=start) for name in names}
    context = {
        "credit": row,
        "forms": [(name, _CREDIT_TITLES[name], form) for name, form in {**shown, **tried_forms}.items()],
        "refunds": row.refunds.select_related("payer").order_by("-opened_at"),
        "days_left": (row.due_on - timezone.localdate()).days if row.due_on else None,
        "reversible_cents": _reversible_cents(row) if is_open else 0,
    }
    return render(request, "claims/credit.html", context, status=status)


def _reversible_cents(row: Credit) -> int:
    """So much of it is no payer's money: a later payer allows more than an earlier one's contract."""
    claim = Claim.objects.select_related("patient", "site").get(pk=row.claim_id)
    return sum(part.cents for part in to_reverse(pictures_of([claim])[claim.pk]))


@require_safe
@may(Permission.VIEW_CLAIMS)
def refund_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One refund and who did what with it."""
    return _refund(request, refund_or_404(request.user, pk), {})


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.APPROVE_WRITE_OFF)
def refund_approve(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The second person agrees."""
    row = refund_or_404(request.user, pk)
    try:
        refunds.approve(refund=row, by=request.user)
    except refunds.RefundRefused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Approved; the check can go out.")
    return redirect("claims:refund-page", row.pk)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def refund_change(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Sent, acknowledged, sent again or withdrawn; the field `do` says which."""
    row, do = refund_or_404(request.user, pk), request.POST.get("do", "")
    if do not in _REFUND_FORMS:
        return redirect("claims:refund-page", row.pk)
    form = _REFUND_FORMS[do](request.POST, auto_id=f"{do}_%s")
    if tried(request, form, lambda said: _act_on_refund(do, row, said, request), _REFUND_DONE[do]):
        return redirect("claims:refund-page", row.pk)
    return _refund(request, refund_or_404(request.user, pk), {do: form}, status=REFUSED)


def _act_on_refund(do: str, row: Refund, said: dict[str, Any], request: DeskRequest) -> object:
    if do == "send":
        return refunds.send(refund=row, by=request.user, **said)
    if do == "acknowledge":
        return refunds.acknowledge(refund=row, **said)
    if do == "again":
        return refunds.send_again(refund=row, because=said["because"])
    return refunds.withdraw(refund=row, because=said["because"])


def _refund(
    request: DeskRequest, row: Refund, tried_forms: dict[str, forms.Form], *, status: int = 200
) -> HttpResponse:
    record_view("refund", [row.claim.patient_id], site_id=row.claim.site_id)
    waits = row.state in (RefundState.OPENED, RefundState.APPROVED)
    against = before_sending.against(row) if waits else ""
    steps = {
        RefundState.OPENED: ["withdraw"],
        RefundState.APPROVED: ["withdraw"] if against else ["send", "withdraw"],
        RefundState.SENT: ["acknowledge"],
        RefundState.RETURNED: ["again"] if before_sending.left_of(row) > 0 else [],
    }.get(RefundState(row.state), [])
    names = steps if request.user.has_perm(Permission.POST_PAYMENTS) else []
    shown = {name: _REFUND_FORMS[name](auto_id=f"{name}_%s") for name in names}
    is_second = request.user.pk != row.opened_by_id and request.user.has_perm(Permission.APPROVE_WRITE_OFF)
    context = {
        "refund": row,
        "forms": [(name, _REFUND_TITLES[name], form) for name, form in {**shown, **tried_forms}.items()],
        "can_approve": is_second and row.state == RefundState.OPENED and not against,
        "against": against,
        "entries": row.entries.select_related("account", "remittance").order_by("posted_at"),
    }
    return render(request, "claims/refund.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def payer_keep(request: DeskRequest, pk: UUID, rank: int) -> HttpResponse:
    """A payer reopened because an earlier one took its answer back: say why its answer stays."""
    claim = claim_or_404(request.user, pk)
    row = claim.payers.filter(rank=rank, state=PayerState.REOPENED).select_related("payer", "claim").first()
    if row is None:
        messages.info(request, "That payer is not reopened.")
        return redirect("claims:claim-page", claim.pk)
    record_view("claim before keeping an answer", [claim.patient_id], site_id=claim.site_id)
    form = asked.BecauseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            keep_answer(payer=row, because=form.cleaned_data["because"], by=request.user)
        except NotReopened as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, f"{row.payer}’s answer stands.")
        return redirect("claims:claim-page", claim.pk)
    context = {"claim": claim, "payer": row.payer, "form": form}
    return render(request, "claims/keep_answer.html", context, status=REFUSED if form.errors else 200)
