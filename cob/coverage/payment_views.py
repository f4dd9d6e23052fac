"""Settings: how payers pay behind others, our contracts with them, and what they allow; each kept from a day on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.coverage import payment_presenters as presenters
from cob.coverage.models import Payer, PlanTerms
from cob.coverage.payment_actions import BadTerms, read_schedule, set_contract, set_fees, set_terms
from cob.coverage.payment_forms import ContractForm, FeesForm, TermsForm, initial_of
from cob.coverage.payment_terms import OnFile, latest

REFUSED = 422
MOST_FEES = 200


@require_safe
@may(Permission.MANAGE_SETTINGS)
def payer_list(request: DeskRequest) -> HttpResponse:
    """Every payer with what holds today."""
    lines = presenters.payer_lines(timezone.localdate())
    return render(request, "settings/payment.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.MANAGE_SETTINGS)
def payer_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One payer: its terms from a day on, and everything kept before."""
    payer = get_object_or_404(Payer, pk=pk)
    if request.method != "POST":
        return _page(request, payer)
    form = TermsForm(request.POST, kind=payer.kind)
    if form.is_valid():
        said = form.cleaned_data
        try:
            set_terms(
                payer=payer,
                plan_name=said["plan_name"],
                terms=form.kept(),
                effective_on=said["effective_on"],
                source=said["source"],
                by=request.user,
            )
        except BadTerms as bad:
            _refuse(form, bad)
        else:
            return _kept(request, payer, f"Terms of {payer} kept, from {said['effective_on']:%m/%d/%Y}.")
    return _page(request, payer, terms=form)


@require_POST
@may(Permission.MANAGE_SETTINGS)
def contract_set(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Keep whether we have a contract with a payer."""
    payer = get_object_or_404(Payer, pk=pk)
    form = ContractForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            set_contract(
                payer=payer,
                site=said["site"],
                is_in_network=said["is_in_network"] == "yes",
                effective_on=said["effective_on"],
                source=said["source"],
                by=request.user,
            )
        except BadTerms as bad:
            _refuse(form, bad)
        else:
            return _kept(request, payer, f"Contract with {payer} kept, from {said['effective_on']:%m/%d/%Y}.")
    return _page(request, payer, contract=form)


@require_POST
@may(Permission.MANAGE_SETTINGS)
def fees_set(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Keep one fee or a file of them."""
    payer = get_object_or_404(Payer, pk=pk)
    form = FeesForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            new = set_fees(
                payer=payer,
                site=said["site"],
                fees=read_schedule(form.schedule),
                effective_on=said["effective_on"],
                source=said["source"],
                by=request.user,
            )
        except BadTerms as bad:
            _refuse(form, bad)
        else:
            words = f"{new} fee{'s' if new != 1 else ''} of {payer} kept, from {said['effective_on']:%m/%d/%Y}."
            return _kept(request, payer, words if new else "Every fee given already holds; nothing was kept.")
    return _page(request, payer, fees=form)


def _refuse(form: Form, bad: BadTerms) -> None:
    form.add_error(bad.field if bad.field in form.fields else None, str(bad))


def _kept(request: DeskRequest, payer: Payer, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("settings:payment-payer", payer.pk)


def _page(
    request: DeskRequest,
    payer: Payer,
    terms: TermsForm | None = None,
    contract: ContractForm | None = None,
    fees: FeesForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    row = latest(PlanTerms.objects.filter(payer=payer, plan_name=""), today)
    held = OnFile.model_validate(row.terms) if row else OnFile()
    context = {
        "payer": payer,
        "terms": presenters.terms_history(payer, today),
        "contracts": presenters.contract_history(payer, today),
        "fees": presenters.fee_rows(payer, today, MOST_FEES),
        "fee_count": payer.fees.count(),
        "terms_form": terms or TermsForm(initial=initial_of(held), kind=payer.kind),
        "contract_form": contract or ContractForm(auto_id="contract_%s"),
        "fees_form": fees or FeesForm(auto_id="fees_%s"),
    }
    refused = any(form is not None for form in (terms, contract, fees))
    return render(request, "settings/payment_payer.html", context, status=REFUSED if refused else 200)
