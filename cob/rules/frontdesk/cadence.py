"""When a coverage is verified again, and when the patient is asked again.

A verification counts for a visit when it is at most three days old on that day (seven for those who come every
week) and of the same month: plans end with months, so one of 31 October says nothing of 1 November. The first of the
month takes 1 January and most plan years with it; a plan year that begins inside a month is minded besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cob.dates import first_day, month_of, yearly_day
from cob.rules.frontdesk.leads import lead
from cob.rules.frontdesk.picture import ACCIDENT, MEDICARE, NOT_A_PLAN

# No eligibility answer exists for these: they are verified when they are taken in, and asked about at each visit.
CHECKED_ONCE: Final = ACCIDENT | NOT_A_PLAN | {"crime_victim"}


@dataclass(frozen=True, slots=True)
class Due:
    """By which day something is to be done, and why."""

    on: date
    why: str

    def is_due(self, today: date) -> bool:
        """From that day on, not before: a check made earlier would have to be made again."""
        return self.on <= today


def good_from(visit_on: date, *, comes_weekly: bool = False, plan_year_start: str = "") -> date:
    """The first day on which a verification counts for a visit. `plan_year_start` is MM-DD."""
    days = lead("verify_weekly_days" if comes_weekly else "verify_days")
    starts = [visit_on - timedelta(days=days), first_day(month_of(visit_on))]
    if plan_year_start:
        year = yearly_day(visit_on.year, plan_year_start)
        starts.append(year if year <= visit_on else yearly_day(visit_on.year - 1, plan_year_start))
    return max(starts)


def next_check_on(
    kind: str,
    *,
    verified_on: date | None,
    visit_on: date | None,
    today: date,
    comes_weekly: bool = False,
    plan_year_start: str = "",
) -> Due | None:
    """When the payer is asked again about a coverage; None when nothing is due because no visit is planned."""
    if verified_on is None:
        return Due(today, "It was never verified.")
    if kind in CHECKED_ONCE or visit_on is None or visit_on < today:
        return None
    counts = good_from(visit_on, comes_weekly=comes_weekly, plan_year_start=plan_year_start)
    if verified_on >= counts:
        return None
    return Due(counts, _why(counts, visit_on, comes_weekly))


def _why(counts: date, visit_on: date, comes_weekly: bool) -> str:
    if counts == date(visit_on.year, 1, 1):
        return "A new year began: benefits and plans change on January 1."
    if counts == first_day(month_of(visit_on)):
        return "A new month began: plans end with the month before."
    days = lead("verify_weekly_days" if comes_weekly else "verify_days")
    if counts == visit_on - timedelta(days=days):
        return f"A verification counts for {days} days before a visit."
    return "A new plan year began."


def form_due_on(full_on: date | None, *, today: date, has_flag: bool = False) -> Due | None:
    """When the full interview is due: yearly, and at once with a red flag that asks for something."""
    if full_on is None:
        return Due(today, "The full interview was never held.")
    yearly = full_on + timedelta(days=lead("form_days"))
    if has_flag and full_on < today:
        return Due(today, "A red flag stands.")
    return Due(yearly, "The full interview is held once a year.")


def msp_due_on(kinds: frozenset[str], last_on: date | None, *, today: date) -> Due | None:
    """When Medicare's questionnaire is due: every 90 days with Medicare, not with an Advantage plan."""
    if "medicare" not in kinds or not kinds.isdisjoint(MEDICARE - {"medicare"}):
        return None
    if last_on is None:
        return Due(today, "Medicare’s questionnaire was never filled in.")
    days = lead("msp_days")
    return Due(last_on + timedelta(days=days), f"Medicare’s questionnaire is good for {days} days.")
