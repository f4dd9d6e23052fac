"""Is there still time to file?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, stop, warn
from claims.filing import SOON_DAYS


def filing_limit_open(sending: Sending) -> Objection | None:
    """By law or by contract a payer owes nothing for a claim that comes too late; a limit nobody has confirmed only
    warns. Which day it counts from differs: see the clock.
    """
    clock = sending.clock
    if clock is None:
        return None
    left = clock.days_left(sending.today)
    day, payer = as_day(clock.on), sending.to.payer
    if left < 0 and clock.is_firm:
        fix = "Ask the payer for an exception with proof: acceptance reports, the wrong payer's remittance."
        return stop(f"The filing limit of {payer} passed on {day}. {clock.because}", fix)
    if left < 0:
        fix = "Look the limit up and keep it under Settings; send with proof of filing if it has passed."
        return warn(f"The filing limit of {payer} may have passed on {day}. {clock.because}", fix)
    if left <= SOON_DAYS:
        when = "today" if left == 0 else f"in {left} day{'s' if left > 1 else ''}"
        return warn(f"The filing limit of {payer} is {day}, {when}.", "Send it now.")
    return None
