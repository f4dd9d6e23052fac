"""Rows by their address: another site's rows are not there."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from claims.models import Adjudication, Claim, EdiFile, Remittance, Submission
from claims.queries import answer_seen_by, files_seen_by, remittances_seen_by
from cob.accounts.models import User


def claim_or_404(user: User, pk: UUID) -> Claim:
    found: Claim = get_object_or_404(Claim.objects.visible_to(user).select_related("patient", "site", "file"), pk=pk)
    return found


def submission_or_404(user: User, pk: UUID) -> Submission:
    """One whose file we wrote."""
    rows = Submission.objects.visible_to(user).exclude(kept="").select_related("claim")
    found: Submission = get_object_or_404(rows, pk=pk)
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
