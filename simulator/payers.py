"""How the payers decide: what they allow, what they leave to the patient, and what they make of an earlier payer's
answer. Line by line and to the cent; charge = paid + all adjustments, always."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cob.cents import pct
from cob.x12.parts import Adjustment, Party, Reference
from cob.x12.t837p import RANKS, Claim837P, Line837P, LineAdjudication, OtherCoverage, Subscriber
from simulator.faults import draw

# What a payer allows of the charge and leaves to the patient of what it allows, by SBR09.
_ALLOWED = {"MB": "0.58", "MA": "0.58", "MC": "0.45"}
_LEFT_TO_PATIENT = {"MC": "0"}
_COMMERCIAL = ("0.70", "0.20")
_COPAY_CENTS = 20_00
_SEQUESTRATION = "0.02"  # CARC 253, on what Medicare pays
MEDICARE, MEDICAID = ("MA", "MB"), "MC"


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """One line as decided."""

    charge_cents: int
    paid_cents: int
    adjustments: tuple[Adjustment, ...]

    @property
    def left_cents(self) -> int:
        return sum(one.amount_cents for one in self.adjustments if one.group == "PR")


@dataclass(frozen=True, slots=True)
class Answer:
    """One payer's decision on one claim; `status` is CLP02, `forwarded` the payers it passed the claim on to."""

    claim: Claim837P
    status: str
    lines: tuple[LineAnswer, ...]
    number: str
    forwarded: tuple[Party, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def paid_cents(self) -> int:
        return sum(line.paid_cents for line in self.lines)

    @property
    def left_cents(self) -> int:
        return sum(line.left_cents for line in self.lines)

    @property
    def written_off_cents(self) -> int:
        return sum(one.amount_cents for line in self.lines for one in line.adjustments if one.group == "CO")


def decide(claim: Claim837P, seed: int, *, denies: bool = False) -> Answer:
    """The payer's own rules as the first one; behind others what they left, no more. `denies`: all of it is refused."""
    place = RANKS.index(claim.subscriber.rank_code)
    number = f"{claim.payer.party.id}{draw(seed, claim.control_number, claim.payer.party.id).randrange(10**9):09d}"
    if denies:
        refused = tuple(LineAnswer(one.charge_cents, 0, (_cas("CO", "50", one.charge_cents),)) for one in claim.lines)
        return Answer(claim, "4" if place == 0 else str(place + 1), refused, number)
    code = claim.subscriber.filing_code
    decided = [_behind(claim, line, code) if place else _first(line, code, n) for n, line in enumerate(claim.lines)]
    return Answer(claim, str(min(place + 1, 3)), tuple(decided), number)


def duplicate(claim: Claim837P, seed: int) -> Answer:
    """An exact duplicate (CARC 18): nothing is paid, and nothing is said of what was decided before."""
    refused = tuple(LineAnswer(one.charge_cents, 0, (_cas("OA", "18", one.charge_cents),)) for one in claim.lines)
    return replace(decide(claim, seed), lines=refused)


def forwarded(answer: Answer, to: Sequence[OtherCoverage]) -> Answer:
    """The same answer, passed on: status 19 to 21, NM1*TT, and MA18 or, to more than one, N89."""
    parties = tuple(other.payer.party for other in to if other.payer)
    status = {"1": "19", "2": "20", "3": "21"}.get(answer.status, answer.status)
    return replace(answer, status=status, forwarded=parties, remarks=("N89",) if len(parties) > 1 else ("MA18",))


def passed_on(answer: Answer, to: OtherCoverage, on: date) -> Claim837P:
    """The claim as the next payer gets it from this one: with this one's decision on it, as loops 2320 and 2430."""
    claim = answer.claim
    if to.payer is None:
        raise ValueError(f"{claim.control_number}: the coverage it is passed on to names no payer")
    own = replace(claim.subscriber, relationship=claim.subscriber.relationship or "G8")
    before = OtherCoverage(own, claim.payer, paid_cents=answer.paid_cents, benefits_assigned="Y", release="Y")
    others = (before, *(other for other in claim.other_coverages if other is not to))
    lines = tuple(
        replace(line, adjudications=(*line.adjudications, _reported(claim, line, said, on)))
        for line, said in zip(claim.lines, answer.lines, strict=True)
    )
    references = tuple(one for one in claim.references if one.qualifier not in ("F8", "G1", "9F"))
    insured: Subscriber = replace(to.subscriber, address=claim.subscriber.address)
    return replace(
        claim, subscriber=insured, payer=to.payer, other_coverages=others, lines=lines, references=references
    )


def is_medicare(claim: Claim837P) -> bool:
    return claim.subscriber.filing_code in MEDICARE


def _first(line: Line837P, code: str, place: int) -> LineAnswer:
    allowed = pct(line.charge_cents, _ALLOWED.get(code, _COMMERCIAL[0]))
    share = pct(allowed, _LEFT_TO_PATIENT.get(code, _COMMERCIAL[1]))
    is_commercial = code not in _ALLOWED
    copay = min(_COPAY_CENTS, allowed - share) if is_commercial and place == 0 else 0
    due = allowed - share - copay
    held_back = pct(due, _SEQUESTRATION) if code in MEDICARE else 0
    return _answer(
        line.charge_cents,
        _cas("CO", "45", line.charge_cents - allowed),
        _cas("CO", "253", held_back),
        _cas("PR", "2", share),
        _cas("PR", "3", copay),
    )


def _behind(claim: Claim837P, line: Line837P, code: str) -> LineAnswer:
    """OA-23 takes up what the payers before decided; of what they left, Medicaid pays only up to its own fee."""
    left, paid_before = _left(claim, line)
    if code == MEDICAID:
        due = min(left, max(0, pct(line.charge_cents, _ALLOWED[MEDICAID]) - paid_before))
        rest = ("CO", "45")
    else:
        due = pct(left, Decimal("0.80")) if code in ("CI", "BL", "12") else left
        rest = ("PR", "2")
    return _answer(line.charge_cents, _cas("OA", "23", line.charge_cents - left), _cas(*rest, left - due))


def _left(claim: Claim837P, line: Line837P) -> tuple[int, int]:
    """What the last payer before left to be paid of the line, and what all before have paid."""
    ranks = {other.payer_id: RANKS.index(other.subscriber.rank_code) for other in claim.other_coverages}
    said = sorted(line.adjudications, key=lambda one: ranks.get(one.payer_id, 0))
    if not said:
        return line.charge_cents, 0
    left = sum(one.amount_cents for one in said[-1].adjustments if one.group == "PR")
    return left, sum(one.paid_cents for one in said)


def _reported(claim: Claim837P, line: Line837P, said: LineAnswer, on: date) -> LineAdjudication:
    return LineAdjudication(
        claim.payer.party.id, said.paid_cents, line.procedure, line.units, on, None, said.adjustments, said.left_cents
    )


def _answer(charge: int, *adjustments: Adjustment) -> LineAnswer:
    kept = tuple(one for one in adjustments if one.amount_cents)
    return LineAnswer(charge, charge - sum(one.amount_cents for one in kept), kept)


def _cas(group: str, reason: str, cents: int) -> Adjustment:
    return Adjustment(group, reason, cents)


def line_number(line: Line837P) -> tuple[Reference, ...]:
    """REF*6R as it came."""
    return tuple(one for one in line.references if one.qualifier == "6R")
