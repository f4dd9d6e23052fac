"""Do the amounts of the earlier payers add up, per line and for the claim?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, from_findings

_RULES = ("C01", "C02", "C03", "C04", "C06", "C07", "C08", "C14", "C21")


def amounts_balance(sending: Sending) -> Objection | None:
    """Charge = paid + adjusted, for every line and payer; one cent off is a rejection at the clearinghouse."""
    fix = "Compare the claim with the payer's remittance; import the missing part or ask the payer for a corrected one."
    return from_findings(sending.found(*_RULES), fix, "claim")
