"""What payers that paid too much owed in their place: their expected payment, where that is one sure number."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import F

from claims.models import ExpectedPayment

# A claim and the payer's place on it.
Place = tuple[UUID, int]


def owed_on(claims: Collection[UUID]) -> dict[Place, int]:
    """In cents; left out is whoever owed nobody knows what (a term is not known, or the formula is unconfirmed), so
    that a refund stays a range. One query."""
    sure = ExpectedPayment.objects.filter(
        claim_payer__claim__in=claims, unconfirmed=False, low_cents=F("high_cents")
    ).order_by()
    rows = sure.values_list("claim_payer__claim", "claim_payer__rank", "low_cents")
    return {(claim, rank): cents for claim, rank, cents in rows}
