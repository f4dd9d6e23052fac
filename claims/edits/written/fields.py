"""What a staff-written edit may ask about: each field with its kind, its words, and where it is seen on a claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One service as edits see it; codes in capitals."""

    procedure: str
    modifiers: tuple[str, ...] = ()
    place: str = ""
    units: Decimal | None = None
    charge_cents: int = 0
    diagnoses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One claim at one payer as edits see it."""

    lines: tuple[SeenLine, ...]
    service_on: date
    charge_cents: int
    rank: int
    kind: str
    frequency: str = "1"
    filing_code: str = ""
    member_id: str = ""
    group_number: str = ""
    plan_name: str = ""
    authorization: str = ""
    referral: str = ""
    rendering_npi: str = ""
    diagnoses: tuple[str, ...] = ()
    age: int | None = None
    state: str = ""


class Kind(StrEnum):
    """How a field's values are compared and written."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    CHOICE = "choice"


class Is(StrEnum):
    """A comparison."""

    IS = "is"
    IS_NOT = "is_not"
    BEGINS = "begins"
    LOOKS = "looks"
    NOT_LOOKS = "not_looks"
    GIVEN = "given"
    MISSING = "missing"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


COMPARISONS: Mapping[Is, str] = {
    Is.IS: "is",
    Is.IS_NOT: "is not",
    Is.BEGINS: "begins with",
    Is.LOOKS: "looks like",
    Is.NOT_LOOKS: "does not look like",
    Is.GIVEN: "is given",
    Is.MISSING: "is missing",
    Is.AT_LEAST: "is at least",
    Is.AT_MOST: "is at most",
}
_TEXT = (Is.IS, Is.IS_NOT, Is.BEGINS, Is.LOOKS, Is.NOT_LOOKS, Is.GIVEN, Is.MISSING)
_AMOUNT = (Is.IS, Is.AT_LEAST, Is.AT_MOST)
ALLOWED: Mapping[Kind, tuple[Is, ...]] = {
    Kind.TEXT: _TEXT,
    Kind.NUMBER: (*_AMOUNT, Is.GIVEN, Is.MISSING),
    Kind.MONEY: _AMOUNT,
    Kind.CHOICE: (Is.IS, Is.IS_NOT),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `of_line` or `of_claim` gives its values, none where it is missing; `choices` by value."""

    label: str
    kind: Kind = Kind.TEXT
    of_claim: Callable[[Seen], tuple[Any, ...]] | None = None
    of_line: Callable[[SeenLine], tuple[Any, ...]] | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    example: str = ""


def _some(value: Any) -> tuple[Any, ...]:
    return () if value is None or value == "" else (value,)


# As `cob.coverage.models.Kind` has them; a test compares the two.
_KINDS = {
    "employer": "Employer plan",
    "union_multiemployer": "Union or multi-employer plan",
    "fehb": "Federal employee plan",
    "government_employer": "State or local government plan",
    "individual": "Individual policy",
    "student": "Student plan",
    "medicare": "Medicare",
    "medicare_advantage": "Medicare Advantage",
    "medigap": "Medigap",
    "medicaid": "Medicaid",
    "chip": "CHIP",
    "tricare": "TRICARE",
    "tricare_supplement": "TRICARE supplement",
    "champva": "CHAMPVA",
    "champva_supplement": "CHAMPVA supplement",
    "va": "Veterans Affairs",
    "ihs": "Indian Health Service",
    "tribal_self_funded": "Tribal self-funded plan",
    "workers_comp": "Workers' compensation",
    "black_lung": "Black lung program",
    "no_fault": "No-fault auto",
    "medpay": "Medical payments (auto or home)",
    "liability": "Liability",
    "ryan_white": "Ryan White",
    "title_v": "Title V",
    "crime_victim": "Crime victim fund",
    "wtc": "World Trade Center program",
    "school_program": "School program",
    "wic": "WIC",
    "pace": "PACE",
    "hra": "Health reimbursement arrangement",
    "federal_grant": "Federal grant",
    "accident_only": "Accident-only policy",
    "fixed_indemnity": "Fixed indemnity policy",
    "specified_disease": "Specified disease policy",
    "sharing_ministry": "Sharing ministry",
    "discount_card": "Discount card",
}
_PLACES = {"1": "primary", "2": "secondary", "3": "tertiary", "4": "fourth"}
_FREQUENCIES = {"1": "original", "7": "replacement"}

FIELDS: Mapping[str, Field] = {
    "procedure": Field("Procedure", of_line=lambda line: _some(line.procedure), example="90837, 90834"),
    "modifier": Field("Modifier", of_line=lambda line: line.modifiers, example="95"),
    "place": Field("Place of service", of_line=lambda line: _some(line.place), example="02, 10"),
    "units": Field("Units", Kind.NUMBER, of_line=lambda line: _some(line.units), example="2"),
    "line_charge": Field("Charge of the line", Kind.MONEY, of_line=lambda line: (line.charge_cents,), example="150.00"),
    "line_diagnosis": Field("Diagnosis of the line", of_line=lambda line: line.diagnoses, example="F32"),
    "diagnosis": Field("Diagnosis on the claim", of_claim=lambda seen: seen.diagnoses, example="F32"),
    "charge": Field("Charge of the claim", Kind.MONEY, of_claim=lambda seen: (seen.charge_cents,), example="1,000.00"),
    "authorization": Field("Authorization number", of_claim=lambda seen: _some(seen.authorization), example="A999999"),
    "referral": Field("Referral number", of_claim=lambda seen: _some(seen.referral)),
    "member_id": Field("Member id", of_claim=lambda seen: _some(seen.member_id), example="AAA999999999"),
    "group_number": Field("Group number", of_claim=lambda seen: _some(seen.group_number)),
    "plan_name": Field("Plan name", of_claim=lambda seen: _some(seen.plan_name)),
    "filing_code": Field("Filing code (SBR09)", of_claim=lambda seen: _some(seen.filing_code), example="CI"),
    "rendering_npi": Field("Rendering provider's NPI", of_claim=lambda seen: _some(seen.rendering_npi)),
    "state": Field("Patient's state", of_claim=lambda seen: _some(seen.state), example="IL"),
    "age": Field("Patient's age on the day", Kind.NUMBER, of_claim=lambda seen: _some(seen.age), example="18"),
    "payer_kind": Field(
        "Kind of coverage", Kind.CHOICE, of_claim=lambda seen: _some(seen.kind),
        choices=_KINDS,
    ),
    "payer_place": Field(
        "The payer's place", Kind.CHOICE, of_claim=lambda seen: (str(seen.rank),), choices=_PLACES
    ),
    "frequency": Field(
        "Original or correction", Kind.CHOICE, of_claim=lambda seen: (seen.frequency,), choices=_FREQUENCIES
    ),
}  # fmt: skip
