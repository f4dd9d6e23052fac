"""Commercial plans among themselves: own plan before a dependent's, then children, then standing and length.

NAIC Coordination of Benefits Model Regulation (MDL-120) §6 and §9, October 2013, as the states adopted it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from cob.rules.order.children import dependents
from cob.rules.order.length import chasing, same_status
from cob.rules.order.line import Line, alone
from cob.rules.order.plan import Plan
from cob.rules.order.visit import Visit
from cob.rules.reading import rule

ERISA: Final = "self_funded_erisa"


ABOUT_THE_FAMILY: Final = (
    "child.parents_living_together", "child.custodial_parent", "child.decree.terms", "child.decree.responsible_parent",
    "options.decree_rest",
)  # fmt: skip
ABOUT_A_PERSON: Final = ("birth_month_day", "spouse")
ABOUT_A_PLAN: Final = (
    "work_status", "patient_covered_since", "subscriber_covered_since", "group_join_date", "predecessor.covered_since",
    "predecessor.ended_on",
    "decree_notified_on", "paid_before_notice", "plan_year_start",
)  # fmt: skip


def settled_order(visit: Visit, plans: Sequence[Plan]) -> Line:
    """The same, with the facts that matter to nothing else tried together. Only where no second line reads them."""
    if len(plans) < 2:
        return alone(plans)
    name = f"?order.{[plan.id for plan in plans]}"  # as lists, which no card's name can be taken for
    if len(visit.compared) > len(plans):  # the days of the others too say what is tried
        name += f"{[plan.id for plan in visit.compared if plan not in plans]}"
    return visit.settle(name, lambda: in_order(visit, plans), lambda: _own_facts(visit, plans), _alike)


def _own_facts(visit: Visit, plans: Sequence[Plan]) -> frozenset[str]:
    """The facts that only this order reads."""
    of_people = [f"people.{key}.{name}" for key in visit.people for name in ABOUT_A_PERSON]
    of_plans = [plan.root + name for plan in plans for name in ABOUT_A_PLAN]
    return frozenset((*ABOUT_THE_FAMILY, *of_people, *of_plans))


def _alike(line: Line) -> tuple[object, ...]:
    return line.cycle, *(tuple(sorted(group)) for group in line.groups)


def in_order(visit: Visit, plans: Sequence[Plan]) -> Line:
    """Commercial plans in paying order, with the reasons to call it only likely."""
    if len(plans) < 2:
        return alone(plans)
    ways = {plan.id: plan.glance("coordination", plan.coordination) for plan in plans}
    _weigh(visit, plans, ways)
    line = _without_rules_first(visit, plans, ways)
    excess = list(ways.values()).count("always_excess")
    if excess:
        visit.note(always_excess)
    if excess > 1:
        visit.note(chasing)
        line.cycle = True
    return line


def _weigh(visit: Visit, plans: Sequence[Plan], ways: dict[str, str | None]) -> None:
    """What makes a comparison of these plans less than certain, whatever comes of it."""
    assumed = []
    for plan in plans:
        if plan.kind == "individual":
            visit.doubt("individual policy among plans that coordinate")
        if plan.coverage.funding is not None and plan.glance("funding", plan.coverage.funding) == ERISA:
            visit.note(own_booklet)
            visit.doubt(own_booklet.id)
        if ways[plan.id] is None:
            assumed.append(plan.name)
    if assumed:
        visit.note(
            no_rules_first, f"Assumes that these plans coordinate by the standard rules: {', '.join(sorted(assumed))}."
        )
    if len(plans) > 2:
        visit.note(seconds_among_themselves)


def _without_rules_first(visit: Visit, plans: Sequence[Plan], ways: dict[str, str | None]) -> Line:
    """Plans without rules, then the others."""
    if "no_rules" not in ways.values():
        return own_then_dependent(visit, plans)
    lawless = [plan for plan in plans if ways[plan.id] == "no_rules"]
    others = [plan for plan in plans if plan not in lawless]
    if len(lawless) > 1:
        visit.doubt(no_rules_first.id)
    first = own_then_dependent(visit, lawless)
    return first.then(own_then_dependent(visit, others), no_rules_first.id) if others else first


@rule("NAIC-6D1a", "MDL-120 §6.D(1)(a)", "WY Ins. Reg. ch.10 §3(a)(i)")
def own_then_dependent(visit: Visit, plans: Sequence[Plan]) -> Line:
    """The plan in the patient's own name pays before a plan that covers the patient as a dependent."""
    if len(plans) < 2:
        return alone(plans)
    own: list[Plan] = []
    dependent: list[Plan] = []
    for plan in plans:
        if not plan.in_own_name():
            dependent.append(plan)
        elif plan.continuation() == "none":
            own.append(plan)
        else:
            (dependent if standing_before_continuation(plan) == "dependent" else own).append(plan)
    if not own:
        return dependents(visit, dependent)
    return same_status(own).then(dependents(visit, dependent), "NAIC-6D1a") if dependent else same_status(own)


@rule("NAIC-6D4-ST", "MDL-120 §6.D(4), drafting note", sure="read in part")
def standing_before_continuation(plan: Plan) -> str:
    """Under COBRA the patient counts as what they were the day before: employee, or somebody's dependent."""
    was = plan.ask("continuation_was", plan.coverage.continuation_was, "employee", "dependent")
    plan.visit.note(standing_before_continuation)
    return was


@rule("NAIC-6B1", "MDL-120 §6.B(1)", "WAC 284-51-205(2)(a)", "OAR 836-020-0785(2)")
def no_rules_first() -> None:
    """A plan without proper rules about other insurance pays first."""


@rule("NAIC-9B", "MDL-120 §9.B", "28 TAC 3.3509(b)")
def always_excess() -> None:
    """One plan calls itself always secondary; if it refuses, the other pays first, only its second-place amount."""


@rule("NAIC-6A4", "MDL-120 §6.A(4)")
def seconds_among_themselves() -> None:
    """With three plans or more the same rules put the later ones in order among themselves."""


@rule(
    "GEN-ERISA", "ERISA §514(b)(2)(B)", "McGurl v. Trucking Employees, 124 F.3d 471 (3d Cir. 1997)", sure="unconfirmed"
)
def own_booklet() -> None:
    """A self-funded employer plan follows its own booklet, so ask it; the standard rules are assumed here."""


@rule("NAIC-6A1", "MDL-120 §6.A(1)", "28 TAC 3.3507(a)(1)")
def first_pays_as_if_alone() -> None:
    """The first plan pays as if the patient had no other."""


@rule("NAIC-6C", "MDL-120 §6.C", "28 TAC 3.3507(a)(2)")
def counts_only_when_second() -> None:
    """A plan may count another plan's payment only when it comes after that plan; a policy that does not coordinate
    stays out of the line.
    """


@rule("NAIC-6A2", "MDL-120 §6.A(2)", "WAC 284-51-205(1)(b)")
def off_panel(visit: Visit, first: Plan, second: Plan) -> bool:
    """The first plan has a closed panel and the patient went outside it, so the second pays as if it were first."""
    return (
        visit.glance("claim.in_panel", visit.claim.in_panel) is False
        and visit.glance("claim.emergency", visit.claim.emergency) is not True
        and first.glance("closed_panel", first.coverage.closed_panel) is True
        and second.glance("closed_panel", second.coverage.closed_panel) is not True
    )


@rule("NAIC-9D", "MDL-120 §9.D", sure="unconfirmed")
def equal_shares_after_dispute(visit: Visit) -> bool:
    """The plans have had everything for more than thirty days and disagree: ask for equal shares now."""
    since = visit.glance("claim.plans_disagree_since", visit.claim.plans_disagree_since)
    if not isinstance(since, date):
        return False
    return visit.as_of > since + timedelta(days=visit.law("commercial.dispute.days"))


@rule("NAIC-6B2", "MDL-120 §6.B(2)", "WAC 284-51-205(2)(b)", sure="read in part")
def supplement_behind_base() -> None:
    """A supplement bought through the same group pays right after the plan it supplements."""


@rule("NAIC-6D1b", "MDL-120 §6.D(1)(b)", "WY Ins. Reg. ch.10 §3(a)(i)", "SDCL 58-18A-69")
def medicare_turns_it_round() -> None:
    """Medicare waits for the dependent's plan but not for the own plan, so the own plan comes after Medicare."""


@rule("COM-PREEMPT-CROSS", "42 CFR 411.32(a)(1)", sure="unconfirmed")
def federal_before_model_act() -> None:
    """Federal law puts Medicare between these plans, against what the plans' own rules say; confirm with both plans."""


@rule("COM-SANDWICH", "42 USC 1395y(b)(2)(A)", "42 CFR 411.32(a)(1)")
def sandwich() -> None:
    """Plans Medicare waits for come first, then Medicare, then the plans that come after it."""


def crossing(visit: Visit, before: Sequence[Plan], after: Sequence[Plan], *, medicare_pays: bool) -> None:
    """Report every pair that Medicare's place turns round. Nobody is asked about it: the order stands either way."""
    for late in after:
        for early in before:
            says = visit.maybe(lambda late=late, early=early: _own_rule(visit, late, early))  # type: ignore[misc]
            if says == {"agrees"}:
                continue
            if says == {"NAIC-6D1a"}:
                visit.note(medicare_turns_it_round)
                if not medicare_pays:
                    visit.doubt("NAIC-6D1b without Medicare")
            else:
                visit.note(federal_before_model_act)
                visit.doubt(federal_before_model_act.id)


def _own_rule(visit: Visit, late: Plan, early: Plan) -> str:
    line = in_order(visit, [late, early])
    if line.ids[0] == early.id or len(line.groups) == 1:
        return "agrees"
    if {plan.coordination for plan in (late, early)} == {"no_rules"}:
        return federal_before_model_act.id  # two plans without rules have none to turn round
    return line.why.get((late.id, early.id), federal_before_model_act.id)
