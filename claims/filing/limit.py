"""A filing limit: so long after one day, never longer than so long after another; pure calendar.

The day it counts from (the basis) differs: Medicare counts from the service whoever pays first, most later payers from
the answer of the payer before, Medi-Cal from the end of the month of service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cob.dates import add_business_days, add_months, first_day, is_business_day, last_day, month_of


class Position(StrEnum):
    """For which sending a limit holds."""

    PRIMARY = "primary"
    LATER = "later"
    CORRECTED = "corrected"
    TAKEN_BACK = "taken_back"


class Basis(StrEnum):
    """The day a limit counts from."""

    SERVICE = "service"
    MONTH_END = "month_end"
    YEAR_END = "year_end"
    EARLIER_ANSWER = "earlier_answer"
    OWN_ANSWER = "own_answer"
    TAKEN_BACK = "taken_back"


class Unit(StrEnum):
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


class Sure(StrEnum):
    """How far a limit may be trusted: law and what the practice kept stop a claim, everything else warns."""

    LAW = "law"
    KEPT = "kept"
    PUBLISHED = "published"
    ASSUMED = "assumed"


BASIS_WORDS = {
    Basis.SERVICE: "the last day of service",
    Basis.MONTH_END: "the end of the month of service",
    Basis.YEAR_END: "the end of the year of service",
    Basis.EARLIER_ANSWER: "the answer of the payer before",
    Basis.OWN_ANSWER: "its own answer",
    Basis.TAKEN_BACK: "the day another payer took its money back",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """`length` in `unit` after `basis`; `cap_days` after the last day of service at the latest; `rolls`: a weekend or
    federal holiday moves it to the next business day; `silent_days`: after so long without an answer of the payer
    before, this payer takes the claim without one."""

    basis: Basis
    length: int
    unit: Unit = Unit.DAYS
    cap_days: int | None = None
    rolls: bool = False
    silent_days: int | None = None
    source: str = ""
    sure: Sure = Sure.ASSUMED

    @property
    def is_firm(self) -> bool:
        """Whether it may stop a claim."""
        return self.sure in (Sure.LAW, Sure.KEPT)

    @property
    def in_words(self) -> str:
        """180 days after the answer of the payer before, at most 365 days after the service."""
        unit = self.unit.value[:-1] if self.length == 1 else self.unit.value
        cap = f", at most {self.cap_days} days after the service" if self.cap_days else ""
        silent = (
            f"; without an answer of the payer before from {self.silent_days} days on"
            if self.silent_days is not None
            else ""
        )
        rolls = "; a weekend or holiday moves it on" if self.rolls else ""
        return f"{self.length} {unit} after {BASIS_WORDS[self.basis]}{cap}{rolls}{silent}"


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one claim that a limit may count from; None where it has not happened."""

    service: date
    earlier_answer: date | None = None
    own_answer: date | None = None
    taken_back: date | None = None

    def of(self, basis: Basis) -> date | None:
        """The day of that basis."""
        return {
            Basis.SERVICE: self.service,
            Basis.MONTH_END: last_day(month_of(self.service)),
            Basis.YEAR_END: date(self.service.year, 12, 31),
            Basis.EARLIER_ANSWER: self.earlier_answer,
            Basis.OWN_ANSWER: self.own_answer,
            Basis.TAKEN_BACK: self.taken_back,
        }[basis]


def deadline(limit: Limit, days: Days) -> date | None:
    """The last day; None while the day it counts from has not come and nothing caps it."""
    start = days.of(limit.basis)
    ends = [after(start, limit)] if start else []
    if limit.cap_days is not None:
        ends.append(days.service + timedelta(days=limit.cap_days))
    if not ends:
        return None
    day = min(ends)
    return add_business_days(day, 0) if limit.rolls and not is_business_day(day) else day


def after(start: date, limit: Limit) -> date:
    """So long after a day; months from the last day of a month end on the last day of a month."""
    if limit.unit is Unit.DAYS:
        return start + timedelta(days=limit.length)
    months = limit.length * (12 if limit.unit is Unit.YEARS else 1)
    if limit.basis is Basis.MONTH_END:
        return first_day(month_of(start) + 1 + months) - timedelta(days=1)
    return add_months(start, months)
