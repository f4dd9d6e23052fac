"""Deposits: the days with their differences, one day, one deposit, typing one, bringing a bank's export."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.deposits import actions, bank_csv
from claims.deposits.days import day_of, days_of, rows_of
from claims.deposits.forms import BankFileForm, CloseForm, DepositForm, MappingForm
from claims.deposits.queries import day_keys, not_deposited, tie_candidates, withdrawn_on
from claims.forms import ReasonForm
from claims.models import BankFile, DayClose, Deposit, DepositTie
from claims.views.lookups import remittance_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.models import Site
from cob.accounts.roles import Permission

PAGE, REFUSED = 30, 422


@require_safe
@may(Permission.VIEW_CLAIMS)
def deposit_days(request: DeskRequest) -> HttpResponse:
    """Each bank day with what was deposited, remitted, posted, and the difference."""
    page = Paginator(day_keys(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "days": days_of(list(page)), "missing": not_deposited(request.user)}
    return render(request, "claims/deposit_days.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS)
def deposit_day(request: DeskRequest, pk: UUID, day: int) -> HttpResponse:
    """One day: every deposit with its remittances and what explains the rest; closing it."""
    _must_post(request)
    site, on = _site(request, pk), _day(day)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_day(site=site, day=on, explanation=form.cleaned_data["explanation"], by=request.user)
            messages.success(request, "The day is closed.")
            return redirect("claims:deposit-day", pk, day)
        except actions.Refused as error:
            form.add_error("explanation", str(error))
    context = {"day": day_of(site, on), "form": form, "number": day, "withdrawn": withdrawn_on(site, on)}
    return render(request, "claims/deposit_day.html", context, status=REFUSED if form.errors else 200)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def deposit_day_reopen(request: DeskRequest, pk: UUID, day: int) -> HttpResponse:
    """Open a closed day again, with a reason."""
    close = get_object_or_404(DayClose, site=_site(request, pk), day=_day(day), reopened_at=None)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.reopen_day(close=close, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, "The day is open again.")
        except actions.Refused as error:
            messages.warning(request, str(error))
    else:
        messages.error(request, "Say in a few words why the day is opened again.")
    return redirect("claims:deposit-day", pk, day)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def deposit_new(request: DeskRequest) -> HttpResponse:
    """Type one deposit."""
    form = DepositForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.record_deposit(
                site=said["site"],
                on=said["deposited_on"],
                cents=said["amount"],
                trace=said["trace"],
                payer_said=said["payer_said"],
                by=request.user,
                is_another=said["is_another"],
            )
        except actions.Refused as error:
            form.add_error("is_another", str(error))
        else:
            messages.success(request, "On file.")
            return redirect("claims:deposit-page", made.pk)
    return render(request, "claims/deposit_new.html", {"form": form}, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def bank_file_new(request: DeskRequest) -> HttpResponse:
    """Bring a bank's export; its columns are chosen next."""
    is_post = request.method == "POST"
    form = BankFileForm(request.user, request.POST if is_post else None, request.FILES if is_post else None)
    if is_post and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file, is_new = actions.keep_bank_file(
                site=form.cleaned_data["site"],
                name=upload.name,
                data=upload.read(bank_csv.MOST_BYTES + 1),
                by=request.user,
            )
            if not is_new:
                messages.info(request, "This export is on file already; its deposits count once.")
            return redirect("claims:bank-file", file.pk)
        except bank_csv.NotAnExport as error:
            form.add_error("file", str(error))
    return render(request, "claims/bank_file_new.html", {"form": form}, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def bank_file(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Which column is what, what that gives line by line, and taking it."""
    file = get_object_or_404(BankFile.objects.visible_to(request.user).select_related("site", "by"), pk=pk)
    columns, _ = bank_csv.table(file.content)
    form = MappingForm(columns, request.POST if request.method == "POST" else None, initial=file.mapping)
    mapping = {name: str(file.mapping.get(name, "")) for name in bank_csv.FIELDS}
    if request.method == "POST" and form.is_valid():
        mapping = {name: form.cleaned_data[name] for name in bank_csv.FIELDS}
        if "take" in request.POST:
            try:
                taken = actions.take_bank_file(
                    file=file, mapping=mapping, by=request.user, without_wrong=form.cleaned_data["without_wrong"]
                )
                messages.success(
                    request,
                    f"{taken.new} new deposits, {taken.before} on file before, {taken.left_out} lines left out"
                    + (f", {taken.wrong} not read." if taken.wrong else "."),
                )
                return redirect("claims:deposit-days")
            except actions.Refused as error:
                form.add_error(None, str(error))
    read = bank_csv.read(file.content, mapping)
    context = {"file": file, "form": form, "read": read, "most": bank_csv.MOST_SHOWN}
    return render(request, "claims/bank_file.html", context, status=REFUSED if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS)
def deposit_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One deposit: the remittances it pays, and those it may pay."""
    _must_post(request)
    deposit = _deposit(request, pk)
    if request.method == "POST":
        try:
            _tie_or_untie(request, deposit)
        except actions.Refused as error:
            messages.warning(request, str(error))
        return redirect("claims:deposit-page", deposit.pk)
    row = rows_of([deposit])[0]
    number = int(f"{deposit.deposited_on:%Y%m%d}")
    candidates = tie_candidates(deposit, row.bank_cents)
    context = {"row": row, "number": number, "candidates": candidates, "form": ReasonForm()}
    return render(request, "claims/deposit.html", context)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def deposit_withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Take a deposit that was typed wrongly out of every count, with a reason."""
    deposit, form = _deposit(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw(deposit=deposit, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, "Withdrawn: it counts nowhere any more.")
        except actions.Refused as error:
            messages.warning(request, str(error))
    else:
        messages.error(request, "Say in a few words what is wrong with the deposit.")
    return redirect("claims:deposit-page", deposit.pk)


def _deposit(request: DeskRequest, pk: UUID) -> Deposit:
    rows = Deposit.objects.visible_to(request.user).select_related("site", "by", "bank_file", "withdrawn_by")
    found: Deposit = get_object_or_404(rows, pk=pk)
    return found


def _tie_or_untie(request: DeskRequest, deposit: Deposit) -> None:
    try:
        chosen = UUID(request.POST.get("remittance") or request.POST.get("untie") or "")
    except ValueError as error:
        raise actions.Refused("Choose a remittance from the list.") from error
    if "untie" in request.POST:
        tie = get_object_or_404(DepositTie.objects.select_related("deposit__site"), pk=chosen, deposit=deposit)
        actions.untie(tie_=tie, reason="taken out by hand")
        messages.success(request, "Taken out of this deposit.")
        return
    actions.tie(deposit=deposit, remittance=remittance_or_404(request.user, chosen), by=request.user)
    messages.success(request, "Tied.")


def _must_post(request: DeskRequest) -> None:
    """Everybody who sees claims may read; only who posts payments may write."""
    if request.method == "POST" and not request.user.has_perm(Permission.POST_PAYMENTS):
        raise PermissionDenied(Permission.POST_PAYMENTS)


def _site(request: DeskRequest, pk: UUID) -> Site:
    found: Site = get_object_or_404(Site.objects.filter(pk__in=request.user.site_ids()), pk=pk)
    return found


def _day(number: int) -> date:
    """20260320 as a day."""
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
