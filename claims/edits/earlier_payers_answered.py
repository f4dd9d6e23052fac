"""Has every payer before this one answered?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, stop, warn

_PROTECT = "before then a supervisor can waive this edit, to file it protectively with the reason."


def earlier_payers_answered(sending: Sending) -> Objection | None:
    """A later payer is owed what each earlier one decided; without that its claim is refused."""
    for payer in sending.ahead:
        if payer.decided or payer.taken_back_on:
            continue
        if payer.is_passed_over:
            return warn(
                f"{payer.payer} was not billed; it is told as not covering any of the charge (AMT*A8).",
                "Send only if this payer takes a claim that the one before never saw.",
            )
        how = "Wait for its remittance, or import it." if payer.submitted_on else "Send the claim to it first."
        if payer.submitted_on and sending.clock:
            how += f" {sending.to.payer} must have the claim by {as_day(sending.clock.on)} all the same: {_PROTECT}"
        return stop(f"{payer.payer} ({payer.ordinal}) has not answered this claim.", how, "import")
    return None
