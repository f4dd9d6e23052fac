"""The pages of filing limits: what holds for each payer today, how sure it is, and everything kept before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.filing import Limit, Position, Sure
from claims.filing.on_file import FilingOnFile
from claims.models.filing import POSITIONS, FilingLimit
from cob.coverage.models import Payer

SURE_WORDS = {
    Sure.LAW: ("law", "good"),
    Sure.KEPT: ("kept", "good"),
    Sure.PUBLISHED: ("published, unconfirmed", "warn"),
    Sure.ASSUMED: ("assumed", "warn"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """One limit that holds today."""

    label: str
    says: str
    source: str
    sure: str
    tone: str


@dataclass(frozen=True, slots=True)
class PayerFiling:
    """One payer with its limits as first and later payer."""

    payer: Payer
    held: list[Held]
    names_others: bool


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One dated row of the history."""

    whose: str
    says: str
    effective_on: date
    stands: str
    tone: str
    source: str
    set_by: str
    set_at: Any


def filing_lines(today: date, state: str) -> list[PayerFiling]:
    """Every payer; three queries however many there are. `state` is that of the practice, for a Medicaid whose
    own is not on file."""
    filing = FilingOnFile()
    return [_line(filing, payer, today, state) for payer in Payer.objects.all()]


def payer_filing(payer: Payer, today: date, state: str) -> PayerFiling:
    """One payer, with all positions."""
    return _line(FilingOnFile([payer.pk]), payer, today, state, tuple(Position))


def _line(
    filing: FilingOnFile,
    payer: Payer,
    today: date,
    state: str,
    positions: tuple[Position, ...] = (Position.PRIMARY, Position.LATER),
) -> PayerFiling:
    of_state = payer.state or state
    found = [(place, filing.limit(payer.pk, payer.kind, of_state, place, today)) for place in positions]
    held = [_held(place, limit) for place, limit in found if limit]
    return PayerFiling(payer, held, filing.names_others(payer.pk, today))


def _held(place: Position, limit: Limit) -> Held:
    word, tone = SURE_WORDS[limit.sure]
    return Held(POSITIONS[place], limit.in_words, limit.source, word, tone)


def limit_history(payer: Payer, today: date) -> list[KeptRow]:
    """Everything kept about the payer's limits, newest first within each position."""
    rows = payer.filing_limits.select_related("set_by").newest_first()
    return _history([(POSITIONS[Position(row.position)], _says(row), row) for row in rows], today)


def _says(row: FilingLimit) -> str:
    limit = row.as_limit()
    return limit.in_words if limit else "Withdrawn: the built-in limit holds"


def naming_history(payer: Payer, today: date) -> list[KeptRow]:
    """Everything kept about naming the others."""
    rows = payer.others_named.select_related("set_by").newest_first()
    words = {True: "Names the other coverages", False: "Names none"}
    return _history([("First claim", words[row.is_named], row) for row in rows], today)


def _history(rows: list[tuple[str, str, Any]], today: date) -> list[KeptRow]:
    """Rows come newest first; the newest begun one of each is in force."""
    told: list[KeptRow] = []
    settled: set[str] = set()
    for whose, says, row in rows:
        if row.effective_on > today:
            stands, tone = "to come", "info"
        elif whose in settled:
            stands, tone = "replaced", ""
        else:
            settled.add(whose)
            stands, tone = "in force", "good"
        by = str(row.set_by or "the system")
        told.append(KeptRow(whose, says, row.effective_on, stands, tone, row.source, by, row.created_at))
    return sorted(told, key=lambda one: one.whose)
