"""Are provider numbers and Medicare numbers possible?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, from_findings


def numbers_check(sending: Sending) -> Objection | None:
    """An NPI has a check digit, a Medicare number a shape; a typing error shows."""
    fix = "Correct the number; look at it once more on the card or in NPPES."
    return from_findings(sending.found("C16"), fix, "coverage")
