"""Is the payer before going to hand this claim on by itself?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, stop


def crossover_not_pending(sending: Sending) -> Objection | None:
    """A claim that crossed over and is sent again comes back as a duplicate (OA-18, N522)."""
    to = sending.to
    if to.state != "forwarded" or to.crossover_until is None or sending.today > to.crossover_until:
        return None
    until = as_day(to.crossover_until)
    message = f"The claim was forwarded to {to.payer}; its answer is awaited until {until}."
    return stop(message, f"Wait. If nothing has come by {until}, send it then.", "claim")
