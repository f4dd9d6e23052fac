"""Days on which a verdict changes by itself: an end of coverage, the 65th month, kidney month 31.

Candidates come from the dates on file; each is tried by asking the same question about that day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from cob.dates import add_months, birthdays, first_day, month_of
from cob.rules.order.accidents import counted_from
from cob.rules.order.plan import CHILDREN, Plan
from cob.rules.order.verdict import Watch
from cob.rules.order.visit import Visit

ONE_DAY = timedelta(days=1)
MOST = 12


def changes(visit: Visit, key: Any, run: Callable[[Visit], Any]) -> list[Watch]:
    """The days after the visit on which the order, as far as it is known, becomes another."""
    watch: list[Watch] = []
    known: dict[date, str] = {}
    for day, because in _candidates(visit):
        if day > visit.day:
            known.setdefault(day, because)
    for day in sorted(known)[:MOST]:
        later = Visit(visit.case, day)
        keys = {leaf.result.key for leaf in later.explore(lambda later=later: run(later))}  # type: ignore[misc]
        if keys != {key}:
            watch.append(Watch(on=day.isoformat(), because=known[day]))
        if len(keys) == 1:
            key = keys.pop()
    prompt = _prompt_day(visit)
    if prompt is not None:
        watch.append(prompt)
    return watch


def _prompt_day(visit: Visit) -> Watch | None:
    """The day from which Medicare may be billed conditionally."""
    waiting = [plan for plan in visit.plans.values() if plan.kind in ("liability", "workers_comp", "no_fault")]
    if visit.case.medicare is None or not visit.case.claim.related_to or visit.case.claim.related_to == ["none"]:
        return None
    for plan in waiting:
        since = counted_from(visit, plan)
        if since is not None:
            day = since + timedelta(days=visit.law("accidents.promptly.days") + 1)
            if day > visit.as_of:
                return Watch(
                    on=day.isoformat(), because=f"{plan.name} is no longer prompt; Medicare may be billed conditionally"
                )
    return None


def _candidates(visit: Visit) -> Iterator[tuple[date, str]]:
    for plan in visit.plans.values():
        yield from _of_plan(visit, plan)
    if visit.case.medicare is not None:
        yield from _of_medicare(visit)


def _of_plan(visit: Visit, plan: Plan) -> Iterator[tuple[date, str]]:
    coverage = plan.coverage
    if coverage.effective is not None:
        yield coverage.effective, f"{plan.name} starts"
    if coverage.last_covered_day is not None:
        reaches = ONE_DAY if visit.options.term_date_is_last_day else timedelta()
        yield coverage.last_covered_day + reaches, f"{plan.name} has ended"
    elif plan.commercial and plan.known_relationship() in CHILDREN:
        yield from _of_age(visit, plan)
    if isinstance(plan.employment.last_day, date):
        yield plan.employment.last_day + ONE_DAY, f"the employment behind {plan.name} has ended"
    started = plan.employment.disability_pay_start
    if isinstance(started, date):
        yield add_months(started, visit.law("msp.disability_pay.months")), f"six months of pay behind {plan.name} end"


def _of_age(visit: Visit, plan: Plan) -> Iterator[tuple[date, str]]:
    born = visit.case.people[visit.case.patient].birth_date
    if born is None:
        return
    chosen = visit.options.dependent_age_end
    age = int(chosen[10:12]) if chosen.startswith("STATE_AGE") else visit.law("commercial.child.years")
    for day in birthdays(born, age):
        if chosen == "END_OF_MONTH":
            day = first_day(month_of(day) + 1)
        elif chosen == "END_OF_YEAR":
            day = date(day.year + 1, 1, 1)
        yield day, f"cover as a child on {plan.name} ends with age"


def _of_medicare(visit: Visit) -> Iterator[tuple[date, str]]:
    medicare = visit.medicare()
    for name, part in (("A", medicare.part_a), ("B", medicare.part_b)):
        if part is not None and part.from_ is not None:
            yield part.from_, f"Part {name} starts"
        if part is not None and part.to is not None:
            yield part.to + ONE_DAY, f"Part {name} has ended"
    born = visit.case.people[visit.case.patient].birth_date
    if born is not None:
        yield first_day(visit.month_aged(born)), "the month of the 65th birthday begins"
    if isinstance(medicare.retro_award_date, date):
        yield medicare.retro_award_date, "the day of the Medicare decision"
    yield from _of_kidney(visit)


def _of_kidney(visit: Visit) -> Iterator[tuple[date, str]]:
    kidney = visit.kidney()
    waiting, length = visit.law("msp.kidney.waiting"), visit.law("msp.kidney.months")
    gap = visit.law("msp.kidney.admission")
    starts = []
    if isinstance(kidney.first_dialysis, date):
        starts += [month_of(kidney.first_dialysis) + wait for wait in (0, waiting)]
    if isinstance(kidney.transplant, date):
        starts += [month_of(kidney.transplant) - early for early in range(gap + 1)]
        yield _after(kidney.transplant, visit.law("msp.kidney.after_transplant")), "kidney Medicare has ended"
    if isinstance(kidney.new_period_from, date):
        starts.append(month_of(kidney.new_period_from))
    if isinstance(kidney.dialysis_end, date):
        yield _after(kidney.dialysis_end, visit.law("msp.kidney.after_dialysis")), "kidney Medicare has ended"
    for start in starts:
        yield first_day(start), "kidney Medicare may start"
        yield first_day(start + length), "kidney month 31 begins, and Medicare goes first"


def _after(day: date, months: int) -> date:
    return first_day(month_of(day) + months + 1)
