"""The limits that hold where the practice has kept none, from defaults.yaml: by kind of coverage and by state."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from claims.filing.limit import Basis, Limit, Position, Sure, Unit

FILE = Path(__file__).with_name("defaults.yaml")
STATE_PROGRAMS = frozenset({"medicaid", "chip"})


@dataclass(frozen=True, slots=True)
class Published:
    """What a payer publishes for its plans, to be taken over by a person."""

    payer: str
    position: Position
    limit: Limit


def default_limit(kind: str, position: Position, state: str = "") -> Limit | None:
    """The limit of a kind of coverage; Medicaid's by the state. None: there is none (taken back)."""
    book = _book()
    own: dict[str, Any] = book["kinds"].get(kind, {})
    wider: dict[str, Any] = book["other"]
    if kind in STATE_PROGRAMS:
        own, wider = book["medicaid"].get(state, {}), book["medicaid"]["other"]
    found = own.get(position) or wider.get(position)
    return _limit(found) if found else None


@cache
def published() -> tuple[Published, ...]:
    """By payer."""
    rows = _book()["published"]
    return tuple(Published(row["payer"], Position(row["position"]), _limit(row)) for row in rows)


def _limit(row: dict[str, Any]) -> Limit:
    return Limit(
        basis=Basis(row["basis"]),
        length=row["length"],
        unit=Unit(row["unit"]),
        cap_days=row.get("cap_days"),
        rolls=row.get("rolls", False),
        silent_days=row.get("silent_days"),
        source=row["source"],
        sure=Sure(row.get("sure", "published")),
    )


@cache
def _book() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return found
