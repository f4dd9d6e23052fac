"""The checked cases of expected payment: a story, its figures, and what must come of them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "cases"


@cache
def checked_cases() -> tuple[dict[str, Any], ...]:
    """Every row of every file: `id`, `story`, `inputs`, `expect`, `unconfirmed` where no text confirms it."""
    files = sorted(FOLDER.glob("*.jsonl"))
    return tuple(json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())


@cache
def exercising(formula: str) -> tuple[str, ...]:
    """The ids of the rows in which a formula plays a part."""
    return tuple(row["id"] for row in checked_cases() if formula in _formulas(row["id"]))


@cache
def _formulas(row_id: str) -> frozenset[str]:
    from cob.rules.payment import expect

    row = next(row for row in checked_cases() if row["id"] == row_id)
    return frozenset(leg.formula for leg in expect(row["inputs"]).legs)
