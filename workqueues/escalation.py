"""The ladder: when an item goes to somebody higher, to whom and why.

Each rung tests one field of an item against one bound, so the same rule decides for one item here and for all of them
in one statement there. The rungs are this product's defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cob.cents import dollars
from cob.dates import ONE_DAY
from workqueues.calendars import STANDARD, Calendar

Test = Literal["overdue", "untouched", "age", "days", "silent", "limit", "needed", "ahead", "attempt", "money", "legal"]
# Our promise stands still while an item is set aside; its age and the limits set by others never do.
STANDS_STILL: frozenset[str] = frozenset({"overdue", "untouched"})
TO_WHOM = {1: "Team lead", 2: "Billing manager", 3: "Practice administrator", 4: "Compliance officer"}
MUST_DO = {
    1: "Reassign it or set a dated plan.",
    2: "Decide: appeal, file protectively, ask the payer's representative, or call all sides together.",
    3: "Go to the payer's provider relations or the regulator, or approve a write-off.",
    4: "Decide today and log it.",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One trigger of one level. `at` counts promises (overdue), business days (untouched, age, needed), days (days,
    silent: since it came in; limit, ahead: until), tries or cents."""

    level: int
    test: Test
    at: int
    says: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the ladder reads of one item."""

    due_on: date  # last day of our promise, pauses taken off
    entered_on: date
    touched_on: date
    sla_days: int
    amount_cents: int = 0
    attempt: int = 1
    limit_on: date | None = None
    needed_on: date | None = None
    has_legal_clock: bool = False
    is_waiting: bool = False
    was_reached: bool = False  # a contact since it came in got through to somebody


LADDER = (
    Rung(1, "overdue", 1, "Our promise to close it has passed."),
    Rung(1, "untouched", 3, "Nobody has touched it for 3 business days."),
    Rung(2, "overdue", 2, "Twice the promised time has passed."),
    Rung(2, "limit", 30, "A limit is at most 30 days away and nothing is accepted."),
    Rung(2, "attempt", 2, "The same way has failed a second time."),
    Rung(3, "overdue", 3, "Three times the promised time has passed."),
    Rung(3, "limit", 14, "A limit is at most 14 days away."),
    Rung(3, "money", 250_000, "$2,500 or more is at risk."),
    Rung(4, "limit", 5, "A limit is at most 5 days away."),
    Rung(4, "legal", 1, "A legal clock runs."),
)


TIMES = {1: "Our promise to close it has passed.", 2: "Twice the promised time has passed.",
         3: "Three times the promised time has passed."}  # fmt: skip


def says(rung: Rung, at: int) -> str:
    """The words of a general rung with another bound."""
    said = {
        "overdue": TIMES.get(at, f"{at} times the promised time has passed."),
        "untouched": f"Nobody has touched it for {at} business day{'' if at == 1 else 's'}.",
        "limit": f"A limit is at most {at} day{'' if at == 1 else 's'} away.",
        "attempt": f"The same way has failed {at} time{'' if at == 1 else 's'}.",
        "money": f"${dollars(at)} or more is at risk.",
    }
    return said[rung.test]


def bound(rung: Rung, today: date, sla_days: int, calendar: Calendar = STANDARD) -> date | int:
    """The rung holds for every item whose field is at or before this day, or at or above this number."""
    if rung.test == "overdue":
        return calendar.before(today - ONE_DAY, (rung.at - 1) * sla_days)
    if rung.test in ("untouched", "age"):
        return calendar.before(today, rung.at)
    if rung.test in ("days", "silent"):
        return today - timedelta(days=rung.at)
    if rung.test in ("limit", "ahead"):
        return today + timedelta(days=rung.at)
    return calendar.add(today, rung.at) if rung.test == "needed" else rung.at


def holds(rung: Rung, facts: Facts, today: date, calendar: Calendar = STANDARD) -> bool:
    """Whether one rung is reached."""
    if facts.is_waiting and rung.test in STANDS_STILL:
        return False
    if facts.was_reached and rung.test == "silent":
        return False
    edge = bound(rung, today, facts.sla_days, calendar)
    days = {
        "overdue": facts.due_on,
        "untouched": facts.touched_on,
        "age": facts.entered_on,
        "days": facts.entered_on,
        "silent": facts.entered_on,
        "limit": facts.limit_on,
        "needed": facts.needed_on,
        "ahead": facts.needed_on,
    }
    if rung.test in days:
        day = days[rung.test]
        return isinstance(edge, date) and day is not None and day <= edge
    count = {"attempt": facts.attempt, "money": facts.amount_cents, "legal": int(facts.has_legal_clock)}[rung.test]
    return isinstance(edge, int) and count >= edge


def reached(
    facts: Facts, today: date, rungs: tuple[Rung, ...] = LADDER, calendar: Calendar = STANDARD
) -> dict[int, Rung]:
    """Each level reached, with the first of these rungs that says so."""
    found: dict[int, Rung] = {}
    for rung in rungs:
        if rung.level not in found and holds(rung, facts, today, calendar):
            found[rung.level] = rung
    return dict(sorted(found.items()))
