"""Where a supervisor decides an order: warned in words, and asked by name where federal law says otherwise."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage import actions, presenters
from cob.coverage.actions import BadOverride, BreaksLaw, Superseded
from cob.coverage.lookups import determination_or_404
from cob.coverage.models import Determination
from cob.coverage.override_form import OverrideForm

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.OVERRIDE_ORDER)
def determination_override(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A person's order, with a reason and evidence."""
    determination = determination_or_404(request.user, pk)
    record_view("override", [determination.patient_id], site_id=determination.patient.site_id)
    page = presenters.verdict_page(determination)
    filled = request.POST if request.method == "POST" else None
    form = OverrideForm(filled, coverages=page.coverages, order=page.verdict["order"])
    if form.is_valid() and (answer := _decided(request, determination, form)):
        return answer
    warnings = [one.said(page.names) for one in form.broken]
    context = {"page": page, "form": form, "warnings": warnings}
    return render(request, "coverage/override.html", context, status=REFUSED if form.is_bound else 200)


def _decided(request: DeskRequest, determination: Determination, form: OverrideForm) -> HttpResponse | None:
    """Put it on file; None when refused, with the reason in the form."""
    said = {"reason": form.cleaned_data["reason"], "evidence": form.evidence(), "confirmed": form.confirmed()}
    try:
        new = actions.override(determination=determination, order=form.order(), by=request.user, **said)
    except BreaksLaw as breaks:
        form.confirming(breaks.broken)
        form.add_error(None, str(breaks))
        return None
    except BadOverride as bad:
        form.add_error(bad.field if bad.field in form.fields else None, str(bad))
        return None
    except Superseded as superseded:
        messages.warning(request, str(superseded))
        return redirect("coverage:determination-page", superseded.later.pk)
    messages.success(request, "The order is overridden and on file.")
    return redirect("coverage:determination-page", new.pk)
