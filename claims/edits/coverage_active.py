"""Did the coverage run on the date of service?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, stop, warn


def coverage_active(sending: Sending) -> Objection | None:
    """A plan that had not begun or had ended owes nothing."""
    to, first, last = sending.to, sending.service_from, sending.service_to
    if not to.is_enrolled:
        message = f"The patient was offered {to.payer} and refused it."
        return stop(message, "Correct the coverage if this is wrong.", "coverage")
    if to.effective_on and first < to.effective_on:
        message = f"{to.payer} began on {as_day(to.effective_on)}, after the service on {as_day(first)}."
        return stop(message, "Correct the coverage's dates, or do not bill it.", "coverage")
    if to.ended_on and last > to.ended_on:
        message = f"{to.payer} ended on {as_day(to.ended_on)}, before the service on {as_day(last)}."
        return stop(message, "Correct the coverage's dates, or do not bill it.", "coverage")
    if to.effective_on is None:
        return warn(f"Nobody has said when {to.payer} began.", "Verify the coverage for this date.", "coverage")
    return None
