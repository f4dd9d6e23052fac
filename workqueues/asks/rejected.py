"""A claim turned away before anybody decided it: the payer has none until it is sent again. Or taken in without one of
its lines: the payer has the rest."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from claims.filing import Days, Moment
from claims.filing.on_file import Billed, FilingOnFile, clock_of_row
from claims.models import ClaimPayer, Submission
from claims.models.claim import PayerState
from workqueues.asks import denials
from workqueues.asks.asking import Ask, Found, Scope, joined

SUBJECT = "claims.claimpayer"
NEXT = "Put right what it names and send it again as an original; there is nothing to appeal."
NEXT_CORRECTION = "Put right what it names and send the correction again: what the payer decided before still stands."
NEXT_SHORT = "The payer has the claim without this line: ask what it decides on, and replace the claim by its number."
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
    last = Submission.objects.filter(claim_payer=OuterRef("pk")).order_by("-sent_at")
    sent = last.filter(rejected_on__isnull=False)
    before = ClaimPayer.objects.filter(claim=OuterRef("claim"), rank__lt=OuterRef("rank"), answered_on__isnull=False)
    annotated: QuerySet[Any] = rows.annotate(
        answered_before=Subquery(before.order_by("-answered_on").values("answered_on")[:1]),
        rejected_on=Subquery(sent.values("rejected_on")[:1]),
        rejection=Subquery(sent.values("rejection")[:1]),
        sent_as=Subquery(last.values("frequency")[:1]),
        # How often in a row the same was said: the third time somebody higher must look.
        times=Count(
            "submissions", filter=Q(submissions__rejection=F("rejection"), submissions__rejected_on__isnull=False)
        ),
    )
    return annotated


def found(scope: Scope, _today: date) -> Iterator[Found]:
    if scope.has_payers(PayerState.REJECTED, PayerState.SUBMITTED):
        yield from _found_rejected(scope)
        yield from _found_short(scope)


def _found_rejected(scope: Scope) -> Iterator[Found]:
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
            next_action=NEXT_CORRECTION if _is_correction(row) else NEXT,
            amount_cents=max(row.claim.insurer_open_cents, 0),
            limit_on=_limit(row, filing),
            since=row.rejected_on,
            attempt=max(row.times, 1),
        )


def _is_correction(row: Any) -> bool:
    return row.sent_as in ("7", "8")


def _limit(row: Any, filing: FilingOnFile) -> date | None:
    """By the payer's own limit and the day it counts from; a rejected claim was never filed, but the one that a
    correction is about was."""
    if _is_correction(row):
        at = Moment(row.rank, row.payer.name, Days(row.claim.service_to, own_answer=row.answered_on))
        clock = filing.clock(Billed.of(row), at, is_correction=True)
        return clock.on if clock else None
    clock = clock_of_row(filing, Billed.of(row), row.claim.service_to, row.rank, row.payer.name, row.answered_before)
    return clock.on if clock else None


def _short(scope: Scope) -> QuerySet[Any]:
    """Sendings that were taken in without a line, and after which that payer was sent nothing."""
    later = Submission.objects.filter(claim_payer=OuterRef("claim_payer"), sent_at__gt=OuterRef("sent_at"))
    rows = Submission.objects.filter(
        ~Exists(later),
        line_rejected_on__isnull=False,
        claim_payer__state=PayerState.SUBMITTED,
        claim__is_void=False,
    )
    found: QuerySet[Any] = scope.of(rows.order_by())
    return found


def _found_short(scope: Scope) -> Iterator[Found]:
    due = _short(scope).select_related("claim__site", "claim_payer").defer("claim__content")
    for row in due.iterator(chunk_size=2000):
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.claim_payer_id,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.claim_payer.payer_id,
            site_id=row.claim.site_id,
            reason=row.line_rejection,
            codes=("rejected",),
            next_action=NEXT_SHORT,
            amount_cents=max(row.claim.insurer_open_cents, 0),
            since=row.line_rejected_on,
        )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = ClaimPayer.objects.filter(pk__in=ids).values_list("pk", "state", "payer__name")
    still = "The claim was voided, or this payer is not billed any more."
    return {pk: GONE.get(PayerState(state), still).format(payer=payer) for pk, state, payer in rows}


ASK = joined(Ask(found=found, gone=gone), denials.of("rejected-claims"))
