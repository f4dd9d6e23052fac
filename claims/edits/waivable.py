"""Which edits a person may set aside for one claim, and on what ground: only where law and payers know an exception.

What is not here is put right, never waived: the order, balances, dates, numbers, a claim the payer has already got.
"""

from __future__ import annotations

from collections.abc import Mapping

from claims.edits.facts import WRITTEN, Objection, Sending

WAIVABLE: Mapping[str, str] = {
    "filing_limit_open": "A payer may grant an exception, or proof of timely filing is at hand (42 CFR 424.44(b)).",
    "earlier_payers_answered": "Filed protectively because the payer before is silent, where this payer takes it so.",
    "crossover_not_pending": "The payer has said that the forwarded copy did not reach it.",
    "authorization_given": "The payer needs none for this service, or decides after the fact.",
    "not_on_another_claim": "The service was done twice, and the chart says so.",
    "telehealth_place": "This payer wants it so; its manual or a call says it.",
}


def ground(objection: Objection, sending: Sending) -> str:
    """Why this stop may be waived; empty where it may not, or need not because it only warns."""
    if not objection.stops:
        return ""
    if objection.edit.startswith(WRITTEN):
        found = next((w for w in sending.written if w.name == objection.edit), None)
        return "The practice's own rule; whoever wrote it allowed exceptions." if found and found.is_waivable else ""
    return WAIVABLE.get(objection.edit, "")
