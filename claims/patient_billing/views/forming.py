"""How every form here is shown and answered: one template, refusals on the form, a message when it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cob.accounts.access import DeskRequest
from cob.patients.models import Patient

REFUSED = 422


@dataclass(frozen=True, slots=True)
class Sheet:
    """What surrounds a form."""

    heading: str
    button: str
    patient: Patient
    back: str
    lede: str = ""
    aside: str = ""
    tone: str = "primary"


def answered(
    request: DeskRequest,
    form: forms.Form,
    sheet: Sheet,
    do: Callable[[dict[str, Any]], Any],
    *,
    refusals: type[ValueError] | tuple[type[ValueError], ...],
    done: str,
    then: Callable[[Any], str] | str = "",
    more: dict[str, Any] | None = None,
    template: str = "billing/form.html",
) -> HttpResponse:
    """Show the form; when it is sent and good, do it, say so and go on. A refusal stands on the form."""
    if form.is_bound and form.is_valid():
        try:
            result = do(form.cleaned_data)
        except refusals as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect(then(result) if callable(then) else then or sheet.back)
    status = REFUSED if form.is_bound else 200
    return render(request, template, {"form": form, "sheet": sheet, **(more or {})}, status=status)


def tried(request: DeskRequest, do: Callable[[], Any], back: str, *, refusals: Any, done: str) -> HttpResponse:
    """A press of a button without a form: done or refused, and back to the page."""
    try:
        do()
    except refusals as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(back)
