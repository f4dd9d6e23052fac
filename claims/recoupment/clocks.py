"""By when an overpayment goes back. No Django; the days are dated parameters with their sources.

Medicare paid beside a payer that was first: 60 days from the second payment (42 CFR 411.24(h)). Other money of Medicare
or Medicaid: 60 days from when it was identified (42 CFR 401.305(b), 42 USC 1320a-7k(d)); since 2025-01-01 Medicare's
clock stands still while related overpayments are looked for in good faith, 180 days at most. Commercial payers and
Medicare Advantage: state law and contract, not confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cob.rules.parameters import parameters

MEDICARE = "medicare"
GOVERNMENT = frozenset({MEDICARE, "medicaid", "chip"})


@dataclass(frozen=True, slots=True)
class RefundClock:
    """The day by which money must be back; None where only contract or state law says."""

    due_on: date | None
    rule: str
    is_confirmed: bool = True

    @property
    def is_legal(self) -> bool:
        return self.due_on is not None


def refund_clock(
    *,
    payer_kind: str,
    identified_on: date,
    second_paid_on: date | None = None,
    inquiry_from: date | None = None,
    inquiry_until: date | None = None,
    today: date | None = None,
) -> RefundClock:
    """`second_paid_on`: Medicare and another payer both paid as first, the later of the two on that day."""
    law = parameters()
    if payer_kind == MEDICARE and second_paid_on:
        days = law["overpayments.duplicate.days"].on(second_paid_on)
        return RefundClock(second_paid_on + timedelta(days=days), f"{days} days from the second payment, 42 CFR 411.24")
    if payer_kind in GOVERNMENT:
        days = law["overpayments.report.days"].on(identified_on)
        is_medicare = payer_kind == MEDICARE
        stood = standstill(identified_on, inquiry_from, inquiry_until, today or identified_on) if is_medicare else 0
        said = f"{days} days from finding it, {'42 CFR 401.305' if is_medicare else '42 USC 1320a-7k(d)'}"
        if stood:
            said += f"; stood still {stood} days for the inquiry"
        return RefundClock(identified_on + timedelta(days=days + stood), said)
    return RefundClock(None, "State law and the contract say by when; not confirmed here", is_confirmed=False)


def standstill(identified_on: date, begun: date | None, ended: date | None, today: date) -> int:
    """Days the clock stood still for an inquiry in good faith: none before the rule of 2025, at most what it allows."""
    if begun is None:
        return 0
    begun = max(begun, identified_on)
    most = parameters()["overpayments.inquiry.days"].on(begun)
    return min(most, max(0, ((ended or max(today, begun)) - begun).days))
