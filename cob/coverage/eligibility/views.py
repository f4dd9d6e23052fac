"""A reply to an offer: one button, one verb."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.coverage.actions import BadFact, BadVerification
from cob.coverage.eligibility import replies
from cob.coverage.eligibility.reading import offer_or_404
from cob.coverage.lookups import patient_or_404

VERBS = {
    "on_file": (replies.put_on_file, "Put on file, as told by the payer."),
    "not_so": (replies.not_so, "Kept: it is not so. It is not offered again."),
    "ask": (replies.ask_patient, "It stays open until somebody has asked the patient."),
    "word": (replies.keep_word, "Kept as the payer’s word, beside our order."),
}


@require_POST
@may(Permission.EDIT_PATIENTS)
def offer_reply(request: DeskRequest, pk: UUID, answer: UUID, nth: int) -> HttpResponse:
    """Put on file, not so, ask the patient, or keep the payer's word."""
    patient = patient_or_404(request.user, pk)
    offer = offer_or_404(patient, answer, nth)
    verb, said = VERBS.get(request.POST.get("reply", ""), (None, ""))
    if verb is None:
        messages.error(request, "Choose one of the buttons beside what the payer told.")
    else:
        try:
            verb(offer=offer, by=request.user)
        except (replies.AlreadyReplied, replies.NothingToPut, BadFact, BadVerification) as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, said)
    return redirect(f"{reverse('patients:patient-page', args=[patient.pk])}#eligibility")
