"""Every earlier payer has answered, and the next one has not been billed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery

from claims.models import ClaimPayer
from claims.models.claim import PayerState
from cob.coverage.models import Kind
from cob.dates import ONE_DAY, add_months
from denials.models import COB, Denial
from workqueues.asks.asking import Ask, Found, Scope

SUBJECT = "claims.claimpayer"
ANSWERED = (PayerState.ADJUDICATED, PayerState.DENIED)
PASSED_OVER = (*ANSWERED, PayerState.NOT_BILLABLE)
# Billed even when nothing more is expected: Medicare needs the claim on record, Medicaid closes the account.
ALWAYS_BILLED = (Kind.MEDICARE, Kind.MEDICARE_ADVANTAGE, Kind.MEDICAID)
GONE = {
    PayerState.SUBMITTED: "The claim was sent to {payer}.",
    PayerState.FORWARDED: "The claim crossed over to {payer}.",
    PayerState.ADJUDICATED: "{payer}'s answer was posted.",
    PayerState.DENIED: "{payer}'s answer was posted.",
    PayerState.REVERSED: "{payer} took its answer back.",
    PayerState.REJECTED: "{payer} rejected the claim.",
    PayerState.NOT_BILLABLE: "{payer} is not billed for this claim.",
}


def _next(scope: Scope, today: date) -> QuerySet[ClaimPayer]:
    """Payers whose turn it is: all before them have answered for good, at least one of them really."""
    rows = ClaimPayer.objects.filter(rank__gt=1, claim__is_void=False).order_by()
    if scope.patients is not None:
        rows = rows.filter(claim__patient__in=scope.patients)
    earlier = ClaimPayer.objects.filter(claim=OuterRef("claim"), rank__lt=OuterRef("rank")).order_by()
    # A refusal over coordination is not the last word of that payer: the claim is worked there first.
    undecided = Denial.objects.open().filter(claim=OuterRef("claim"), claim_payer__rank__lt=OuterRef("rank"))
    not_crossed = Q(crossover_until=None) | Q(crossover_until__lt=today)
    is_due = Q(state=PayerState.EXPECTED) | Q(state=PayerState.FORWARDED, crossover_until__isnull=False)
    answered = earlier.filter(state__in=ANSWERED)
    due: QuerySet[ClaimPayer] = (
        rows.filter(is_due, not_crossed)
        .filter(Q(claim__insurer_open_cents__gt=0) | Q(coverage__kind__in=ALWAYS_BILLED))
        .filter(Exists(answered), ~Exists(earlier.exclude(state__in=PASSED_OVER)))
        .filter(~Exists(undecided.filter(family=COB)))
        .annotate(
            answered_last=Subquery(
                answered.order_by("-answered_on").values("answered_on")[:1], output_field=DateField()
            ),
            answered_by=Subquery(answered.order_by("-answered_on").values("payer__name")[:1]),
        )
    )
    return due


def found(scope: Scope, today: date) -> Iterator[Found]:
    due = _next(scope, today).select_related("claim", "payer", "coverage").defer("claim__content")
    for row in due.iterator(chunk_size=2000):
        crossed = row.state == PayerState.FORWARDED
        waited = f"Nothing came of the crossover to {row.payer} by {row.crossover_until:%m/%d/%Y}." if crossed else ""
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id,
            reason=waited or f"{_answered(row)}; {row.payer} has not been billed.",
            codes=("crossover_failed",) if crossed else ("next_payer",),
            amount_cents=max(row.claim.insurer_open_cents, 0),
            limit_on=_limit(row),
            since=_since(row),
        )


def _answered(row: ClaimPayer) -> str:
    on = f" on {row.answered_last:%m/%d/%Y}" if row.answered_last else ""  # type: ignore[attr-defined]
    return f"{row.answered_by} answered{on}"  # type: ignore[attr-defined]


def _since(row: ClaimPayer) -> date | None:
    """The day after the crossover's time ran out, or the day of the answer before."""
    if row.state == PayerState.FORWARDED and row.crossover_until:
        return row.crossover_until + ONE_DAY
    last: date | None = row.answered_last  # type: ignore[attr-defined]
    return last


def _limit(row: ClaimPayer) -> date | None:
    """Medicare's year runs from the service, whenever the first payer answered; others count from that answer."""
    if row.coverage.kind == Kind.MEDICARE:
        return add_months(row.claim.service_to, 12)
    last: date | None = row.answered_last  # type: ignore[attr-defined]
    return last + timedelta(days=row.payer.secondary_limit_days) if last else None


def subjects(scope: Scope) -> tuple[QuerySet[ClaimPayer], ...]:
    if scope.patients is None:
        return ()
    return (ClaimPayer.objects.filter(claim__patient__in=scope.patients).order_by().values("pk"),)  # type: ignore[return-value]


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = ClaimPayer.objects.filter(pk__in=ids).values_list("pk", "state", "payer__name")
    still = "An earlier payer's answer no longer stands, or nothing is left to bill."
    return {pk: GONE.get(PayerState(state), still).format(payer=payer) for pk, state, payer in rows}


ASK = Ask(found=found, subjects=subjects, gone=gone)
