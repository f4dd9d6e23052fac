"""The kidney clock: when Medicare for kidney failure could begin, its thirty months, and when it ends.

Months are whole calendar months. The clock starts with the first month of eligibility, applied for or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from cob.dates import add_months, eve, first_day, month_of
from cob.rules.order import employment
from cob.rules.order.visit import KIDNEY_DATES, Visit
from cob.rules.reading import rule

NEVER: Final = "never"
FACTS: Final = frozenset([f"medicare.esrd.{name}" for name in KIDNEY_DATES])


class Clock:
    """The kidney state in the month of service: "none", "first" (any group plan first), "after" or "ended". Of an
    ended period also whether group plans were still first then.
    """

    __slots__ = ("phase", "start", "was_first")

    def __init__(self, phase: str, start: int = 0, *, was_first: bool = False) -> None:
        self.phase, self.start, self.was_first = phase, start, was_first

    def key(self, turns: Sequence[int]) -> tuple[object, ...]:
        """What the rest of the law can tell two clocks apart by."""
        return self.phase, self.was_first, tuple(month < self.start for month in turns)


NO_CLOCK: Final = Clock("none")


def clock(visit: Visit) -> Clock:
    """The kidney state; several unknown dates that come to the same are not asked apart."""
    if not has_kidney_failure(visit):
        return NO_CLOCK
    return visit.settle("?medicare.esrd", lambda: _clock(visit), lambda: FACTS, lambda one: one.key(_turns(visit)))


def day_before(start: int) -> date:
    """The last day before the clock starts."""
    return eve(first_day(start))


def has_kidney_failure(visit: Visit) -> bool:
    """Whether kidney failure is in the picture at all: held as a basis, or dated."""
    if visit.kidney_date is not None:
        visit.trace.used[visit.kidney_date] = None
        return True
    return "esrd" in visit.bases()


class Spell:
    """One stretch of kidney Medicare: its first month, whether on dialysis, and a transplant within it."""

    __slots__ = ("dialysed", "start", "transplant")

    def __init__(self, start: int, *, dialysed: bool, transplant: date | None) -> None:
        self.start, self.dialysed, self.transplant = start, dialysed, transplant


def _clock(visit: Visit) -> Clock:
    spell = _spell(visit)
    length = visit.law("msp.kidney.months")
    if visit.month < spell.start:
        return Clock("none", spell.start)
    end = _end(visit, spell)
    if end is not None and visit.month > end:
        kidney_medicare_ended(visit)
        return Clock("ended", spell.start, was_first=visit.month < spell.start + length)
    return Clock("first" if visit.month < spell.start + length else "after", spell.start)


def _day(visit: Visit, name: str, *might_be: Any) -> date | None:
    """One kidney date, None when it never happened."""
    said = visit.fact(f"medicare.esrd.{name}", getattr(visit.kidney(), name), might_be)
    return said if isinstance(said, date) else None


def _spell(visit: Visit) -> Spell:
    """The spell the day of service falls in."""
    again = visit.glance("medicare.esrd.new_period_from", visit.kidney().new_period_from)
    if isinstance(again, date) and month_of(again) <= visit.month:
        start, transplant = new_spell(visit, again), _day(visit, "transplant", NEVER, first_day(visit.month))
        later = transplant if transplant is not None and month_of(transplant) >= start else None
        # Somebody never on dialysis has the new spell by the transplant, which then ends it.
        dialysed = later is None or _day(visit, "first_dialysis", NEVER, again) is not None
        return Spell(start, dialysed=dialysed, transplant=later)
    dialysis = _day(visit, "first_dialysis", *_possible_dialysis(visit))
    transplant = _day(visit, "transplant", *_possible_transplant(visit, dialysis))
    held = visit.bases().get("esrd")
    # Of one event alone the clock cannot have started later than the entitlement on file.
    latest = held if (dialysis is None) != (transplant is None) else None
    starts = [_dialysis_start(visit, dialysis, latest)] if dialysis else []
    starts += [transplant_start(visit, transplant, latest)] if transplant else []
    start = min(starts) if starts else held if held is not None else visit.month
    return Spell(start, dialysed=dialysis is not None or not starts, transplant=transplant)


def _turns(visit: Visit) -> list[int]:
    """The months that matter for a clock with another basis: one that starts later than such a month finds other
    things to have been so on its eve (the other basis held, 65 reached, the work ended, other counts of employees).
    """
    others = [month for name, month in visit.bases().items() if name != "esrd"]
    if not others:
        return []
    jobs = [plan for plan in visit.plans.values() if plan.group and not plan.is_out()]
    days = [employment.work_ended(plan) for plan in jobs]
    days += [day for plan in jobs for day in employment.counts_turn(plan)]
    months = [*others, visit.aged_from(), *[month_of(day) for day in days if day is not None]]
    return sorted({month for month in months if month is not None}, reverse=True)


def _possible_starts(visit: Visit, latest: int) -> list[int]:
    """A month of each kind in which the clock may have started: in the thirty months, apart by what was so on its
    eve, and before them.
    """
    expired = visit.month - visit.law("msp.kidney.months")
    inside = [start for start in (latest, *_turns(visit)) if expired < start <= latest]
    return [*dict.fromkeys(inside), min(latest, expired - 1)]


def _possible_dialysis(visit: Visit) -> list[Any]:
    """First days of dialysis that start the clock in each of those months, as far as the other facts allow."""
    held, kidney, waiting = visit.bases().get("esrd"), visit.kidney(), visit.law("msp.kidney.waiting")
    bounds = [visit.month, *([held] if held is not None else [])]
    # Nobody trained for home dialysis, or stopped, before it began.
    bounds += [month_of(kidney.self_training_start)] if isinstance(kidney.self_training_start, date) else []
    bounds += [month_of(kidney.dialysis_end) + waiting] if isinstance(kidney.dialysis_end, date) else []
    days: list[Any] = [first_day(start - waiting) for start in _possible_starts(visit, min(bounds))]
    return [*days, NEVER] if _transplant_alone(visit, held) else days


def _transplant_alone(visit: Visit, held: int | None) -> bool:
    """Whether a transplant without dialysis could have begun the entitlement on file."""
    transplant = visit.kidney().transplant
    if transplant is None:
        return visit.kidney().dialysis_end == NEVER
    if not isinstance(transplant, date):
        return False
    return held is None or month_of(transplant) - visit.law("msp.kidney.admission") <= held


def _possible_transplant(visit: Visit, dialysis: date | None) -> list[Any]:
    held, waiting = visit.bases().get("esrd"), visit.law("msp.kidney.waiting")
    starts = _possible_starts(visit, visit.month if held is None else min(visit.month, held))
    if dialysis is None:
        # Without another basis Medicare is still there only because the kidney months have not ended.
        over = first_day(visit.month - visit.law("msp.kidney.after_transplant") - 1)
        other_basis = [over] if visit.bases().keys() - {"esrd"} else []
        return [*_transplants(visit, starts), *other_basis]
    ended = visit.kidney().dialysis_end
    # The latest that keeps kidney Medicare from ending with dialysis.
    latest = [month_of(ended) + visit.law("msp.kidney.after_dialysis")] if isinstance(ended, date) else []
    prolonging = [first_day(min(visit.month, month)) for month in latest]
    # One before the dialysis, a kidney that failed again, began the clock itself.
    sooner = [start for start in starts if start < month_of(dialysis) + waiting]
    return list(dict.fromkeys([NEVER, *prolonging, *_transplants(visit, sooner)]))


def _transplants(visit: Visit, starts: Sequence[int]) -> list[date]:
    return [first_day(_transplant_month(visit, start)) for start in starts]


def _transplant_month(visit: Visit, start: int) -> int:
    """A month of transplant that starts the clock in that month and no sooner, whatever the admission on file."""
    admitted, gap = visit.kidney().preop_admission, visit.law("msp.kidney.admission")
    too_early = isinstance(admitted, date) and month_of(admitted) < start
    return min(start + gap, visit.month) if too_early else start


@rule("MSP-ESRD-START", "42 CFR 411.162(b)(2)", "42 CFR 406.13(e)(2)", "42 USC 426-1(b)(1)(A)")
def waited_months(visit: Visit, dialysis: date) -> int:
    """The kidney clock starts with the third month after the month dialysis began, signed up or not."""
    visit.note(waited_months)
    return month_of(dialysis) + visit.law("msp.kidney.waiting")


def _dialysis_start(visit: Visit, dialysis: date, latest: int | None) -> int:
    waited = waited_months(visit, dialysis)
    must_have_trained = latest is not None and latest < waited
    training = _day(visit, "self_training_start", *([] if must_have_trained else [NEVER]), dialysis)
    return home_training(visit, dialysis) if training and month_of(training) < waited else waited


@rule("MSP-ESRD-HOME", "42 CFR 406.13(e)(4)")
def home_training(visit: Visit, dialysis: date) -> int:
    """Training for home dialysis begun in the waiting months: the clock starts with the month dialysis began."""
    visit.note(home_training)
    return month_of(dialysis)


@rule("MSP-ESRD-TX", "42 CFR 406.13(e)(3)")
def transplant_start(visit: Visit, transplant: date, latest: int | None) -> int:
    """A transplant starts the clock that month, in the month of an admission up to two months before, or else two
    months before.
    """
    visit.note(transplant_start)
    gap, month = visit.law("msp.kidney.admission"), month_of(transplant)
    possible = {NEVER: month, add_months(transplant, -1): month - 1, add_months(transplant, -gap - 1): month - gap}
    fitting = [when for when, start in possible.items() if latest is None or start <= latest]
    admitted = _day(visit, "preop_admission", *(fitting or possible))
    if admitted is None or admitted > transplant:
        return month
    return month_of(admitted) if month <= month_of(admitted) + gap else month - gap


@rule("MSP-ESRD-NEW", "42 CFR 411.162(f)", "42 CFR 406.13(g)(3)")
def new_spell(visit: Visit, again: date) -> int:
    """A new spell of kidney Medicare gets a new thirty months, without a waiting period."""
    visit.note(new_spell)
    return month_of(again)


def _end(visit: Visit, spell: Spell) -> int | None:
    """The last month of kidney Medicare: none while dialysis goes on."""
    ends = []
    if spell.transplant is not None:
        ends.append(month_of(spell.transplant) + visit.law("msp.kidney.after_transplant"))
    if spell.dialysed:
        stopped = _stopped(visit, spell.start)
        if stopped is None:
            return None
        ends.append(month_of(stopped) + visit.law("msp.kidney.after_dialysis"))
    return max(ends)


def _stopped(visit: Visit, start: int) -> date | None:
    """The day dialysis stopped in this spell."""
    long_enough_ago = visit.month - visit.law("msp.kidney.after_dialysis") - 1
    ended = [first_day(long_enough_ago)] if long_enough_ago >= start else []
    stopped = _day(visit, "dialysis_end", NEVER, *ended)
    return stopped if stopped is not None and month_of(stopped) >= start - visit.law("msp.kidney.waiting") else None


@rule("MSP-ESRD-END", "42 CFR 406.13(f)", "42 USC 426-1(b)(2)")
def kidney_medicare_ended(visit: Visit) -> None:
    """Kidney Medicare has ended, so the rules for age and disability are back."""
    visit.note(kidney_medicare_ended)


@rule("MSP-ESRD-LATE", "42 CFR 411.162(d)(7)-(8)")
def enrolled_late(visit: Visit, start: int) -> bool:
    """Signing up for Medicare late does not move the kidney clock; only what is left of the months counts."""
    part_a = visit.told_medicare and visit.told_medicare.part_a
    enrolled = visit.glance("medicare.part_a.from", part_a.from_ if part_a else None)
    late = enrolled is not None and month_of(enrolled) > start
    if late:
        visit.note(enrolled_late)
    return late
