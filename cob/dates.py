"""Calendar arithmetic of the payer rules: whole months as numbers, birthdays that a common year does not have.

A month is one integer (year x 12 + month − 1), so "month 31" is an addition and two months compare as numbers.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final

ONE_DAY: Final = timedelta(days=1)
IN_EVERY_MONTH: Final = 28


def month_of(day: date) -> int:
    """The month a day falls in."""
    return day.year * 12 + day.month - 1


def parse_month(text: str) -> int:
    """`YYYY-MM` as a month number."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def month_text(month: int) -> str:
    """A month number as `YYYY-MM`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of a month."""
    return date(month // 12, month % 12 + 1, calendar.monthrange(month // 12, month % 12 + 1)[1])


def eve(day: date) -> date:
    """The day before."""
    return day - ONE_DAY


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a month too short to have it."""
    month = month_of(day) + months
    if day.day <= IN_EVERY_MONTH:
        return date(month // 12, month % 12 + 1, day.day)
    return min(first_day(month) + timedelta(days=day.day - 1), last_day(month))


def birthdays(born: date, age: int) -> tuple[date, ...]:
    """The day somebody reaches an age: two readings for 29 February in a common year, else one."""
    year = born.year + age
    if born.month == 2 and born.day == 29 and not calendar.isleap(year):
        return date(year, 2, 28), date(year, 3, 1)
    return (date(year, born.month, born.day),)


def yearly_day(year: int, month_day: str) -> date:
    """A month-day (`MM-DD`) in a year; a day that year lacks falls on the last of its month."""
    month, day = int(month_day[:2]), int(month_day[3:])
    if day <= IN_EVERY_MONTH:
        return date(year, month, day)
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


@cache
def federal_holidays(year: int) -> frozenset[date]:
    """The federal holidays kept in a year, on the weekday they are observed (5 USC 6103)."""
    kept = {_observed(day) for day in _fixed_holidays(year)} | _movable_holidays(year)
    # New Year's Day on a Saturday is kept on the last day of the year before.
    kept.add(_observed(date(year + 1, 1, 1)))
    return frozenset(day for day in kept if day.year == year)


def _fixed_holidays(year: int) -> list[date]:
    days = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    return [*days, date(year, 6, 19)] if year >= 2021 else days


def _movable_holidays(year: int) -> set[date]:
    thanksgiving = _nth_weekday(year, 11, 3, 4)
    mondays = {_nth_weekday(year, month, 0, nth) for month, nth in ((1, 3), (2, 3), (9, 1), (10, 2))}
    last_of_may = date(year, 5, 31)
    return mondays | {thanksgiving, last_of_may - timedelta(days=last_of_may.weekday())}


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _observed(day: date) -> date:
    """Saturday's holiday is kept on Friday, Sunday's on Monday."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def is_business_day(day: date) -> bool:
    """Monday to Friday and no federal holiday."""
    return day.weekday() < 5 and day not in federal_holidays(day.year)


@lru_cache(maxsize=4096)
def business_days_between(start: date, end: date) -> int:
    """Business days after `start` up to and including `end`; 0 when `end` is not later."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    weekdays = weeks * 5 + sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))
    holidays = (day for year in range(start.year, end.year + 1) for day in federal_holidays(year))
    return weekdays - sum(start < day <= end for day in holidays)


@lru_cache(maxsize=4096)
def add_business_days(day: date, count: int) -> date:
    """The business day `count` business days after `day`; for 0 the day itself, or the next business day."""
    moved = 0
    while moved < count or not is_business_day(day):
        day += ONE_DAY
        moved += is_business_day(day)
    return day


def business_days_before(day: date, count: int) -> date:
    """The latest day from which `count` business days have gone by up to `day`."""
    while count > 0:
        count -= is_business_day(day)
        day -= ONE_DAY
    return day
