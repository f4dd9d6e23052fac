"""What the book says of each rule besides its sentence and citations, read from `book.yaml` beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

import cob.rules  # noqa: F401 - reading the rules is what fills the book
from cob.rules.checked import exercising
from cob.rules.parameters import Parameter, parameters
from cob.rules.reading import BOOK, Rule
from cob.rules.sources import address

FILE = Path(__file__).parent / "book.yaml"


class Remarks(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    facts: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    since: date | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as the book shows it."""

    rule: Rule[..., Any]
    remarks: Remarks

    @property
    def id(self) -> str:
        """The catalogue's id."""
        return self.rule.id

    @property
    def sources(self) -> list[tuple[str, str | None]]:
        """Each citation, with its address where one is known."""
        return [(cite, address(cite)) for cite in self.rule.cites]

    @property
    def numbers(self) -> dict[str, Parameter]:
        """The dated numbers the rule reads."""
        return {name: parameters()[name] for name in self.remarks.numbers}

    @property
    def cases(self) -> tuple[dict[str, Any], ...]:
        """The checked cases in which the rule must speak."""
        return exercising(self.id)


@cache
def remarks() -> dict[str, Remarks]:
    """The file by rule id."""
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {rule_id: Remarks.model_validate(line) for rule_id, line in raw.items()}


@cache
def entries() -> dict[str, Entry]:
    """Every rule of the book by id, in the book's order."""
    return {rule_id: Entry(rule, remarks()[rule_id]) for rule_id, rule in BOOK.items()}
