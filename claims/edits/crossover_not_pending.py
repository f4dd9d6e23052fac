"""Is the payer before going to hand this claim on by itself?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, stop
from cob.dates import ONE_DAY


def crossover_not_pending(sending: Sending) -> Objection | None:
    """A claim that crossed over and is sent again comes back as a duplicate (OA-18, N522)."""
    to = sending.to
    if to.state != "forwarded" or to.crossover_until is None or sending.today > to.crossover_until:
        return None
    until = as_day(to.crossover_until)
    how = to.crossover or f"The claim was forwarded to {to.payer}."
    message = f"{how} Its answer is awaited until {until}."
    free = as_day(to.crossover_until + ONE_DAY)
    fix = f"Wait: it may be sent from {free}, or once the crossover is known to have failed."
    return stop(message, fix, "claim")
