"""How well a claim fits an answer: a score of 100 and, sign by sign, what agrees and what speaks against it.

The weights are this product's: a number of our own says most, then the payer's, then who, when, what and how much.
What the answer does not say counts for nothing either way. Pure: a person decides, the figures only order the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims.models import Claim
from cob.cents import dollars
from cob.patients.models import squash
from cob.x12.parts import Party
from cob.x12.t835 import Claim835

OUR_NUMBER, THEIR_NUMBER, MEMBER, NAME, DAY, PROCEDURE, CHARGE = 30, 15, 15, 10, 10, 10, 10


@dataclass(frozen=True, slots=True)
class Known:
    """What of a claim an answer can agree with."""

    number: str
    their_numbers: frozenset[str]
    members: frozenset[str]
    last: str
    first: str
    since: date
    until: date
    procedures: frozenset[str]
    charge_cents: int


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was compared."""

    text: str
    points: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class Weight:
    """The signs in the order of their weight; those the answer says nothing of are left out."""

    signs: tuple[Sign, ...]

    @property
    def score(self) -> int:
        """Of 100: the points of what agrees. Full marks need everything said and everything agreeing."""
        return sum(sign.points for sign in self.signs if sign.agrees)

    @property
    def agreeing(self) -> list[str]:
        return [sign.text for sign in self.signs if sign.agrees]

    @property
    def against(self) -> list[str]:
        return [sign.text for sign in self.signs if not sign.agrees]


def known_of(claim: Claim) -> Known:
    """A claim that came with everything matching reads (`claims.matching.with_everything`)."""
    lines, payers = list(claim.lines.all()), list(claim.payers.all())
    return Known(
        number=claim.control_number,
        their_numbers=frozenset(p.payer_control_number for p in payers if p.payer_control_number),
        members=frozenset(p.coverage.search_member for p in payers if p.coverage.search_member),
        last=claim.patient.search_last,
        first=claim.patient.search_first,
        since=claim.service_from,
        until=claim.service_to,
        procedures=frozenset(line.procedure for line in lines),
        charge_cents=claim.charge_cents,
    )


def weigh(claim: Known, said: Claim835) -> Weight:
    """Every sign the answer gives, held against the claim."""
    signs = [
        _sign(OUR_NUMBER, "our claim number", [said.control_number], [claim.number]),
        _sign(
            THEIR_NUMBER,
            "the payer's claim number",
            [said.payer_control_number, said.original_control_number],
            claim.their_numbers,
        ),
        _sign(MEMBER, "member id", [squash(p.id) for p in _people(said)], claim.members),
        _name(claim, said),
        _day(claim, said),
        _procedures(claim, said),
        _charge(claim, said),
    ]
    return Weight(tuple(sign for sign in signs if sign))


def _people(said: Claim835) -> list[Party]:
    return [p for p in (said.corrected, said.subscriber, said.patient) if p]


def _sign(points: int, what: str, given: Sequence[str], known: Sequence[str] | frozenset[str]) -> Sign | None:
    """Numbers we have none of to compare say nothing."""
    named = {text for text in given if text}
    if not named or not known:
        return None
    agrees = bool(named & set(known))
    return Sign(f"{what} {'agrees' if agrees else 'differs'}", points, agrees)


def _name(claim: Known, said: Claim835) -> Sign | None:
    if said.patient is None or not said.patient.name:
        return None
    first = squash(said.patient.first)
    length = min(len(first), len(claim.first), 3)
    last = squash(said.patient.name)[:60] == claim.last
    if last and first[:length] == claim.first[:length]:
        return Sign("the patient's name agrees", NAME, True)
    return Sign("another first name" if last else "another name", NAME, False)


def _day(claim: Known, said: Claim835) -> Sign | None:
    days = {line.service_on for line in said.lines if line.service_on}
    days |= {said.statement_from_on} if said.statement_from_on else set()
    if not days:
        return None
    agrees = all(claim.since <= day <= claim.until for day in days)
    return Sign("the day of service agrees" if agrees else f"service on {min(days):%m/%d/%Y}", DAY, agrees)


def _procedures(claim: Known, said: Claim835) -> Sign | None:
    named = {(line.submitted or line.procedure).code for line in said.lines}
    if not named:
        return None
    other = sorted(named - claim.procedures)
    text = f"{', '.join(other[:3])} is not on the claim" if other else "the procedures agree"
    return Sign(text, PROCEDURE, not other)


def _charge(claim: Known, said: Claim835) -> Sign:
    if abs(said.charge_cents) == claim.charge_cents:
        return Sign("the charge agrees", CHARGE, True)
    return Sign(f"charge {dollars(abs(said.charge_cents))}, ours {dollars(claim.charge_cents)}", CHARGE, False)
