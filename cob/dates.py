"""Calendar arithmetic of the payer rules: whole months as numbers, birthdays that a common year does not have.

A month is one integer (year x 12 + month − 1), so "month 31" is an addition and two months compare as numbers.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


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
    return min(first_day(month) + timedelta(days=day.day - 1), last_day(month))


def birthdays(born: date, age: int) -> tuple[date, ...]:
    """The day somebody reaches an age: two readings for 29 February in a common year, else one."""
    year = born.year + age
    if born.month == 2 and born.day == 29 and not calendar.isleap(year):
        return date(year, 2, 28), date(year, 3, 1)
    return (born.replace(year=year),)


def yearly_day(year: int, month_day: str) -> date:
    """A month-day (`MM-DD`) in a year; a day that year lacks falls on the last of its month."""
    month, day = int(month_day[:2]), int(month_day[3:])
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
