"""Is everything known that the payer must be told about the coverage?"""

from __future__ import annotations

from claims.edits.facts import Objection, Place, Sending, stop


def coverage_complete(sending: Sending) -> Objection | None:
    """Member id, payer id, relationship and subscriber: of the destination, and of every other payer named."""
    for place in (sending.to, *(p for p in sending.payers if p is not sending.to)):
        missing = _missing(place)
        if missing:
            message = f"For {place.payer} ({place.ordinal}) the claim lacks {' and '.join(missing)}."
            return stop(message, "Complete the coverage.", "coverage")
    return None


def _missing(place: Place) -> list[str]:
    wanted = (
        (place.member_id, "the member id"),
        (place.payer_id, "the payer's id"),
        (place.relationship, "the patient's relationship to the subscriber"),
        (place.subscriber, "the subscriber's name"),
    )
    return [what for value, what in wanted if not value]
