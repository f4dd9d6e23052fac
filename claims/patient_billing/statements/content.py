"""What stands on a statement, as plain JSON: the print page, the PDF and the kept row all show exactly this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from claims import ledger
from claims.patient_billing.models import PatientPayment
from claims.patient_billing.standing import ClaimStanding
from cob.accounts.models import Site
from cob.cents import dollars
from cob.patients.models import Patient

DUE_DAYS = 30
DISPUTE_DAYS = 60
LEFT_WORDS = {
    "1": "your deductible", "2": "your coinsurance", "3": "your copay", "66": "the blood deductible",
    "275": "your share after your first plan", "45": "the amount above your plan’s fee",
}  # fmt: skip
ROW_WORDS = {
    "qmb": "Your state pays Medicare’s share for you. Only the state’s copay is left.",
    "medicaid": "Medicaid is one of your plans. Only its copay is left.",
    "medicaid_not_covered": "None of your plans covers this service, and you agreed beforehand to pay for it.",
    "medicare_second": "This is Medicare’s share after both of your plans. What your first plan left does not count.",
    "medigap": "This is what Medicare left and your Medigap policy does not cover.",
    "medicare_then_plan": "This is what is left after Medicare and your other plan.",
    "next_as_first": "Medicare does not cover this service. This is your other plan’s share.",
    "plans_together": "This is what is left after all your plans, within the fee we agreed with them.",
    "no_plan_covers": "None of your plans covers this service.",
    "tricare": "This is your share under TRICARE.",
    "tricare_not_participating": "This is what is left after TRICARE, within its limit.",
    "tricare_for_life": "This is your share after Medicare and TRICARE.",
    "tricare_not_covered": "TRICARE does not cover this service, and you agreed beforehand to pay for it.",
    "champva": "This is your share under CHAMPVA.",
}
NOTHING_OWED = "Nothing is left for you to pay."
HOW_TO_PAY = "Pay by check, card or bank transfer, or at the front desk. Write the statement number on your check."
HOW_TO_DISPUTE = (
    "If you think something is wrong, or you have another insurance plan we did not bill, call us or write to us "
    f"within {DISPUTE_DAYS} days. Until we have answered you, you do not have to pay that part, and no further "
    "statement is sent."
)


def content_of(
    *,
    number: str,
    patient: Patient,
    site: Site,
    ready: Sequence[ClaimStanding],
    payments: Sequence[PatientPayment],
    today: date,
    corrects: str = "",
) -> dict[str, Any]:
    """Everything on the paper; amounts in cents, days as ISO text."""
    total = sum(one.due_cents for one in ready)
    return {
        "number": number,
        "corrects": corrects,
        "issued_on": today.isoformat(),
        "due_on": (today + timedelta(days=DUE_DAYS)).isoformat(),
        "site": {
            "name": site.name,
            "address": site.address,
            "place": _place(site.city, site.state, site.zip_code),
            "phone": _phone(site.phone),
        },
        "patient": {
            "name": f"{patient.first_name} {patient.last_name}",
            "address": patient.address,
            "place": _place(patient.city, patient.state, patient.zip_code),
            "account": patient.chart_number,
        },
        "total_cents": total,
        "sentence": _sentence(total, len(ready), corrects),
        "claims": [_claim(one) for one in ready],
        "payments": [_payment(row) for row in payments],
        "how_to_pay": HOW_TO_PAY,
        "how_to_dispute": HOW_TO_DISPUTE,
    }


def _sentence(total: int, visits: int, corrects: str) -> str:
    instead = f"This replaces statement {corrects}. " if corrects else ""
    if not total:
        return f"{instead}You owe nothing."
    return f"{instead}You owe ${dollars(total)} for {visits} visit{'s' if visits > 1 else ''}."


def _claim(one: ClaimStanding) -> dict[str, Any]:
    balance = one.balance
    return {
        "claim": one.claim.control_number,
        "service_on": one.claim.service_from.isoformat(),
        "charge_cents": balance.charge_cents,
        "payers": _paid_by(one, None),
        "off_cents": balance.charge_cents - balance.paid_cents - (balance.owes_cents or 0),
        "owes_cents": balance.owes_cents or 0,
        "patient_paid_cents": balance.patient_paid_cents,
        "due_cents": one.due_cents,
        "sentence": one.for_patient,
        "lines": [_line(one, line) for line in one.picture.lines],
    }


def _line(one: ClaimStanding, line: Any) -> dict[str, Any]:
    share = one.picture.shares[line.pk]
    owes = share.owes_cents or 0
    payers = _paid_by(one, line.pk)
    return {
        "service": line.procedure,
        "service_on": line.service_on.isoformat(),
        "charge_cents": line.charge_cents,
        "payers": payers,
        "off_cents": line.charge_cents - sum(payer["paid_cents"] for payer in payers) - owes,
        "owes_cents": owes,
        "why": _why(one, line.pk, share.row, owes),
    }


def _paid_by(one: ClaimStanding, line: Any) -> list[dict[str, Any]]:
    """Each payer that answered, with what it paid: of one line, or of the claim."""
    answered = {row.rank for row in one.picture.alive}
    found = []
    for payer in one.picture.payers:
        if payer.rank in answered:
            rows = [r for r in one.picture.alive if r.rank == payer.rank and line in (None, r.line)]
            found.append({"name": payer.payer.name, "paid_cents": ledger.account(0, rows).paid_cents})
    return found


def _why(one: ClaimStanding, line: Any, row: str, owes: int) -> str:
    if not owes:
        return NOTHING_OWED
    if row in ROW_WORDS:
        return ROW_WORDS[row]
    rows = [r for r in one.picture.alive if r.line == line and r.kind == ledger.RESPONSIBILITY]
    last = max((r.rank for r in rows), default=0)
    parts: dict[str, int] = {}
    for posted in rows:
        if posted.rank == last:
            words = LEFT_WORDS.get(posted.carc, "not covered by your plan")
            parts[words] = parts.get(words, 0) + posted.amount_cents
    if sum(parts.values()) != owes:
        return "Your plan left this to you."
    said = [f"${dollars(cents)} is {words}" for words, cents in parts.items()]
    return f"{' and '.join(said)}."


def _payment(row: PatientPayment) -> dict[str, Any]:
    return {
        "received_on": row.received_on.isoformat(),
        "method": str(row.get_method_display()),
        "amount_cents": row.amount_cents,
        "receipt": row.receipt,
    }


def _place(city: str, state: str, zip_code: str) -> str:
    code = f"{zip_code[:5]}-{zip_code[5:]}" if len(zip_code) == 9 else zip_code
    return " ".join(part for part in (f"{city}," if city and state else city, state, code) if part)


def _phone(number: str) -> str:
    return f"({number[:3]}) {number[3:6]}-{number[6:]}" if len(number) == 10 and number.isdigit() else number
