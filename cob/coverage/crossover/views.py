"""Settings: which payers get copies by themselves and how long they are waited for, each kept from a day on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.coverage.crossover.actions import set_crossover
from cob.coverage.crossover.forms import CrossoverForm, initial_of
from cob.coverage.crossover.presenters import kept_of, payer_lines
from cob.coverage.models import Payer
from cob.coverage.payment_actions import BadTerms
from cob.coverage.payment_terms import latest

REFUSED = 422


@require_safe
@may(Permission.MANAGE_SETTINGS)
def crossover_list(request: DeskRequest) -> HttpResponse:
    """Every payer with what holds today."""
    return render(request, "settings/crossover.html", {"lines": payer_lines(timezone.localdate())})


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.MANAGE_SETTINGS)
def crossover_payer(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One payer: what was kept, and a form for what holds from a day on."""
    payer, today = get_object_or_404(Payer, pk=pk), timezone.localdate()
    held = latest(payer.crossover_terms.all(), today)
    form = CrossoverForm(request.POST if request.method == "POST" else None, initial=initial_of(held))
    if form.is_valid():
        said = form.cleaned_data
        try:
            row = set_crossover(
                payer=payer,
                sender=said["sender"],
                said=form.kept(),
                effective_on=said["effective_on"],
                source=said["source"],
                by=request.user,
            )
        except BadTerms as bad:
            form.add_error(bad.field if bad.field in form.fields else None, str(bad))
        else:
            messages.success(request, f"Kept, from {row.effective_on:%m/%d/%Y}. Copies seen from now on follow it.")
            return redirect("settings:crossover-payer", payer.pk)
    context = {"payer": payer, "rows": kept_of(payer, today), "form": form}
    return render(request, "settings/crossover_payer.html", context, status=REFUSED if form.errors else 200)
