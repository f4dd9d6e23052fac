"""Copies of claims as the crossover pages list them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from claims.crossover.queries import NOT_COUNTED, STANDS, Road
from claims.crossover.said import in_words
from claims.models import CrossoverWatch
from cob.dates import ONE_DAY

COLUMNS = tuple(name for name in STANDS if name not in NOT_COUNTED)


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, and the claims behind it."""

    count: int
    url: str
    tone: str


@dataclass(frozen=True, slots=True)
class RoadRow:
    """One payer of the table."""

    road: Road
    expected: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One copy: how it stands, since when, and what comes next with its day."""

    watch: CrossoverWatch
    label: str
    tone: str
    words: str
    next_step: str
    may_be_sent: bool


def road_rows(roads: Iterable[Road], since: date, until: date) -> list[RoadRow]:
    """Every count opens to its claims."""
    return [
        RoadRow(
            road,
            Cell(road.expected, _url(road, "", since, until), ""),
            tuple(Cell(road.counts.get(n, 0), _url(road, n, since, until), STANDS[n][1]) for n in COLUMNS),
        )
        for road in roads
    ]


def _url(road: Road, stands: str, since: date, until: date) -> str:
    asked = {"payer": str(road.payer_id), "stands": stands, "since": f"{since:%m/%d/%Y}", "until": f"{until:%m/%d/%Y}"}
    return f"{reverse('claims:crossover-claims')}?{urlencode({k: v for k, v in asked.items() if v})}"


def copy_rows(watches: Iterable[CrossoverWatch]) -> list[CopyRow]:
    """Rows of the list; the watches come with `stands` and its days."""
    return [copy_shown(watch) for watch in watches]


def copy_shown(watch: CrossoverWatch) -> CopyRow:
    """One copy in words."""
    stands: str = watch.stands  # type: ignore[attr-defined]  # annotated by queries.watches
    label, tone = STANDS[stands]
    return CopyRow(watch, label, tone, in_words(watch), _next(watch, stands), stands in ("failed", "never"))


def _next(watch: CrossoverWatch, stands: str) -> str:
    until = watch.claim_payer.crossover_until or watch.until
    free = f"{until + ONE_DAY:%m/%d/%Y}"
    payer = watch.claim_payer.payer
    match stands:
        case "received" | "late":
            return f"Answered on {watch.received_on:%m/%d/%Y}; waited for until {watch.until:%m/%d/%Y}."  # type: ignore[attr-defined]
        case "waiting":
            return f"Ask {payer} from {watch.check_on:%m/%d/%Y}; nothing is sent before {free}."
        case "check":
            return f"Ask {payer} whether it has the claim; nothing is sent before {free} unless it has not."
        case "never":
            return f"Nothing came by {until:%m/%d/%Y}: ask {payer}, then send the claim."
        case "failed" if watch.claim_payer.state == "forwarded":
            return f"It did not cross over, but {payer} takes nothing before {free}."
        case "failed":
            return f"It did not cross over: send the claim to {payer}."
        case "sent":
            return f"Sent from here on {watch.sent_on:%m/%d/%Y}; what came since answers that."  # type: ignore[attr-defined]
        case _:
            return f"{watch.sender} took back the answer that handed it on."
