"""The claims of one patient whose order has changed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.presenters.reordering import changed_page
from claims.reordering import changed_claims
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage.cases import payer_names
from cob.coverage.lookups import patient_or_404
from cob.coverage.models import Determination


@require_safe
@may(Permission.VIEW_CLAIMS)
def changed_orders(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Every claim, open or paid, that went out in another order than the one due now; nothing is moved here."""
    patient = patient_or_404(request.user, pk)
    record_view("claims whose order changed", [patient.pk], site_id=patient.site_id)
    found = changed_claims(patient)
    names = payer_names(list(patient.coverages.select_related("payer")))
    rows = Determination.objects.current().filter(patient=patient).order_by("decided_at")
    on_file = dict(rows.values_list("service_on", "pk"))
    context = {"patient": patient, "page": changed_page(found, names, on_file)}
    return render(request, "claims/changed_orders.html", context)
