"""What is done with a document: brought, linked, enclosed with a claim, withdrawn. One verb, one transaction."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.db import IntegrityError, transaction
from django.utils import timezone

from claims import documents
from claims.models import Attachment, AttachmentKind, AttachmentLink, Claim, ClaimPayer, Enclosure, Report, Transmission
from claims.models.claim import PayerState
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage.models import Coverage
from cob.patients.models import Patient

# PWK repeats up to ten times on a claim (005010X222A1, loop 2300).
MOST_ENCLOSED = 10


class AttachmentRefused(ValueError):
    """The document is not taken so; `field` names what is wrong, `str()` says what was expected and what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class About:
    """What a document is about beside its patient; any of them may be left out."""

    coverages: Sequence[Coverage] = ()
    claims: Sequence[Claim] = ()
    item: uuid.UUID | None = None


def bring(
    *,
    patient: Patient,
    stream: IO[bytes],
    kind: AttachmentKind,
    about: About,
    by: User,
    words: str = "",
    dated_on: date | None = None,
    is_alone: bool = False,
) -> tuple[Attachment, bool]:
    """Keep a document of a patient; False when these bytes are the patient's already, and only the links are new.

    Raises AttachmentRefused. An EOB must show nobody else; pages with others are masked under Paper EOBs first.
    """
    if kind == AttachmentKind.EOB and not is_alone:
        raise AttachmentRefused(
            "is_alone",
            "Say that it shows nobody else. An EOB with other patients is brought under Paper EOBs and masked there.",
        )
    data = stream.read(documents.BYTES_MAX + 1)
    try:
        media, pages = documents.recognised("The document", data)
    except documents.DocumentRefused as refused:
        raise AttachmentRefused("file", str(refused)) from refused
    found = _held(patient, hashlib.sha256(data).hexdigest())
    if found is None:
        kept, sha256 = documents.keep("attachments", data, media)
        row = Attachment(
            patient=patient, kind=kind, about=words.strip()[:120], dated_on=dated_on, sha256=sha256, size=len(data),
            media=media, pages=pages, by=by,
        )  # fmt: skip
        row.kept.name = kept
        try:
            with transaction.atomic(), doing("document attached"):
                row.save()
                _link(row, about, by)
            return row, True
        except IntegrityError:  # the same document, brought by somebody else a moment ago
            found = Attachment.objects.shown().get(patient=patient, sha256=sha256)
    link(attachment=found, about=about, by=by)
    return found, False


def _held(patient: Patient, sha256: str) -> Attachment | None:
    found: Attachment | None = Attachment.objects.shown().filter(patient=patient, sha256=sha256).first()
    return found


def link(*, attachment: Attachment, about: About, by: User) -> None:
    """Say what else a document is about; what is said already stays once. Raises AttachmentRefused."""
    with transaction.atomic(), doing("document linked"):
        now = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
        if now.withdrawn_at:
            raise AttachmentRefused("", f"The document was withdrawn by {now.withdrawn_by}: {now.withdrawn_because}")
        _link(attachment, about, by)


def _link(attachment: Attachment, about: About, by: User) -> None:
    patients = {*(one.patient_id for one in about.coverages), *(one.patient_id for one in about.claims)}
    if patients - {attachment.patient_id}:
        raise AttachmentRefused("", "A document is linked only to coverages and claims of its own patient.")
    wanted: list[dict[str, object]] = [{"coverage": one} for one in about.coverages]
    wanted += [{"claim": one} for one in about.claims]
    wanted += [{"item": about.item}] if about.item else []
    for one in wanted:
        if not attachment.links.filter(**one).exists():
            AttachmentLink(attachment=attachment, by=by, **one).save()


def withdraw(*, attachment: Attachment, because: str, by: User) -> None:
    """Show a document to nobody any more; its bytes and who saw it stay. Raises AttachmentRefused."""
    if not because.strip():
        raise AttachmentRefused("because", "Say why, so that somebody else understands it later.")
    with transaction.atomic(), doing("document withdrawn"):
        live = Attachment.objects.shown().filter(pk=attachment.pk)
        if not live.update(withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_because=because.strip()[:200]):
            raise AttachmentRefused("", "Somebody else has withdrawn it already.")
        Enclosure.objects.filter(attachment=attachment, withdrawn_at=None).update(
            withdrawn_at=timezone.now(), withdrawn_by=by
        )


def enclose(
    *, attachment: Attachment, payer: ClaimPayer, report: Report, transmission: Transmission, by: User
) -> Enclosure:
    """Let the claim to one payer name a document (PWK) from its next sending on. Raises AttachmentRefused."""
    claim = payer.claim
    if attachment.patient_id != claim.patient_id:
        raise AttachmentRefused("attachment", "The document is of another patient.")
    if payer.state == PayerState.NOT_BILLABLE:
        raise AttachmentRefused("payer", f"{payer.payer} is not billed for this claim.")
    with transaction.atomic(), doing("document enclosed"):
        Claim.objects.select_for_update().filter(pk=claim.pk).values_list("pk").first()
        live = Enclosure.objects.filter(claim_payer=payer, withdrawn_at=None)
        if live.filter(attachment=attachment).exists():
            raise AttachmentRefused("attachment", f"It goes with the claim to {payer.payer} already.")
        if live.count() >= MOST_ENCLOSED:
            raise AttachmentRefused("attachment", f"A claim names up to {MOST_ENCLOSED} documents; withdraw one first.")
        link(attachment=attachment, about=About(claims=[claim]), by=by)
        row = Enclosure(
            claim=claim, claim_payer=payer, attachment=attachment, report=report, transmission=transmission,
            control_number=uuid.uuid4().hex[:12].upper(), by=by,
        )  # fmt: skip
        row.save()
    return row


def take_out(*, enclosure: Enclosure, by: User) -> bool:
    """The next sending names it no more. False: somebody took it out already."""
    with doing("document no longer enclosed"):
        live = Enclosure.objects.filter(pk=enclosure.pk, withdrawn_at=None)
        return bool(live.update(withdrawn_at=timezone.now(), withdrawn_by=by))
