"""Look at what would be sent and what speaks against it, then send it; and the file of a sending."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from claims import actions
from claims.edits import Objection, objections
from claims.forms import SendForm
from claims.models import Claim
from claims.presenters import words
from claims.presenters.sending import preview, with_fixes
from claims.submissions.folder import NoSuchPayer, open_folder
from claims.submissions.project import ORIGINAL
from claims.views.lookups import claim_or_404, submission_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.models import record
from cob.audit.reads import record_view

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def claim_send(request: DeskRequest, pk: UUID, rank: int) -> HttpResponse:
    """The confirm page; posting it sends the claim."""
    claim = claim_or_404(request.user, pk)
    record_view("claim before sending", [claim.patient_id], site_id=claim.site_id)
    frequency = request.POST.get("frequency") or request.GET.get("frequency") or ""
    frequency = frequency if frequency in {"7", "8"} else ""
    if request.method != "POST":
        return _confirm(request, claim, rank, frequency)
    try:
        sent = actions.send_claim(claim=claim, rank=rank, by=request.user, frequency=frequency)
    except NoSuchPayer as error:
        raise Http404 from error
    except actions.SendRefused as refused:
        return _confirm(request, claim, rank, frequency, said=refused.objections, status=REFUSED)
    except actions.AlreadySent as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"Sent to {sent.claim_payer.payer} under interchange {sent.interchange}.")
    return redirect("claims:claim-page", claim.pk)


def _confirm(
    request: DeskRequest,
    claim: Claim,
    rank: int,
    frequency: str,
    *,
    said: list[Objection] | None = None,
    status: int = 200,
) -> HttpResponse:
    folder = open_folder(claim)
    try:
        sending = folder.sending(rank, timezone.localdate(), frequency)
    except NoSuchPayer as error:
        raise Http404 from error
    found = objections(sending) if said is None else said
    corrects = folder.frequency(rank) != ORIGINAL
    context = {
        "claim": claim,
        "rank": rank,
        "rank_word": words.rank(sending.to.place).lower(),
        "to": sending.to,
        "said": with_fixes(found, folder, rank),
        "stops": sum(1 for o in found if o.stops),
        "preview": preview(sending.claim),
        "form": SendForm(initial={"frequency": sending.frequency}) if corrects else None,
    }
    return render(request, "claims/send.html", context, status=status)


@require_safe
@may(Permission.VIEW_CLAIMS)
def submission_file(request: DeskRequest, pk: UUID) -> FileResponse:
    """The 837P as it left; taking it out of the desk is on the trail."""
    sent = submission_or_404(request.user, pk)
    claim = sent.claim
    record("downloaded", sent, patients=[claim.patient_id], site_id=claim.site_id)
    name = f"{sent.interchange}.837"
    return FileResponse(sent.kept.open("rb"), as_attachment=True, filename=name, content_type="application/edi-x12")
