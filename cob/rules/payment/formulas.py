"""The formulas as a book: each leg of an answer cites one, and the page of formulas is printed from them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).parent / "formulas.yaml"


class Formula(BaseModel):
    """One entry of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    says: tuple[str, ...]
    cite: str
    note: str = ""
    unconfirmed: bool = False


@cache
def formulas() -> dict[str, Formula]:
    """Every formula by key, in the order of the file."""
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: Formula.model_validate(row) for key, row in raw.items()}
