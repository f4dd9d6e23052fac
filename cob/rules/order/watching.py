"""Days on which a verdict changes by itself: an end of coverage, the 65th month, kidney month 31.

Candidates come from the dates on file; each is tried by asking the same question about that day.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date, timedelta
from typing import Final

from cob.dates import add_months, birthdays, first_day, month_of, yearly_day
from cob.rules.order.accidents import counted_from, may_bill_conditionally
from cob.rules.order.assemble import Order
from cob.rules.order.case import LATEST, Kidney, Part
from cob.rules.order.employment import OF_ANY_YEAR
from cob.rules.order.general import MAYBE_CHILDREN, last_days_by_age
from cob.rules.order.plan import NO_AGE_LIMIT, Plan
from cob.rules.order.verdict import Watch
from cob.rules.order.visit import Visit

ONE_DAY: Final = timedelta(days=1)
A_YEAR: Final = timedelta(days=366)
MOST: Final = 16
CAN_BE_LATE: Final = frozenset({"liability", "workers_comp", "no_fault", "medpay"})
ENDED: Final = "kidney Medicare has ended"


class Candidate:
    """A day on which the order may change, what happens then to which plan, and the coverage that certainly leaves the
    order then.
    """

    __slots__ = ("_happens", "_plan", "leaves", "on")

    def __init__(self, on: date, happens: str, plan: Plan | None = None, leaves: str | None = None) -> None:
        self.on, self._happens, self._plan, self.leaves = on, happens, plan, leaves

    @property
    def because(self) -> str:
        """Why, in words; most candidates change nothing, and nobody is told."""
        return self._happens if self._plan is None else self._happens.format(self._plan.name)


def changes(visit: Visit, order: Order, today: Sequence[Hashable], answer: Callable[[Visit], Hashable]) -> list[Watch]:
    """The days after the visit on which the verdict, as far as it is known, becomes another. `order` is today's,
    `today` what `answer` may say of today; `answer` is asked about each later day. The visit is used up by this.
    """
    ids = order.line.ids
    watch: list[Watch] = []
    prompt = _prompt_day(visit, order)
    days = _days(visit)
    known: frozenset[Hashable] | None = None
    for place, (day, happens) in enumerate(days):
        leave = [one for one in happens if one.leaves in ids]
        if leave:
            ids, known = [name for name in ids if name not in {one.leaves for one in leave}], None
            watch.append(Watch(day.isoformat(), _told(leave)))
            continue
        before = known
        if before is None:
            before = _answers(visit, days[place - 1][0], answer) if place else frozenset(today)
        known = _answers(visit, day, answer)
        if known != before:
            others = [one for one in happens if one.leaves is None]
            watch.append(Watch(day.isoformat(), _told(others or happens)))
            ids = []
    if prompt is not None:
        watch.append(prompt)
    return watch


def _answers(visit: Visit, day: date, answer: Callable[[Visit], Hashable]) -> frozenset[Hashable]:
    """What is said of a day; several answers where unknown facts come to matter then."""
    visit.move_to(day)
    return frozenset(leaf.result for leaf in visit.explore(lambda: answer(visit), same=_itself))


def _told(happens: list[Candidate]) -> str:
    """Everything that happens on a day, in an order that is nobody's listing."""
    return "; ".join(sorted({one.because for one in happens}))


def _itself(said: Hashable) -> Hashable:
    return said


class Calendar:
    """The days after a visit that may bring a change, each with what happens then: one kind of thing, that which is
    entered first, to all it happens to.
    """

    __slots__ = ("_fresh", "_known", "today")

    def __init__(self, today: date) -> None:
        self.today = today
        self._known: dict[date, list[Candidate]] = {}
        self._fresh: dict[date, list[Candidate]] = {}

    def enter(self, on: date, happens: str, plan: Plan | None = None, leaves: str | None = None) -> None:
        """Something of the kind now entered; nothing where the day is past, or known for another kind."""
        if self.today < on <= LATEST and on not in self._known:
            self._fresh.setdefault(on, []).append(Candidate(on, happens, plan, leaves))

    def enter_alone(self, on: date, happens: str) -> None:
        """Something that is of a kind of its own."""
        self.enter(on, happens)
        self.turn()

    def turn(self) -> None:
        """What is entered from now on is of another kind."""
        if self._fresh:
            self._known |= self._fresh
            self._fresh = {}

    def first(self, most: int) -> list[tuple[date, list[Candidate]]]:
        """The first days, in their order."""
        self.turn()
        return [(day, self._known[day]) for day in sorted(self._known)[:most]] if self._known else []


def _days(visit: Visit) -> list[tuple[date, list[Candidate]]]:
    """What may happen: to the cards, then the rest one by one, then to the jobs behind the cards."""
    calendar = Calendar(visit.day)
    plans = [plan for plan in visit.plans.values() if not _stays_out(plan)]
    for plan in plans:
        _enter_card(calendar, visit, plan)
    calendar.turn()
    if "tricare" in visit.kinds and (visit.case.military is None or visit.case.military.beneficiary is None):
        for day in _enlistment(visit):
            calendar.enter(day, "the patient is old enough for active duty")
        calendar.turn()
    benefits = visit.accident.no_fault
    if benefits is not None and isinstance(benefits.exhausted_on, date):
        calendar.enter_alone(benefits.exhausted_on + ONE_DAY, "the accident benefits have run out")
    if visit.told_medicare is not None:
        _enter_medicare(calendar, visit)
        for plan in plans:
            if plan.group:
                _enter_job(calendar, visit, plan)
    return calendar.first(MOST)


def _prompt_day(visit: Visit, order: Order) -> Watch | None:
    """The day from which Medicare may be billed conditionally: the last of the payers ahead is no longer prompt."""
    if not order.medicare_pays:
        return None
    waiting = [plan for plan in order.accident if not may_bill_conditionally(visit, plan)]
    days = [counted_from(visit, plan) for plan in waiting if plan.kind in CAN_BE_LATE and not _is_settled(visit, plan)]
    if not days or len(days) < len(waiting) or None in days:
        return None
    last = max(day for day in days if day is not None) + timedelta(days=visit.law("accidents.promptly.days") + 1)
    late = f"{' and '.join(plan.name for plan in waiting)} {'is' if len(waiting) == 1 else 'are'} no longer prompt"
    return Watch(last.isoformat(), f"{late}; Medicare may be billed conditionally")


def _is_settled(visit: Visit, plan: Plan) -> bool:
    """Whether money for the injury has been agreed on: no wait then lets Medicare be billed conditionally."""
    claims = {"workers_comp": visit.accident.workers_comp, "liability": visit.accident.liability}
    claim = claims.get(plan.kind)
    return claim is not None and claim.status == "settled"


def _enter_card(calendar: Calendar, visit: Visit, plan: Plan) -> None:
    if plan.kind != "medicare":
        _enter_plan(calendar, visit, plan)
    if plan.decree_notified_on is not None:
        _enter_decree(calendar, plan)


def _stays_out(plan: Plan) -> bool:
    """Whether a card is out on the day of the visit and on every later one."""
    starts = plan.effective
    return plan.is_out() and (plan.enrolled is False or starts is None or starts <= plan.visit.day)


def _enter_plan(calendar: Calendar, visit: Visit, plan: Plan) -> None:
    starts, last = plan.effective, plan.last_covered_day
    if starts is not None:
        calendar.enter(starts, "{} starts", plan)
    if last is not None:
        reaches = ONE_DAY if visit.options.term_date_is_last_day else timedelta()
        calendar.enter(last + reaches, "{} has ended", plan, plan.id)
        return
    if starts is not None and not plan.is_end_told:
        calendar.enter(starts + ONE_DAY, "{} may have ended", plan)  # on its first day it cannot have
    if plan.commercial and plan.kind not in NO_AGE_LIMIT and plan.known_relationship() in MAYBE_CHILDREN:
        _enter_age(calendar, visit, plan)


def _enter_job(calendar: Calendar, visit: Visit, plan: Plan) -> None:
    """The last day at work, the end of disability pay, and the days on which the count of employees can change."""
    job, employer = plan.employment.__dict__, plan.employer
    last, started, week = job["last_day"], job["disability_pay_start"], employer.twentieth_week_ends
    if isinstance(last, date):
        calendar.enter(last + ONE_DAY, "the employment behind {} has ended", plan)
    if isinstance(started, date):
        ends = add_months(started, visit.law("msp.disability_pay.months"))
        calendar.enter(ends, "six months of pay behind {} end", plan)
    if isinstance(week, date):
        calendar.enter(week, "the employer behind {} has had its twentieth week", plan)
    if job["prior_year_net_cents"] is not None:
        calendar.enter(date(visit.day.year + 1, 1, 1), "another year's earnings count for {}", plan)
    if not employer.__pydantic_fields_set__ <= OF_ANY_YEAR:
        for years in (1, 2):  # what one year's count settles lasts to the end of the next
            calendar.enter(date(visit.day.year + years, 1, 1), "a new year counts for the employer behind {}", plan)


def _enter_decree(calendar: Calendar, plan: Plan) -> None:
    """A court order counts from the day the plan knows of it, or from the plan year after that."""
    told, plan_year = plan.decree_notified_on, plan.coverage.plan_year_start
    if not isinstance(told, date):
        return
    calendar.enter(told, "{} knows of the court order", plan)
    if plan_year is None:  # it begins on some day of the year that follows, from the next day on
        calendar.enter(told + ONE_DAY, "a plan year of {} may begin that knows of the court order", plan)
        calendar.enter(told + A_YEAR, "a plan year of {} has begun that knows of the court order", plan)
        return
    starts = yearly_day(told.year, plan_year)
    if starts <= told:
        starts = yearly_day(told.year + 1, plan_year)
    calendar.enter(starts, "a plan year of {} begins that knows of the court order", plan)


def _enlistment(visit: Visit) -> tuple[date, ...]:
    """The day from which somebody may be a member on active duty; in a common year 29 February comes on 1 March."""
    born = visit.patient.birth_date
    return () if born is None else birthdays(born, visit.law("military.enlistment.years"))[-1:]


def _enter_age(calendar: Calendar, visit: Visit, plan: Plan) -> None:
    born = visit.patient.birth_date
    if born is None:
        return
    ends = [last + ONE_DAY for last in last_days_by_age(visit, born)]
    if plan.known_relationship() is None:
        for day in ends:
            calendar.enter(day, "cover as a child on {} would end with age", plan)
        a_year_on = add_months(max(ends) - ONE_DAY, 12) + ONE_DAY
        calendar.enter(a_year_on, "cover as a child on {} would be a year past", plan)
        return
    leaves = None if visit.child.disabled_dependent else plan.id
    for day in ends:
        calendar.enter(day, "cover as a child on {} ends with age", plan, leaves)


def _enter_medicare(calendar: Calendar, visit: Visit) -> None:
    """Each by itself: what of two happens on one day, the first tells it."""
    said = visit.medicare().__dict__
    for name, part in (("A", said["part_a"]), ("B", said["part_b"])):
        if part is not None:
            _enter_part(calendar, name, part)
    aged = visit.aged_from()
    if aged is not None and aged > visit.month:
        calendar.enter_alone(first_day(aged), "the month of the 65th birthday begins")
    award: date | str | None = said["retro_award_date"]
    if isinstance(award, date):
        calendar.enter_alone(award, "the day of the Medicare decision")
    kidney: Kidney | None = said["esrd"]
    if kidney is not None:
        _enter_kidney(calendar, visit, kidney)


def _enter_part(calendar: Calendar, name: str, part: Part) -> None:
    said = part.__dict__
    starts: date | None = said["from_"]
    ends: date | None = said["to"]
    if starts is not None and starts >= calendar.today:
        calendar.enter_alone(starts, f"Part {name} starts")
        if "to" not in part.__pydantic_fields_set__:
            calendar.enter_alone(starts + ONE_DAY, f"Part {name} may have ended")
    if ends is not None and ends >= calendar.today:
        calendar.enter_alone(ends + ONE_DAY, f"Part {name} has ended")


def _enter_kidney(calendar: Calendar, visit: Visit, kidney: Kidney) -> None:
    waiting, length = visit.law("msp.kidney.waiting"), visit.law("msp.kidney.months")
    gap = visit.law("msp.kidney.admission")
    starts = []
    if isinstance(kidney.first_dialysis, date):
        starts += [month_of(kidney.first_dialysis) + wait for wait in (0, waiting)]
    if isinstance(kidney.transplant, date):
        starts += [month_of(kidney.transplant) - early for early in range(gap + 1)]
        calendar.enter_alone(_after(kidney.transplant, visit.law("msp.kidney.after_transplant")), ENDED)
    if isinstance(kidney.new_period_from, date):
        starts.append(month_of(kidney.new_period_from))
    if isinstance(kidney.dialysis_end, date):
        calendar.enter_alone(_after(kidney.dialysis_end, visit.law("msp.kidney.after_dialysis")), ENDED)
    for start in starts:
        if kidney.dialysis_end is None:
            over = first_day(start + visit.law("msp.kidney.after_dialysis") + 1)
            calendar.enter_alone(over, "kidney Medicare may have ended")
        calendar.enter_alone(first_day(start), "kidney Medicare may start")
        calendar.enter_alone(first_day(start + length), "kidney month 31 begins, and Medicare goes first")


def _after(day: date, months: int) -> date:
    return first_day(month_of(day) + months + 1)
