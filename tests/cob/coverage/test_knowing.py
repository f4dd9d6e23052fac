"""Every fact that may stay unknown has somebody who could know it."""

from __future__ import annotations

import pytest

from cob.coverage import catalogue
from cob.coverage.knowing import COURT, EMPLOYER, FAMILY, MEDICARE, SOURCES, SUBSCRIBER, who_could_know


@pytest.mark.parametrize("beginning", sorted(SOURCES))
def test_each_source_is_for_a_fact_that_can_be_asked(beginning):
    assert any(key == beginning or key.startswith(f"{beginning}.") for key in catalogue.ENTRIES)


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("coverages.A.employer.size", EMPLOYER),
        ("coverages.A.employment.last_day", EMPLOYER),
        ("child.decree.terms", COURT),
        ("people.m.birth_month_day", SUBSCRIBER),
        ("medicare.part_b.from", MEDICARE),
        ("msp.patient_works", FAMILY),
        ("msp.group_plan", FAMILY),
    ],
)
def test_the_longest_beginning_decides(path, who):
    assert who_could_know(path) == who
