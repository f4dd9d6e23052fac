"""The pieces that an 835 and an 837P both speak of: names, addresses, references, procedures, adjustments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One group, reason and amount out of a CAS; the amount may be negative (OA-94, reversals)."""

    group: str
    reason: str
    amount_cents: int
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A composite medical procedure: SVC01, SVC06, SV101, SVD03."""

    code: str
    modifiers: tuple[str, ...] = ()
    qualifier: str = "HC"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A REF segment: what kind of number, and the number."""

    qualifier: str
    value: str


@dataclass(frozen=True, slots=True)
class NamedAmount:
    """An AMT segment: what kind of amount, in cents."""

    qualifier: str
    cents: int


@dataclass(frozen=True, slots=True)
class NamedQuantity:
    """A QTY segment, or a count inside another segment: what is counted, and how many."""

    qualifier: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A DTP or DTM segment: what kind of date, and a last day when it is a span."""

    qualifier: str
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """An LQ segment: HE for a remittance advice remark code, RX for a pharmacy reject code."""

    code: str
    qualifier: str = "HE"


@dataclass(frozen=True, slots=True)
class Address:
    """N3 and N4."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


NO_ADDRESS = Address()


@dataclass(frozen=True, slots=True)
class Party:
    """An NM1 (or N1): `role` is NM101; `name` is the last name of a person or the name of an organisation."""

    role: str
    name: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    is_person: bool = False
    id_qualifier: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A PER segment: a name and (qualifier, number) pairs such as ("TE", "8005551212")."""

    name: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    function: str = "IC"


@dataclass(frozen=True, slots=True)
class Envelope:
    """ISA and GS: who to whom, when, and the control numbers, which the caller keeps unique."""

    sender_id: str
    receiver_id: str
    interchange_control: str
    group_control: str
    made_on: date
    made_time: str = "0000"
    usage: str = "T"
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str = ""
    group_receiver: str = ""


def reference(references: tuple[Reference, ...], qualifier: str) -> str:
    """The first number of that kind, or an empty string."""
    return next((r.value for r in references if r.qualifier == qualifier), "")
