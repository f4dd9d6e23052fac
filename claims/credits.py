"""Money that was paid too much, and to whom how much of it goes back. Pure sums in cents; who decides is elsewhere.

Sources: 42 CFR 411.24(h) and FCSO (Medicare paid first by mistake: what it paid less what it owed second, within 60
days of the other payment); 42 CFR 411.47 (settlement of a workers' compensation claim); NAIC MDL-120 section 7 (all
plans together at most the allowable expense).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MSP_REFUND_DAYS = 60


def credit_cents(billed: int, payments: Sequence[int], written_off: int, patient_paid: int) -> int:
    """How much more than the charge is accounted for; below zero, so much is still open."""
    return sum(payments) + written_off + patient_paid - billed


def too_much(paid: int, owed: int) -> int:
    """What goes back to somebody who owed `owed` and paid `paid`; nothing when they paid no more."""
    return max(0, paid - owed)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A lump sum for medical care set against what the beneficiary has paid of it."""

    beneficiary_total: int
    medicare_overpayment: int


def settled(medical_share: int, beneficiary_payments: Sequence[int], medicare_paid: int | None = None) -> Settlement:
    """42 CFR 411.47: Medicare recovers what the settlement gives for medical care beyond what the beneficiary paid of
    it, and never more than it paid itself, where that is known."""
    total = sum(beneficiary_payments)
    over = too_much(medical_share, total)
    return Settlement(total, over if medicare_paid is None else min(over, medicare_paid))
