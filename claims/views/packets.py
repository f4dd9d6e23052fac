"""The proof packet: made with one button, and the file as it was made."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from claims.packets import making
from claims.views.lookups import claim_or_404, packet_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.models import record


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def packet_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Make it of the parts ticked, all where none is; the PDF follows."""
    claim = claim_or_404(request.user, pk)
    try:
        row = making.make(claim=claim, by=request.user, parts=request.POST.getlist("parts"))
    except making.PacketRefused as refused:
        messages.warning(request, str(refused))
        return redirect("claims:claim-page", claim.pk)
    return redirect("claims:packet-file", row.pk)


@require_safe
@may(Permission.VIEW_CLAIMS)
def packet_file(request: DeskRequest, pk: UUID) -> FileResponse:
    """The PDF as it was made; taking it out of the desk is on the trail."""
    row = packet_or_404(request.user, pk)
    record("downloaded", row, patients=[row.claim.patient_id], site_id=row.claim.site_id, after={"sha256": row.sha256})
    name = f"packet-{row.pk.hex[:8]}.pdf"
    return FileResponse(row.kept.open("rb"), filename=name, content_type="application/pdf")
