"""Refunds by our own check, when the payer then takes the payment back itself: the refund's rows go with it, or the
claim would give the money back twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from claims import ledger
from claims.exchange.pages import Page
from claims.ledger import LineKey, Posted
from claims.models import Posting


def refunds_on(pages: Iterable[Page]) -> dict[UUID, UUID]:
    """Each refund on these claims with the payer that got it. One query, where there is any."""
    rows = [row.id for page in pages for row in page.rows if row.kind == ledger.REFUND]
    return dict(Posting.objects.filter(pk__in=rows).values_list("pk", "payer_id")) if rows else {}


def given_back(
    alive: Iterable[Posted], taken: Sequence[Posted], payer: UUID, refunds: Mapping[UUID, UUID]
) -> list[Posted]:
    """What this payer got back of the payments among these entries, line by line, as far as it goes into them."""
    paid: Counter[LineKey] = Counter()
    for row in taken:
        if row.kind == ledger.PAYMENT:
            paid[row.line] += row.amount_cents
    found = []
    for row in alive:
        if refunds.get(row.id) == payer and -row.amount_cents <= paid[row.line]:
            paid[row.line] += row.amount_cents
            found.append(row)
    return found
