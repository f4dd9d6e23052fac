"""Rows by their address: another site's rows are not there."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from claims.models import (
    Adjudication,
    Attachment,
    Claim,
    ClaimPage,
    EdiFile,
    EditWaiver,
    EobScan,
    PaperEob,
    ProofPacket,
    Remittance,
    Submission,
)
from claims.queries import answer_seen_by, files_seen_by, remittances_seen_by
from cob.accounts.models import User
from cob.uuids import is_id


def claim_or_404(user: User, pk: UUID) -> Claim:
    found: Claim = get_object_or_404(Claim.objects.visible_to(user).select_related("patient", "site", "file"), pk=pk)
    return found


def submission_or_404(user: User, pk: UUID) -> Submission:
    """One whose file we wrote."""
    rows = Submission.objects.visible_to(user).exclude(kept="", sent_in=None).select_related("claim", "sent_in")
    found: Submission = get_object_or_404(rows, pk=pk)
    return found


def sending_or_404(user: User, pk: str) -> Submission:
    """Any sending, by what a form says of it."""
    rows = Submission.objects.visible_to(user).select_related("claim__site", "claim_payer__payer")
    found: Submission | None = rows.defer("claim__content").filter(pk=pk).first() if is_id(pk) else None
    if found is None:
        raise Http404
    return found


def waiver_or_404(user: User, pk: UUID) -> EditWaiver:
    found: EditWaiver = get_object_or_404(EditWaiver.objects.visible_to(user).select_related("claim"), pk=pk)
    return found


def file_or_404(user: User, pk: UUID) -> EdiFile:
    return get_object_or_404(files_seen_by(user), pk=pk)


def remittance_or_404(user: User, pk: UUID) -> Remittance:
    return get_object_or_404(remittances_seen_by(user), pk=pk)


def answer_or_404(user: User, pk: UUID) -> Adjudication:
    found = answer_seen_by(user, pk)
    if found is None:
        raise Http404
    return found


def eob_or_404(user: User, pk: UUID) -> PaperEob:
    rows = PaperEob.objects.visible_to(user).select_related("site", "scan", "remittance", "by", "saved_by", "posted_by")
    found: PaperEob = get_object_or_404(rows, pk=pk)
    return found


def scan_or_404(user: User, pk: UUID) -> EobScan:
    found: EobScan = get_object_or_404(EobScan.objects.visible_to(user), pk=pk)
    return found


def claim_page_or_404(user: User, pk: UUID) -> ClaimPage:
    rows = ClaimPage.objects.visible_to(user).shown().select_related("claim")
    found: ClaimPage = get_object_or_404(rows, pk=pk)
    return found


def attachment_or_404(user: User, pk: UUID) -> Attachment:
    """A document that nobody has withdrawn."""
    rows = Attachment.objects.visible_to(user).shown().select_related("patient__site", "by")
    found: Attachment = get_object_or_404(rows, pk=pk)
    return found


def packet_or_404(user: User, pk: UUID) -> ProofPacket:
    """A proof packet of a claim that the user may see."""
    rows = ProofPacket.objects.visible_to(user).select_related("claim").defer("claim__content")
    found: ProofPacket = get_object_or_404(rows, pk=pk)
    return found
