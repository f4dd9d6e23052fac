"""The balance of a claim in one sentence: for staff, and for the patient in plain words and without codes.

One place for every page, paper and API that says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from claims.patient_billing.models import Ground
from cob.cents import dollars

# What a hold means to a patient; the end of "Please do not pay yet: …".
PLAIN: dict[str, str] = {
    Ground.PAYER_OUTSTANDING: "your insurance has not answered yet",
    Ground.CROSSOVER_PENDING: "your second insurance has not answered yet",
    Ground.REVERSAL_OPEN: "your insurance is correcting its answer",
    Ground.NOT_POSTED: "we are still checking what your insurance said",
    Ground.ANOTHER_PAYER: "your insurance says that another plan should pay first",
    Ground.COVERAGE_NOT_BILLED: "one of your plans has not been billed yet",
    Ground.COB_DENIAL: "we are settling with your plans which of them pays first",
    Ground.CREDIT: "more was paid than was charged, and we are putting that right",
    Ground.FACT_UNKNOWN: "we are still working out your part",
    Ground.UNRECONCILED: "we are still working out your part",
    Ground.DISPUTE: "you told us that it is not right, and we are looking into it",
    Ground.BY_HAND: "we are still looking into it",
}


@dataclass(frozen=True, slots=True)
class Balance:
    """Of one claim, in cents. `owes_cents` is None while nothing is known yet; `hold` is the ground it waits for."""

    service_on: date
    charge_cents: int
    paid_cents: int
    written_off_cents: int
    insurer_open_cents: int
    patient_cents: int
    owes_cents: int | None = None
    patient_paid_cents: int = 0
    open_with: str = "an insurer"
    hold: str = ""
    is_void: bool = False

    @property
    def due_cents(self) -> int:
        """What the patient has still to pay; below zero it goes back."""
        return (self.owes_cents or 0) - self.patient_paid_cents


def for_staff(b: Balance) -> str:
    """Where every dollar of the charge is."""
    parts = [(b.paid_cents, "is paid"), (b.written_off_cents, "written off"), (b.patient_cents, "the patient's")]
    said = [f"${dollars(cents)} {what}" for cents, what in parts if cents]
    if b.insurer_open_cents > 0:
        said.append(f"${dollars(b.insurer_open_cents)} open with {b.open_with}")
    if b.insurer_open_cents < 0:
        said.append(f"${dollars(-b.insurer_open_cents)} paid too much")
    charge = f"Of ${dollars(b.charge_cents)}"
    if not said:
        return f"{charge}, nothing is open."
    return f"{charge}, {_joined(said)}{_by_the_patient(b)}."


def _by_the_patient(b: Balance) -> str:
    if not b.patient_paid_cents:
        return ""
    paid = f"; the patient has paid ${dollars(b.patient_paid_cents)}"
    if b.owes_cents is None:
        return f"{paid} ahead"
    return f"{paid}, ${dollars(-b.due_cents)} too much" if b.due_cents < 0 else paid


def for_patient(b: Balance) -> str:
    """What the patient has to know, and nothing of how it came to be."""
    visit = f"your visit on {b.service_on:%m/%d/%Y}"
    if b.is_void:
        return f"You owe nothing for {visit}: it was billed by mistake."
    if b.hold or b.owes_cents is None:
        why = PLAIN.get(b.hold, "your insurance has not answered yet")
        return f"Please do not pay for {visit} yet: {why}."
    said = []
    if b.paid_cents:
        said.append(f"your insurance paid ${dollars(b.paid_cents)}")
    off = b.charge_cents - b.paid_cents - b.owes_cents
    if off > 0:
        said.append(f"${dollars(off)} was taken off")
    if b.patient_paid_cents > 0:
        said.append(f"you paid ${dollars(b.patient_paid_cents)}")
    said.append(_what_is_due(b))
    return f"Of the ${dollars(b.charge_cents)} for {visit}, {_joined(said)}."


def _what_is_due(b: Balance) -> str:
    if b.due_cents > 0:
        return f"you owe ${dollars(b.due_cents)}"
    if b.due_cents < 0:
        return f"${dollars(-b.due_cents)} goes back to you"
    return "you owe nothing"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


@dataclass(frozen=True, slots=True)
class Account:
    """All claims of a patient together, in cents."""

    due_cents: int = 0
    waiting_claims: int = 0
    credit_cents: int = 0
    free_cents: int = 0


def account_for_staff(account: Account) -> str:
    """What a patient owes now, what waits, what goes back."""
    said = [
        f"The patient owes ${dollars(account.due_cents)} now" if account.due_cents else "The patient owes nothing now"
    ]
    if account.waiting_claims:
        plural = "s are" if account.waiting_claims > 1 else " is"
        said.append(f"{account.waiting_claims} claim{plural} held")
    if account.credit_cents:
        said.append(f"${dollars(account.credit_cents)} was paid too much and goes back")
    if account.free_cents:
        said.append(f"${dollars(account.free_cents)} was paid ahead and is on no claim yet")
    return f"{_joined(said)}."
