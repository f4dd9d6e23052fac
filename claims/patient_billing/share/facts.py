"""What the rules read: one line, what each payer's standing answer says of it, and the facts that are known.

Amounts are whole cents. A fact nobody has told is not guessed: asking for it raises `Unknown`, and the line is then
worked out once for each answer there could be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from claims.reasons import QMB, QMB_REMARKS
from cob.reasons import CONTRACTUAL, COST_SHARE, POINTS_ELSEWHERE
from cob.x12.parts import Adjustment

CONTRACTED = "contracted"  # of a payer: "contracted:2" is that of the payer in place 2
ABOVE_FEE = "45"
YES_NO = (True, False)


class Unknown(Exception):
    """A fact the rules need and nobody has told; `choices` are the answers there could be."""

    def __init__(self, fact: str, choices: tuple[Any, ...] = YES_NO) -> None:
        self.fact, self.choices = fact, choices
        super().__init__(fact)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in one sentence, and where it stands. UNCONFIRMED: nobody here has read the original."""

    text: str
    cite: str
    is_unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """A payer in the claim's order. `kind` is that of the coverage, in the words of the determination contract."""

    rank: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Said:
    """One payer's standing answer on one line.

    `adjustments` are as it reported them, its share of claim-level ones included, PR-100 apart. `allowed_cents` is
    what it stated (AMT*B6); None when it stated nothing. `fee_cents` is what it allows by the fees on file here.
    """

    rank: int
    paid_cents: int = 0
    adjustments: tuple[Adjustment, ...] = ()
    sent_to_patient_cents: int = 0
    allowed_cents: int | None = None
    remarks: tuple[str, ...] = ()
    fee_cents: int | None = None

    def of_group(self, *groups: str) -> Iterator[Adjustment]:
        return (a for a in self.adjustments if a.group in groups)

    @property
    def left(self) -> tuple[Adjustment, ...]:
        """What it left to the patient, without what points to another payer."""
        return tuple(a for a in self.of_group("PR") if a.reason not in POINTS_ELSEWHERE)

    @property
    def cost_share_cents(self) -> int:
        """Deductible, coinsurance, copay, and what an earlier payer left of them (275)."""
        return sum(a.amount_cents for a in self.left if a.reason in COST_SHARE | {"275"})

    @property
    def copay_cents(self) -> int:
        return sum(a.amount_cents for a in self.left if a.reason == "3")

    @property
    def above_fee_cents(self) -> int:
        """PR-45: what a payer without a contract leaves above its own amount."""
        return sum(a.amount_cents for a in self.left if a.reason == ABOVE_FEE)

    @property
    def not_covered(self) -> tuple[Adjustment, ...]:
        """What it left because it does not cover it."""
        return tuple(a for a in self.left if a.reason not in COST_SHARE | {"275", ABOVE_FEE})

    @property
    def left_cents(self) -> int:
        return sum(a.amount_cents for a in self.left)

    @property
    def covers(self) -> bool:
        """Whether it allowed anything: it paid, or left an ordinary share."""
        return self.paid_cents + self.sent_to_patient_cents > 0 or self.cost_share_cents > 0

    @property
    def refused(self) -> tuple[Adjustment, ...]:
        """Where it allowed nothing: what it refused at the provider's cost."""
        if self.covers:
            return ()
        reductions = (a for a in self.of_group("CO", "PI") if a.amount_cents > 0)
        return tuple(a for a in reductions if a.reason not in POINTS_ELSEWHERE and a.reason not in CONTRACTUAL)

    @property
    def says_qmb(self) -> bool:
        """Remarks N781 to N783, or OA-209."""
        return self.is_remarked_qmb or any(a.reason == QMB for a in self.of_group("OA"))

    @property
    def is_remarked_qmb(self) -> bool:
        """The remarks alone: they are Medicare's, whatever kind the payer is on file as; OA-209 is anybody's."""
        return bool(QMB_REMARKS.intersection(self.remarks))

    @property
    def says_contracted(self) -> bool | None:
        """CO-45 speaks of a contract, PR-45 of none; a payer that took nothing off says neither."""
        of_45 = {a.group for a in self.adjustments if a.reason == ABOVE_FEE and a.amount_cents > 0}
        return True if "CO" in of_45 else False if "PR" in of_45 else None


@dataclass(frozen=True, slots=True)
class Line:
    """A service with its answers. `written_off_cents` is what is posted as written off, by whomever."""

    charge_cents: int
    answers: tuple[Said, ...] = ()
    written_off_cents: int = 0
    modifiers: tuple[str, ...] = ()
    is_assigned: bool | None = True  # CLM07: the provider takes Medicare's or TRICARE's amount as the full charge
    patient_age: int | None = None
    service_on: date | None = None  # which law's percentages hold; empty: the latest
    is_of_a_qmb: bool = False  # some standing answer to the claim says so, be it on another line

    @property
    def paid_cents(self) -> int:
        return sum(a.paid_cents for a in self.answers)

    @property
    def sent_to_patient_cents(self) -> int:
        return sum(a.sent_to_patient_cents for a in self.answers)

    @property
    def left_cents(self) -> int:
        """What neither a payment nor a write-off accounts for; below zero there is a credit."""
        return self.charge_cents - self.paid_cents - self.written_off_cents


@dataclass(frozen=True, slots=True)
class Told:
    """Facts by name, and those asked for so far."""

    facts: Mapping[str, Any] = field(default_factory=dict)

    def get(self, fact: str, choices: tuple[Any, ...] = YES_NO) -> Any:
        """Raises Unknown when nobody has told."""
        value = self.facts.get(fact)
        if value is None:
            raise Unknown(fact, choices)
        return value

    def setting(self, name: str, default: str) -> str:
        """A choice of the practice that has a default."""
        return str(self.facts.get(name) or default)


@dataclass(frozen=True, slots=True)
class Situation:
    """A line seen with its payers: who answered it, in order."""

    line: Line
    answered: tuple[tuple[PayerFacts, Said], ...]
    told: Told

    @property
    def is_assigned(self) -> bool:
        """Raises Unknown where the claim does not say."""
        return bool(self.told.get("assigned") if self.line.is_assigned is None else self.line.is_assigned)

    def first_of(self, *kinds: str) -> tuple[PayerFacts, Said] | None:
        return next(((p, s) for p, s in self.answered if p.kind in kinds), None)

    @property
    def last(self) -> tuple[PayerFacts, Said]:
        return self.answered[-1]

    def before(self, rank: int) -> list[tuple[PayerFacts, Said]]:
        return [(p, s) for p, s in self.answered if p.rank < rank]

    def after(self, rank: int) -> list[tuple[PayerFacts, Said]]:
        return [(p, s) for p, s in self.answered if p.rank > rank]

    def received_before(self, rank: int) -> int:
        """Earlier payers' payments, those they sent to the patient included (RFI 1860)."""
        return sum(s.paid_cents + s.sent_to_patient_cents for _, s in self.before(rank))

    def allowed(self, payer: PayerFacts, said: Said) -> int | None:
        """The payer's own amount: as stated, or, of the first payer, the charge less what it took off; of a later one
        that states nothing, what it allows by the fees on file."""
        if said.allowed_cents is not None:
            return said.allowed_cents
        if self.answered and payer.rank == self.answered[0][0].rank:
            off = sum(
                a.amount_cents for a in said.of_group("CO", "PI") if a.reason in CONTRACTUAL and a.reason != "253"
            )
            return self.line.charge_cents - off - said.above_fee_cents if said.covers else None
        return said.fee_cents if said.covers else None

    def is_contracted(self, payer: PayerFacts, said: Said) -> bool:
        """The practice's own word goes before the payer's; where neither says it, it is asked."""
        told = self.told.facts.get(f"{CONTRACTED}:{payer.rank}")
        if told is not None:
            return bool(told)
        if said.says_contracted is not None:
            return said.says_contracted
        return bool(self.told.get(f"{CONTRACTED}:{payer.rank}"))


@dataclass(frozen=True, slots=True)
class Found:
    """A rule's answer. `adds_sent`: money a payer sent to the patient is owed besides (PR-100)."""

    row: str
    cents: int
    because: tuple[Reason, ...]
    adds_sent: bool = True
