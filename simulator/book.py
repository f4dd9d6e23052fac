"""The clearinghouse's own books: what it received, what was decided, and what is still to be delivered, day by day.

Kept as one JSON file, replaced whole: killed anywhere, the same day is done again and comes out the same.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cob.x12.parts import Envelope
from cob.x12.stored import dump, load
from cob.x12.t837p import Claim837P


@dataclass(frozen=True, slots=True)
class Received:
    """One claim as it came in, and what the front end said of it."""

    claim: str
    payer: str
    rank: str
    frequency: str
    interchange: str
    on: str
    status: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One payer's decision, on the day its remittance was made; `status` is CLP02. `forwarded` by a payer before."""

    claim: str
    payer: str
    status: str
    paid_cents: int
    left_cents: int
    written_off_cents: int
    on: str
    by_crossover: bool


@dataclass(slots=True)
class Pending:
    """A claim on a payer's desk until `due`."""

    due: str
    claim: Claim837P
    reply_to: Envelope
    by_crossover: bool = False


@dataclass(slots=True)
class Waiting:
    """A finished file that goes out on its day."""

    due: str
    name: str
    data: bytes


@dataclass(slots=True)
class Book:
    """Everything known; `number` is the last interchange number given to an answer."""

    number: int = 0
    interchanges: dict[str, str] = field(default_factory=dict)  # of files received: sender and ISA13, day
    received: list[Received] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)  # claim and payer of crossovers that never arrived
    faults: dict[str, int] = field(default_factory=dict)

    def next_number(self) -> str:
        """Of the next answer's interchange."""
        self.number += 1
        return f"{self.number:09d}"

    def note(self, fault: str) -> None:
        """Count a fault that was made."""
        self.faults[fault] = self.faults.get(fault, 0) + 1

    def sent_twice(self) -> list[tuple[str, str]]:
        """Claims a payer accepted as originals more than once: nobody should ever have sent them again."""
        seen: set[tuple[str, str]] = set()
        twice = []
        for one in self.received:
            if one.frequency == "1" and one.status.startswith("A2"):
                key = (one.claim, one.payer)
                twice += [key] if key in seen else []
                seen.add(key)
        return twice

    def save(self, path: Path) -> None:
        """Written beside and then put in its place."""
        said: dict[str, Any] = {
            "number": self.number,
            "interchanges": self.interchanges,
            "received": [asdict(one) for one in self.received],
            "decided": [asdict(one) for one in self.decided],
            "pending": [
                {
                    "due": one.due,
                    "claim": dump(one.claim),
                    "reply_to": asdict(one.reply_to) | {"made_on": one.reply_to.made_on.isoformat()},
                    "by_crossover": one.by_crossover,
                }
                for one in self.pending
            ],
            "waiting": [
                {"due": one.due, "name": one.name, "data": base64.b64encode(one.data).decode()} for one in self.waiting
            ],
            "lost": self.lost,
            "faults": self.faults,
        }
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(said), encoding="utf-8")
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Book:
        """The book as it was saved; a new one where there is none."""
        if not path.exists():
            return cls()
        said = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            number=said["number"],
            interchanges=said["interchanges"],
            received=[Received(**one) for one in said["received"]],
            decided=[Decided(**one) for one in said["decided"]],
            pending=[_pending(one) for one in said["pending"]],
            waiting=[Waiting(one["due"], one["name"], base64.b64decode(one["data"])) for one in said["waiting"]],
            lost=[(claim, payer) for claim, payer in said["lost"]],
            faults=said["faults"],
        )


def _pending(said: dict[str, Any]) -> Pending:
    reply = Envelope(**said["reply_to"] | {"made_on": date.fromisoformat(said["reply_to"]["made_on"])})
    return Pending(said["due"], load(said["claim"]), reply, said["by_crossover"])
