"""A child on the plans of parents, step-parents and guardians: court order, birthdays, custody (MDL-120 §6.D(2)).

The rules compare persons; two plans of one person are then told apart by rules 3 to 6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from cob.rules.order import decree
from cob.rules.order.length import continuation_last, in_turn, longer_first, same_status
from cob.rules.order.line import Before, Compare, Line, rank
from cob.rules.order.plan import COUPLES, PARENTS, RAISING, Plan
from cob.rules.order.visit import Visit
from cob.rules.reading import rule

STANDS_IN: Final = frozenset({"guardian", "grandparent", "sibling", "other", "child"})


def dependents(visit: Visit, plans: Sequence[Plan]) -> Line:
    """Plans that cover the patient as somebody's dependent."""
    if len(plans) == 1:
        return rank(plans, in_turn)
    own = [plan for plan in plans if plan.relationship() == "self"]
    if own and len(own) < len(plans):
        return _beside_own_continuation(visit, own, [plan for plan in plans if plan not in own])
    kin = [plan for plan in plans if plan.role() not in COUPLES]
    if not any(plan.role() in RAISING for plan in kin):
        return same_status(plans)
    return of_child(visit, kin) if len(kin) == len(plans) else married_child(visit, plans)


def _beside_own_continuation(visit: Visit, own: list[Plan], others: list[Plan]) -> Line:
    """A continuation in the patient's own name, held as a former dependent: not a parent's: rules 3 to 6 place it."""
    if len({plan.subscriber() for plan in others}) == 1 or not any(plan.role() in RAISING for plan in others):
        return same_status([*own, *others])
    if any(plan.continuation() != "none" for plan in others):
        visit.doubt("two continuations and several relatives")
    return dependents(visit, others).then(same_status(own), continuation_last.id)


def married_child(visit: Visit, plans: Sequence[Plan]) -> Line:
    """A grown child on a parent's plan and on a spouse's."""
    if visit.options.adult_child_spouse_rule == "PRE2013":
        return rank(plans, longer_first)
    visit.doubt("NAIC-6D2d-i")
    return rank(plans, lambda one, other: longer_for_the_child(one, other) or earlier_of_all(one, other))


@rule("NAIC-6D2d-i", "MDL-120 §6.D(2)(d)(i)", sure="unconfirmed")
def longer_for_the_child(one: Plan, other: Plan) -> Before | None:
    """For a married child the plan that has covered the child longer pays first, the parent's or the spouse's."""
    said = longer_first(one, other)
    return Before(said.sign, "NAIC-6D2d-i") if said.sign else None


@rule("NAIC-6D2d-ii", "MDL-120 §6.D(2)(d)(ii)", sure="unconfirmed")
def earlier_of_all(one: Plan, other: Plan) -> Before:
    """Both plans began on one day, so the earlier birthday among parents and spouse decides."""
    first, second = (one.visit.birthday(plan.subscriber()) for plan in (one, other))
    return Before((first > second) - (first < second), "NAIC-6D2d-ii" if first != second else "NAIC-6D6")


def of_child(visit: Visit, plans: Sequence[Plan]) -> Line:
    """Plans of the people who raise the child, then those of anybody else."""
    persons = {plan.subscriber() for plan in plans}
    if len(persons) == 1:
        return same_status(plans)
    if any(plan.relationship() in ("adopted_child", "foster_child") for plan in plans):
        visit.note(adopted_or_foster)
        visit.doubt("NAIC-ADOPT")
    family = [plan for plan in plans if plan.role() in PARENTS or plan.role() == "stepparent"]
    others = [plan for plan in plans if plan not in family]
    if others:
        _doubt_relatives(visit, family, others)
    if not family or not others:
        return by_family(visit, plans)
    return by_family(visit, family).then(by_family(visit, others, apart=True), "NAIC-6D2c")


def _doubt_relatives(visit: Visit, family: list[Plan], others: list[Plan]) -> None:
    visit.note(stands_in_for_parents)
    if family or any(plan.role() != "guardian" for plan in others):
        visit.doubt("NAIC-6D2c")


@rule("NAIC-6D2c", "MDL-120 §6.D(2)(c)", sure="read in part")
def stands_in_for_parents() -> None:
    """Guardians who are not parents are treated as the parents."""


@rule("NAIC-ADOPT", "MDL-120 §6.D(2)(c)", sure="unconfirmed")
def adopted_or_foster() -> None:
    """Adoptive parents count as parents; foster parents fall under the rule for guardians."""


def by_family(visit: Visit, plans: Sequence[Plan], *, apart: bool = False) -> Line:
    """Court order, then birthdays if the parents live together, then custody."""
    if apart or len({plan.subscriber() for plan in plans}) == 1:
        return same_status(plans)
    named = decree.named_first(visit, plans)
    if named is not None:
        return _named_then_rest(visit, plans, named)
    terms = decree.standing_terms(visit)
    if terms == "both_parents":
        visit.note(decree.court_order_first)
        return birthday_order(visit, plans, both_responsible.id)
    if terms == "joint_custody_silent":
        return birthday_order(visit, plans, joint_custody.id)
    return _no_order(visit, plans)


def _no_order(visit: Visit, plans: Sequence[Plan]) -> Line:
    if visit.fact("child.parents_living_together", visit.child.parents_living_together, (True, False)):
        return birthday_order(visit, plans, earlier_birthday.id)
    return by_custody(visit, plans)


def _named_then_rest(visit: Visit, plans: Sequence[Plan], named: decree.Named) -> Line:
    """The plan the court named, then the rest; behind it custody decides as if no order stood."""
    first = [plan for plan in plans if plan.subscriber() == named.holder]
    rest = [plan for plan in plans if plan not in first]
    if not rest:
        return same_status(first)
    return same_status(first).then(_rest(visit, rest, named), named.rule_id)


def _rest(visit: Visit, rest: list[Plan], named: decree.Named) -> Line:
    persons = {plan.subscriber() for plan in rest}
    if len(persons) == 1:
        return same_status(rest)
    visit.note(decree.rest_after_named)
    visit.doubt(decree.rest_after_named.id)
    if decree.spouse_second(visit):
        second = [plan for plan in rest if plan.role() == "stepparent" and decree.married_to(plan) == named.parent]
        third = [plan for plan in rest if plan not in second]
        if second and third:
            return same_status(second).then(_rest_by_custody(visit, third), decree.rest_after_named.id)
    return _rest_by_custody(visit, rest)


def _rest_by_custody(visit: Visit, rest: list[Plan]) -> Line:
    if len({plan.subscriber() for plan in rest}) == 1:
        return same_status(rest)
    line = by_custody(visit, rest)
    # Two plans of one person are told apart by their own rules, here as anywhere.
    behind = {pair: decree.rest_after_named.id if said == by_custody.id else said for pair, said in line.why.items()}
    return Line(line.groups, behind, line.cycle)


@rule("NAIC-6D2a-i", "MDL-120 §6.D(2)(a)(i)", "NJAC 11:4-28.6(b)3")
def earlier_birthday() -> None:
    """The plan of the parent whose birthday comes earlier in the year pays first; the year of birth does not count."""


@rule("NAIC-6D2a-ii", "MDL-120 §6.D(2)(a)(ii)")
def parent_covered_longer(one: Plan, other: Plan) -> Before | None:
    """Both parents have the same birthday, so the plan that has covered its parent longer pays first."""
    first, second = one.parent_start(), other.parent_start()
    one.visit.note(parent_covered_longer)
    return None if first == second else Before(-1 if first < second else 1, "NAIC-6D2a-ii")


@rule("NAIC-6D2b-ii", "MDL-120 §6.D(2)(b)(ii)", sure="read in part")
def both_responsible() -> None:
    """The court made both parents responsible, so the earlier birthday decides."""


@rule("NAIC-6D2b-iii", "MDL-120 §6.D(2)(b)(iii)", sure="read in part")
def joint_custody() -> None:
    """Joint custody and a court order silent on health care: the earlier birthday decides."""


def birthday_order(visit: Visit, plans: Sequence[Plan], rule_id: str) -> Line:
    """Parents by birthday; step-parents behind both parents, in the order of the parents they married."""
    steps = [plan for plan in plans if plan.role() == "stepparent"]
    parents = [plan for plan in plans if plan not in steps]
    if visit.options.gender_rule_fallback != "OFF":
        visit.note(earlier_birthday, "A plan that still follows the father first may disagree; ask both plans.")
    line = _by_birthdays(visit, parents, rule_id, Plan.subscriber)
    if not steps:
        return line
    visit.doubt("step-parent by birthday")
    return line.then(_by_birthdays(visit, steps, rule_id, decree.married_to), rule_id)


def _by_birthdays(visit: Visit, plans: Sequence[Plan], rule_id: str, whose: Callable[[Plan], str]) -> Line:
    """Plans by the birthdays of the people they stand for; those of one person by their own rules."""
    people = {plan.id: whose(plan) for plan in plans}
    if len({*people.values()}) < 2:
        return same_status(plans)
    birthdays = {plan.id: visit.birthday(people[plan.id]) for plan in plans}
    line = Line()
    for day in sorted({*birthdays.values()}):
        same = [plan for plan in plans if birthdays[plan.id] == day]
        alone = len({people[plan.id] for plan in same}) == 1
        line = line.then(same_status(same) if alone else rank(same, _of_one_birthday(people)), rule_id)
    return line


def _of_one_birthday(people: dict[str, str]) -> Compare:
    def compare(one: Plan, other: Plan) -> Before:
        longer = None if people[one.id] == people[other.id] else parent_covered_longer(one, other)
        return longer or in_turn(one, other)

    return compare


@rule("NAIC-6D2b-iv", "MDL-120 §6.D(2)(b)(iv)", sure="read in part")
def by_custody(visit: Visit, plans: Sequence[Plan]) -> Line:
    """Parents apart and no order on health care: the custodial parent's plan, that parent's spouse's, then the other
    parent's and that parent's spouse's.
    """
    custody = decree.custodial(visit)
    visit.note(by_custody)
    if custody == "none":
        visit.doubt("custody does not apply")
        return same_status(plans)
    if custody == "equal":
        visit.doubt("equal custody without an order")
        return birthday_order(visit, plans, by_custody.id)
    tiers = {plan.id: decree.tier(plan, custody) for plan in plans}
    if visit.options.child_noncustodial_spouse == "THREE_TIER" and 3 in tiers.values():
        visit.doubt("a fourth plan where the state names three")
    line = Line()
    for tier in sorted({*tiers.values()}):
        line = line.then(_in_one_place(visit, [plan for plan in plans if tiers[plan.id] == tier]), by_custody.id)
    return line


def _in_one_place(visit: Visit, plans: list[Plan]) -> Line:
    if len({plan.subscriber() for plan in plans}) > 1:
        visit.doubt("two persons in one place of the custody order")
    return _by_birthdays(visit, plans, by_custody.id, Plan.subscriber)
