"""A rejection that answers nothing on file: say which sending it is about, or why it is of none."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from claims.exchange import acks_by_hand
from claims.forms import NumberForm, SetAsideForm
from claims.models import Acknowledgement, Claim
from claims.models.ack_reply import Replied
from claims.presenters.rejections import sending_rows
from claims.rejections import answers_whole_file, rejection_seen_by, sendings_named, sendings_numbered, unplaced_in
from claims.views.lookups import sending_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.IMPORT_FILES)
def rejection_place(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Find the claim by its number, then choose the sending."""
    ack = _rejection_or_404(request, pk)
    if request.method == "POST" and "sending" in request.POST:
        return _place(request, ack)
    return _page(request, ack, number=NumberForm(request.POST if request.method == "POST" else None))


def _place(request: DeskRequest, ack: Acknowledgement) -> HttpResponse:
    sending = sending_or_404(request.user, request.POST["sending"])
    try:
        answered = acks_by_hand.place(ack=ack, sending=sending, by=request.user)
    except acks_by_hand.CannotPlace as refused:
        messages.warning(request, str(refused))
        return redirect("claims:rejection-place", ack.pk)
    others = f", and with the {len(answered) - 1} others that left with it" if len(answered) > 1 else ""
    messages.success(request, f"Placed with claim {sending.claim}{others}.")
    return _onward(ack, sending.claim_id)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.IMPORT_FILES)
def rejection_set_aside(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Not ours, or dealt with: this one or all of its file that still wait, with the reason."""
    ack = _rejection_or_404(request, pk)
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return _page(request, ack, aside=form)
    said = form.cleaned_data
    waiting = list(unplaced_in(ack.file_id))
    acks = waiting if said["all_of_file"] and ack in waiting else [ack]
    try:
        acks_by_hand.set_aside(acks=acks, replied=Replied(said["replied"]), reason=said["reason"], by=request.user)
    except acks_by_hand.CannotPlace as refused:
        messages.warning(request, str(refused))
        return redirect("claims:rejection-place", ack.pk)
    messages.success(request, "Noted with your name and reason.")
    return _onward(ack, None)


def _onward(ack: Acknowledgement, claim: UUID | None) -> HttpResponse:
    """The next one that waits in the file; else the claim that was turned away, or the file."""
    following = unplaced_in(ack.file_id).first()
    if following:
        return redirect("claims:rejection-place", following.pk)
    return redirect("claims:claim-page", claim) if claim else redirect("claims:file-page", ack.file_id)


def _page(
    request: DeskRequest, ack: Acknowledgement, *, number: NumberForm | None = None, aside: SetAsideForm | None = None
) -> HttpResponse:
    number, aside = number or NumberForm(), aside or SetAsideForm()
    is_search = number.is_valid()
    user = request.user
    found = sendings_numbered(user, number.cleaned_data["number"]) if is_search else sendings_named(user, ack)
    record_view("sendings to place a rejection", [sent.claim.patient_id for sent in found])
    reply = getattr(ack, "reply", None)
    context = {
        "ack": ack,
        "reply": reply,
        "placed_with": Claim.objects.visible_to(user).filter(submissions=reply.submission_id).first()
        if reply
        else None,
        "is_of_file": answers_whole_file(ack),
        "waiting": unplaced_in(ack.file_id).count(),
        "rows": sending_rows(ack, found),
        "is_search": is_search,
        "number": number,
        "aside": aside,
    }
    status = REFUSED if number.errors or aside.errors else 200
    return render(request, "claims/rejection_place.html", context, status=status)


def _rejection_or_404(request: DeskRequest, pk: UUID) -> Acknowledgement:
    found = rejection_seen_by(request.user, pk)
    if found is None:
        raise Http404
    return found
