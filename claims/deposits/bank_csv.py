"""A bank's export read by chosen columns: each line a deposit, left out with its reason, or wrong with what is wrong.

Pure. Money out is left out; a trace is also found in the addenda that banks print into the description (TRN*1*…).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from claims.paper.reckoning import read_day
from cob.cents import NotDollars, dollars, parse_dollars
from cob.x12.fields import LARGEST_CENTS

MOST_BYTES, MOST_LINES, MOST_SHOWN = 4 * 1024 * 1024, 20_000, 200
EARLIEST = date(2000, 1, 1)
FIELDS = ("date", "amount", "debit", "trace", "payer")
TOO_MUCH = f"No remittance can say more than ${dollars(LARGEST_CENTS)}."
_ADDENDA = re.compile(r"TRN\s*\*\s*1\s*\*\s*([A-Za-z0-9.-]{1,50})")
_GUESSES = {
    "date": ("date", "posted", "posting date", "transaction date", "value date"),
    "amount": ("credit", "credit amount", "deposit", "deposits", "amount", "credits"),
    "debit": ("debit", "debit amount", "withdrawal", "withdrawals", "debits"),
    "trace": (
        "trace",
        "trace number",
        "check number",
        "check",
        "reference",
        "customer ref",
        "serial",
        "bank reference",
    ),
    "payer": ("description", "payee", "name", "memo", "originator", "details"),
}


class NotAnExport(ValueError):
    """No table of columns; `str()` says what was expected."""


@dataclass(frozen=True, slots=True)
class Credit:
    """One deposit of the export; `line` counts as an editor does."""

    line: int
    on: date
    cents: int
    trace: str
    payer: str


@dataclass(slots=True)
class Read:
    """What the export holds under a mapping."""

    credits: list[Credit] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)

    @property
    def cents(self) -> int:
        return sum(credit.cents for credit in self.credits)


def decoded(data: bytes) -> str:
    """The text of an export. Raises NotAnExport for what is no text."""
    if len(data) > MOST_BYTES:
        raise NotAnExport(f"The file is larger than {MOST_BYTES // 1024 // 1024} MiB. Export fewer days.")
    if b"\x00" in data or data[:4] in (b"PK\x03\x04", b"%PDF"):
        raise NotAnExport("This is no CSV file. Choose CSV (comma separated) when exporting from the bank.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and each later line with its number. Raises NotAnExport."""
    separator = max(",;\t|", key=lambda c: text[:4000].count(c))
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
            if len(rows) > MOST_LINES:
                raise NotAnExport(f"The file has more than {MOST_LINES:,} lines. Export fewer days.")
    except csv.Error as error:
        raise NotAnExport(f"Line {reader.line_num} cannot be read as CSV: {error}.") from error
    # Some banks print the account above the table: the head is the first line that names a date and an amount.
    for at, (_, cells) in enumerate(rows[:20]):
        if len(cells) >= 2 and any(c.lower() in _GUESSES["date"] or "date" in c.lower() for c in cells):
            return cells, rows[at + 1 :]
    if not rows or len(rows[0][1]) < 2:
        raise NotAnExport("No columns were found. Choose CSV (comma separated) when exporting from the bank.")
    return rows[0][1], rows[1:]


def guess(columns: list[str]) -> dict[str, str]:
    """Which column is likely what, as column numbers in text; nothing where no name says so."""
    found: dict[str, str] = {}
    lower = [column.lower().strip() for column in columns]
    for name, guesses in _GUESSES.items():
        exact = [n for word in guesses for n, column in enumerate(lower) if column == word]
        begun = [n for word in guesses for n, column in enumerate(lower) if word in column]
        if at := [*exact, *begun]:
            found[name] = str(at[0])
    if found.get("debit") == found.get("amount"):
        found.pop("debit", None)
    return found


def read(text: str, mapping: Mapping[str, str]) -> Read:
    """Every line under the mapping. Raises NotAnExport when it has no table."""
    _, rows = table(text)
    found = Read()
    for line, cells in rows:
        _read_line(line, cells, mapping, found)
    return found


def _read_line(line: int, cells: list[str], mapping: Mapping[str, str], found: Read) -> None:
    def cell(name: str) -> str:
        at = mapping.get(name, "")
        return cells[int(at)] if at.isdigit() and int(at) < len(cells) else ""

    text = cell("amount")
    if cell("debit") and not text:
        found.left_out.append((line, "money out"))
        return
    try:
        cents = parse_dollars(_unsigned(text))
    except NotDollars as error:
        found.wrong.append((line, f"amount: {error}"))
        return
    if cents <= 0:
        found.left_out.append((line, "money out" if cents < 0 else "nothing moved"))
        return
    if cents > LARGEST_CENTS:
        found.wrong.append((line, f"amount: {TOO_MUCH}"))
        return
    day = read_day(cell("date"))
    if day is None or day < EARLIEST:
        found.wrong.append((line, f'date: "{cell("date")[:20]}" is no day; month/day/year or year-month-day is read'))
        return
    payer = cell("payer")
    addenda = _ADDENDA.search(payer)
    trace = cell("trace") or (addenda[1] if addenda else "")
    found.credits.append(Credit(line, day, cents, trace[:50], payer[:120]))


def _unsigned(text: str) -> str:
    """Banks write money out as (12.00) or 12.00-, money in as +12.00."""
    text = text.strip().lstrip("+")
    if text.startswith("(") and text.endswith(")"):
        return f"-{text[1:-1]}"
    return f"-{text[:-1]}" if text.endswith("-") else text
