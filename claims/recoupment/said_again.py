"""What payers say of claims now, for many claims at once: is a lost answer said again, does what stands decide?

A payer's correction file may take back ten thousand answers: a fixed number of queries for each set of claims.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from claims.models import Adjudication, ClaimPayer, Posting, ReportedAdjustment
from claims.models.claim import PayerState
from claims.models.posting import PostingKind
from claims.reasons import NOT_OURS, is_denial
from cob.reasons import POINTS_ELSEWHERE
from cob.x12.parts import Adjustment

_Said = tuple[int, tuple[tuple[tuple[str, str], int], ...]]
_NEVER_STANDS = ("22", "25")


def said_again(gone: Collection[Adjudication]) -> set[UUID]:
    """Which of these answers, none of which stands, the same payer says again with the same payment and adjustments."""
    places = {(row.claim_id, row.claim_payer_id) for row in gone}
    standing = _standing({row.claim_id for row in gone}).exclude(status=NOT_OURS)
    paid: dict[UUID, int] = {row.pk: row.paid_cents for row in gone}
    at: dict[tuple[UUID | None, UUID | None], list[UUID]] = defaultdict(list)
    for pk, claim, payer, cents in standing.values_list("pk", "claim", "claim_payer", "paid_cents"):
        if (claim, payer) in places:
            paid[pk] = cents
            at[claim, payer].append(pk)
    said = _said(paid)
    return {
        row.pk
        for row in gone
        if any(said[pk] == said[row.pk] for pk in at[row.claim_id, row.claim_payer_id] if pk != row.pk)
    }


def grounded(payers: Collection[ClaimPayer]) -> list[ClaimPayer]:
    """Those of whom each answer taken back before them has been said again."""
    taken_back = Q(reversed_by__isnull=False) | Q(recoupment__isnull=False)
    rows = Adjudication.objects.filter(taken_back, claim__in={row.claim_id for row in payers})
    gone = list(rows.filter(claim_payer__isnull=False).select_related("claim_payer").defer("content").distinct())
    again = said_again(gone)
    lost: dict[UUID | None, int] = {}
    for row in gone:
        if row.claim_payer and row.pk not in again:
            lost[row.claim_id] = min(row.claim_payer.rank, lost.get(row.claim_id, row.claim_payer.rank))
    return [row for row in payers if lost.get(row.claim_id, row.rank) >= row.rank]


def answered_as(payers: Collection[ClaimPayer]) -> dict[UUID, PayerState]:
    """By place on a claim: whether what stands of its answers decided the claim or refused it."""
    ids, claims = {row.pk for row in payers}, {row.claim_id for row in payers}
    money = Posting.objects.filter(claim__in=claims, adjudication__claim_payer__in=ids, reverses=None, reversal=None)
    money = money.exclude(amount_cents=0).exclude(kind=PostingKind.RESPONSIBILITY, carc__in=POINTS_ELSEWHERE)
    decided = set(money.order_by().values_list("adjudication__claim_payer", flat=True).distinct())
    standing = list(
        _standing(claims).filter(claim_payer__in=ids).values_list("pk", "claim_payer", "charge_cents", "status")
    )
    reasons: dict[UUID, list[Adjustment]] = defaultdict(list)
    for answer, group, reason, cents in _reported(pk for pk, *_ in standing):
        reasons[answer].append(Adjustment(group, reason, cents))
    for pk, payer, charge_cents, status in standing:
        if not charge_cents or not is_denial(status, reasons[pk]):
            decided.add(payer)
    return {pk: PayerState.ADJUDICATED if pk in decided else PayerState.DENIED for pk in ids}


def _standing(claims: Iterable[UUID | None]) -> QuerySet[Adjudication]:
    """What payers say of claims now: posted, and taken back neither by a reversal nor by letter."""
    rows: QuerySet[Adjudication] = Adjudication.objects.filter(
        claim__in=list(claims), reversed_by=None, recoupment=None, posted_at__isnull=False
    )
    return rows.exclude(status__in=_NEVER_STANDS).order_by()


def _said(paid: dict[UUID, int]) -> dict[UUID, _Said]:
    """By answer: its payment and the sums of its adjustments."""
    sums: dict[UUID, Counter[tuple[str, str]]] = defaultdict(Counter)
    for answer, group, reason, cents in _reported(paid):
        sums[answer][group, reason] += cents
    return {pk: (cents, tuple(sorted(sums[pk].items()))) for pk, cents in paid.items()}


def _reported(answers: Iterable[UUID]) -> Iterable[tuple[UUID, str, str, int]]:
    rows = ReportedAdjustment.objects.filter(adjudication__in=list(answers)).order_by()
    return rows.values_list("adjudication", "group", "reason", "amount_cents")
