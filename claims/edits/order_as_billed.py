"""Are the payers of this claim in the order that was determined?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, stop


def order_as_billed(sending: Sending) -> Objection | None:
    """A payer that answered in a place that is not its own has to be put right first, or the next one pays wrongly."""
    order = sending.order
    if order is None or not order.is_settled or order.is_stale:
        return None
    outside = [p.payer for p in sending.payers if p.coverage not in order.ids and not p.is_passed_over]
    if outside:
        message = f"{outside[0]} is on the claim but not in the order determined for this date."
        return stop(message, "Take it off the claim, or determine the order again with it.", "order")
    billed = [p for p in sending.payers if p.coverage in order.ids]
    wanted = sorted(billed, key=lambda place: order.ids.index(place.coverage))
    if billed == wanted or order.status == "tie":
        return None
    said, due = ", ".join(p.payer for p in billed), ", ".join(p.payer for p in wanted)
    message = f"The claim went out in the order {said}; the order determined is {due}."
    fix = f"Bill {wanted[0].payer} first and send a corrected claim to the payer that was wrong."
    return stop(message, fix, "claim")
