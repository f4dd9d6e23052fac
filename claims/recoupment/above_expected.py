"""Claims on which one payer paid more than it should have by its terms: held against what is expected of it.

The tolerance is the payer's own. What went back already counts; a range counts only above its upper end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from claims.models import Claim, ExpectedPayment, Posting
from claims.models.posting import PostingKind


@dataclass(frozen=True, slots=True)
class Above:
    """What is too much, in cents: for sure, and at most while a term is not known. Of a formula nobody has confirmed
    nothing is sure, and no more than what stands above its upper end."""

    payer: UUID
    name: str
    kind: str
    paid_cents: int
    expected_cents: int
    least_cents: int
    most_cents: int
    answered_on: date


def above_expected(claims: QuerySet[Claim]) -> dict[UUID, Above]:
    """By claim; of several payers the one that comes last. One query."""
    gone_back = (
        Posting.objects.filter(
            kind=PostingKind.REFUND,
            reversal=None,
            claim=OuterRef("claim_payer__claim"),
            payer=OuterRef("claim_payer__payer"),
        )
        .order_by()
        .values("claim")
        .annotate(cents=Sum("amount_cents"))
        .values("cents")
    )
    rows = (
        ExpectedPayment.objects.filter(claim_payer__claim__in=claims.values("pk"), difference_cents__gt=0)
        .annotate(back=Coalesce(Subquery(gone_back), 0))
        .filter(difference_cents__gt=F("tolerance_cents") - F("back"))
        .select_related("claim_payer__payer", "claim_payer__coverage")
        .order_by("claim_payer__claim", "claim_payer__rank")
    )
    found: dict[UUID, Above] = {}
    for row in rows:
        who, paid = row.claim_payer, row.paid_cents + row.back
        found[who.claim_id] = Above(
            payer=who.payer_id,
            name=str(who.payer),
            kind=who.coverage.kind or who.payer.kind,
            paid_cents=paid,
            expected_cents=row.high_cents,
            least_cents=0 if row.unconfirmed else paid - row.high_cents,
            most_cents=paid - (row.high_cents if row.unconfirmed else row.low_cents),
            answered_on=row.answered_on,
        )
    return found
