"""Do the answers that this claim would carry still stand?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, stop


def earlier_answers_stand(sending: Sending) -> Objection | None:
    """An answer that was taken back, or a reversal nobody understands, makes everything built on it wrong."""
    for payer in sending.ahead:
        if payer.taken_back_on:
            message = f"{payer.payer} took its answer back on {as_day(payer.taken_back_on)} and has not given another."
            return stop(message, "Wait for its corrected remittance.", "claim")
        if payer.unexplained_reversals:
            message = f"{payer.payer} reversed something on this claim that is not on file."
            return stop(message, "Find the answer it takes back, or call the payer.", "claim")
        if payer.unposted:
            message = f"An answer of {payer.payer} is on file but not posted."
            return stop(message, "Clear what its remittance page says about it.", "claim")
    return None
