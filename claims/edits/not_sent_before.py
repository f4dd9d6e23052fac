"""Has this payer got the claim already?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, stop

_ANSWERED = frozenset({"adjudicated", "denied", "reversed", "reopened"})


def not_sent_before(sending: Sending) -> Objection | None:
    """Once sent and not rejected, a claim waits for its answer; once answered, it is corrected and not sent anew."""
    to = sending.to
    if to.state == "submitted":
        on = f" on {as_day(to.submitted_on)}" if to.submitted_on else ""
        by = f" by {to.sent_by}" if to.sent_by else ""
        return stop(f"It was sent to {to.payer}{on}{by} and not rejected.", "Wait for the answer.", "claim")
    if (to.state in _ANSWERED or to.is_correction_rejected) and sending.frequency == "1":
        message = f"{to.payer} has answered this claim already; an original would be denied as a duplicate."
        return stop(message, "Send a replacement (7) with the payer's claim number.", "claim")
    return None
