"""A claim turned away before anybody decided it: the payer has none until it is sent again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from claims.filing.on_file import Billed, FilingOnFile, clock_of_row
from claims.models import ClaimPayer, Submission
from claims.models.claim import PayerState
from workqueues.asks import denials
from workqueues.asks.asking import Ask, Found, Scope, joined

SUBJECT = "claims.claimpayer"
GONE = {
    PayerState.SUBMITTED: "The claim was sent again to {payer}.",
    PayerState.ADJUDICATED: "{payer}'s answer was posted.",
    PayerState.DENIED: "{payer}'s answer was posted.",
    PayerState.FORWARDED: "The claim crossed over to {payer}.",
    PayerState.NOT_BILLABLE: "{payer} is not billed for this claim.",
}


def _rejected(scope: Scope) -> QuerySet[Any]:
    rows = ClaimPayer.objects.filter(state=PayerState.REJECTED, claim__is_void=False).order_by()
    rows = scope.of(rows)
    sent = Submission.objects.filter(claim_payer=OuterRef("pk"), rejected_on__isnull=False).order_by("-sent_at")
    before = ClaimPayer.objects.filter(claim=OuterRef("claim"), rank__lt=OuterRef("rank"), answered_on__isnull=False)
    annotated: QuerySet[Any] = rows.annotate(
        answered_before=Subquery(before.order_by("-answered_on").values("answered_on")[:1]),
        rejected_on=Subquery(sent.values("rejected_on")[:1]),
        rejection=Subquery(sent.values("rejection")[:1]),
        # How often in a row the same was said: the third time somebody higher must look.
        times=Count(
            "submissions", filter=Q(submissions__rejection=F("rejection"), submissions__rejected_on__isnull=False)
        ),
    )
    return annotated


def found(scope: Scope, _today: date) -> Iterator[Found]:
    if not scope.has_payers(PayerState.REJECTED):
        return
    due = _rejected(scope).select_related("claim__site", "payer", "coverage").defer("claim__content")
    filing = FilingOnFile()
    for row in due.iterator(chunk_size=2000):
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id,
            reason=row.rejection or f"{row.payer} turned the claim away.",
            codes=("rejected",),
            next_action="Put right what it names and send it again as an original; there is nothing to appeal.",
            amount_cents=max(row.claim.insurer_open_cents, 0),
            limit_on=_limit(row, filing),
            since=row.rejected_on,
            attempt=max(row.times, 1),
        )


def _limit(row: Any, filing: FilingOnFile) -> date | None:
    """By the payer's own limit and the day it counts from; a rejected claim was never filed."""
    clock = clock_of_row(filing, Billed.of(row), row.claim.service_to, row.rank, row.payer.name, row.answered_before)
    return clock.on if clock else None


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = ClaimPayer.objects.filter(pk__in=ids).values_list("pk", "state", "payer__name")
    still = "The claim was voided, or this payer is not billed any more."
    return {pk: GONE.get(PayerState(state), still).format(payer=payer) for pk, state, payer in rows}


ASK = joined(Ask(found=found, gone=gone), denials.of("rejected-claims"))
