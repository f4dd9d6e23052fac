"""The form of a coverage, filled beforehand with what a payer told of another; the person at the desk confirms it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404

from cob.coverage.eligibility.offers import OTHERS, Offer
from cob.coverage.eligibility.reading import offer_or_404
from cob.coverage.forms import NEW_PERSON, CoverageForm
from cob.coverage.models import Payer
from cob.patients.models import Patient, squash
from cob.x12.hints271 import Hint


def offer_named(patient: Patient, reference: str) -> Offer | None:
    """The offer a form was opened from; None when it was opened from none. Raises Http404 for one that is gone."""
    if not reference:
        return None
    answer, _, nth = reference.partition(".")
    try:
        offer = offer_or_404(patient, UUID(answer), int(nth))
    except ValueError as error:
        raise Http404 from error
    if offer.said.hint not in OTHERS:
        raise Http404
    return offer


def initial_of(offer: Offer, patient: Patient) -> dict[str, Any]:
    """What the payer told, by the form's fields."""
    said = offer.said
    payer = Payer.objects.filter(edi_id=said.payer_id).first() if said.payer_id else None
    payer = payer or next((row for row in Payer.objects.all() if squash(row.name) == squash(said.payer)), None)
    found: dict[str, Any] = {
        "payer": payer.pk if payer else None,
        "payer_name": "" if payer else said.payer[:80],
        "payer_id": "" if payer else said.payer_id[:20],
        "member_id": said.policy[:30],
        "group_number": said.group[:30],
        "effective_on": said.starts_on,
        "ends": said.ends_on.isoformat() if said.ends_on else None,
        "told_by": offer.payer[:80],
        "told_how": "271",
    }
    if said.hint is Hint.CARVE_OUT:
        found["coverage__carve_out_of"] = str(offer.coverage.pk)
    return found | _holder(said.policyholder, patient)


def fill(form: CoverageForm, offer: Offer, patient: Patient) -> CoverageForm:
    """Set the form's first values; "271" is one more way of having been told."""
    told_how: Any = form.fields["told_how"]
    told_how.choices = [("271", "Eligibility answer (271)"), *told_how.choices]
    for name, value in initial_of(offer, patient).items():
        if name in form.fields and value not in (None, ""):
            form.initial[name] = value
    return form


def _holder(name: str, patient: Patient) -> dict[str, Any]:
    """In whose name it is, as the payer spells it: the patient, somebody on file, or somebody new."""
    if not name:
        return {}
    if squash(name) == squash(f"{patient.first_name}{patient.last_name}"):
        return {"subscriber": "P"}
    for person in patient.people.all():
        if squash(str(person)) == squash(name):
            return {"subscriber": str(person.pk)}
    first, _, last = name.title().rpartition(" ")
    return {"subscriber": NEW_PERSON, "person_first": first[:35], "person_last": last[:60]}
