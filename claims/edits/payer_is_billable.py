"""Is this payer to be billed for this claim at all?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, stop


def payer_is_billable(sending: Sending) -> Objection | None:
    """A payer set aside for this date of service gets no claim."""
    if sending.to.state != "not_billable":
        return None
    message = f"{sending.to.payer} is set aside for this claim."
    return stop(message, "Determine the order again if it does cover this date.", "order")
