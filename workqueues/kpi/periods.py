"""The practice's weeks: ISO weeks, Monday to Sunday, written 2026-W46."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"([0-9]{4})-W([0-9]{2})")


class BadWeek(ValueError):
    """A week that was not written as one; the message says how."""


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One week by its Monday.

    >>> Week.parse("2026-W46").first
    datetime.date(2026, 11, 9)
    """

    first: date

    @classmethod
    def of(cls, day: date) -> Week:
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text: str) -> Week:
        """Raises BadWeek for anything but an ISO week of which every day is in the calendar."""
        found = _WRITTEN.fullmatch(text.strip())
        try:
            if found:
                last = date.fromisocalendar(int(found[1]), int(found[2]), 7)
                return cls.of(last)
        except (ValueError, OverflowError):
            pass
        raise BadWeek(f"“{text}” is not a week. Write the year and ISO week like 2026-W46.")

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)

    def __str__(self) -> str:
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"

    def back(self, weeks: int) -> Week:
        return Week(self.first - timedelta(weeks=weeks))


def weeks_to(last: Week, count: int) -> list[Week]:
    """`count` weeks ending with `last`, oldest first."""
    return [last.back(back) for back in range(count - 1, -1, -1)]
