"""Checked cases and small cases to build on. Nothing here touches the database."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

CASES = Path(__file__).parents[3] / "cases" / "order"


def checked():
    """Every checked case of every file, with its story as the test's name."""
    return [json.loads(line) for file in sorted(CASES.glob("*.jsonl")) for line in file.read_text().splitlines()]


@pytest.fixture
def case_of():
    """A fresh copy of a checked case by id."""
    cases = {row["id"]: row["case"] for row in checked()}
    return lambda name: copy.deepcopy(cases[name])
