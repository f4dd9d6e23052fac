"""The page of measures in the docs says what the code counts."""

from __future__ import annotations

from pathlib import Path

from workqueues.kpi.catalogue import page
from workqueues.kpi.measures import MEASURES

DOCS = Path(__file__).parents[3] / "docs" / "measures.md"


def test_the_page_is_the_one_the_code_prints():
    assert DOCS.read_text() == page()


def test_every_measure_is_on_it():
    assert all(f"## {measure.id} {measure.name}" in page() for measure in MEASURES)
