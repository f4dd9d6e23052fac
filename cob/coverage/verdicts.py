"""The pages that say a verdict on file to somebody: a payer, an appeals desk, the patient."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
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
def determination_say(request: DeskRequest, pk: UUID, style: str) -> HttpResponse:
    """One text made of the verdict, to read aloud, copy or print."""
    determination = determination_or_404(request.user, pk)
    if style not in TITLES:
        raise Http404
    record_view("verdict", [determination.patient_id], site_id=determination.patient.site_id)
    page = presenters.verdict_page(determination, style)
    return render(request, "coverage/saying.html", {"page": page, "style": style, "title": TITLES[style]})
