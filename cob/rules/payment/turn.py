"""One later payer's turn: what a formula is handed and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from cob.cents import pct
from cob.rules.payment.standing import Fee, Leg, Standing
from cob.rules.payment.terms import Later


@dataclass(frozen=True, slots=True)
class Turn:
    """A payer, its terms, and the line as it finds it."""

    place: str
    payer: Later
    standing: Standing
    day: date | None = None

    @property
    def allowed(self) -> int:
        """The payer's allowed amount: no payer allows more than the charge."""
        return min(self.payer.allowed or 0, self.standing.billed)

    @property
    def deductible(self) -> int:
        """What is left of the deductible, as far as this line can use it."""
        return min(self.payer.deductible_remaining or 0, self.allowed)

    @property
    def before_copay(self) -> int:
        """The plan's percentage of what is allowed above the deductible."""
        return pct(self.allowed - self.deductible, self.payer.plan_pct or 0)

    @property
    def normal_benefit(self) -> int:
        """What the plan would pay with no other coverage."""
        return max(0, self.before_copay - self.payer.copay)

    @property
    def fee(self) -> Fee:
        """What this payer allows, for what may be collected in all."""
        has_fee = self.payer.allowed is not None
        return Fee(self.allowed, self.allowed, has_fee and self.payer.in_network is True, covers=self.allowed > 0)

    def leg(self, name: str, cents: int, formula: str, *, decides: bool = False) -> Leg:
        """A named part of this payer's answer."""
        return Leg(self.place, name, cents, formula, decides)

    def lowest(self, *legs: tuple[str, int, str]) -> tuple[int, list[Leg]]:
        """The lowest of some legs, nothing below zero; the first that is lowest is marked as deciding."""
        floored = [(name, max(0, cents), formula) for name, cents, formula in legs]
        least = min(cents for _, cents, _ in floored)
        at = next(n for n, (_, cents, _) in enumerate(floored) if cents == least)
        return least, [self.leg(name, cents, key, decides=n == at) for n, (name, cents, key) in enumerate(floored)]


@dataclass(frozen=True, slots=True)
class Share:
    """What a formula gives: what is paid, what the patient then owes in all, and how it came about. In cents."""

    pay: int
    patient: int
    legs: list[Leg]
    because: str
    fee: Fee
    shares: dict[str, int] | None = None
    figures: dict[str, int] = field(default_factory=dict)
    # Of amounts that a claim's lines share, beside the deductible and what is paid: so much less is left of each.
    used: dict[str, int] = field(default_factory=dict)
    # The payer has no part in the service: what the one before it left stays as it was, for whoever comes next.
    aside: bool = False
