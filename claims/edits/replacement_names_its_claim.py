"""Does a replacement or void say which claim it replaces, to a payer that takes one?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, stop, warn


def replacement_names_its_claim(sending: Sending) -> Objection | None:
    """The payer finds the claim by its own number (REF*F8); Medicare Part B corrects by reopening instead."""
    if sending.frequency == "1":
        return None
    if not sending.claim.payer_control_number:
        message = f"{sending.to.payer}'s number of the claim to replace is not on file."
        return stop(message, "Take it from the payer's remittance or portal.", "claim")
    if sending.to.kind == "medicare":
        message = "Medicare Part B does not take replacement claims from professionals."
        return warn(message, "Ask for a reopening, or send a new claim if the first was unprocessable.")
    return None
