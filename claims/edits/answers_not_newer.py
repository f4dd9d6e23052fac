"""Was the payer sent figures that an earlier payer has changed since?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, warn


def answers_not_newer(sending: Sending) -> Objection | None:
    """When an earlier payer answers again after this one was sent its figures, this one needs a replacement."""
    sent = sending.to.submitted_on
    for payer in sending.ahead:
        if sent and payer.decided and payer.decided.was_corrected and payer.decided.answered_on > sent:
            day = as_day(payer.decided.answered_on)
            message = f"{payer.payer} corrected its answer on {day}, after this claim went out."
            return warn(message, "Send a replacement (7) with the corrected figures.")
    return None
