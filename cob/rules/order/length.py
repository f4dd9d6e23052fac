"""Plans that cover the patient in the same way: active before retired, any plan before continuation, then the longer.

Rules 3 to 6 of the model act (MDL-120 §6.D). A plan may lack rule 3 or 4; then that rule counts only where the plans
would agree anyway, and three such plans can chase each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from cob.rules.order.line import Before, Compare, Line, rank
from cob.rules.order.plan import Plan
from cob.rules.reading import Rule, rule

WAITS: Final = frozenset({"laid_off", "retired"})


def same_status(plans: Sequence[Plan]) -> Line:
    """Plans in order by rules 3 to 6."""
    line = rank(plans, in_turn)
    if not line.cycle:
        return line
    plans[0].visit.note(chasing)
    return Line(as_if_every_plan_had_every_rule(plans), line.why, cycle=True)


def in_turn(one: Plan, other: Plan) -> Before:
    """The first of rules 3 to 6 that separates two plans, each plan reading only the rules it has."""
    said = active_before_retired(one, other)
    if said is None:
        return _from_rule_4(one, other)
    has = [_has(plan, "has_active_retired_rule", plan.coverage.has_active_retired_rule) for plan in (one, other)]
    return _where_agreed(said, has, active_rule_missing, one, other, _from_rule_4)


def _from_rule_4(one: Plan, other: Plan) -> Before:
    said = continuation_last(one, other)
    if said is None:
        return longer_first(one, other)
    has = [_has(plan, "has_continuation_rule", plan.coverage.has_continuation_rule) for plan in (one, other)]
    return _where_agreed(said, has, continuation_rule_missing, one, other, longer_first)


def _where_agreed(
    said: Before, has: list[bool], missing: Rule[[], None], one: Plan, other: Plan, later: Compare
) -> Before:
    """A rule that only one of two plans has stands if the other comes to the same; else it is skipped."""
    if all(has):
        return said
    rest = later(one, other)
    if any(has) and rest.sign == said.sign:
        return said
    if any(has):
        one.visit.note(missing)
    return rest


def _has(plan: Plan, name: str, value: bool | None) -> bool:
    return plan.glance(name, value) is not False


def as_if_every_plan_had_every_rule(plans: Sequence[Plan]) -> list[list[str]]:
    """What is proposed when the plans' own rules chase each other: of the plans that wait for nobody under rules 3 and
    4 those that have covered the patient longest, and so on.
    """
    left, proposed = list(plans), []
    while left:
        free = [plan for plan in left if not any(_waits_for(plan, other) for other in left)]
        longest = min(covered_since(plan) for plan in free)
        first = [plan for plan in free if covered_since(plan) == longest]
        proposed.append([plan.id for plan in first])
        left = [plan for plan in left if plan not in first]
    return proposed


def _waits_for(plan: Plan, other: Plan) -> bool:
    said = plan is not other and (active_before_retired(other, plan) or continuation_last(other, plan))
    return isinstance(said, Before) and said.sign < 0


@rule("NAIC-6D3", "MDL-120 §6.D(3)(a)", sure="read in part")
def active_before_retired(one: Plan, other: Plan) -> Before | None:
    """The plan of somebody working pays before the plan of somebody retired or laid off."""
    first, second = one.work_status(), other.work_status()
    if first == "active" and second in WAITS:
        return Before(-1, "NAIC-6D3")
    return Before(1, "NAIC-6D3") if second == "active" and first in WAITS else None


@rule("NAIC-6D3-IGN", "MDL-120 §6.D(3)(b)", sure="read in part")
def active_rule_missing() -> None:
    """One plan has no rule about retired people and comes to another order, so that rule is skipped."""


@rule("NAIC-6D4", "MDL-120 §6.D(4)(a)", sure="read in part")
def continuation_last(one: Plan, other: Plan) -> Before | None:
    """A regular plan pays before COBRA or another continuation."""
    first, second = one.continuation() != "none", other.continuation() != "none"
    return None if first == second else Before(first - second, "NAIC-6D4")


@rule("NAIC-6D4-IGN", "MDL-120 §6.D(4)(b)", sure="read in part")
def continuation_rule_missing() -> None:
    """One plan has no rule about continuation and comes to another order, so that rule is skipped."""


@rule("NAIC-6D5", "MDL-120 §6.D(5)(a)", sure="read in part")
def longer_first(one: Plan, other: Plan) -> Before:
    """The plan that has covered the patient longer pays first; hours worked and pay do not matter."""
    first, second = covered_since(one), covered_since(other)
    if first == second:
        return equal_shares()
    return Before(-1 if first < second else 1, "NAIC-6D5")


@rule("NAIC-6D6", "MDL-120 §6.D(6)", sure="unconfirmed")
def equal_shares() -> Before:
    """Nothing separates these plans, so they share the cost equally."""
    return Before(0, "NAIC-6D6")


def covered_since(plan: Plan) -> date:
    """Since when a plan counts as covering the patient, an earlier plan it merely continues counted in."""
    start = plan.start()
    if plan.coverage.patient_covered_since is None and plan.group and plan.coverage.group_join_date is not None:
        plan.visit.note(joined_group)
    earlier = earlier_plan(plan, start)
    return start if earlier is None else min(start, earlier)


def earlier_plan(plan: Plan, start: date) -> date | None:
    """The start of the plan this one replaced, if the two count as one."""
    before = plan.coverage.predecessor
    if before is None or (before.covered_since is None and before.ended_on is None):
        return None
    if not (same_plan_new_carrier(plan) or no_gap(plan, start)):
        return None
    known = plan.visit.dates_around("patient_covered_since") if before.covered_since is None else []
    return plan.ask("predecessor.covered_since", before.covered_since, *known)


@rule("NAIC-6D5-SAME", "MDL-120 §6.D(5)(c)", "ARM 6.6.2405")
def same_plan_new_carrier(plan: Plan) -> bool:
    """A new insurer, administrator or benefit level is not a new plan; the old start date stays."""
    same = plan.glance("carrier_changed_only", plan.coverage.carrier_changed_only) is True
    if same:
        plan.visit.note(same_plan_new_carrier)
    return same


@rule("NAIC-6D5-24H", "MDL-120 §6.D(5)(b)", "ARM 6.6.2405")
def no_gap(plan: Plan, start: date) -> bool:
    """A plan that replaces another within a day keeps the earlier start date."""
    before = plan.coverage.predecessor
    known = before.ended_on if before else None
    ended = plan.ask("predecessor.ended_on", known, start - timedelta(days=1), start - timedelta(days=2))
    joined = ended + timedelta(days=1) >= start
    if joined:
        plan.visit.note(no_gap)
    return joined


@rule("NAIC-6D5-START", "MDL-120 §6.D(5)(d)", "ARM 6.6.2405")
def joined_group() -> None:
    """The first day of coverage is not on record, so the day the person joined the group counts."""


@rule("COM-CYCLE", "MDL-120 §6.D(3)(b), (4)(b)", sure="unconfirmed")
def chasing() -> None:
    """The plans' own rules chase each other; call both plans, and ask for equal shares if they cannot agree."""
