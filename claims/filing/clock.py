"""A running limit of one claim at one payer: which, by which day, and why that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from claims.filing.limit import BASIS_WORDS, Basis, Days, Limit, Sure, deadline

SOON_DAYS = 30
NAMES = {1: "primary_filing", 2: "secondary_filing", 3: "tertiary_filing"}
PROTECTIVE, CORRECTED = "protective_filing", "corrected_filing"
LABELS = {PROTECTIVE: "File protectively by", CORRECTED: "Corrected claim by"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A running limit: what it is called in files out, its day, and why that day. `is_firm`: the law or the practice
    says so; otherwise the day is only the earliest that may hold. `silent_from`: the payer takes the claim without the
    answer of the payer before from that day on."""

    limit: str
    on: date
    because: str
    source: str = ""
    is_firm: bool = True
    silent_from: date | None = None

    @property
    def label(self) -> str:
        """What staff call it."""
        return LABELS.get(self.limit, "Filing limit")

    def days_left(self, today: date) -> int:
        """0 on the last day, negative once it has passed."""
        return (self.on - today).days


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a claim stands with the payer the clock is about: its name and place, the payer before and when that one
    was billed, and the days limits may count from."""

    place: int
    payer: str
    days: Days
    earlier: str = ""
    earlier_billed_on: date | None = None


def filing_clock(limit: Limit, at: Moment, *, taken_back: Limit | None = None) -> Clock | None:
    """The clock of a first sending; None while nothing runs. Where another payer took its money back and this payer
    has a limit for that, the later day holds."""
    on = deadline(limit, at.days)
    late = deadline(taken_back, at.days) if taken_back and at.days.taken_back else None
    if late and (on is None or late > on) and taken_back:
        return _clock(NAMES.get(at.place, f"filing_{at.place}"), late, taken_back, at)
    if on is None:
        return None
    waits = at.place > 1 and at.days.earlier_answer is None
    name = PROTECTIVE if waits else NAMES.get(at.place, f"filing_{at.place}")
    return _clock(name, on, limit, at)


def of_correction(limit: Limit, at: Moment) -> Clock | None:
    """The clock of a corrected claim; None before the payer has answered."""
    on = deadline(limit, at.days) if at.days.own_answer else None
    return _clock(CORRECTED, on, limit, at) if on else None


def _clock(name: str, on: date, limit: Limit, at: Moment) -> Clock:
    silent = limit.silent_days
    billed = at.earlier_billed_on if name == PROTECTIVE else None
    silent_from = billed + timedelta(days=silent) if silent is not None and billed else None
    return Clock(name, on, _because(name, limit, at), limit.source, limit.is_firm, silent_from)


def _because(name: str, limit: Limit, at: Moment) -> str:
    verb = "takes corrected claims until" if name == CORRECTED else "must have the claim"
    words = f"{at.payer} {verb} {limit.in_words}"
    start = at.days.of(limit.basis)
    if start and limit.basis not in (Basis.MONTH_END, Basis.YEAR_END):
        words += f" ({BASIS_WORDS[limit.basis].removeprefix('the ')}: {start:%m/%d/%Y})"
    if name == PROTECTIVE:
        words += f", whether or not {at.earlier} has answered"
    doubt = {
        Sure.ASSUMED: " Assumed: nobody has kept this payer's limit.",
        Sure.PUBLISHED: " Published, not confirmed for this practice.",
    }
    return f"{words}.{doubt.get(limit.sure, '')}"
