"""How a claim came to be waited for, in a sentence: the one text of the edit, the page and the queue."""

from __future__ import annotations

from uuid import UUID

from claims.crossover.signs import BY_SETTING
from claims.models import Claim, CrossoverWatch


def said_of(claim: Claim) -> dict[UUID, str]:
    """By the payer's place on the claim, its newest copy in a sentence. One query."""
    rows = CrossoverWatch.objects.filter(claim=claim).select_related("sender", "claim_payer__payer")
    return {row.claim_payer_id: in_words(row) for row in rows.order_by("forwarded_on", "created_at")}


def in_words(row: CrossoverWatch) -> str:
    """Who handed it on to whom, when, and by which signs."""
    to, on = row.claim_payer.payer, f"{row.forwarded_on:%m/%d/%Y}"
    if BY_SETTING in row.signs:
        return f"{row.sender} hands claims on to {to} by our settings, and answered on {on}."
    named = f", named {row.named}" if row.named and row.named.casefold() != to.name.casefold() else ""
    return f"{row.sender} forwarded the claim to {to} on {on} ({', '.join(row.signs)}{named})."
