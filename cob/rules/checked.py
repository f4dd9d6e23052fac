"""The checked cases: a story, its facts, and what must come of them, written before the rules said it.

They travel with the rules: the suite asks each of them, and the book of rules shows which of them exercise a rule.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "cases"


@cache
def checked_cases() -> tuple[dict[str, Any], ...]:
    """Every row of every file: `id`, `story`, `case`, `expect`. Not to be changed by whoever reads it."""
    files = sorted(FOLDER.glob("*.jsonl"))
    return tuple(json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())


@cache
def exercising(rule_id: str) -> tuple[dict[str, Any], ...]:
    """The rows in which a rule must speak."""
    return tuple(row for row in checked_cases() if rule_id in row["expect"].get("rules", ()))
