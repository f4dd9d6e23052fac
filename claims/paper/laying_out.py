"""A claim of ours laid out for typing: its lines in order, as they were billed, and the place the payer has on it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from claims.models import Claim
from claims.paper import typed
from cob.cents import NotDollars, dollars, parse_dollars


def laid_out(claim: Claim, payer: UUID | None) -> typed.Claim:
    """What is known of the claim; what the EOB says stays empty. `claim` comes with lines, payers and patient."""
    place = next((p for p in claim.payers.all() if p.payer_id == payer), None)
    return typed.Claim(
        claim=str(claim.pk),
        number=claim.control_number,
        last=claim.patient.last_name,
        first=claim.patient.first_name,
        member=place.coverage.member_id if place else "",
        status=str(min(place.rank, 3)) if place else "",
        lines=[
            typed.Line(
                number=line.control_number,
                service_on=line.service_on.isoformat(),
                procedure=line.procedure,
                modifiers=line.modifiers,
                billed=dollars(line.charge_cents),
            )
            for line in claim.lines.all()
        ],
    )


def only_totals(claim: typed.Claim) -> typed.Claim:
    """The same claim where the paper gives no lines: one row for the whole of it, billed as its lines come to."""
    billed = ""
    with suppress(NotDollars):
        billed = dollars(sum(parse_dollars(line.billed) for line in claim.lines))
    return replace(claim, lines=[], totals=claim.totals or typed.Line(billed=billed))


def not_on_file(number: str) -> typed.Claim:
    """A claim of the EOB that we do not have: its money is kept and matched later."""
    return typed.Claim(number=number, status="", lines=[typed.Line()])
