"""Codes of a claim that follow from the order: SBR01, SBR05, SBR09, and the UB-04 codes that go with them.

The tables are `codes.yaml`; what no text confirms is marked there and stays marked wherever it is shown.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).parent / "codes.yaml"
Sure = Literal["read in full", "read in part", "unconfirmed"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Raised(_Table):
    """A UB-04 code of the same claim: OC occurrence, CC condition, VC value; when it is due."""

    code: str
    says: str
    when: str
    because: tuple[str, ...] = ()
    sure: Sure = "read in part"

    @property
    def is_unconfirmed(self) -> bool:
        """Whether no text we could open confirms it."""
        return self.sure == "unconfirmed"


class SecondaryType(_Table):
    """Why Medicare is not first: SBR05, the value code of the same number, and the letter Medicare's files use."""

    letter: str
    meaning: str
    short: str
    produced_by: tuple[str, ...]
    raises: tuple[Raised, ...] = ()
    sure: Sure = "read in full"


class Conditional(_Table):
    """Medicare billed for now."""

    letter: str
    meaning: str
    produced_by: tuple[str, ...]
    raises: tuple[Raised, ...]


class Letter(_Table):
    """A letter without a code of its own."""

    meaning: str
    sure: Sure


class Filing(_Table):
    """SBR09 for one kind of coverage."""

    code: str
    institutional: str = ""
    remark: str = ""
    sure: Sure = "read in part"

    @property
    def is_unconfirmed(self) -> bool:
        """Whether no text we could open confirms it."""
        return self.sure == "unconfirmed"


class Codes(_Table):
    """All of `codes.yaml`."""

    places: str
    place_unknown: str
    medicare_first: str
    medicare_second: dict[str, SecondaryType]
    conditional: Conditional
    letters: dict[str, Letter]
    besides: tuple[Raised, ...]
    filing: dict[str, Filing]
    filing_general: str


@cache
def codes() -> Codes:
    """The tables, read once."""
    return Codes.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def responsibility(place: int) -> str:
    """SBR01 for a place in the order, 1 paying first."""
    places = codes().places
    return places[place - 1] if place <= len(places) else codes().place_unknown


def filing(kind: str) -> Filing:
    """SBR09 for a kind of coverage; the general code, marked unconfirmed, for one the table does not name."""
    known = codes().filing.get(kind)
    return known or Filing(code=codes().filing_general, sure="unconfirmed")


def filing_code(own: str, kind: str) -> str:
    """SBR09: what the payer wants if that is on file, else what the kind of coverage says."""
    return own or filing(kind).code


@cache
def kind_of_filing(code: str) -> str:
    """The one kind of coverage a filing indicator surely means; empty where it may be several, as with CI."""
    rows = codes().filing.items()
    certain = [kind for kind, row in rows if code in (row.code, row.institutional) and not row.is_unconfirmed]
    return certain[0] if code and len(certain) == 1 else ""


def why_second(code: str) -> SecondaryType | None:
    """What an SBR05 means; None for one that is not in the table."""
    return codes().medicare_second.get(code)
