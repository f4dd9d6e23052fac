"""An audit of payer order as pages, files and the command show it: differences in words, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from claims.models import Claim, OrderDifference
from claims.models.order_audit import Entered
from claims.order_audit import Kind
from cob.accounts.models import User
from cob.cents import dollars
from cob.coverage import catalogue
from cob.coverage.models import Coverage, Payer
from cob.rules.reading import BOOK

KINDS = {
    Kind.SWAPPED: "payers in each other’s place",
    Kind.MISSING: "a payer is missing",
    Kind.NOT_DUE: "a payer does not pay for that day",
    Kind.OPEN: "cannot tell, needs facts",
    "settles": "no longer needs facts",
}
NOBODY = {
    Entered.DETERMINED: "a task, by the rules",
    Entered.PERSON: "a person",
    Entered.FILE: "the watched folder or a command",
    Entered.HAND: "nobody named",
}


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One claim that differs, in words."""

    row: OrderDifference
    claim: Claim
    kinds: str
    entered: str
    person: str
    payer: str
    rule: str
    because: str
    asks: str
    billed: tuple[str, ...]
    due: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.row.kinds == Kind.OPEN

    def as_json(self) -> dict[str, Any]:
        """For a machine: one object, amounts in whole cents."""
        row = self.row
        return {
            "claim": self.claim.control_number,
            "id": str(row.claim_id),
            "site": self.claim.site.code,
            "service_on": self.claim.service_from.isoformat(),
            "kinds": row.kinds.split(),
            "entered": row.entered,
            "person": self.person,
            "payer": self.payer,
            "rule": row.rule,
            "asks": row.asks,
            "billed": list(self.billed),
            "due": list(self.due),
            "take_back_cents": row.take_back_cents,
            "open_cents": row.open_cents,
            "patient_cents": row.patient_cents,
            "at_stake_cents": row.at_stake_cents,
        }


def lines(rows: Sequence[OrderDifference]) -> list[DifferenceLine]:
    """The rows in words; four queries for one as for fifty."""
    claims = Claim.objects.select_related("patient", "site").defer("content").in_bulk([row.claim_id for row in rows])
    coverages = {one for row in rows for one in (*row.billed, *row.due)}
    payer_of = {str(pk): name for pk, name in _payer_names(coverages)}
    people = User.objects.in_bulk({row.person_id for row in rows if row.person_id})
    payers = Payer.objects.in_bulk({row.payer_id for row in rows if row.payer_id})
    return [
        DifferenceLine(
            row=row,
            claim=claims[row.claim_id],
            kinds=kinds_in_words(row.kinds),
            entered=Entered(row.entered).label,
            person=person_in_words(row.entered, people.get(row.person_id) if row.person_id else None),
            payer=str(payers[row.payer_id]) if row.payer_id else "",
            rule=row.rule,
            because=because(row.rule),
            asks=fact_in_words(row.asks),
            billed=tuple(payer_of.get(one, "") for one in row.billed),
            due=tuple(payer_of.get(one, "") for one in row.due),
        )
        for row in rows
        if row.claim_id in claims
    ]


def _payer_names(coverages: Iterable[str]) -> Iterable[tuple[Any, str]]:
    return Coverage.objects.filter(pk__in=list(coverages)).order_by().values_list("pk", "payer__name")


def kinds_in_words(kinds: str) -> str:
    """How the order differs."""
    words = ", ".join(KINDS.get(kind, kind) for kind in kinds.split())
    return words[:1].upper() + words[1:]


def person_in_words(entered: str, person: User | None) -> str:
    """Who is behind an order; where no person is, what is."""
    return str(person) if person else NOBODY[Entered(entered)]


def because(rule: str) -> str:
    """The rule's sentence."""
    return BOOK[rule].sentence if rule in BOOK else ""


def fact_in_words(key: str) -> str:
    """What would have to be known first."""
    return catalogue.ENTRIES[key].label if key in catalogue.ENTRIES else key.replace(".", " ").replace("_", " ")


CSV_HEAD = (
    "Claim", "Site", "Service", "Differs", "As billed", "Due", "Rule", "Ask first", "Entered", "By",
    "Payer out of place", "To be taken back", "Open with payers", "Patient's", "At stake",
)  # fmt: skip


def csv_row(line: DifferenceLine) -> list[str]:
    """A line for a spreadsheet: amounts in dollars, text that no spreadsheet takes for a formula."""
    row = line.row
    cents = (row.take_back_cents, row.open_cents, row.patient_cents, row.at_stake_cents)
    words = (
        line.claim.control_number,
        str(line.claim.site),
        f"{line.claim.service_from:%m/%d/%Y}",
        line.kinds,
        " > ".join(line.billed),
        " > ".join(line.due),
        line.rule,
        line.asks,
        line.entered,
        line.person,
        line.payer,
    )
    return [*(_plain(text) for text in words), *(dollars(amount).replace(",", "") for amount in cents)]


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
