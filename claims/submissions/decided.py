"""What a payer finally decided: of all its answers on file the ones that still stand, merged into one.

Reversed answers are out, an answer given again replaces the earlier one, and answers that share the claim out between
them (the payer split it) are added up. Nothing is recoded; amounts are the payer's own, in cents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cob.x12.parts import Adjustment, Procedure
from cob.x12.t835 import PLACE_SAID

# 22 takes an answer back, 23 only passes the claim on, 25 is an estimate: none of them decides anything.
NO_DECISION = frozenset({"22", "23", "25"})
_DUPLICATE = "18"


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """One SVC: `line` is the LX number on our claim, None when it could not be tied to one."""

    line: int | None
    procedure: Procedure
    charge_cents: int
    paid_cents: int
    units: Decimal | None = None
    submitted: str = ""
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One CLP on file. `is_reversed`: a later CLP or a letter took it back; `reverses`: this one takes another back."""

    status: str
    answered_on: date
    charge_cents: int
    paid_cents: int
    payer_control_number: str = ""
    remarks: tuple[str, ...] = ()
    rate: Decimal | None = None
    hcpcs_payable_cents: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[AnsweredLine, ...] = ()
    is_reversed: bool = False
    reverses: bool = False
    is_posted: bool = True
    taken_back_on: date | None = None  # by letter


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """An answered line with the day of its answer."""

    answered_on: date
    answer: AnsweredLine


@dataclass(frozen=True, slots=True)
class Decided:
    """The net, final adjudication of one payer."""

    answered_on: date
    paid_cents: int
    charge_cents: int
    payer_control_number: str
    other_numbers: tuple[str, ...]
    adjustments: tuple[Adjustment, ...]
    lines: tuple[DecidedLine, ...]
    remarks: tuple[str, ...]
    rate: Decimal | None
    hcpcs_payable_cents: int | None
    was_corrected: bool

    @property
    def responsibility_cents(self) -> int:
        """What the payer left to the patient or the next payer: all PR, on the claim and on the lines."""
        every = [*self.adjustments, *(a for line in self.lines for a in line.answer.adjustments)]
        return sum(a.amount_cents for a in every if a.group == "PR")

    @property
    def untied(self) -> tuple[DecidedLine, ...]:
        """Answered services that belong to no line of the claim."""
        return tuple(line for line in self.lines if line.answer.line is None)


def net(answers: Sequence[Answer], charge_cents: int) -> Decided | None:
    """The answers that stand, oldest first in `answers`; None when the payer has decided nothing that still stands."""
    standing = _standing(answers, charge_cents)
    if not standing:
        return None
    first, last = standing[0], standing[-1]
    numbers = tuple(dict.fromkeys(a.payer_control_number for a in standing if a.payer_control_number))
    return Decided(
        answered_on=max(a.answered_on for a in standing),
        paid_cents=sum(a.paid_cents for a in standing),
        charge_cents=sum(a.charge_cents for a in standing),
        payer_control_number=numbers[0] if numbers else "",
        other_numbers=numbers[1:],
        adjustments=_added(a for answer in standing for a in answer.adjustments),
        lines=tuple(DecidedLine(answer.answered_on, line) for answer in standing for line in answer.lines),
        remarks=tuple(dict.fromkeys(code for answer in standing for code in answer.remarks)),
        rate=last.rate,
        hcpcs_payable_cents=first.hcpcs_payable_cents if len(standing) == 1 else None,
        was_corrected=any(a.is_reversed for a in answers),
    )


def taken_back_on(answers: Sequence[Answer], charge_cents: int) -> date | None:
    """The day a payer took its answer back without giving another; None when an answer stands or none was given."""
    if _standing(answers, charge_cents):
        return None
    by_letter = [a.taken_back_on for a in answers if a.taken_back_on]
    return max([*by_letter, *(a.answered_on for a in answers if a.status == "22")], default=None)


def money_back_on(answers: Sequence[Answer], charge_cents: int) -> date | None:
    """The day a payer took all its money back, whether it answered anew without paying or not at all; None where it
    pays, or never did."""
    gone = [a for a in answers if a.is_reversed and a.paid_cents > 0]
    if not gone or any(a.paid_cents for a in _standing(answers, charge_cents)):
        return None
    by_letter = [a.taken_back_on for a in gone if a.taken_back_on]
    return max([*by_letter, *(a.answered_on for a in answers if a.status == "22")], default=None)


def taken_back_as(answers: Sequence[Answer]) -> int:
    """The place that the last answer taken back named; 0 where it named none."""
    gone = [PLACE_SAID.get(answer.status, 0) for answer in answers if answer.is_reversed]
    return gone[-1] if gone else 0


def unexplained_reversals(answers: Sequence[Answer]) -> int:
    """Reversals that name no answer on file: somebody has to find out what they take back."""
    return sum(1 for a in answers if a.status == "22" and not a.reverses)


def _standing(answers: Sequence[Answer], charge_cents: int) -> list[Answer]:
    """The newest answers that together make up the claim; older ones beyond its charge were answered again."""
    given = [a for a in answers if a.status not in NO_DECISION and not a.is_reversed]
    first_sight = [a for a in given if not _is_duplicate(a)]
    kept: list[Answer] = []
    for answer in reversed(first_sight or given):
        if kept and sum(a.charge_cents for a in kept) + answer.charge_cents > charge_cents:
            break
        kept.append(answer)
    return kept[::-1]


def _is_duplicate(answer: Answer) -> bool:
    """Refused as sent twice (18): it says nothing about the claim that the first answer did not."""
    every = [*answer.adjustments, *(a for line in answer.lines for a in line.adjustments)]
    return not answer.paid_cents and bool(every) and all(a.reason == _DUPLICATE for a in every)


def _added(adjustments: Iterable[Adjustment]) -> tuple[Adjustment, ...]:
    """Of a split claim the same reason may come several times; it belongs into one CAS once."""
    found: dict[tuple[str, str], Adjustment] = {}
    for a in adjustments:
        before = found.get((a.group, a.reason))
        cents = a.amount_cents + (before.amount_cents if before else 0)
        found[a.group, a.reason] = Adjustment(a.group, a.reason, cents, a.quantity if not before else None)
    return tuple(found.values())
