"""The life of denials in a queue, reckoned day by day as on a sheet of paper, without any of the desk's own code.

One line a denial: when it came, when somebody touched it, how long it waited, when it was settled. Out of it: the days
on which it reached each level.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
# Federal holidays kept in the quarter (Independence Day 2026 is a Saturday: kept on Friday).
CLOSED = {date(2026, 7, 3), date(2026, 9, 7)}
PROMISE, UNTOUCHED = 5, 3


@dataclass(frozen=True)
class Line:
    """One denial of the script. Days are those on which things happen, at noon, after the morning's job."""

    answered: date
    brought: date
    settled: date | None
    touched: tuple[date, ...]
    aside: date | None  # set aside on this day …
    until: date | None  # … until the morning of this one
    limit: date
    cents: int


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in CLOSED


def between(start: date, end: date) -> int:
    """Business days after the first up to the second."""
    count, day = 0, start
    while day < end:
        day += DAY
        count += works(day)
    return count


def after(day: date, count: int) -> date:
    while count > 0 or not works(day):
        day += DAY
        count -= works(day)
    return day


def levels(line: Line, last: date) -> dict[int, date]:
    """Level → the day on which the job of that day finds it reached, from the day it was brought to the last."""
    found: dict[int, date] = {}
    due, touched, day = after(line.answered, PROMISE), line.answered, line.brought
    while day <= last and (line.settled is None or day <= line.settled):
        if line.until == day:
            due, touched = after(due, between(line.aside, line.until)), day
        waits = line.aside is not None and line.aside < day < line.until
        for level in _reached(line, day, due, touched, waits):
            found.setdefault(level, day)
        # What people do comes after the morning's job, and before the next one.
        if day in line.touched or day == line.aside:
            touched = day
        day += DAY
    return found


def _reached(line: Line, day: date, due: date, touched: date, waits: bool) -> list[int]:
    """The general ladder and the queue's own, as they are written in the catalogue."""
    left = (line.limit - day).days
    late = 0 if waits or day <= due else 1 + between(due, day - DAY) // PROMISE
    one = late >= 1 or (not waits and between(touched, day) >= UNTOUCHED)
    two = late >= 2 or left <= 30
    three = late >= 3 or left <= 14 or line.cents >= 250_000
    four = left <= 5
    return [level for level, holds in enumerate((one, two, three, four), 1) if holds]
