"""Has this payer got the same service on another claim?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, stop

# CPT and HCPCS: done again, by somebody else, a test repeated, or a service of its own.
_SAYS_TWICE = frozenset({"76", "77", "91", "59", "XE", "XP", "XS", "XU"})


def not_on_another_claim(sending: Sending) -> Objection | None:
    """Same patient, day, procedure and provider under two numbers: the second comes back as a duplicate (OA-18)."""
    for line in sending.claim.lines:
        if _SAYS_TWICE.intersection(line.procedure.modifiers):
            continue
        key = (line.procedure.code, tuple(sorted(line.procedure.modifiers)), line.service_on or sending.service_from)
        for twin in sending.twins:
            if key in twin.services:
                message = f"Line {line.number} ({line.procedure.code}) is on claim {twin.control_number} too, which"
                fix = "Void one of the two; if the service was done twice, say so with modifier 76, 77 or 59."
                return stop(f"{message} {sending.to.payer} has got.", fix, "claim")
    return None
