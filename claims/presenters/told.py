"""What an answer says besides its money, as alerts for whoever works it: corrected ids, who should be billed first,
coverage that had ended, services the payer recoded or bundled. Read from the answer as it was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.models import Adjudication, ProviderAdjustment
from claims.presenters import words
from cob.cents import dollars
from cob.ui.words import day
from cob.x12.plb import PlbReason, plb_reason
from cob.x12.t835 import BUNDLED

_INTEREST, _EXPIRED = "I", "036"
_CALL_BY = {"TE": "", "EX": "extension ", "FX": "fax ", "EM": ""}


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence; `warn` asks for an act, `info` is to be known."""

    text: str
    tone: str = "warn"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer of a remittance's page or of a claim's."""

    row: Adjudication
    processed: str
    alerts: list[Alert]


@dataclass(frozen=True, slots=True)
class PlbRow:
    """One provider adjustment: its reason, and what its amount says."""

    row: ProviderAdjustment
    reason: PlbReason
    meaning: str


def plb_row(row: ProviderAdjustment) -> PlbRow:
    """The adjustment in words."""
    reason = plb_reason(row.reason)
    said = reason.meaning(row.amount_cents)
    return PlbRow(row, reason, said[:1].upper() + said[1:])


def answer_row(row: Adjudication) -> AnswerRow:
    """The answer with its status in words and what it says besides."""
    return AnswerRow(row, words.PROCESSED.get(row.status, row.status), alerts_of(row.content))


def alerts_of(content: Mapping[str, Any]) -> list[Alert]:
    """From the kept content of an answer; what it does not say is left out."""
    lines = content.get("lines") or []
    found = [
        *_corrected(content),
        *_other_payers(content),
        *_coverage(content),
        *(alert for line in lines for alert in _line(line)),
        *_split(lines),
        *_interest(content),
    ]
    contact = _contact(content)
    return [*found, *([Alert(contact, "info")] if found and contact else [])]


def _corrected(content: Mapping[str, Any]) -> list[Alert]:
    """NM1*74: the name or the id under which the payer knows the insured, where ours was wrong."""
    party = content.get("corrected")
    if not party:
        return []
    name = _name(party)
    number = party.get("id", "")
    parts = [f"the name {name}" if name else "", f"the member id {number}" if number else ""]
    said = " and ".join(part for part in parts if part)
    return (
        [Alert(f"The payer corrects the insured: {said}. Correct the coverage before billing again.")] if said else []
    )


def _other_payers(content: Mapping[str, Any]) -> list[Alert]:
    """NM1*PR: who should be billed first; NM1*GB: the insured of that other plan."""
    found = []
    if first := content.get("corrected_payer"):
        number = f" (id {first['id']})" if first.get("id") else ""
        found.append(Alert(f"The payer names another payer to be billed first: {first.get('name', '')}{number}."))
    if other := content.get("other_subscriber"):
        number = f", member id {other['id']}" if other.get("id") else ""
        found.append(Alert(f"The payer knows of other insurance under {_name(other)}{number}."))
    return found


def _coverage(content: Mapping[str, Any]) -> list[Alert]:
    """DTM*036: the coverage had ended."""
    ended = next((d["on"] for d in content.get("dates") or [] if d["qualifier"] == _EXPIRED), None)
    return [Alert(f"The payer says that the coverage ended on {day(date.fromisoformat(ended))}.")] if ended else []


def _line(line: Mapping[str, Any]) -> list[Alert]:
    """SVC06: another service than we sent; CARC 97: its payment is in another service's."""
    paid, sent = line["procedure"], line.get("submitted")
    found = []
    if sent and (sent["code"], sent.get("modifiers")) != (paid["code"], paid.get("modifiers")):
        found.append(Alert(f"Paid as {_service(paid)} what was sent as {_service(sent)}.", "info"))
    if any(a["reason"] == BUNDLED and a["amount_cents"] for a in line.get("adjustments") or []):
        found.append(Alert(f"{_service(sent or paid)} is bundled: its payment is in another service’s.", "info"))
    return found


def _split(lines: list[Mapping[str, Any]]) -> list[Alert]:
    """One service of ours answered in several."""
    numbers = Counter(
        ref["value"] for line in lines for ref in line.get("references") or [] if ref["qualifier"] == "6R"
    )
    return [Alert(f"Our service {number} is answered in {n} parts.", "info") for number, n in numbers.items() if n > 1]


def _interest(content: Mapping[str, Any]) -> list[Alert]:
    """AMT*I: information; the money is among the provider adjustments (L6)."""
    cents = sum(a["cents"] for a in content.get("amounts") or [] if a["qualifier"] == _INTEREST)
    said = f"Interest of {dollars(cents)} for this claim is among the payment’s provider adjustments."
    return [Alert(said, "info")] if cents else []


def _contact(content: Mapping[str, Any]) -> str:
    """PER*CX: whom to call about this claim."""
    for contact in content.get("contacts") or []:
        numbers = [f"{_CALL_BY.get(kind, '')}{number}" for kind, number in contact.get("numbers") or [] if number]
        if numbers:
            return f"Ask {contact.get('name') or 'the payer'}: {', '.join(numbers)}."
    return ""


def _name(party: Mapping[str, Any]) -> str:
    return " ".join(party[part] for part in ("first", "middle", "name", "suffix") if party.get(part))


def _service(procedure: Mapping[str, Any]) -> str:
    return "-".join((procedure["code"], *(procedure.get("modifiers") or ())))
