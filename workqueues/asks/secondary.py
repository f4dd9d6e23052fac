"""Every earlier payer has answered, and the next one has not been billed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery

from claims.filing.on_file import Billed, FilingOnFile, clock_of_row
from claims.models import ClaimPayer
from claims.models.claim import PayerState
from claims.next_step import BILLED_ANYHOW
from cob.dates import ONE_DAY
from denials.models import COB, Denial
from workqueues.asks.asking import Ask, Found, Scope

SUBJECT = "claims.claimpayer"
ANSWERED = (PayerState.ADJUDICATED, PayerState.DENIED)
PASSED_OVER = (*ANSWERED, PayerState.NOT_BILLABLE)
GONE = {
    PayerState.SUBMITTED: "The claim was sent to {payer}.",
    PayerState.FORWARDED: "The claim crossed over to {payer}.",
    PayerState.ADJUDICATED: "{payer}'s answer was posted.",
    PayerState.DENIED: "{payer}'s answer was posted.",
    PayerState.REVERSED: "{payer} took its answer back.",
    PayerState.REOPENED: "A payer before {payer} took its answer back.",
    PayerState.REJECTED: "{payer} rejected the claim.",
    PayerState.NOT_BILLABLE: "{payer} is not billed for this claim.",
}


class _Row(NamedTuple):
    """What is read of a payer whose turn it is: thousands may be due after one file, so no more than is said of it."""

    pk: uuid.UUID
    claim: uuid.UUID
    payer: uuid.UUID
    state: str
    crossover_until: date | None
    claim__patient: uuid.UUID
    claim__site: uuid.UUID
    claim__service_to: date
    claim__insurer_open_cents: int
    coverage__kind: str
    payer__name: str
    payer__kind: str
    payer__state: str
    rank: int
    claim__service_from: date
    claim__site__state: str
    answered_last: date | None
    answered_by: str


def _next(scope: Scope, today: date) -> QuerySet[ClaimPayer]:
    """Payers whose turn it is: all before them have answered for good, at least one of them really."""
    rows = ClaimPayer.objects.filter(rank__gt=1, claim__is_void=False).order_by()
    rows = scope.of(rows)
    earlier = ClaimPayer.objects.filter(claim=OuterRef("claim"), rank__lt=OuterRef("rank")).order_by()
    # A refusal over coordination is not the last word of that payer: the claim is worked there first.
    undecided = Denial.objects.open().filter(claim=OuterRef("claim"), claim_payer__rank__lt=OuterRef("rank"))
    not_crossed = Q(crossover_until=None) | Q(crossover_until__lt=today)
    is_due = Q(state=PayerState.EXPECTED) | Q(state=PayerState.FORWARDED, crossover_until__isnull=False)
    # A claim that another desk sent may tell that an earlier payer answered and not when; engines sort nulls apart.
    answered = earlier.filter(state__in=ANSWERED).order_by(F("answered_on").desc(nulls_last=True), "-rank")
    due: QuerySet[ClaimPayer] = (
        rows.filter(is_due, not_crossed)
        .filter(Q(claim__insurer_open_cents__gt=0) | Q(coverage__kind__in=BILLED_ANYHOW))
        .filter(Exists(answered), ~Exists(earlier.exclude(state__in=PASSED_OVER)))
        .filter(~Exists(undecided.filter(family=COB)))
        .annotate(
            answered_last=Subquery(answered.values("answered_on")[:1], output_field=DateField()),
            answered_by=Subquery(answered.values("payer__name")[:1]),
        )
    )
    return due


def found(scope: Scope, today: date) -> Iterator[Found]:
    if not scope.has_payers(*ANSWERED):
        return
    filing = FilingOnFile()
    for row in map(_Row._make, _next(scope, today).values_list(*_Row._fields).iterator(chunk_size=2000)):
        crossed, payer = row.state == PayerState.FORWARDED, row.payer__name
        waited = f"Nothing came of the crossover to {payer} by {row.crossover_until:%m/%d/%Y}." if crossed else ""
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.claim__patient,
            claim_id=row.claim,
            payer_id=row.payer,
            site_id=row.claim__site,
            reason=waited or f"{_answered(row)}; {payer} has not been billed.",
            codes=("crossover_failed",) if crossed else ("next_payer",),
            amount_cents=max(row.claim__insurer_open_cents, 0),
            limit_on=_limit(row, filing),
            since=_since(row),
        )


def _answered(row: _Row) -> str:
    on = f" on {row.answered_last:%m/%d/%Y}" if row.answered_last else ""
    return f"{row.answered_by} answered{on}"


def _since(row: _Row) -> date | None:
    """The day after the crossover's time ran out, or the day of the answer before."""
    if row.state == PayerState.FORWARDED and row.crossover_until:
        return row.crossover_until + ONE_DAY
    return row.answered_last


def _limit(row: _Row, filing: FilingOnFile) -> date | None:
    """By the payer's own limit and the day it counts from."""
    kind, state = row.coverage__kind or row.payer__kind, row.payer__state or row.claim__site__state
    billed = Billed(row.payer, kind, state, row.claim__service_from)
    clock = clock_of_row(filing, billed, row.claim__service_to, row.rank, row.payer__name, row.answered_last)
    return clock.on if clock else None


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = ClaimPayer.objects.filter(pk__in=ids).values_list("pk", "state", "payer__name")
    still = "An earlier payer's answer no longer stands, or nothing is left to bill."
    return {pk: GONE.get(PayerState(state), still).format(payer=payer) for pk, state, payer in rows}


ASK = Ask(found=found, gone=gone)
