"""Which cards are in the line-up at all: in force on the day of service, a health plan, and not part of another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from cob.dates import add_months, birthdays, eve, last_day, month_of
from cob.rules.order.plan import CHILDREN, NO_AGE_LIMIT, Plan
from cob.rules.order.visit import OPEN, Visit
from cob.rules.reading import rule

NOT_PLANS: Final = frozenset(
    {"accident_only", "fixed_indemnity", "specified_disease", "sharing_ministry", "discount_card"}
)
MAYBE_CHILDREN: Final = frozenset({*CHILDREN, None})
NEEDS_A_LOOK: Final = NOT_PLANS | {"medicare"}


class Aside:
    """Why a card is not in the line-up."""

    __slots__ = ("because", "rule_id")

    def __init__(self, rule_id: str, because: str) -> None:
        self.rule_id, self.because = rule_id, because


def why_not_in_line(visit: Visit, plan: Plan) -> Aside | None:
    """The reason a card does not count on the day of service, None if it does. Medicare's parts come later."""
    if plan.glance("enrolled", plan.enrolled) is False:
        return Aside(refused.id if visit.told_medicare else in_force.id, "the patient was offered it and refused")
    if plan.kind in NOT_PLANS:
        return _not_a_plan(visit, plan)
    if plan.kind == "medicare":
        return None
    ended = out_of_force(visit, plan)
    if ended is not None:
        return Aside(in_force.id, ended)
    return None if plan.carve_out_of is None else _part_of_another(visit, plan)


def is_plainly_in_force(visit: Visit, plan: Plan) -> bool:
    """Whether a plan's own dates put it in the line-up and there is nothing else to ask: the usual case, at once."""
    day, starts, last = visit.day, plan.effective, plan.last_covered_day
    if starts is None or starts > day or plan.kind in NEEDS_A_LOOK:
        return False
    if last is not None:
        if last <= day:
            return False
    elif not plan.is_end_told:
        return False
    elif plan.commercial and visit.is_past_a_childs_years and plan.known_relationship() in MAYBE_CHILDREN:
        return False
    if plan.enrolled is False or plan.carve_out_of is not None:
        return False
    used = visit.trace.used
    used[plan.root + "effective"] = used[plan.root + "last_covered_day"] = None
    return True


def _not_a_plan(visit: Visit, plan: Plan) -> Aside:
    if _known_out(plan):
        return Aside(in_force.id, "not in force on the day of service")
    if plan.kind == "sharing_ministry":
        visit.doubt("sharing ministry set aside")
    return Aside(not_a_plan.id, not_a_plan.sentence)


def _known_out(plan: Plan) -> bool:
    started, last = plan.effective, plan.last_covered_day
    day = plan.visit.day
    return (started is not None and started > day) or (last is not None and last < day)


def _part_of_another(visit: Visit, plan: Plan) -> Aside | None:
    main = visit.plans.get(plan.carve_out_of or "")
    if main is None:
        return None
    out = why_not_in_line(visit, main)
    if out is not None and out.rule_id != one_plan.id:  # a part of a part is a part
        return None
    plan.glance("carve_out_of", plan.carve_out_of)
    return Aside(one_plan.id, f"part of {main.name}: one plan, one payer")


def out_of_force(visit: Visit, plan: Plan) -> str | None:
    """Why a coverage is not in force on the day of service, None if it is."""
    why: str | None = visit.settle(f"?force.{plan.id}", lambda: in_force(plan), lambda: _dates_of(plan), _is_none)
    return why


def _dates_of(plan: Plan) -> frozenset[str]:
    return frozenset([plan.root + "effective", plan.root + "last_covered_day"])


def _is_none(said: str | None) -> bool:
    return said is None


@rule("GEN-DOS", "plan contracts", sure="read in part")
def in_force(plan: Plan) -> str | None:
    """Only coverage in force on the day of service counts."""
    day, last = plan.visit.day, plan.last_covered_day
    if last is not None and not _reaches(plan, last):
        return f"ended {last}"
    if plan.effective is not None or last != day:  # what ends with the day had begun
        # Where the end is unknown too, a start that leaves room for an end before the day.
        by_then = day if plan.is_end_told else day - timedelta(days=1)
        effective = plan.ask("effective", plan.effective, by_then, day + timedelta(days=1))
        if effective > day:
            return f"starts {effective}"
    return _ended(plan)


def _reaches(plan: Plan, last: date) -> bool:
    plan.glance("last_covered_day", last)
    return plan.visit.day <= last if plan.visit.options.term_date_is_last_day else plan.visit.day < last


def _ended(plan: Plan) -> str | None:
    day, known = plan.visit.day, plan.last_covered_day
    if known is not None:
        if known == day:
            plan.visit.note(in_force, f"Ask {plan.name} whether {known} is the last covered day or the first without.")
        return None
    possible = [OPEN] if plan.is_end_told else _possible_ends(plan)
    if len(possible) > 1:
        last: Any = plan.ask("last_covered_day", None, *possible)
        if last is not OPEN:
            return f"ended {last}" if last < day else None
    return _too_old(plan)


def _possible_ends(plan: Plan) -> list[Any]:
    """No end, or one before the day, unless the cover began with it; a day still to come is another matter where age
    alone ends an open cover."""
    day, visit = plan.visit.day, plan.visit
    may_age_out = plan.commercial and visit.is_past_a_childs_years and plan.known_relationship() in MAYBE_CHILDREN
    later = [day + timedelta(days=1)] if may_age_out else []
    before = [day - timedelta(days=1)] if plan.effective != day else []
    return [OPEN, *later, *before]


def _too_old(plan: Plan) -> str | None:
    """A child's cover ends with age when no other end is on file, unless a disability keeps it."""
    if not plan.commercial or plan.kind in NO_AGE_LIMIT or plan.known_relationship() not in MAYBE_CHILDREN:
        return None
    born = plan.visit.born()
    if not plan.visit.is_past_a_childs_years:
        return None
    readings = last_days_by_age(plan.visit, born)
    if plan.visit.day <= min(readings) or not _was_child(plan, max(readings)):
        return None
    child = plan.visit.child
    if plan.visit.fact("child.disabled_dependent", child.disabled_dependent, (False, True)):
        return None
    last: Any = readings[0]
    if len(set(readings)) > 1 and plan.visit.day <= max(readings):
        last = plan.ask("last_covered_day", None, *readings)
    return None if last is OPEN or plan.visit.day <= last else f"covered the patient as a child until {last}"


def _was_child(plan: Plan, last: date) -> bool:
    """Whether the patient was on the plan as a child. Where nobody knows, it is asked for a year after that age: a
    plan still open later than that covers the patient as somebody else.
    """
    if plan.known_relationship() is None and plan.visit.day > add_months(last, 12):
        return False
    return plan.relationship() in CHILDREN


def last_days_by_age(visit: Visit, born: date) -> tuple[date, ...]:
    """The last covered day of a child; two readings for somebody born on 29 February."""
    chosen = visit.options.dependent_age_end
    reached = birthdays(born, visit.child_years())
    if chosen == "END_OF_MONTH":
        return tuple(last_day(month_of(day)) for day in reached)
    if chosen == "END_OF_YEAR":
        return (date(reached[0].year, 12, 31),)
    return tuple(eve(day) for day in reached)


@rule("GEN-NOTPLAN", "MDL-120 §3", "WY Ins. Reg. ch.10 §2(a)(ii)")
def not_a_plan() -> None:
    """Accident-only, cancer and hospital-cash policies, sharing ministries and discount cards do not line up."""


@rule("GEN-ONEPLAN", "MDL-120 §6.A(3)", "28 TAC 3.3506(a), 3.3507(a)(4)")
def one_plan() -> None:
    """A behavioural carve-out or drug vendor is the same plan, not a second insurance."""


@rule("MSP-DECLINED", "42 CFR 411.172(c)", "42 CFR 411.206(a)(1)")
def refused() -> None:
    """The patient turned the job plan down, so it pays nothing, not even as a supplement to Medicare."""


@rule("GEN-FEHB-DUAL", "5 CFR 890.302", sure="unconfirmed")
def two_federal_plans() -> None:
    """Nobody can use two federal-employee plans at once; the patient must choose one."""


@rule("CVA-NOT-TRICARE", "38 USC 1781(a)")
def both_military() -> None:
    """Nobody has both TRICARE and CHAMPVA; find out which of the two is right."""


@rule("CHIP-XOR", "42 CFR 457.310(b)(2)(i)")
def both_public() -> None:
    """Medicaid and separate CHIP never go together; find out which of the two is right."""


def conflict(plans: list[Plan]) -> str | None:
    """The id of the rule that says these coverages cannot all be right."""
    if len(plans) < 2:
        return None
    kinds = {plan.kind for plan in plans}
    if sum(plan.kind == "fehb" for plan in plans) > 1:
        return two_federal_plans.id
    if "tricare" in kinds and "champva" in kinds:
        return both_military.id
    return both_public.id if "medicaid" in kinds and "chip" in kinds else None


@rule("GEN-MA", "42 CFR 422.108")
def advantage_replaces(visit: Visit) -> bool:
    """With an Advantage plan bill that plan, not Original Medicare, and Medigap cannot pay."""
    return in_advantage(visit)


@rule("GEN-PART", "42 USC 1395y(b)(2)(A)")
def part_for_service(visit: Visit) -> bool:
    """Medicare counts only for services its part in force covers."""
    service = visit.glance("claim.service", visit.claim.service) or "professional"
    if service == "excluded_by_medicare":
        return False
    return in_advantage(visit) or visit.part_in_force("a" if service == "institutional" else "b")


def in_advantage(visit: Visit) -> bool:
    """Whether a Medicare Advantage plan is in force."""
    return "medicare_advantage" in visit.kinds and any(
        plan.kind == "medicare_advantage" and why_not_in_line(visit, plan) is None for plan in visit.plans.values()
    )


def is_entitled(visit: Visit) -> bool:
    """Whether the patient has Medicare at all on the day of service, whatever it pays for."""
    if visit.told_medicare is None:
        return False
    return in_advantage(visit) or visit.part_in_force("a") or visit.part_in_force("b")
