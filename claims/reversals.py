"""Does a reversal take back exactly what was answered? Charge, payment and every adjustment, to the cent.

A reversal repeats the original with every amount negated (X12 RFI 791, 1147). Version 4010 put the adjustments under
group CR; where that is still met, reasons and amounts decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cob.cents import dollars
from cob.x12.codes import REVERSAL_GROUP
from cob.x12.parts import Adjustment
from cob.x12.t835 import Claim835

_Sums = Counter[tuple[str, str]]


def difference(original: Claim835, reversal: Claim835) -> str:
    """Why the reversal does not mirror the original, in words; empty when it does."""
    if original.charge_cents != -reversal.charge_cents:
        return _unequal("charge", original.charge_cents, reversal.charge_cents)
    if original.paid_cents != -reversal.paid_cents:
        return _unequal("payment", original.paid_cents, reversal.paid_cents)
    by_group = REVERSAL_GROUP not in {a.group for a in _every(reversal)}
    if _sums(original.adjustments, 1, by_group) != _sums(reversal.adjustments, -1, by_group):
        return "the adjustments of the claim differ"
    if _lines(original, 1, by_group) != _lines(reversal, -1, by_group):
        return "the lines or their adjustments differ"
    return ""


def says_the_same(one: Claim835, again: Claim835) -> bool:
    """Whether an answer told again is what it was: its numbers, and whatever moves or guards money on its lines."""
    return _told(one) == _told(again)


def _told(claim: Claim835) -> tuple[object, ...]:
    return (
        *(claim.control_number, claim.status, claim.payer_control_number, claim.charge_cents, claim.paid_cents),
        _sums(claim.adjustments, 1, by_group=True),
        _lines(claim, 1, by_group=True),
        sorted(claim.remark_codes),
        sorted(code for line in claim.lines for code in line.remark_codes),
    )


def _unequal(what: str, was: int, taken_back: int) -> str:
    return f"the {what} was {dollars(was)} and {dollars(-taken_back)} is taken back"


def _every(claim: Claim835) -> Iterable[Adjustment]:
    yield from claim.adjustments
    for line in claim.lines:
        yield from line.adjustments


def reasons_of(claim: Claim835) -> list[str]:
    """Every reason given, of the claim and of its lines."""
    return [a.reason for a in _every(claim)]


def _sums(adjustments: Iterable[Adjustment], sign: int, by_group: bool) -> _Sums:
    found: _Sums = Counter()
    for a in adjustments:
        found[a.group if by_group else "", a.reason] += sign * a.amount_cents
    return Counter({key: cents for key, cents in found.items() if cents})


def _lines(claim: Claim835, sign: int, by_group: bool) -> list[tuple[object, ...]]:
    """Each line as something that can be compared; payers do not keep their order."""
    found = []
    for line in claim.lines:
        sums = _sums(line.adjustments, sign, by_group)
        found.append((line.procedure.code, sign * line.charge_cents, sign * line.paid_cents, sorted(sums.items())))
    return sorted(found)
