"""Does a claim to Medicare as a later payer say why Medicare is not first?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, from_findings, stop

_BEFORE_MEDICARE = frozenset({"medicare"})


def msp_type_given(sending: Sending) -> Objection | None:
    """SBR05 comes from the verdict (12 working aged, 13 kidney failure, 43 disabled …); without it Medicare rejects."""
    if sending.to.kind in _BEFORE_MEDICARE and sending.to.place > 1 and not sending.claim.subscriber.msp_type:
        message = "Medicare is not first on this claim and the order does not say why (MSP type, SBR05)."
        return stop(message, "Determine the order for this date; the reason comes with it.", "order")
    return from_findings(sending.found("C12"), "Determine the order for this date; the reason comes with it.", "order")
