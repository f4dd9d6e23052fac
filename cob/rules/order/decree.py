"""What a court said about a child's health care, whether the plan knows it, and with whom the child lives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cob.dates import yearly_day
from cob.rules.order.plan import PARENTS, Plan
from cob.rules.order.visit import Visit
from cob.rules.reading import rule


class Named:
    """The parent a court made responsible, the person whose plan therefore stands first, and the rule."""

    __slots__ = ("holder", "parent", "rule_id")

    def __init__(self, parent: str, holder: str, rule_id: str) -> None:
        self.parent, self.holder, self.rule_id = parent, holder, rule_id


def standing_terms(visit: Visit) -> str:
    """What the order says, as far as it counts: a lapsed one, or one about money only, counts as none."""
    terms = visit.fact(
        "child.decree.terms", visit.decree.terms, ("none", "one_parent", "both_parents", "joint_custody_silent")
    )
    if terms == "financial_only":
        return "one_parent" if visit.options.decree_financial_only_counts == "YES" else "none"
    return "none" if terms == "expired" else terms


def named_first(visit: Visit, plans: Sequence[Plan]) -> Named | None:
    """Whose plan the court put first; None where it put nobody's, or that plan did not know in time: without a plan
    of the named parent or that parent's spouse the children's other rules decide."""
    if standing_terms(visit) != "one_parent":
        return None
    parent = visit.fact("child.decree.responsible_parent", visit.decree.responsible_parent, visit.parents())
    visit.note(court_order_first)
    own = [plan for plan in plans if plan.subscriber() == parent]
    spouse = [plan for plan in plans if plan.role() == "stepparent" and married_to(plan) == parent]
    if not own and not spouse:
        visit.note(rest_after_named)
        visit.doubt(rest_after_named.id)
        return None
    if not any(plan_knows(plan) for plan in own or spouse):
        visit.note(plan_knows)
        visit.doubt(plan_knows.id)
        return None
    if own:
        visit.note(court_named)
        return Named(parent, parent, court_named.id)
    visit.note(spouse_of_named)
    visit.doubt(spouse_of_named.id)
    return Named(parent, spouse[0].subscriber(), spouse_of_named.id)


@rule("NAIC-6D2-DECREE", "MDL-120 §6.D(2)", "WY Ins. Reg. ch.10 §3(b)(i)")
def court_order_first() -> None:
    """A court order about the child's health care comes before the birthday and custody rules."""


@rule("NAIC-6D2b-i", "MDL-120 §6.D(2)(b)(i)", sure="read in part")
def court_named() -> None:
    """The court made one parent responsible, and that parent's plan pays first."""


@rule("NAIC-6D2b-i-SP", "MDL-120 §6.D(2)(b)(i)", sure="unconfirmed")
def spouse_of_named() -> None:
    """The parent the court named has no plan for the child, so the plan of that parent's spouse pays first."""


@rule("NAIC-6D2b-i-KN", "MDL-120 §6.D(2)(b)(i)", sure="read in part")
def plan_knows(plan: Plan) -> bool:
    """The court's order counts only once the plan knows of it, and not for a plan year it had already paid in."""
    day = plan.visit.day
    known = plan.decree_notified_on
    told = plan.visit.day_of(plan.root + "decree_notified_on", known, (date(day.year - 2, 1, 1), day, "never"))
    if told is None or told > day:
        return False
    return plan_year_turned(plan, told) or not plan.ask(
        "paid_before_notice", plan.coverage.paid_before_notice, True, False
    )


def plan_year_turned(plan: Plan, told: date) -> bool:
    """Whether a new plan year has begun between the notice and the day of service."""
    day = plan.visit.day
    if day >= told + timedelta(days=366):
        return True
    if told == day:
        return False
    turns, notice = day.isoformat()[5:], told.isoformat()[5:]
    might_be = (turns,) if turns == notice else (turns, notice)
    start = plan.ask("plan_year_start", plan.coverage.plan_year_start, *might_be)
    return any(told < yearly_day(year, start) <= day for year in {told.year, day.year})


@rule("COM-DECREE-REST", "plan contracts that reprint MDL-120", sure="read in part")
def rest_after_named() -> None:
    """Behind the court-named plan the others follow by custody, the named parent's spouse's first where so set."""


def spouse_second(visit: Visit) -> bool:
    """Whether the plan of the named parent's spouse comes second, as some plans have it."""
    chosen = visit.options.decree_rest
    if chosen == "ASK":
        return (
            visit.fact("options.decree_rest", None, ("CUSTODIAL_ORDER", "RESPONSIBLE_SPOUSE_SECOND"))
            == "RESPONSIBLE_SPOUSE_SECOND"
        )
    return chosen == "RESPONSIBLE_SPOUSE_SECOND"


def custodial(visit: Visit) -> str:
    """With whom the child lives: a key into people, `equal`, or `none` where it does not apply."""
    return visit.fact("child.custodial_parent", visit.child.custodial_parent, (*visit.parents(), "equal", "none"))


def married_to(plan: Plan) -> str:
    """The person a step-parent is married to."""
    subscriber, people = plan.subscriber(), plan.visit.people
    taken = {person.spouse for person in people.values()} | {key for key, person in people.items() if person.spouse}
    free = [key for key in plan.visit.parents() if key not in taken]
    known = plan.visit.person(subscriber).spouse
    return plan.visit.fact(f"people.{subscriber}.spouse", known, free or plan.visit.parents())


def tier(plan: Plan, custodial_parent: str) -> int:
    """A person's place when custody decides: custodial parent, spouse, other parent, other parent's spouse, others."""
    subscriber = plan.subscriber()
    if subscriber == custodial_parent:
        return 0
    if plan.role() == "stepparent":
        return 1 if married_to(plan) == custodial_parent else 3
    return 2 if plan.role() in PARENTS or plan.role() == "guardian" else 4
