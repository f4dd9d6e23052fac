"""The provider's own ledger: every payer, one payer's accounts, one account with its rows and the paper behind each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.models import Claim, ProviderAccount
from claims.recoupment import queries
from claims.recoupment.forms import ExplainForm
from claims.recoupment.plb import ACCOUNT_WORDS, Account, reason_of
from claims.recoupment.provider_ledger import explain, totals
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.models import record
from cob.audit.reads import record_view
from cob.coverage.models import Payer
from cob.turns import Turn, wait_for

PAGE = 50
REFUSED = 422


@require_safe
@may(Permission.VIEW_CLAIMS)
def provider_ledger(request: DeskRequest) -> HttpResponse:
    """Every payer something stands or stood open with."""
    return render(request, "claims/provider_ledger.html", {"lines": queries.payer_lines(request.user)})


@require_safe
@may(Permission.VIEW_CLAIMS)
def provider_ledger_payer(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One payer's accounts."""
    payer = get_object_or_404(Payer, pk=pk)
    every = "all" in request.GET
    page = Paginator(queries.accounts_of(payer, request.user, every=every), PAGE).get_page(request.GET.get("page"))
    record_view("provider ledger", [row.claim.patient_id for row in page if row.claim])
    stands = totals(queries.accounts_seen_by(request.user).filter(payer=payer).exclude(balance_cents=0))
    kinds = [(ACCOUNT_WORDS[kind], cents) for kind, cents in sorted(stands.items())]
    context = {"payer": payer, "page_obj": page, "every": every, "totals": kinds}
    return render(request, "claims/provider_ledger_payer.html", context)


@require_safe
@may(Permission.VIEW_CLAIMS)
def provider_account(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One account, its roll and its rows."""
    return _account(request, _account_or_404(request, pk), ExplainForm())


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def provider_account_explain(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Say what an entry nobody could map really is."""
    account, form = _account_or_404(request, pk), ExplainForm(request.POST)
    if not form.is_valid():
        return _account(request, account, form, status=REFUSED)
    number = form.cleaned_data["claim_number"].strip()
    claims = Claim.objects.visible_to(request.user)
    claim = claims.filter(control_number__iexact=number, payers__payer=account.payer).first() if number else None
    if number and claim is None:
        form.add_error("claim_number", f"No claim of ours with this number was billed to {account.payer}.")
        return _account(request, account, form, status=REFUSED)
    to = Account(form.cleaned_data["account"])
    there = _explain(account, to, claim, form.cleaned_data["note"])
    if there is None:
        messages.warning(request, "Somebody has explained it a moment ago.")
        return redirect("claims:provider-account", account.pk)
    messages.success(request, f"It stands under “{there.get_account_display()}” now.")
    return redirect("claims:provider-account", there.pk)


def _explain(account: ProviderAccount, to: Account, claim: Claim | None, note: str) -> ProviderAccount | None:
    with transaction.atomic():
        wait_for(Turn.POSTINGS)
        rows = ProviderAccount.objects.select_for_update(of=("self",)).select_related("payer", "site")
        fresh = rows.get(pk=account.pk)
        if fresh.account != Account.UNEXPLAINED or not fresh.balance_cents:
            return None
        there = explain(fresh, to, claim, note, timezone.localdate())
        patients = [claim.patient_id] if claim else []
        after = {"account": to.value, "amount_cents": there.balance_cents}
        record("provider entry explained", there, patients=patients, site_id=account.site_id, after=after, reason=note)
    return there


def _account(request: DeskRequest, account: ProviderAccount, form: ExplainForm, *, status: int = 200) -> HttpResponse:
    record_view("provider account", [account.claim.patient_id] if account.claim else [], site_id=account.site_id)
    entries = queries.entries_of(account)
    is_open = account.account == Account.UNEXPLAINED and account.balance_cents
    context = {
        "account": account,
        "entries": entries,
        "roll": queries.rolled_up(account, entries),
        "reason": reason_of(account.reason) if account.reason else None,
        "demands": account.recoupments.all(),
        "form": form if is_open and request.user.has_perm(Permission.POST_PAYMENTS) else None,
    }
    return render(request, "claims/provider_account.html", context, status=status)


def _account_or_404(request: DeskRequest, pk: UUID) -> ProviderAccount:
    rows = queries.accounts_seen_by(request.user).select_related("payer", "site", "claim__patient")
    found: ProviderAccount = get_object_or_404(rows, pk=pk)
    return found
