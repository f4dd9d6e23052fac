"""A denial: what the payer's codes mean, why it counts as that, and what to do."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from denials.models import Denial
from denials.presenters import DenialPage


@require_safe
@may(Permission.VIEW_CLAIMS)
def denial_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    rows = (
        Denial.objects.visible_to(request.user)
        .select_related("claim__patient", "payer", "site", "resolved_by")
        .defer("claim__content")
    )
    denial = get_object_or_404(rows, pk=pk)
    record_view("denial", [denial.claim.patient_id], site_id=denial.site_id)
    context = {"denial": denial, "shown": DenialPage(denial), "claim_url": _claim_url(denial)}
    return render(request, "denials/denial.html", context)


def _claim_url(denial: Denial) -> str:
    try:
        return reverse("claims:claim-page", args=[denial.claim_id])
    except NoReverseMatch:
        return ""
