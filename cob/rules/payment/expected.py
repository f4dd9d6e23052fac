"""The answer: who pays what, what is written off, what the patient may owe, and the named parts it follows from.

charge = payments to the provider + write-off + the patient's
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cob.rules.payment.amounts import money
from cob.rules.payment.formulas import formulas
from cob.rules.payment.standing import Leg
from cob.rules.sources import address


class Bounds(NamedTuple):
    """Between what and what an amount lies while something is unknown, in cents."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Expected:
    """Cents throughout. While something is unknown (`unknown`) the amounts are None and `between` holds both ends."""

    billed: int
    payments: dict[str, int | None]
    write_off: int | None
    patient: int | None
    legs: tuple[Leg, ...]
    because: str
    unconfirmed: bool
    figures: dict[str, int] = field(default_factory=dict)
    between: dict[str, Bounds] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()
    lines: tuple[Expected, ...] = ()
    # By payer and name, what this line takes of amounts the lines of a claim share.
    used: dict[tuple[str, str], int] = field(default_factory=dict)
    id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The answer in the contract's shape: dollars as text."""
        said: dict[str, Any] = {"id": self.id} if self.id is not None else {}
        for place, cents in self.payments.items():
            if place != "primary":
                said[f"{place}_payment"] = _written(cents)
        said["contractual_write_off"] = _written(self.write_off)
        said["patient_responsibility"] = _written(self.patient)
        said |= {name: money(cents) for name, cents in self.figures.items()}
        if self.between:
            said["range"] = {name: [money(ends.low), money(ends.high)] for name, ends in self.between.items()}
            said["unknown"] = list(self.unknown)
        said["payments"] = {place: _written(cents) for place, cents in self.payments.items()}
        said["legs"] = [_leg(leg) for leg in self.legs]
        said["because"] = self.because
        said["unconfirmed"] = self.unconfirmed
        if self.not_read:
            said["not_read"] = list(self.not_read)
        if self.lines:
            said["lines"] = [line.as_json() for line in self.lines]
        return said


def _written(cents: int | None) -> str | None:
    return None if cents is None else money(cents)


def _leg(leg: Leg) -> dict[str, Any]:
    formula = formulas()[leg.formula]
    return {
        "payer": leg.payer,
        "name": leg.name,
        "amount": money(leg.cents),
        "formula": leg.formula,
        "decides": leg.decides,
        "citation": formula.cite,
        "url": address(formula.cite),
        "unconfirmed": formula.unconfirmed,
    }
