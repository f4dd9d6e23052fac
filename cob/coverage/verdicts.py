"""The pages that say a verdict on file to somebody: a payer, an appeals desk, the patient."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage import presenters
from cob.coverage.lookups import determination_or_404
from cob.coverage.sayings import TITLES


@require_safe
@may(Permission.VIEW_PATIENTS)
def phone(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What to say to a payer, and what to ask."""
    return _text(request, pk, "phone")


@require_safe
@may(Permission.VIEW_PATIENTS)
def appeal(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A paragraph for an appeal."""
    return _text(request, pk, "appeal")


@require_safe
@may(Permission.VIEW_PATIENTS)
def letter(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What it means for the patient, to print and hand over."""
    return _text(request, pk, "patient")


def _text(request: DeskRequest, pk: UUID, style: str) -> HttpResponse:
    determination = determination_or_404(request.user, pk)
    record_view("verdict", [determination.patient_id], site_id=determination.patient.site_id)
    page = presenters.verdict_page(determination, style)
    return render(request, "coverage/saying.html", {"page": page, "style": style, "title": TITLES[style]})
