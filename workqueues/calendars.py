"""The days on which a site works: our promises count them, limits set by others count every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cob.dates import ONE_DAY, federal_holidays

WEEK = 7


class NoBusinessDays(ValueError):
    """A calendar without a single working day: no promise could ever be kept by it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which weekdays are worked (0: Monday), whether federal holidays are kept, and the days that differ."""

    weekdays: frozenset[int] = frozenset(range(5))
    keeps_federal: bool = True
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays & set(range(WEEK)):
            raise NoBusinessDays("A calendar needs at least one weekday on which somebody works.")

    def is_open(self, day: date) -> bool:
        if day in self.opened:
            return True
        return day.weekday() in self.weekdays and day not in self.closed and not self._is_holiday(day)

    def between(self, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`; 0 when `end` is not later."""
        if end <= start:
            return 0
        weeks, rest = divmod((end - start).days, WEEK)
        worked = weeks * len(self.weekdays)
        worked += sum((start + timedelta(days=n)).weekday() in self.weekdays for n in range(1, rest + 1))
        off = {day for day in self._days_off(start, end) if day.weekday() in self.weekdays and day not in self.opened}
        # A day opened on purpose counts once, on a weekday that is worked anyway as well.
        extra = sum(start < day <= end and day.weekday() not in self.weekdays for day in self.opened)
        return worked - sum(start < day <= end for day in off) + extra

    def add(self, day: date, count: int) -> date:
        """The business day `count` business days after `day`; for 0 the day itself, or the next business day."""
        moved = 0
        while moved < count or not self.is_open(day):
            day += ONE_DAY
            moved += self.is_open(day)
        return day

    def before(self, day: date, count: int) -> date:
        """The latest day from which `count` business days have gone by up to `day`."""
        while count > 0:
            count -= self.is_open(day)
            day -= ONE_DAY
        return day

    def _is_holiday(self, day: date) -> bool:
        return self.keeps_federal and day in federal_holidays(day.year)

    def _days_off(self, start: date, end: date) -> frozenset[date]:
        if not self.keeps_federal:
            return self.closed
        years = (federal_holidays(year) for year in range(start.year, end.year + 1))
        return self.closed.union(*years)


STANDARD = Calendar()
