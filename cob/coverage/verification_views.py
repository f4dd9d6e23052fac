"""Where a payer's word on the order is put on file."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage import actions
from cob.coverage.actions import BadVerification
from cob.coverage.agreement import Stand
from cob.coverage.cases import payer_names
from cob.coverage.deciding import current
from cob.coverage.lookups import coverage_or_404, determination_or_404
from cob.coverage.models import Coverage, Determination, Verification
from cob.coverage.payers_said import payers_said
from cob.coverage.verification_form import VerificationForm
from cob.coverage.verifying import standing_on
from cob.coverage.visits import Visit

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def verification_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What one payer says of the order of one day, or of a stretch of days."""
    coverage = coverage_or_404(request.user, pk)
    patient, day = coverage.patient, _day(request, coverage)
    record_view("verification form", [patient.pk], site_id=patient.site_id)
    names = payer_names(list(patient.coverages.select_related("payer")))
    filled = request.POST if request.method == "POST" else None
    found = current(patient, day)
    form = VerificationForm(filled, day=day, coverages=names, own=str(coverage.pk), read=found.pk if found else None)
    if form.is_valid() and (saved := _kept(request, coverage, form)):
        return _back(saved)
    context = {
        "patient": patient,
        "coverage": coverage,
        "payer": names[str(coverage.pk)],
        "form": form,
        "day": day,
        "determination": found,
        "payers": payers_said(patient, day, found.verdict if found else None, names),
    }
    return render(request, "coverage/verification.html", context, status=REFUSED if form.is_bound else 200)


def _day(request: DeskRequest, coverage: Coverage) -> date:
    """The day of the verdict that was on the screen; else the day this person works on."""
    try:
        asked = UUID(request.GET.get("order", ""))
    except ValueError:
        return Visit(request.session, coverage.patient).on
    determination = determination_or_404(request.user, asked)
    is_same = determination.patient_id == coverage.patient_id
    return determination.service_on if is_same else Visit(request.session, coverage.patient).on


def _kept(request: DeskRequest, coverage: Coverage, form: VerificationForm) -> Verification | None:
    try:
        row = actions.record_verification(coverage=coverage, by=request.user, **form.said())
    except BadVerification as bad:
        form.add_error(bad.field if bad.field in form.fields else None, str(bad))
        return None
    stand = standing_on(row.patient, row.first_day).stands.get(str(coverage.pk))
    if stand is Stand.DISAGREES:
        messages.warning(request, f"Kept. {coverage.payer} shows another order than ours: that is work to settle now.")
    else:
        messages.success(request, f"Kept what {coverage.payer} said.")
    return row


def _back(row: Verification) -> HttpResponse:
    found: Determination | None = current(row.patient, row.first_day)
    if found is not None:
        return redirect(f"{reverse('coverage:determination-page', args=[found.pk])}#payers")
    return redirect(f"{reverse('patients:patient-page', args=[row.patient_id])}#payers")
