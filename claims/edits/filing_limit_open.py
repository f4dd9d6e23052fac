"""Is there still time to file?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, stop, warn
from claims.filing import SOON_DAYS


def filing_limit_open(sending: Sending) -> Objection | None:
    """The limit runs from the earlier payer's answer; after it the payer owes nothing."""
    if sending.clock is None:
        return None
    left = sending.clock.days_left(sending.today)
    day = as_day(sending.clock.on)
    if left < 0:
        message = f"The filing limit of {sending.to.payer} passed on {day}."
        return stop(message, "Ask the payer for an exception with proof of the earlier payer's late answer.")
    if left <= SOON_DAYS:
        when = "today" if left == 0 else f"in {left} day{'s' if left > 1 else ''}"
        return warn(f"The filing limit of {sending.to.payer} is {day}, {when}.", "Send it now.")
    return None
