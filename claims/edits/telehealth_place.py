"""Do place of service and modifiers say the same about how the patient was seen?"""

from __future__ import annotations

from datetime import date

from claims.edits.facts import Objection, Sending, as_day, stop, warn

ELSEWHERE, AT_HOME = "02", "10"
# CMS place of service code set, Transmittal 11045 (CR 12427): 10 for services from this day on.
AT_HOME_FROM = date(2022, 1, 1)
# CPT 95 live with picture, 93 sound only; HCPCS GT live, GQ recorded, G0 stroke, FQ sound only.
BY_WIRE = frozenset({"95", "93", "GT", "GQ", "G0", "FQ"})
_BY_PLACE = frozenset({"medicare"})


def telehealth_place(sending: Sending) -> Objection | None:
    """A visit by video or telephone is place 02, or 10 where the patient was at home; most plans want 95, 93 or GT too.

    Medicare goes by the place alone, but for hospital staff with the patient at home and for therapists (final rule
    for 2024), so a modifier without the place only warns.
    """
    fix = "Correct the place of service or the modifier in the billing system."
    for line in sending.claim.lines:
        place = line.place or sending.claim.place
        by_wire = sorted(BY_WIRE.intersection(line.procedure.modifiers))
        if place == AT_HOME and sending.service_from < AT_HOME_FROM:
            day = as_day(sending.service_from)
            return stop(f"Place of service 10 did not exist on {day}; it began on 01/01/2022.", "Use 02.", "claim")
        if by_wire and place not in (ELSEWHERE, AT_HOME):
            message = f"Line {line.number} has modifier {by_wire[0]} (telehealth) at place of service {place}."
            return warn(message, f"{fix} The place is 10 at home, 02 elsewhere, unless this payer says otherwise.")
        if place in (ELSEWHERE, AT_HOME) and not by_wire and sending.to.kind not in _BY_PLACE:
            message = f"Line {line.number} is telehealth by its place of service ({place}) without 95, 93 or GT."
            return warn(message, f"{fix} Some payers go by the place alone.")
    return None
