"""How long items have been open, in buckets; worked out when somebody looks, never stored.

Most queues count business days. Queues in which waiting is normal count calendar days in wider buckets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cob.dates import ONE_DAY
from workqueues.calendars import STANDARD, Calendar

BUSINESS, CALENDAR = (0, 3, 6, 11, 21, 31), (0, 16, 31, 46, 61)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Items that came in after `after` (exclusive) up to `until` (inclusive); None is open-ended."""

    key: str
    label: str
    after: date | None
    until: date | None


def age(entered: date, today: date, *, in_calendar_days: bool = False, calendar: Calendar = STANDARD) -> int:
    """Days open, of the kind the queue counts."""
    return max((today - entered).days, 0) if in_calendar_days else calendar.between(entered, today)


def buckets(
    today: date,
    *,
    in_calendar_days: bool = False,
    starts: Sequence[int] | None = None,
    calendar: Calendar = STANDARD,
) -> tuple[Bucket, ...]:
    """The buckets as spans of days of coming in, youngest first: a list can filter on them by its index.

    `starts` are the ages in days at which each bucket begins, the first 0.
    """
    starts = starts or (CALENDAR if in_calendar_days else BUSINESS)
    untils = [_until(today, start, calendar, in_calendar_days=in_calendar_days) for start in starts]
    found = []
    for at, start in enumerate(starts):
        last = starts[at + 1] - 1 if at + 1 < len(starts) else None
        label = f"{start}–{last}" if last is not None else f"{start}+"
        found.append(
            Bucket(
                key=label.replace("–", "-"),
                label=f"{label} days" if in_calendar_days else f"{label} business days",
                after=untils[at + 1] if last is not None else None,
                until=untils[at] if start else None,
            )
        )
    return tuple(found)


def _until(today: date, start: int, calendar: Calendar, *, in_calendar_days: bool) -> date:
    """The latest day of coming in at which an item is `start` days old; today and later for none."""
    if start == 0:
        return today + ONE_DAY
    return today - timedelta(days=start) if in_calendar_days else calendar.before(today, start)
