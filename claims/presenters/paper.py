"""The typing page: every field with its name, its words and what is wrong with it; every difference beside its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from claims.paper import typed
from claims.paper.reckoning import METHODS, ClaimSum, LineSum, Reckoned
from claims.presenters import words
from cob.cents import dollars
from cob.x12.plb import plb_reason

GROUPS = (
    ("CO", "CO contract"),
    ("PR", "PR patient"),
    ("OA", "OA other"),
    ("PI", "PI payer’s own"),
)
STATUSES = (
    ("1", "1 as primary"),
    ("2", "2 as secondary"),
    ("3", "3 as tertiary"),
    ("4", "4 denied"),
    ("19", "19 as primary, forwarded"),
    ("20", "20 as secondary, forwarded"),
    ("21", "21 as tertiary, forwarded"),
    ("22", "22 takes an answer back"),
    ("23", "23 not theirs, forwarded"),
)
SPARE_OTHER = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One input. `id` is also where an error leads."""

    name: str
    label: str
    value: str
    error: str = ""
    options: tuple[tuple[str, str], ...] = ()
    meaning: str = ""
    kind: str = "text"  # text, money, date, group, reason, select
    size: int = 8

    @property
    def id(self) -> str:
        return f"f-{self.name}"


@dataclass(frozen=True, slots=True)
class LineView:
    """One row of the table: a service, or the claim's totals, which have no `service` cells."""

    key: str
    number: int
    service: list[Cell]
    cells: list[Cell]
    other: list[list[Cell]]
    remarks: Cell
    hidden: tuple[str, str]
    difference_cents: int
    has_other: bool


@dataclass(frozen=True, slots=True)
class ClaimView:
    key: str
    position: int
    claim: typed.Claim
    head: list[Cell]
    lines: list[LineView]
    other: list[list[Cell]]
    has_other: bool
    has_totals: bool
    paid_cents: int
    difference_cents: int


@dataclass(frozen=True, slots=True)
class EobView:
    """What templates/claims/eob.html shows."""

    head: list[Cell]
    columns: list[tuple[str, list[Cell]]]
    claims: list[ClaimView]
    provider: list[list[Cell]]
    found: Reckoned
    errors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def still(self) -> int:
        return len(self.found.errors)


def view_of(
    eob: typed.Eob, found: Reckoned, payers: list[tuple[str, str]], *, show_errors: bool, spare_provider: bool = False
) -> EobView:
    """The page of a draft. Without `show_errors` nothing is called wrong yet: it is still being typed."""
    made = _Maker(found.errors if show_errors else {})
    claims = [made.claim(n, c, s) for n, (c, s) in enumerate(zip(eob.claims, found.claims, strict=True))]
    rows = [*eob.provider, *([typed.Provider()] if spare_provider or eob.provider else [])][: typed.MOST_PLB]
    return EobView(
        head=made.head(eob, payers),
        columns=made.columns(eob.columns),
        claims=claims,
        provider=[made.provider(n, row) for n, row in enumerate(rows)],
        found=found,
        errors=[*((_where(name), text) for name, text in found.errors.items()), *_off(found)] if show_errors else [],
    )


def _off(found: Reckoned) -> Iterator[tuple[str, str]]:
    """What does not come to zero, line by line; the check where its lines do."""
    for n, claim in enumerate(found.claims):
        for k, line in enumerate(claim.lines):
            if line.difference_cents:
                yield f"f-c{n}-l{k}-paid", f"Claim {n + 1}, line {k + 1}: {difference_words(line.difference_cents)}."
        if claim.totals and claim.totals.difference_cents:
            yield f"f-c{n}-t-paid", f"Claim {n + 1}, totals: {difference_words(claim.totals.difference_cents)}."
    if found.difference_cents and not found.lines_off:
        yield "f-amount", f"The check: {difference_words(found.difference_cents)}."


def _where(name: str) -> str:
    return "add-claim" if name == "add-claim" else f"f-{name}"


@dataclass(frozen=True, slots=True)
class _Maker:
    errors: dict[str, str]

    def cell(
        self,
        name: str,
        label: str,
        value: str,
        *,
        kind: str = "text",
        size: int = 8,
        options: tuple[tuple[str, str], ...] = (),
        meaning: str = "",
    ) -> Cell:
        return Cell(name, label, value, self.errors.get(name, ""), options, meaning, kind, size)

    def head(self, eob: typed.Eob, payers: list[tuple[str, str]]) -> list[Cell]:
        return [
            self.cell("payer", "Payer", eob.payer, kind="select", options=(("", "Choose the payer"), *payers)),
            self.cell("number", "Check or transfer number", eob.number, size=16),
            self.cell("paid_on", "Paid on", eob.paid_on, kind="date"),
            self.cell("amount", "Amount", eob.amount, kind="money", size=10),
            self.cell("method", "How", eob.method, kind="select", options=tuple(METHODS.items())),
        ]

    def columns(self, columns: typed.Columns) -> list[tuple[str, list[Cell]]]:
        def group(name: str, what: str) -> Cell:
            return self._group(f"columns-{name}_group", f"Group for {what}", getattr(columns, f"{name}_group"))

        def reason(name: str, what: str) -> Cell:
            value = getattr(columns, f"{name}_reason")
            return self._reason(f"columns-{name}_reason", f"Reason for {what}", value)

        return [
            ("Billed above allowed", [group("above", "above allowed"), reason("above", "above allowed")]),
            ("Deductible (1)", [group("deductible", "the deductible")]),
            ("Coinsurance (2)", [group("coinsurance", "the coinsurance")]),
            ("Copay (3)", [group("copay", "the copay")]),
            ("Not covered", [group("not_covered", "not covered"), reason("not_covered", "not covered")]),
        ]

    def _group(self, name: str, label: str, value: str) -> Cell:
        return self.cell(name, label, value, kind="group", options=(("", "–"), *GROUPS))

    def _reason(self, name: str, label: str, value: str) -> Cell:
        return self.cell(name, label, value, kind="reason", size=4, meaning=words.reason(value.upper()))

    def other(self, at: str, rows: list[typed.Other]) -> list[list[Cell]]:
        shown = [*rows, *[typed.Other()] * SPARE_OTHER][: typed.MOST_OTHER]
        return [
            [
                self._group(f"{at}o{n}-group", "Group", row.group),
                self._reason(f"{at}o{n}-reason", "Reason", row.reason),
                self.cell(f"{at}o{n}-amount", "Amount", row.amount, kind="money"),
            ]
            for n, row in enumerate(shown)
        ]

    def claim(self, n: int, claim: typed.Claim, found: ClaimSum) -> ClaimView:
        at = f"c{n}-"
        return ClaimView(
            key=f"c{n}",
            position=n + 1,
            claim=claim,
            head=[
                self.cell(
                    f"{at}number", "Claim number", claim.number, size=14, kind="fixed" if claim.claim else "text"
                ),
                self.cell(f"{at}last", "Last name", claim.last, size=12),
                self.cell(f"{at}first", "First name", claim.first, size=10),
                self.cell(f"{at}member", "Member id", claim.member, size=12),
                self.cell(
                    f"{at}status",
                    "Processed",
                    claim.status,
                    kind="select",
                    options=(("", "Choose"), *STATUSES),
                ),
                self.cell(f"{at}payer_number", "Payer’s claim number", claim.payer_number, size=14),
                self.cell(f"{at}remarks", "Claim remarks", claim.remarks, size=10),
            ],
            lines=self._lines(at, claim, found),
            has_totals=claim.totals is not None,
            other=self.other(at, claim.other),
            has_other=bool(claim.other),
            paid_cents=found.paid_cents,
            difference_cents=found.difference_cents,
        )

    def _lines(self, at: str, claim: typed.Claim, found: ClaimSum) -> list[LineView]:
        if claim.totals:
            return [self._line(f"{at}t-", 0, claim.totals, found.rows[0], is_total=True)]
        return [self._line(f"{at}l{k}-", k, line, found.lines[k]) for k, line in enumerate(claim.lines)]

    def _line(self, at: str, k: int, line: typed.Line, found: LineSum, *, is_total: bool = False) -> LineView:
        def money(name: str, label: str) -> Cell:
            return self.cell(at + name, label, getattr(line, name), kind="money", size=7)

        return LineView(
            key=at.rstrip("-"),
            number=k + 1,
            service=[]
            if is_total
            else [
                self.cell(f"{at}service_on", "Date", line.service_on, kind="date"),
                self.cell(f"{at}procedure", "Procedure", line.procedure, size=6),
                self.cell(f"{at}modifiers", "Modifiers", line.modifiers, size=5),
            ],
            cells=[
                money("billed", "Billed"),
                money("allowed", "Allowed"),
                money("deductible", "Deductible"),
                money("coinsurance", "Coinsurance"),
                money("copay", "Copay"),
                money("not_covered", "Not covered"),
                money("paid", "Paid"),
            ],
            other=self.other(at, line.other),
            remarks=self.cell(f"{at}remarks", "Remark codes", line.remarks, size=10),
            hidden=(f"{at}number", line.number),
            difference_cents=found.difference_cents,
            has_other=bool(line.other or line.remarks or any(name.startswith(f"{at}o") for name in self.errors)),
        )

    def provider(self, n: int, row: typed.Provider) -> list[Cell]:
        meaning = plb_reason(row.reason.upper()).name if row.reason else ""
        return [
            self.cell(f"p{n}-reason", "Code", row.reason, size=3, meaning=meaning),
            self.cell(f"p{n}-reference", "Reference", row.reference, size=14),
            self.cell(f"p{n}-amount", "Lowered the check by", row.amount, kind="money", size=9),
        ]


def difference_words(cents: int) -> str:
    """The difference in words beside the figure, so that colour and sign are not alone."""
    if not cents:
        return "comes to zero"
    return f"{dollars(abs(cents))} {'not explained' if cents > 0 else 'explained twice'}"
