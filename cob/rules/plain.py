"""The rules as a patient is told them: one short sentence each, beside the sentence staff and payers are told."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "plain.yaml"


@cache
def plain_sentences() -> dict[str, str]:
    """Rule id → its sentence for patients, read once."""
    said: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return said


def plainly(rule_id: str) -> str:
    """What a patient is told of a rule; nothing for a rule that is not in the book (any more)."""
    return plain_sentences().get(rule_id, "")
