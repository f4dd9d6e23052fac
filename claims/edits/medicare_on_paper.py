"""Do two payers stand before Medicare?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, stop


def medicare_on_paper(sending: Sending) -> Objection | None:
    """Medicare takes a claim with more than one payer ahead of it on paper only (an ASCA exception)."""
    if sending.to.kind != "medicare" or sending.to.place < 3:
        return None
    return stop(
        f"{sending.to.place - 1} payers stand before Medicare; it takes such a claim on paper only.",
        "Print the CMS-1500 and send it with the remittances of the payers before.",
    )
