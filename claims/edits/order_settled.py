"""Is it settled in which order the payers of this claim pay?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, as_day, stop, warn

_HOW = "Open the patient's payer order, answer what it asks, and confirm it for this date of service."


def order_settled(sending: Sending) -> Objection | None:
    """A claim with more than one payer goes out only in an order that was determined, or confirmed by a person."""
    day = as_day(sending.service_from)
    order = sending.order
    if sending.to.place == 1 and sending.coverages_in_force < 2:
        return None
    if order is None:
        return stop(f"Nobody has determined who pays first for {day}; the order is only as billed.", _HOW, "order")
    if not order.is_settled:
        asked = f' The open question: "{order.question}"' if order.question else ""
        said = order.status.replace("_", " ")
        return stop(f"The order for {day} is not settled ({said}).{asked}", _HOW, "order")
    if order.is_stale:
        return stop(f"The order for {day} is out of date: {order.stale_because}.", _HOW, "order")
    if order.status == "likely" and not order.by_person:
        return warn(f"The order for {day} is likely, not certain.", "Confirm it if you can before sending.", "order")
    return None
