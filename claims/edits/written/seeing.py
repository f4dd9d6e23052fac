"""A claim as staff-written edits see it, from the claim on file and the coverage it goes to."""

from __future__ import annotations

from datetime import date

from claims.edits.written.fields import Seen, SeenLine
from cob.x12.t837p import Claim837P


def seen_in(claim: Claim837P, *, rank: int, kind: str, service_on: date, state: str = "") -> Seen:
    """The claim as addressed to the payer of that rank."""
    person = claim.patient or claim.subscriber
    rendering = claim.provider("82") or claim.billing
    return Seen(
        lines=tuple(_line(claim, at) for at in range(len(claim.lines))),
        service_on=service_on,
        charge_cents=claim.charge_cents,
        rank=rank,
        kind=kind,
        frequency=claim.frequency,
        filing_code=claim.subscriber.filing_code.upper(),
        member_id=claim.subscriber.party.id.upper(),
        group_number=claim.subscriber.group_number.upper(),
        plan_name=claim.subscriber.plan_name.upper(),
        authorization=claim.prior_authorization.upper(),
        referral=claim.referral.upper(),
        rendering_npi=rendering.npi,
        diagnoses=tuple(d.code.upper() for d in claim.diagnoses),
        age=_age(person.born_on, service_on) if person.born_on else None,
        state=(person.address.state or state).upper(),
    )


def _line(claim: Claim837P, at: int) -> SeenLine:
    line = claim.lines[at]
    pointed = tuple(claim.diagnoses[p - 1].code.upper() for p in line.pointers if 0 < p <= len(claim.diagnoses))
    return SeenLine(
        procedure=line.procedure.code.upper(),
        modifiers=tuple(m.upper() for m in line.procedure.modifiers),
        place=line.place or claim.place,
        units=line.units,
        charge_cents=line.charge_cents,
        diagnoses=pointed,
    )


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
