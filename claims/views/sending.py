"""Look at what would be sent and what speaks against it, then send it; and the file of a sending."""

from __future__ import annotations

import io
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import actions
from claims.cms1500.overlay import alignment_page
from claims.editing.waiving import CannotWaive, waive_edit, withdraw_waiver
from claims.edits import Objection, objections
from claims.forms import AlignmentForm, SendForm
from claims.models import Claim, Submission
from claims.presenters import words
from claims.presenters.sending import preview, with_fixes
from claims.submissions.excerpt import as_sent
from claims.submissions.folder import NoSuchPayer, open_folder
from claims.submissions.project import ORIGINAL
from claims.views.lookups import claim_or_404, submission_or_404, waiver_or_404
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
    frequency = request.POST.get("frequency") or request.GET.get("frequency") or ""
    frequency = frequency if frequency in {"7", "8"} else ""
    if request.method != "POST":
        return _confirm(request, claim, rank, frequency)
    on_paper = request.POST.get("how") == "paper"
    try:
        sent = actions.send_claim(claim=claim, rank=rank, by=request.user, frequency=frequency, on_paper=on_paper)
    except NoSuchPayer as error:
        raise Http404 from error
    except actions.SendRefused as refused:
        return _confirm(request, claim, rank, frequency, said=refused.objections, status=REFUSED)
    except actions.AlreadySent as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _sent(sent))
    return redirect("claims:claim-page", claim.pk)


def _sent(sent: Submission) -> str:
    if sent.on_paper:
        return (
            f"On file as mailed to {sent.claim_payer.payer}: print the form under Sendings, and lay the EOBs beside it."
        )
    return f"Sent to {sent.claim_payer.payer} under interchange {sent.interchange}."


@require_safe
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def claim_form(request: DeskRequest, pk: UUID, rank: int) -> HttpResponse:
    """The CMS-1500 to look at, nothing recorded as sent; taking it out of the desk is on the trail."""
    claim = claim_or_404(request.user, pk)
    try:
        data = actions.print_form(claim=claim, rank=rank)
    except NoSuchPayer as error:
        raise Http404 from error
    except actions.SendRefused as refused:
        return _confirm(request, claim, rank, "", said=refused.objections, status=REFUSED)
    record("downloaded", claim, patients=[claim.patient_id], site_id=claim.site_id)
    return _pdf(data, f"cms1500-{rank}.pdf")


@require_safe
@may(Permission.VIEW_CLAIMS)
def alignment(request: DeskRequest) -> HttpResponse:
    """Every box filled, to lay over a form; millimetres to the right and down move it."""
    form = AlignmentForm(request.GET)
    moved = form.cleaned_data if form.is_valid() else {}
    data = alignment_page(right_mm=moved.get("right") or 0.0, down_mm=moved.get("down") or 0.0)
    return _pdf(data, "cms1500-alignment.pdf")


def _pdf(data: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _confirm(
    request: DeskRequest,
    claim: Claim,
    rank: int,
    frequency: str,
    *,
    said: list[Objection] | None = None,
    refused: tuple[str, str] = ("", ""),
    status: int = 200,
) -> HttpResponse:
    """`refused`: the edit that was to be waived, and why it was not."""
    folder = open_folder(claim)
    try:
        sending = folder.sending(rank, timezone.localdate(), frequency)
    except NoSuchPayer as error:
        raise Http404 from error
    record_view("claim before sending", [claim.patient_id], site_id=claim.site_id)
    found = objections(sending) if said is None else said
    corrects = folder.frequency(rank) != ORIGINAL
    context = {
        "claim": claim,
        "rank": rank,
        "rank_word": words.rank(sending.to.place).lower(),
        "to": sending.to,
        "said": with_fixes(found, folder, rank, sending),
        "frequency": frequency,
        "refused_edit": refused[0],
        "refused_because": refused[1],
        "stops": sum(1 for o in found if o.stops),
        "only_on_paper": all(o.edit == "medicare_on_paper" for o in found if o.stops),
        "preview": preview(sending.claim),
        "form": SendForm(initial={"frequency": sending.frequency}) if corrects else None,
    }
    return render(request, "claims/send.html", context, status=status)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.WAIVE_EDITS)
def edit_waive(request: DeskRequest, pk: UUID, rank: int) -> HttpResponse:
    """Set one edit aside for this claim as it stands."""
    claim = claim_or_404(request.user, pk)
    edit, reason = request.POST.get("edit", ""), request.POST.get("reason", "")
    frequency = request.POST.get("frequency", "")
    frequency = frequency if frequency in {"7", "8"} else ""
    try:
        waive_edit(claim=claim, rank=rank, edit=edit, reason=reason, by=request.user, frequency=frequency)
    except NoSuchPayer as error:
        raise Http404 from error
    except CannotWaive as refused:
        return _confirm(request, claim, rank, frequency, refused=(edit, str(refused)), status=REFUSED)
    messages.success(request, "Waived for this claim as it stands. It ends when anything about the claim changes.")
    kind = f"?frequency={frequency}" if frequency else ""
    return redirect(reverse("claims:claim-send", args=[claim.pk, rank]) + kind)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.WAIVE_EDITS)
def waiver_withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The edit stops the claim again."""
    waiver = waiver_or_404(request.user, pk)
    if withdraw_waiver(waiver=waiver, by=request.user):
        messages.success(request, "Withdrawn: the edit stops this claim again.")
    else:
        messages.warning(request, "Somebody has withdrawn it already.")
    return redirect("claims:claim-page", waiver.claim_id)


@require_safe
@may(Permission.VIEW_CLAIMS)
def submission_file(request: DeskRequest, pk: UUID) -> FileResponse:
    """The 837P as it left, of a batch this claim alone; taking it out of the desk is on the trail."""
    sent = submission_or_404(request.user, pk)
    claim = sent.claim
    record("downloaded", sent, patients=[claim.patient_id], site_id=claim.site_id)
    name, kind = (
        ("cms1500.pdf", "application/pdf") if sent.on_paper else (f"{sent.interchange}.837", "application/edi-x12")
    )
    data = io.BytesIO(as_sent(sent))
    return FileResponse(data, as_attachment=not sent.on_paper, filename=name, content_type=kind)
