"""What later payers owe on a claim, reckoned directly: lines of one primary, then one or two payers, amounts in cents.

Sources as in docs/expected-payment.md. A payer's deductible, copay, maximum and limits are the claim's, and what a line
takes is gone for the next. Only contracts are left to say what the patient owes, except behind Medicare and Medicaid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal


def part(cents, rate):
    return int((Decimal(cents) * Decimal(rate)).to_integral_value(ROUND_HALF_UP))


@dataclass
class Plan:
    """A later payer. `fees` are what it allows of each line; `patient` is who says what the patient owes after it."""

    method: str
    fees: list[int]
    rate: str = "0"
    contracted: bool = False
    deductible: int = 0
    copay: int = 0
    most: int = 10**9
    covers: dict[str, int] = field(default_factory=dict)
    flat: int = 0
    stays: list[tuple[int, int]] = field(default_factory=list)  # of Part A: gross payable, deductible and coinsurance


@dataclass
class Line:
    """A service after its primary: what was paid, what was left to the patient by reason; the rest is its discount. Of
    one it does not cover (`refused`) it left all to the patient, and has no price."""

    billed: int
    paid: int
    share: dict[str, int]
    contracted: bool = True
    refused: bool = False

    @property
    def allowed(self):
        return self.paid + sum(self.share.values())

    @property
    def left(self):
        if self.refused:
            return {"96": self.billed}
        return self.share if self.contracted else self.share | {"45": self.billed - self.allowed}

    @property
    def binds(self):
        return self.contracted and not self.refused


def expected(lines, plans, cap):
    """By payer what all lines come to, and the patient's part."""
    pays, patient = [0] * len(plans), 0
    for n, line in enumerate(lines):
        received, left, contracts = line.paid, line.left, [line.allowed] if line.binds else []
        owes, otaf, highest = sum(left.values()), line.allowed if line.binds else line.billed, line.allowed
        for at, plan in enumerate(plans):
            plan.stay = plan.stays[n] if plan.stays else (0, 0)
            fee = plan.stay[0] if plan.method == "msp_part_a" else min(plan.fees[n], line.billed)
            pay, owed, shares = _METHODS[plan.method](plan, fee, received, left, line, (otaf, highest))
            highest = max(highest, fee)
            if plan.contracted and fee:
                contracts.append(fee)
                otaf = min(otaf, max(fee, received + pay))
            if owed is None:
                limit = {"lowest": min, "highest": max}[cap](contracts, default=line.billed)
                owed = max(0, limit - received - pay)
            received, owes, pays[at] = received + pay, owed, pays[at] + pay
            left = {"2": owes} if shares is None else shares
        patient += owes
    return pays, patient


def _benefit(plan, fee):
    """What the plan pays alone; its deductible and copay are used up by that, whoever paid before."""
    used = min(plan.deductible, fee)
    benefit = part(fee - used, plan.rate)
    off = min(plan.copay, benefit)
    plan.deductible, plan.copay = plan.deductible - used, plan.copay - off
    return benefit - off


def _pays(plan, cents, line, received):
    pay = min(max(0, cents), line.billed - received, plan.most)
    plan.most -= pay
    return pay, None, None


def _basic(plan, fee, received, _left, line, _bounds):
    return _pays(plan, min(_benefit(plan, fee), max(0, fee - received)), line, received)


def _standard_pr(plan, fee, received, left, line, _bounds):
    return _pays(plan, min(_benefit(plan, fee), sum(left.values())), line, received)


def _carve_out(plan, fee, received, _left, line, _bounds):
    return _pays(plan, _benefit(plan, fee) - received, line, received)


def _wraparound(plan, _fee, received, left, line, _bounds):
    filled = {carc: min(cents, plan.covers.get(carc, 0)) for carc, cents in left.items()}
    for carc, cents in filled.items():
        plan.covers[carc] = plan.covers.get(carc, 0) - cents
    return _pays(plan, sum(filled.values()), line, received)


def _flat(plan, _fee, received, _left, line, _bounds):
    return _pays(plan, plan.flat, line, received)


def _part_b(plan, fee, received, left, _line, bounds):
    """The lowest of three, behind two payers by the lowest OTAF and the highest amount allowed; `rate` is the
    patient's coinsurance."""
    otaf, highest = bounds
    if not fee:
        return 0, sum(left.values()), left
    used = min(plan.deductible, fee)
    plan.deductible -= used
    coinsurance = part(fee - used, plan.rate)
    pay = max(0, min(otaf - received, fee - used - coinsurance, max(fee, highest) - received))
    owes = max(0, min(used + coinsurance - received, otaf - received - pay))
    first = min(owes, max(0, used - received))
    return pay, owes, {"1": first, "2": owes - first}


def _part_a(plan, gross, received, left, _line, bounds):
    """42 CFR 411.33(e): the lowest of four."""
    owed, otaf = plan.stay[1], bounds[0]
    if not gross:
        return 0, sum(left.values()), left
    pay = max(0, min(gross - owed, gross - received, otaf - received, otaf - owed))
    owes = max(0, min(owed - received, otaf - received - pay))
    return pay, owes, {"1": owes}


def _medicaid(plan, fee, received, left, _line, _bounds):
    """The lesser of the share and its own amount less everything paid; the patient owes the state's copay."""
    due = min(sum(left.values()), max(0, fee - received))
    copay = min(plan.copay, due)
    plan.copay -= copay
    return due - copay, copay, None


_METHODS = {
    "basic": _basic,
    "standard_pr": _standard_pr,
    "carve_out": _carve_out,
    "wraparound": _wraparound,
    "flat": _flat,
    "msp_part_a": _part_a,
    "msp_part_b": _part_b,
    "medicaid": _medicaid,
}
