"""Current employment, as Medicare counts it, and the size of the employer (42 CFR 411.101, .104, .170).

Not the same as active or retired in the model act: somebody furloughed still works here and is laid off there.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from cob.dates import add_months
from cob.rules.order.case import Employer, Employment
from cob.rules.order.plan import Plan
from cob.rules.order.size import size_reaches
from cob.rules.reading import rule

JOB_HELD: Final = frozenset({"on_leave_job_held", "furlough", "seasonal_break", "hours_bank"})
ENDS_WITH_THE_JOB: Final = JOB_HELD | {"working", "clergy"}
ABOUT_THE_JOB: Final = (
    *[f"employment.{name}" for name in Employment.model_fields],
    *[f"employer.{name}" for name in Employer.model_fields],
    "paid_after_medicare_before_esrd",
)
# What the counts on file are counts of; the law may draw its line elsewhere.
WEEKS_COUNT: Final = 20
DAYS_COUNT: Final = 100
# Said of an employer whatever the year; the other facts are counts of one.
OF_ANY_YEAR: Final = frozenset({"size", "largest_member", "small_employer_exception"})


def currently_employed(plan: Plan) -> bool:
    """Whether the subscriber has current employment status with the plan's employer on the day of service."""
    last = plan.glance("employment.last_day", plan.employment.last_day)
    if isinstance(last, date) and plan.visit.day <= last:
        return True
    status = plan.ask("employment.status", plan.employment.status, "working", "retired")
    if isinstance(last, date) and status in ENDS_WITH_THE_JOB:
        return False
    return _by_status(plan, status)


def employed_on(plan: Plan, day: date) -> bool:
    """The same on an earlier day. Somebody still employed then counts as employed now; of somebody who is not, the
    end of disability pay decides, or else the last day at work.
    """
    known = plan.employment.last_day
    if known == "never":
        return True
    if known is None and plan.continuation() == "none":
        if _is_on_disability_pay(plan):
            return _pay_ran_on(plan, day)
        if currently_employed(plan):
            return True
    return plan.ask("employment.last_day", known, add_months(day, -12), day) >= day


def work_ended(plan: Plan) -> date | None:
    """The first day without current employment, as far as the file tells."""
    last = plan.glance("employment.last_day", plan.employment.last_day)
    if isinstance(last, date):
        return last + timedelta(days=1)
    started = plan.glance("employment.disability_pay_start", plan.employment.disability_pay_start)
    if not isinstance(started, date) or not _is_on_disability_pay(plan):
        return None
    return add_months(started, plan.visit.law("msp.disability_pay.months"))


def _is_on_disability_pay(plan: Plan) -> bool:
    return plan.glance("employment.status", plan.employment.status) == "disability_pay"


def _by_status(plan: Plan, status: str) -> bool:
    if status == "working":
        return True
    if status in JOB_HELD:
        return job_held(plan)
    if status == "disability_pay":
        return disability_pay(plan)
    if status in ("self_employed", "director"):
        return self_employed(plan)
    if status == "rehired_retiree":
        return rehired(plan)
    if status in ("clergy", "religious_order"):
        return clergy(plan, status)
    if status == "severance":
        plan.visit.note(late_pay)
    return False


@rule("MSP-CES", "42 CFR 411.104(a)(2)(ii)", "42 CFR 411.104(b)")
def job_held(plan: Plan) -> bool:
    """Sick leave, furlough, a seasonal break or banked hours count as working while the job is held."""
    plan.visit.note(job_held)
    return not plan.ask("employment.on_ssdi", plan.employment.on_ssdi, False, True)


@rule("MSP-CES-DIS6", "42 CFR 411.104(a)(2)(i)")
def disability_pay(plan: Plan) -> bool:
    """Disability pay from the employer counts as working for six months only."""
    plan.visit.note(disability_pay)
    day = plan.visit.day
    started = _pay_started(plan, day)
    return started is not None and started <= day < add_months(started, plan.visit.law("msp.disability_pay.months"))


def _pay_ran_on(plan: Plan, day: date) -> bool:
    """Whether on an earlier day the pay had not run out; before it began the person was at work."""
    plan.visit.note(disability_pay)
    started = _pay_started(plan, day)
    return started is None or day < add_months(started, plan.visit.law("msp.disability_pay.months"))


def _pay_started(plan: Plan, day: date) -> date | None:
    """The first day of disability pay; unknown, it is tried as still counting on a day and as no longer counting."""
    path, known = plan.root + "employment.disability_pay_start", plan.employment.disability_pay_start
    run_out = add_months(day, -plan.visit.law("msp.disability_pay.months"))
    return plan.visit.day_of(path, known, (day, run_out))


@rule("MSP-CES-SELF", "42 CFR 411.104(d)", "42 USC 411(b)(2)")
def self_employed(plan: Plan) -> bool:
    """Self-employment counts only if last year's net earnings reached the Social Security minimum."""
    plan.visit.note(self_employed)
    least = plan.visit.law("msp.self_employed.cents")
    told = None if _years_on(plan, plan.visit.day) else plan.employment.prior_year_net_cents
    return plan.ask("employment.prior_year_net_cents", told, least, least - 1) >= least


@rule("MSP-CES-REHIRE", "42 CFR 411.172(d)")
def rehired(plan: Plan) -> bool:
    """A rehired retiree who works enough to earn the plan counts as working, even on the retiree plan."""
    plan.visit.note(rehired)
    return plan.ask("employment.rehired_qualifies", plan.employment.rehired_qualifies, True, False)


@rule("MSP-CES-CLERGY", "42 CFR 411.104(e)", "42 USC 1395y(b)(1)(D)")
def clergy(plan: Plan, status: str) -> bool:
    """Clergy paid in cash count as working; members of an order under a vow of poverty do not."""
    plan.visit.note(clergy)
    return status == "clergy"


@rule("MSP-CES-DELAY", "42 CFR 411.104(f)")
def late_pay() -> None:
    """Severance or pay that comes late is not current work."""


@rule("MSP-SIZE-20", "42 CFR 411.170(a)(2)(i)", "42 USC 1395y(b)(1)(E)(i)")
def has_20(plan: Plan, on: date | None = None) -> bool:
    """Twenty or more employees in twenty weeks of this year, once the twentieth week is complete, or of last year."""
    plan.visit.note(has_20)
    day = on or plan.visit.day
    least = plan.visit.law("msp.working_aged.employees")
    this, last = _weeks_this_year(plan, day), _weeks_last_year(plan, day.year - 1)
    if (this or last) and least <= WEEKS_COUNT:
        return True
    if this is False and last is False and least >= WEEKS_COUNT:
        return False
    size = plan.glance("employer.size", plan.employer.size)
    # What one year lacks is asked as that year's count only where the year is the one that name means.
    if size is not None or (this is None and last is None) or least != WEEKS_COUNT or _years_on(plan, day):
        return size_reaches(plan, "employer.size", size, least)
    missing = "meets_20_this_year" if this is None else "meets_20_last_year"
    return plan.ask(f"employer.{missing}", None, True, False)


def _weeks_this_year(plan: Plan, day: date) -> bool | None:
    """Whether twenty weeks of a day's year are complete by that day; None where nobody said."""
    week = _twentieth_week(plan)
    if isinstance(week, date) and week.year == day.year:
        return week <= day
    said = _told_of_year(plan, day.year)
    return False if said is None and week == "never" and _years_on(plan, day) <= 0 else said


def _weeks_last_year(plan: Plan, year: int) -> bool | None:
    """The same of a year that is over. What was not complete by the visit may have become so by the end of its year."""
    week = _twentieth_week(plan)
    if isinstance(week, date) and week.year == year:
        return True
    said = _told_of_year(plan, year)
    return said if year < plan.visit.dos.year else said or None


def _twentieth_week(plan: Plan) -> object:
    return plan.glance("employer.twentieth_week_ends", plan.employer.twentieth_week_ends)


def _told_of_year(plan: Plan, year: int) -> bool | None:
    """What the file says of a year's weeks: its "this year" is the year of the visit."""
    name = {0: "meets_20_this_year", 1: "meets_20_last_year"}.get(plan.visit.dos.year - year)
    return None if name is None else plan.glance(f"employer.{name}", getattr(plan.employer, name))


def _years_on(plan: Plan, day: date) -> int:
    """How many years after the visit a day is."""
    return day.year - plan.visit.dos.year


@rule("MSP-SIZE-100", "42 CFR 411.101", "26 USC 5000(b)(2)")
def has_100(plan: Plan, on: date | None = None) -> bool:
    """A hundred or more employees on at least half of the business days of last calendar year."""
    plan.visit.note(has_100)
    least = plan.visit.law("msp.disabled.employees")
    told = None if _years_on(plan, on or plan.visit.day) else plan.employer.meets_100_last_year
    said = plan.glance("employer.meets_100_last_year", told)
    if said is not None and (least == DAYS_COUNT or said is (least < DAYS_COUNT)):
        return said
    return size_reaches(plan, "employer.size", plan.employer.size, least)


def counts_turn(plan: Plan) -> list[date]:
    """Days from which the counts on file say another thing of the employer's size than before."""
    week, this_year = _twentieth_week(plan), plan.visit.dos.year
    years = {this_year - 1, this_year} if plan.employer.__pydantic_fields_set__ - OF_ANY_YEAR else set()
    if isinstance(week, date):
        years |= {week.year, week.year + 1, week.year + 2}
    return [*([week] if isinstance(week, date) else []), *[date(year, 1, 1) for year in sorted(years)]]


def a_member_has_20(plan: Plan) -> bool:
    """Whether the largest employer in a multi-employer plan is large enough for the working aged."""
    return _member_reaches(plan, plan.visit.law("msp.working_aged.employees"))


def a_member_has_100(plan: Plan) -> bool:
    """The same for the disabled."""
    return _member_reaches(plan, plan.visit.law("msp.disabled.employees"))


def _member_reaches(plan: Plan, least: int) -> bool:
    return size_reaches(plan, "employer.largest_member", plan.employer.largest_member, least)
