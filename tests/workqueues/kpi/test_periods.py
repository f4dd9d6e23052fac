"""Weeks are ISO weeks: Monday to Sunday, and the year is the week's, not the day's."""

from __future__ import annotations

from datetime import date

import pytest

from workqueues.kpi.periods import BadWeek, Week, weeks_to


@pytest.mark.parametrize(
    ("day", "written"),
    [
        pytest.param(date(2026, 11, 9), "2026-W46", id="Monday opens the week"),
        pytest.param(date(2026, 11, 15), "2026-W46", id="Sunday closes it"),
        pytest.param(date(2026, 11, 16), "2026-W47", id="the next Monday is the next week"),
        pytest.param(date(2027, 1, 3), "2026-W53", id="the first days of January may belong to the old year"),
        pytest.param(date(2024, 12, 30), "2025-W01", id="the last days of December may belong to the new year"),
    ],
)
def test_a_day_belongs_to_its_iso_week(day, written):
    assert str(Week.of(day)) == written
    assert Week.parse(written) == Week.of(day)


@pytest.mark.parametrize(
    "text", ["", "2026-46", "2026-W60", "2025-W53", "W46", "2026-W00", "2026-W4", "9999-W52", "２０２６-W46"]
)
def test_anything_but_a_week_is_refused_with_how_to_write_one(text):
    with pytest.raises(BadWeek, match="2026-W46"):
        Week.parse(text)


def test_weeks_come_oldest_first_and_end_with_the_one_asked():
    assert [str(week) for week in weeks_to(Week.parse("2026-W02"), 3)] == ["2025-W52", "2026-W01", "2026-W02"]
