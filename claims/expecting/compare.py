"""Expected beside paid, payer by payer: the difference, what it follows from, and what is missing to say more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from claims.expecting.inputs import fee_for, held_for, terms_of
from claims.expecting.sheets import Sheet
from claims.models import ClaimPayer
from claims.submissions.decided import Decided
from cob.cents import dollars
from cob.rules import BadCase, Expected, expect


class Stand(StrEnum):
    """How a payment stands to what was expected."""

    AS_EXPECTED = "as expected"
    UNDERPAID = "paid too little"
    OVERPAID = "paid too much"
    OPEN = "not known enough"
    WAITING = "not answered"


MISSING = {
    "method": "how the plan pays behind another",
    "allowed": "what it allows for these services",
    "plan_pct": "the percentage it pays",
    "deductible_remaining": "how much of its deductible was open",
    "patient_coinsurance": "Medicare’s coinsurance of the service",
    "policy": "what the state’s Medicaid pays",
    "medigap_letter": "the Medigap letter",
    "participating": "whether we participate with TRICARE",
    "patient_cost_share": "TRICARE’s percentage",
    "visit_copay": "the copay of the visit",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One payer. `low` and `high` are None where nothing can be said at all."""

    row: ClaimPayer
    place: int
    stand: Stand
    because: str
    paid_cents: int = 0
    low_cents: int | None = None
    high_cents: int | None = None
    difference_cents: int = 0
    tolerance_cents: int = 0
    expected: Expected | None = None
    missing: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_range(self) -> bool:
        """Whether there are two ends."""
        return self.low_cents != self.high_cents


def compared(sheet: Sheet) -> Iterator[Compared]:
    """Every payer of a claim, in order."""
    for at, row in enumerate(sheet.payers):
        decided = sheet.decided[at]
        if decided is None:
            yield Compared(row, at + 1, Stand.WAITING, f"{row.payer} has decided nothing that stands.")
        elif at == 0:
            yield _first(sheet, decided)
        elif any(before is None for before in sheet.decided[:at]):
            yield Compared(row, at + 1, Stand.OPEN, "An earlier payer has not decided.", paid_cents=decided.paid_cents)
        else:
            yield _later(sheet, at, decided)


def _first(sheet: Sheet, decided: Decided) -> Compared:
    """The first payer by our contract: its fee less what it left to the patient."""
    row = sheet.payers[0]
    held = held_for(sheet, 0)
    fee, _ = fee_for(sheet, 0, None)
    if fee is None:
        words = "No fee on file for these services, so there is nothing to hold the payment against."
        return Compared(row, 1, Stand.OPEN, words, paid_cents=decided.paid_cents, missing=("allowed",))
    every = [*decided.adjustments, *(a for line in decided.lines for a in line.answer.adjustments)]
    share = sum(a.amount_cents for a in every if a.group == "PR" and a.reason != "45")
    withheld = sum(a.amount_cents for a in every if a.reason == "253")
    refused = decided.paid_cents == 0 and share == 0
    if refused:
        words = "It refused; what was refused is worked as a denial."
        return Compared(row, 1, Stand.OPEN, words, tolerance_cents=held.terms.tolerance_cents)
    expected = max(0, fee - share - withheld)
    words = f"The fee of {dollars(fee)} less {dollars(share)} left to the patient"
    words += f" and {dollars(withheld)} withheld by law." if withheld else "."
    return _held_against(row, 1, decided.paid_cents, (expected, expected), held.terms.tolerance_cents, words)


def _later(sheet: Sheet, at: int, decided: Decided) -> Compared:
    row = sheet.payers[at]
    held = held_for(sheet, at)
    try:
        answer = expect(terms_of(sheet, at))
    except BadCase as refused:
        words = f"The answers on file cannot be reckoned with: {refused}."
        return Compared(row, at + 1, Stand.OPEN, words, paid_cents=decided.paid_cents)
    pay = answer.payments["secondary"]
    ends = answer.between.get("secondary_payment")
    low, high = (ends.low, ends.high) if ends else (pay or 0, pay or 0)
    names = tuple(dict.fromkeys(path.rpartition(".")[2] for path in answer.unknown))
    words = _words(names, low, high) if names else answer.because
    return _held_against(
        row, at + 1, decided.paid_cents, (low, high), held.terms.tolerance_cents, words, answer, names, held.source
    )


def _words(names: tuple[str, ...], low: int, high: int) -> str:
    told = [MISSING.get(name, name) for name in names]
    listed = " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
    return f"Between {dollars(low)} and {dollars(high)}: nobody has said {listed}."


def _held_against(
    row: ClaimPayer,
    place: int,
    paid: int,
    ends: tuple[int, int],
    tolerance: int,
    because: str,
    answer: Expected | None = None,
    missing: tuple[str, ...] = (),
    source: str = "",
) -> Compared:
    low, high = ends
    difference = min(0, paid - low) + max(0, paid - high)
    stand = Stand.OPEN if missing else Stand.AS_EXPECTED
    if difference < -tolerance:
        stand = Stand.UNDERPAID
    elif difference > tolerance:
        stand = Stand.OVERPAID
    return Compared(row, place, stand, because, paid, low, high, difference, tolerance, answer, missing, source)
