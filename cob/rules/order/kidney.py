"""The kidney clock: when Medicare for kidney failure could begin, its thirty months, and when it ends.

Months are whole calendar months. The clock starts with the first month of eligibility, applied for or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cob.dates import add_months, eve, first_day, month_of, parse_month
from cob.rules.order.visit import KIDNEY_DATES, Visit
from cob.rules.reading import rule

NEVER: Final = "never"
FACTS: Final = frozenset([f"medicare.esrd.{name}" for name in KIDNEY_DATES])


@dataclass(frozen=True, slots=True)
class Clock:
    """The kidney state in the month of service."""

    phase: str  # "none" | "first" (any group plan first) | "after" | "ended"
    start: int = 0
    was_first: bool = False  # for an ended period: it ended while group plans were still first

    def key(self, others: tuple[int, ...]) -> tuple[object, ...]:
        """What the rest of the law can tell two clocks apart by."""
        return self.phase, self.was_first, tuple(month < self.start for month in others)


NO_CLOCK: Final = Clock("none")


def clock(visit: Visit) -> Clock:
    """The kidney state; several unknown dates that come to the same are not asked apart."""
    if not has_kidney_failure(visit):
        return NO_CLOCK
    basis = visit.case.medicare.basis if visit.case.medicare else None
    others = tuple(parse_month(month) for month in (basis and basis.age, basis and basis.disability) if month)
    return visit.settle("?medicare.esrd", lambda: _clock(visit), lambda: FACTS, lambda one: one.key(others))


def day_before(start: int) -> date:
    """The last day before the clock starts."""
    return eve(first_day(start))


def has_kidney_failure(visit: Visit) -> bool:
    """Whether kidney failure is in the picture at all: held as a basis, or dated."""
    if visit.kidney_date is not None:
        visit.trace.used[visit.kidney_date] = None
        return True
    return "esrd" in visit.bases()


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch of kidney Medicare: its first month, whether on dialysis, and a transplant within it."""

    start: int
    dialysed: bool
    transplant: date | None


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
        transplant = visit.kidney().transplant
        later = transplant if isinstance(transplant, date) and transplant > again else None
        return Spell(new_spell(visit, again), dialysed=True, transplant=later)
    dialysis = _day(visit, "first_dialysis", *_possible_dialysis(visit))
    transplant = _day(visit, "transplant", *_possible_transplant(visit, dialysis))
    held = visit.bases().get("esrd")
    # Of one event alone the clock cannot have started later than the entitlement on file.
    latest = held if (dialysis is None) != (transplant is None) else None
    starts = [_dialysis_start(visit, dialysis, latest)] if dialysis else []
    starts += [transplant_start(visit, transplant, latest)] if transplant else []
    start = min(starts) if starts else held if held is not None else visit.month
    return Spell(start, dialysis is not None or not starts, transplant)


def _possible_dialysis(visit: Visit) -> list[Any]:
    """Days that put the month of service inside and beyond the thirty months, as far as the entitlement allows."""
    held = visit.bases().get("esrd")
    waiting, length = visit.law("msp.kidney.waiting"), visit.law("msp.kidney.months")
    inside = min(visit.month, held) if held is not None else visit.month
    days: list[Any] = [first_day(inside - waiting)] if inside > visit.month - length else []
    days.append(first_day(visit.month - length - waiting - 6))
    return [*days, NEVER] if _transplant_alone(visit, held) else days


def _transplant_alone(visit: Visit, held: int | None) -> bool:
    """Whether a transplant without dialysis could have begun the entitlement on file."""
    transplant = visit.kidney().transplant
    if not isinstance(transplant, date):
        return False
    return held is None or month_of(transplant) - visit.law("msp.kidney.admission") <= held


def _possible_transplant(visit: Visit, dialysis: date | None) -> list[Any]:
    if dialysis is None:
        held, length = visit.bases().get("esrd"), visit.law("msp.kidney.months")
        inside = visit.month if held is None else min(visit.month, held)
        recent = [first_day(inside)] if inside > visit.month - length else []
        return [*recent, first_day(visit.month - length - 1)]
    ended = visit.kidney().dialysis_end
    return [NEVER, dialysis, *([ended] if isinstance(ended, date) and ended != dialysis else [])]


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
    part_a = visit.case.medicare and visit.case.medicare.part_a
    enrolled = visit.glance("medicare.part_a.from", part_a.from_ if part_a else None)
    late = enrolled is not None and month_of(enrolled) > start
    if late:
        visit.note(enrolled_late)
    return late
