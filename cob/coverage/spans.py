"""Who covers a patient when: stretches of days between which the order may change, gaps, and one payer twice at once.

Pure: spans in, stretches out. Which order holds in a stretch is asked of the rules about one of its days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One coverage in time; an end nobody said and one that is open look alike here."""

    id: str
    payer: str
    first: date | None
    last: date | None

    def covers(self, day: date) -> bool:
        """Whether the day lies in it; an unknown start counts as begun."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which the same coverages are in force. `first` None: since before what is known; `last` None: no end."""

    first: date | None
    last: date | None
    ids: tuple[str, ...]

    @property
    def is_gap(self) -> bool:
        return not self.ids

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def asked_on(self) -> date | None:
        """The day the rules are asked about where nobody looks at another: its first, else its last one."""
        return self.first or self.last


def stretches(spans: Sequence[Span], also: Iterable[date] = ()) -> list[Stretch]:
    """The stretches from the first known day on; `also` are days on which the order changes for another reason."""
    starts = {span.first for span in spans if span.first}
    ends = {span.last + ONE_DAY for span in spans if span.last and span.last < date.max}
    days = sorted(starts | ends | set(also))
    firsts: list[date | None] = [None, *days]
    bounds = [(first, upto - ONE_DAY if upto else None) for first, upto in pairwise([*firsts, None])]
    found = [Stretch(first, last, _in_force(spans, first, last)) for first, last in bounds]
    return _trimmed(found)


def _in_force(spans: Sequence[Span], first: date | None, last: date | None) -> tuple[str, ...]:
    day = first or last
    if day is None:
        return tuple(span.id for span in spans)
    return tuple(span.id for span in spans if span.covers(day))


def _trimmed(found: list[Stretch]) -> list[Stretch]:
    """Nothing is said of the time before the first coverage and after the last one."""
    while found and found[0].is_gap:
        found.pop(0)
    while found and found[-1].is_gap and found[-1].last is None:
        found.pop()
    return found


def twice_at_once(spans: Sequence[Span]) -> list[tuple[Span, Span, date | None, date | None]]:
    """Of each payer the first pair whose days overlap, with the days they share: often one card entered twice."""
    found: dict[str, tuple[Span, Span, date | None, date | None]] = {}
    for one, other in combinations(spans, 2):
        first = max((span.first for span in (one, other) if span.first), default=None)
        last = min((span.last for span in (one, other) if span.last), default=None)
        if one.payer == other.payer and (first is None or last is None or first <= last):
            found.setdefault(one.payer, (one, other, first, last))
    return list(found.values())
