"""Settings: the options of practice, payer and state with their days, and beside them the numbers set by law."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.coverage import option_presenters as presenters
from cob.coverage.option_actions import BadOption, set_option
from cob.coverage.option_catalogue import SPECS
from cob.coverage.option_forms import OptionForm

REFUSED = 422


@require_safe
@may(Permission.MANAGE_SETTINGS)
def option_list(request: DeskRequest) -> HttpResponse:
    """Every option with what holds today."""
    context = {"groups": presenters.cards(timezone.localdate()), "unread": presenters.unread()}
    return render(request, "settings/options.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.MANAGE_SETTINGS)
def option_page(request: DeskRequest, name: str) -> HttpResponse:
    """One option: choose it from a day on, and everything chosen before."""
    spec = SPECS.get(name)
    if spec is None or not spec.is_settable:
        raise Http404
    form = OptionForm(request.POST or None, spec=spec)
    if request.method == "POST" and form.is_valid() and _is_kept(request, name, form):
        return redirect("settings:option-page", name)
    card, history = presenters.card(name, timezone.localdate())
    context = {"card": card, "history": history, "form": form}
    return render(request, "settings/option.html", context, status=REFUSED if form.is_bound else 200)


def _is_kept(request: DeskRequest, name: str, form: OptionForm) -> bool:
    choice: dict[str, Any] = form.choice()
    try:
        option = set_option(name=name, by=request.user, seen=_seen(request), **choice)
    except BadOption as bad:
        form.add_error(bad.field if bad.field in form.fields else None, str(bad))
        return False
    messages.success(request, f"{SPECS[name].label}: kept, from {option.effective_on:%m/%d/%Y}.")
    if option.effective_on < timezone.localdate():
        messages.warning(
            request,
            "Verdicts on file from that day on are not changed. Run the audit to see which would come out differently.",
        )
    return True


def _seen(request: DeskRequest) -> int | None:
    """How many choices the page showed when it was opened; a page that does not say is not held to it."""
    said = request.POST.get("seen", "")
    return int(said) if said.isdecimal() and len(said) < 10 else None


@require_safe
@may(Permission.MANAGE_SETTINGS)
def law_list(request: DeskRequest) -> HttpResponse:
    """The numbers set by law; they change with the program, not here."""
    return render(request, "settings/law.html", {"numbers": presenters.law_numbers()})
