"""An EOB as it is being typed: every field as text, nothing judged, nothing lost. From a form, to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from cob.one_line import past_a_form
from cob.uuids import is_id

MOST_CLAIMS, MOST_LINES, MOST_OTHER, MOST_PLB = 60, 50, 4, 6
MOST_ROWS = 600  # lines of all claims: with them a form stays within the fields a request may have
MOST_CHARACTERS = 80


@dataclass(slots=True)
class Other:
    """One more adjustment: group, reason, amount."""

    group: str = ""
    reason: str = ""
    amount: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.group or self.reason or self.amount)


@dataclass(slots=True)
class Line:
    """One service as the EOB prints it. `number` is our line's control number, where it was laid out from a claim."""

    number: str = ""
    service_on: str = ""
    procedure: str = ""
    modifiers: str = ""
    billed: str = ""
    allowed: str = ""
    deductible: str = ""
    coinsurance: str = ""
    copay: str = ""
    not_covered: str = ""
    paid: str = ""
    remarks: str = ""
    other: list[Other] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Nothing was typed and nothing laid out."""
        texts = (self.service_on, self.procedure, self.billed, self.allowed, self.paid, self.not_covered)
        return not any(texts) and all(o.is_blank for o in self.other)


@dataclass(slots=True)
class Claim:
    """One claim of the EOB. `claim` is the id of ours, empty while it is on file under no number we know; `totals` is
    what the paper says of the claim as a whole where it gives no lines."""

    claim: str = ""
    number: str = ""
    last: str = ""
    first: str = ""
    member: str = ""
    status: str = "1"
    payer_number: str = ""
    remarks: str = ""
    lines: list[Line] = field(default_factory=list)
    other: list[Other] = field(default_factory=list)
    totals: Line | None = None


@dataclass(slots=True)
class Columns:
    """Which group the EOB's columns stand for: chosen from the EOB's own legend, once for the whole of it."""

    above_group: str = ""
    above_reason: str = ""
    deductible_group: str = ""
    coinsurance_group: str = ""
    copay_group: str = ""
    not_covered_group: str = ""
    not_covered_reason: str = ""


@dataclass(slots=True)
class Provider:
    """Money for no single claim (PLB): positive lowered the check."""

    reason: str = ""
    reference: str = ""
    amount: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.reason or self.reference or self.amount)


@dataclass(slots=True)
class Eob:
    """The whole of it."""

    payer: str = ""
    number: str = ""
    amount: str = ""
    paid_on: str = ""
    method: str = "CHK"
    columns: Columns = field(default_factory=Columns)
    claims: list[Claim] = field(default_factory=list)
    provider: list[Provider] = field(default_factory=list)

    @property
    def has_room(self) -> bool:
        """Whether a line may be added."""
        return sum(len(claim.lines) for claim in self.claims) < MOST_ROWS


_ADAPTER: TypeAdapter[Eob] = TypeAdapter(Eob)


def load(content: Mapping[str, Any]) -> Eob:
    """As `dump` kept it."""
    return _ADAPTER.validate_python(dict(content))


def dump(eob: Eob) -> dict[str, Any]:
    """As JSON for the draft's column."""
    kept: dict[str, Any] = _ADAPTER.dump_python(eob, mode="json")
    return kept


def from_form(data: Mapping[str, str]) -> Eob:
    """What a form posted. Names are `number`, `columns-above_group`, `c0-number`, `c0-l1-paid`, `c0-l1-o0-reason`,
    `p0-amount`: a claim or a line is there when its marker field is; `c0-t-paid` is of
    the claim's totals."""
    said = _Said(data)
    eob = Eob(**said.texts("", ("payer", "number", "amount", "paid_on", "method")))
    eob.columns = Columns(**said.texts("columns-", tuple(Columns.__dataclass_fields__)))
    eob.claims = [_claim(said, f"c{n}-") for n in range(MOST_CLAIMS) if f"c{n}-number" in data]
    provider = [Provider(**said.texts(f"p{n}-", ("reason", "reference", "amount"))) for n in range(MOST_PLB)]
    eob.provider = [row for row in provider if not row.is_blank]
    return eob


def _claim(said: _Said, at: str) -> Claim:
    names = ("claim", "number", "last", "first", "member", "status", "payer_number", "remarks")
    lines = [_line(said, f"{at}l{n}-") for n in range(MOST_LINES) if f"{at}l{n}-billed" in said.data]
    totals = _line(said, f"{at}t-") if f"{at}t-billed" in said.data else None
    made = Claim(**said.texts(at, names), lines=[] if totals else lines, other=_other(said, at), totals=totals)
    made.claim = made.claim if is_id(made.claim) else ""
    return made


_LINE = ("number", "service_on", "procedure", "modifiers", "billed", "allowed", "deductible", "coinsurance", "copay",
         "not_covered", "paid", "remarks")  # fmt: skip


def _line(said: _Said, at: str) -> Line:
    return Line(**said.texts(at, _LINE), other=_other(said, at))


def _other(said: _Said, at: str) -> list[Other]:
    rows = [Other(**said.texts(f"{at}o{n}-", ("group", "reason", "amount"))) for n in range(MOST_OTHER)]
    return [row for row in rows if not row.is_blank]


@dataclass(frozen=True, slots=True)
class _Said:
    data: Mapping[str, str]

    def texts(self, at: str, names: tuple[str, ...]) -> dict[str, Any]:
        """The fields of these names under that beginning, by name."""
        return {name: past_a_form(self.data.get(at + name), MOST_CHARACTERS) for name in names}
