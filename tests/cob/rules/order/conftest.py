"""Checked cases and small cases to build on. Nothing here touches the database."""

from __future__ import annotations

import copy

import pytest

from cob.rules.checked import checked_cases


def checked():
    """Every checked case of every file."""
    return [dict(row) for row in checked_cases()]


@pytest.fixture
def case_of():
    """A fresh copy of a checked case by id."""
    cases = {row["id"]: row["case"] for row in checked()}
    return lambda name: copy.deepcopy(cases[name])
