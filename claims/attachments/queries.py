"""Documents as pages list them: of a patient, of a claim with its coverages, of a piece of work."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch, Q, QuerySet

from claims.models import Attachment, AttachmentLink, Claim, Enclosure
from cob.patients.models import Patient


def _listed() -> QuerySet[Attachment]:
    links = AttachmentLink.objects.select_related("coverage__payer", "claim").defer("claim__content")
    live = Enclosure.objects.filter(withdrawn_at=None).select_related("claim_payer__payer", "claim")
    rows: QuerySet[Attachment] = Attachment.objects.shown().select_related("by")
    return rows.prefetch_related(
        Prefetch("links", links), Prefetch("enclosures", live.defer("claim__content"), to_attr="enclosed")
    )


def of_patient(patient: Patient) -> QuerySet[Attachment]:
    """Every document of a patient, newest first; three queries however many there are."""
    return _listed().filter(patient=patient)


def of_claim(claim: Claim) -> QuerySet[Attachment]:
    """Documents about a claim, and cards and letters about the coverages on it."""
    held = claim.payers.values("coverage")
    about = AttachmentLink.objects.filter(Q(claim=claim) | Q(coverage__in=held)).values("attachment")
    return _listed().filter(patient=claim.patient_id, pk__in=about)


def of_item(item: uuid.UUID, claim: Claim | None = None, patient: uuid.UUID | None = None) -> QuerySet[Attachment]:
    """Documents brought while working on something, and those of the claim it is about; of its patient where it has
    one: which work a document belongs to is what a browser said."""
    about = AttachmentLink.objects.filter(Q(item=item) | Q(claim=claim) if claim else Q(item=item))
    rows = _listed().filter(pk__in=about.values("attachment"))
    return rows.filter(patient=patient) if patient else rows


def enclosed_with(claim: Claim) -> list[Enclosure]:
    """What the next sendings of a claim name, in the order it was enclosed."""
    return list(Enclosure.objects.filter(claim=claim, withdrawn_at=None).order_by("made_at"))
