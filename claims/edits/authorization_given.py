"""Does the claim carry the authorization this payer has asked for?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, stop, warn
from cob.x12.parts import reference

# CARC: number missing or wrong, refused when asked, absent, exceeded, late, the network provider's absent.
_WANTS_ONE = frozenset({"15", "39", "197", "198", "210", "243"})


def authorization_given(sending: Sending) -> Objection | None:
    """An authorization (REF*G1) belongs to one payer and never moves to the next with the claim."""
    claim, to = sending.claim, sending.to
    if claim.prior_authorization:
        return None
    refused = sorted(sending.refusals & _WANTS_ONE)
    if refused:
        message = f"{to.payer} refused this claim over its authorization ({refused[0]}), and it still carries none."
        return stop(message, "Get it, or one after the fact, and enter its number on the claim.", "claim")
    others = [o for o in claim.other_coverages if o.payer and reference(o.payer.references, "G1")]
    if others and others[0].payer:
        message = f"{others[0].payer.party.name} was given an authorization number; {to.payer} is given none."
        return warn(message, f"Ask whether {to.payer} wants an authorization of its own for this service.", "claim")
    return None
