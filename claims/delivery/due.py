"""Whose turn it is: payers to be sent a claim for the first time, everything before them having answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import ClaimPayer
from claims.models.claim import PayerState
from claims.next_step import BILLED_ANYHOW

# A denied payer is not past: somebody must accept the denial or fight it before the next one is billed.
_PAST = (PayerState.ADJUDICATED, PayerState.NOT_BILLABLE)


def due(sites: Iterable[UUID] | None, today: date) -> QuerySet[ClaimPayer]:
    """Candidates of these sites (None: all), oldest service first; the edits have the last word on each.

    Corrections and what was rejected are left to people, who know what was put right.
    """
    earlier = ClaimPayer.objects.filter(claim=OuterRef("claim"), rank__lt=OuterRef("rank")).order_by()
    is_anyhow = Q(coverage__kind__in=BILLED_ANYHOW) | Q(coverage__kind="", payer__kind__in=BILLED_ANYHOW)
    not_crossed = Q(state=PayerState.FORWARDED, crossover_until__lt=today)
    rows: QuerySet[ClaimPayer] = (
        ClaimPayer.objects.filter(Q(state=PayerState.EXPECTED) | not_crossed, claim__is_void=False)
        .filter(Q(rank=1) | Q(claim__insurer_open_cents__gt=0) | Q(is_anyhow, claim__insurer_open_cents=0))
        .filter(~Exists(earlier.exclude(state__in=_PAST)))
    )
    if sites is not None:
        rows = rows.filter(claim__site__in=list(sites))
    return rows.order_by("claim__service_from", "claim__control_number", "rank")
