"""Days and moments read as the trade writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cob.ui.words import day, moment


def test_a_day_is_written_month_first():
    assert day(date(2026, 3, 10)) == "03/10/2026"


def test_a_missing_day_is_a_dash():
    assert day(None) == "—"


@pytest.mark.parametrize(
    ("utc", "said"),
    [
        pytest.param(datetime(2026, 3, 10, 18, 5, tzinfo=UTC), "03/10/2026 2:05 PM", id="afternoon, summer time"),
        pytest.param(datetime(2026, 1, 10, 5, 0, tzinfo=UTC), "01/10/2026 12:00 AM", id="midnight, winter time"),
        pytest.param(datetime(2026, 1, 10, 17, 0, tzinfo=UTC), "01/10/2026 12:00 PM", id="noon"),
        pytest.param(datetime(2026, 1, 10, 4, 59, tzinfo=UTC), "01/09/2026 11:59 PM", id="the evening before"),
    ],
)
def test_a_moment_is_told_on_the_practice_clock(settings, utc, said):
    settings.TIME_ZONE = "America/New_York"

    assert moment(utc) == said


def test_the_day_of_a_moment_is_the_practice_day(settings):
    settings.TIME_ZONE = "America/New_York"

    assert day(datetime(2026, 1, 10, 4, 59, tzinfo=UTC)) == "01/09/2026"
