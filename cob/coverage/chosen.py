"""The options that stand in a case, in words: what holds, whose choice it is, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cob.coverage.option_catalogue import SPECS, in_words


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """One option of a case."""

    label: str
    says: str
    source: str


def chosen_rows(case: Mapping[str, Any], sources: Mapping[str, str]) -> list[ChosenRow]:
    """The choices a case was decided under, besides the built-in defaults."""
    return [
        ChosenRow(SPECS[name].label, in_words(name, value), sources.get(f"options.{name}", ""))
        for name, value in case.get("options", {}).items()
        if name in SPECS
    ]
