"""Is exactly one payer first, and each place taken once?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, from_findings


def one_primary(sending: Sending) -> Objection | None:
    """Each payer has a place of its own (SBR01), the first is P even if it paid nothing, and no place is left out."""
    fix = "Determine the order for this date; each payer then gets its place."
    return from_findings(sending.found("C10", "C11"), fix, "order")
