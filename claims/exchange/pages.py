"""One claim while answers are posted to it: its lines, payers, ledger rows, and what was told of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from claims.ledger import LineKey, Posted
from claims.models import Adjudication, Claim, ClaimPayer, Line
from cob.x12.stored import load_835
from cob.x12.t835 import Claim835


@dataclass
class Told:
    """One answer of a claim's history: its row, and whether it was taken back."""

    row: Adjudication
    is_reversed: bool = False
    doubts: list[str] = field(default_factory=list)  # of what it hands on, which no order of answers settles

    @cached_property
    def said(self) -> Claim835:
        """What it said. Read from its row only when it is asked for: most histories are never looked into."""
        return load_835(self.row.content)

    @property
    def stands(self) -> bool:
        """Whether it is posted and was not taken back; a taking back itself does not count."""
        return bool(self.row.posted_at and not self.is_reversed and not self.said.is_reversal)

    @classmethod
    def now(cls, row: Adjudication, said: Claim835) -> Told:
        """One that came just now."""
        told = cls(row)
        told.said = said
        return told


@dataclass(slots=True)
class Page:
    """One claim in the book: its lines, payers, ledger rows and answers so far."""

    claim: Claim
    lines: list[Line]
    payers: list[ClaimPayer]
    rows: list[Posted] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    charges: dict[LineKey, int] = field(init=False)  # by line

    def __post_init__(self) -> None:
        self.charges = {line.pk: line.charge_cents for line in self.lines}

    def on_line(self, key: LineKey, why: str) -> str:
        """A sentence about a line, which it names where the claim has several."""
        number = next((line.number for line in self.lines if line.pk == key), 0) if len(self.lines) > 1 else 0
        if not number:
            return why
        # Only a word loses its capital: OA-23 keeps it.
        return f"Line {number}: {why[:1].lower() if why[1:2].islower() else why[:1]}{why[1:]}"
