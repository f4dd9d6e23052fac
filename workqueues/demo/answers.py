"""How the invented payers answer a claim, line by line and to the cent, in the adjustments real remittances carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from cob.cents import pct
from cob.x12.parts import Adjustment
from workqueues.demo.payers import DemoPayer

SEQUESTRATION = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """charge = paid + all adjustments, always."""

    charge_cents: int
    paid_cents: int
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...] = ()

    @property
    def responsibility_cents(self) -> int:
        return sum(a.amount_cents for a in self.adjustments if a.group == "PR")


@dataclass(frozen=True, slots=True)
class Answer:
    """One payer's decision on a claim. `status` is CLP02; `forwarded_to` names the carrier it crossed over to."""

    status: str
    lines: tuple[LineAnswer, ...]
    remarks: tuple[str, ...] = ()
    forwarded_to: DemoPayer | None = None
    payer_number: str = ""
    denied: bool = field(default=False)

    @property
    def paid_cents(self) -> int:
        return sum(line.paid_cents for line in self.lines)

    @property
    def responsibility_cents(self) -> int:
        return sum(line.responsibility_cents for line in self.lines)

    @property
    def reversed(self) -> Answer:
        """Every amount negated, original group codes: a 5010 reversal."""
        lines = tuple(
            LineAnswer(
                -line.charge_cents,
                -line.paid_cents,
                tuple(Adjustment(a.group, a.reason, -a.amount_cents) for a in line.adjustments),
            )
            for line in self.lines
        )
        return Answer("22", lines, payer_number=self.payer_number)


def _line(charge: int, *parts: tuple[str, str, int], remarks: tuple[str, ...] = ()) -> LineAnswer:
    adjustments = tuple(Adjustment(group, reason, cents) for group, reason, cents in parts if cents)
    return LineAnswer(charge, charge - sum(a.amount_cents for a in adjustments), adjustments, remarks)


def as_first(payer: DemoPayer, charges: list[int], *, deductible_cents: int = 0) -> list[LineAnswer]:
    """A first payer: contract write-off, deductible, then coinsurance, and the copay on the first line."""
    lines = []
    for index, charge in enumerate(charges):
        allowed = pct(charge, payer.allowed)
        deductible = min(deductible_cents, allowed)
        deductible_cents -= deductible
        coinsurance = pct(allowed - deductible, payer.coinsurance)
        copay = min(payer.copay_cents, allowed - deductible - coinsurance) if index == 0 else 0
        paid = allowed - deductible - coinsurance - copay
        held_back = pct(paid, SEQUESTRATION) if payer.sequesters else 0
        lines.append(
            _line(
                charge,
                ("CO", "45", charge - allowed),
                ("CO", "253", held_back),
                ("PR", "1", deductible),
                ("PR", "2", coinsurance),
                ("PR", "3", copay),
            )
        )
    return lines


def as_later(payer: DemoPayer, earlier: Answer, paid_before: list[int]) -> list[LineAnswer]:
    """A later payer: pays what the patient was left with, a Medicaid only up to its own fee."""
    lines = []
    for line, before in zip(earlier.lines, paid_before, strict=True):
        left = line.responsibility_cents
        due = left
        if payer.kind == "medicaid":
            due = min(left, max(0, pct(line.charge_cents, payer.allowed) - before))
        elif payer.kind in ("medicare", "employer", "union_multiemployer"):
            due = min(left, pct(line.charge_cents, payer.allowed))
        kept = pct(due, Decimal("0.10")) if payer.kind == "individual" else 0
        rest = left - due
        lines.append(
            _line(
                line.charge_cents,
                ("OA", "23", line.charge_cents - left),
                ("CO", "45", rest),
                ("PR", "2", kept),
            )
        )
    return lines


def nothing_left(earlier: Answer) -> list[LineAnswer]:
    """A later payer that rightly pays nothing: the first already paid more than it would have allowed."""
    return [
        _line(
            line.charge_cents,
            ("OA", "23", line.charge_cents - line.responsibility_cents),
            ("CO", "45", line.responsibility_cents),
        )
        for line in earlier.lines
    ]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A way to refuse a whole claim; `cob` says whether the order of payers is behind it."""

    group: str
    reason: str
    remarks: tuple[str, ...] = ()
    line_remarks: tuple[str, ...] = ()
    cob: bool = False

    def of(self, charges: list[int], payer_number: str = "") -> Answer:
        lines = tuple(_line(charge, (self.group, self.reason, charge), remarks=self.line_remarks) for charge in charges)
        return Answer("4", lines, self.remarks, payer_number=payer_number, denied=True)


ANOTHER_FIRST = Refusal("CO", "22", cob=True)
MEDICARE_SAYS_SECOND = Refusal("CO", "22", line_remarks=("N598",), cob=True)
NO_PRIMARY_EOB = Refusal("CO", "16", remarks=("MA04",), cob=True)
ASK_THE_MEMBER = Refusal("PR", "227", line_remarks=("N686",), cob=True)
CROSSOVER_DUPLICATE = Refusal("OA", "18", line_remarks=("N522",), cob=True)
ADVANTAGE_PLAN = Refusal("CO", "24", cob=True)
ENDED = Refusal("CO", "27")
NOT_NECESSARY = Refusal("CO", "50", line_remarks=("N115",))
NO_AUTHORIZATION = Refusal("CO", "197")
TOO_LATE = Refusal("CO", "29")
OTHER_REFUSALS = (NOT_NECESSARY, NO_AUTHORIZATION, ENDED, TOO_LATE)
