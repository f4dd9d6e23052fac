"""Are the dates of the earlier decisions possible?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, from_findings


def decision_dates(sending: Sending) -> Objection | None:
    """Each decision has one date (DTP*573), not before the service and not in the future."""
    return from_findings(sending.found("C05"), "Look at the remittance's payment date (BPR16).", "claim")
