"""Commercial plans among themselves: the NAIC model's section 6, list-wise as catalogue 1.3.2 has it.

A list of plans becomes a list of groups; plans in one group share equally. `Doubts` collects what makes the answer
only likely, and whether the plans' rules chase each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cmp_to_key
from typing import Any

from tests.reference.reading import (
    CHILD,
    NEVER,
    LeftOpen,
    Unknown,
    day,
    known,
    month_day,
    of,
    option,
    relationship,
)

Plan = dict[str, Any]
Groups = list[list[Plan]]
PARENTS = {"mother", "father", "parent"}


@dataclass
class Doubts:
    likely: set[str] = field(default_factory=set)
    cycle: bool = False


def naic_order(case: dict[str, Any], plans: list[Plan], doubts: Doubts) -> Groups:
    if len(plans) < 2:
        return [[plan] for plan in plans]
    if any(plan["kind"] == "individual" for plan in plans):
        doubts.likely.add("individual")
    if any(plan.get("funding") == "self_funded_erisa" for plan in plans):
        doubts.likely.add("GEN-ERISA")
    if sum(plan.get("coordination") == "always_excess" for plan in plans) > 1:
        doubts.cycle = True
    first = [plan for plan in plans if plan.get("coordination") == "no_rules"]
    rest = [plan for plan in plans if plan not in first]
    if len(first) > 1:
        doubts.likely.add("NAIC-6B1")
    return by_standing(case, first, doubts) + by_standing(case, rest, doubts)


def by_standing(case: dict[str, Any], plans: list[Plan], doubts: Doubts) -> Groups:
    """Rule 1: plans in the patient's own name, then plans that cover the patient as a dependent."""
    if len(plans) < 2:
        return [[plan] for plan in plans]
    own = [plan for plan in plans if is_own(case, plan)]
    others = [plan for plan in plans if plan not in own]
    return same_status(own, doubts) + dependents(case, others, doubts)


def is_own(case: dict[str, Any], plan: Plan) -> bool:
    if relationship(case, plan) != "self":
        return False
    if continuation(plan) == "none":
        return True
    return of(plan, "continuation_was") == "employee"


def continuation(plan: Plan) -> str:
    return "none" if plan["kind"] in ("individual", "student") else of(plan, "continuation")


def work_status(plan: Plan) -> str:
    return "none" if plan["kind"] in ("individual", "student") else of(plan, "work_status")


# Rules 3 to 6


def same_status(plans: list[Plan], doubts: Doubts) -> Groups:
    if len(plans) < 2:
        return [[plan] for plan in plans]
    literal = {(a["id"], b["id"]): compare(a, b, strict=True) for a in plans for b in plans if a is not b}
    if not chases(plans, literal) and muddled(plans, literal):
        raise LeftOpen("a tie between plans that stand differently to a third")
    if chases(plans, literal):
        doubts.cycle = True
        return proposed(plans)
    return grouped(plans, lambda a, b: literal[a["id"], b["id"]])


def proposed(plans: list[Plan]) -> Groups:
    """Rules 3 and 4 as if every plan had them, and the longer of those nobody has to wait for."""
    left, groups = list(plans), []
    while left:
        free = [plan for plan in left if not any(compare(one, plan, strict=False, length=False) < 0 for one in left)]
        first = min(map(start, free or left))
        groups.append([plan for plan in free or left if start(plan) == first])
        left = [plan for plan in left if plan not in groups[-1]]
    return groups


def compare(a: Plan, b: Plan, *, strict: bool, length: bool = True) -> int:
    """Negative when a is first. Strict: a rule one of the two lacks is skipped."""
    if not strict or (a.get("has_active_retired_rule") is not False and b.get("has_active_retired_rule") is not False):
        idle = ("retired", "laid_off")
        if work_status(a) == "active" and work_status(b) in idle:
            return -1
        if work_status(b) == "active" and work_status(a) in idle:
            return 1
    if not strict or (a.get("has_continuation_rule") is not False and b.get("has_continuation_rule") is not False):
        if (continuation(a) == "none") != (continuation(b) == "none"):
            return -1 if continuation(a) == "none" else 1
    return by_length(a, b) if length else 0


def by_length(a: Plan, b: Plan) -> int:
    return (start(a) > start(b)) - (start(a) < start(b))


def start(plan: Plan) -> date:
    """Since when the plan, with the one it replaced, has covered the patient."""
    since = plan.get("patient_covered_since")
    if since is None and plan["kind"] not in ("individual", "student"):
        since = plan.get("group_join_date")
    if since is None:
        raise Unknown("coverages", plan["id"], "patient_covered_since")
    earlier = plan.get("predecessor")
    if not earlier:
        return day(since)
    if not plan.get("carrier_changed_only"):
        if day(of(plan, "predecessor", "ended_on")) + timedelta(days=1) < day(since):
            return day(since)
    return min(day(since), day(of(plan, "predecessor", "covered_since")))


def chases(plans: list[Plan], verdicts: dict[tuple[str, str], int]) -> bool:
    """Whether somebody comes back to himself going from earlier payers to later ones."""
    for begin in plans:
        seen, reach = set(), [begin["id"]]
        while reach:
            here = reach.pop()
            for there in plans:
                name = there["id"]
                if name != here and verdicts[here, name] < 0 and name not in seen:
                    seen.add(name)
                    reach.append(name)
        if begin["id"] in seen:
            return True
    return False


def muddled(plans: list[Plan], verdicts: dict[tuple[str, str], int]) -> bool:
    """Two plans share equally and yet a third comes between or beside only one of them."""
    names = [plan["id"] for plan in plans]
    return any(
        verdicts[a, b] == 0 and verdicts[a, c] != verdicts[b, c]
        for a in names for b in names for c in names if len({a, b, c}) == 3
    )  # fmt: skip


def grouped(plans: list[Plan], comparison: Any) -> Groups:
    groups: Groups = []
    for plan in sorted(plans, key=cmp_to_key(comparison)):
        if groups and comparison(groups[-1][-1], plan) == 0:
            groups[-1].append(plan)
        else:
            groups.append([plan])
    return groups


# Rule 2


def dependents(case: dict[str, Any], plans: list[Plan], doubts: Doubts) -> Groups:
    if len(plans) < 2:
        return [[plan] for plan in plans]
    kinship = {plan["id"]: relationship(case, plan) for plan in plans}
    if not any(kin in CHILD for kin in kinship.values()):
        return same_status(plans, doubts)
    if people(plans) > 1 and {"foster_child", "adopted_child"} & {*kinship.values()}:
        doubts.likely.add("NAIC-ADOPT")
    if {"self", "domestic_partner", "divorced_spouse"} & {*kinship.values()}:
        raise LeftOpen("parents beside a partner who is no spouse, or beside own continued cover as a former dependent")
    elders = [plan for plan in plans if kinship[plan["id"]] in CHILD]
    spouses = [plan for plan in plans if kinship[plan["id"]] in ("spouse", "common_law_spouse")]
    if spouses:
        return married_child(case, plans, doubts)
    if len(elders) < len(plans):
        doubts.likely.add("NAIC-6D2c")
        return same_status(plans, doubts)
    guardians = [plan for plan in elders if role(case, plan) == "guardian"]
    if guardians and len(guardians) < len(elders):
        doubts.likely.add("NAIC-6D2c")
    return family(case, elders, doubts)


def married_child(case: dict[str, Any], plans: list[Plan], doubts: Doubts) -> Groups:
    older = option(case, "adult_child_spouse_rule", "MDL2013") == "PRE2013"
    if not older:
        doubts.likely.add("NAIC-6D2d")

    def comparison(a: Plan, b: Plan) -> int:
        order = by_length(a, b)
        if order or older:
            return order
        ours, theirs = (month_day(case, of(plan, "subscriber")) for plan in (a, b))
        return (ours > theirs) - (ours < theirs)

    return grouped(plans, comparison)


def role(case: dict[str, Any], plan: Plan) -> str:
    """What the subscriber is to the child: parent, stepparent or guardian."""
    relation = case["people"][of(plan, "subscriber")].get("relation")
    if relation in PARENTS:
        return "parent"
    if relation in ("stepparent", "guardian"):
        return relation
    return {"stepchild": "stepparent", "ward": "guardian", "foster_child": "guardian"}.get(
        relationship(case, plan), "parent"
    )


def family(case: dict[str, Any], plans: list[Plan], doubts: Doubts) -> Groups:
    """Decree, then birthdays where the parents live together or share the duty, else custody."""
    people = {of(plan, "subscriber") for plan in plans}
    if len(people) == 1:
        return same_status(plans, doubts)
    child = case.get("child") or {}
    terms = known(child.get("decree"), "terms", "child", "decree")
    financial = terms == "financial_only" and option(case, "decree_financial_only_counts", "NO") == "YES"
    if terms == "one_parent" or financial:
        named = by_decree(case, plans, doubts)
        if named is not None:
            return named
        terms = "none"
    if known(child, "parents_living_together", "child"):
        return by_birthday(case, plans, doubts)
    if terms in ("both_parents", "joint_custody_silent"):
        return by_birthday(case, plans, doubts)
    return by_custody(case, plans, doubts)


def by_decree(case: dict[str, Any], plans: list[Plan], doubts: Doubts) -> Groups | None:
    responsible = known((case.get("child") or {}).get("decree"), "responsible_parent", "child", "decree")
    named = [plan for plan in plans if plan["subscriber"] == responsible]
    through_spouse = not named
    if through_spouse:
        named = [plan for plan in plans if spouse_of(case, plan["subscriber"]) == responsible]
    if not named:
        raise LeftOpen("the parent the court named has no plan, nor has a spouse of that parent")
    if people(named) > 1:
        raise LeftOpen("two spouses of one parent")
    known_by = [knows_decree(case, plan) for plan in named]
    if any(known_by) and not all(known_by):
        raise LeftOpen("two plans of the named parent, one of which knows the order")
    if not all(known_by):
        doubts.likely.add("NAIC-6D2b-i-KN")
        return None
    if through_spouse:
        doubts.likely.add("NAIC-6D2b-i-SP")
    first = same_status(named, doubts)
    rest = [plan for plan in plans if plan not in named]
    if len({plan["subscriber"] for plan in rest}) < 2:
        return first + same_status(rest, doubts)
    doubts.likely.add("COM-DECREE-REST")
    if option(case, "decree_rest", "CUSTODIAL_ORDER") == "RESPONSIBLE_SPOUSE_SECOND":
        second = [plan for plan in rest if spouse_of(case, plan["subscriber"]) == responsible]
        first += same_status(second, doubts)
        rest = [plan for plan in rest if plan not in second]
        if len({plan["subscriber"] for plan in rest}) < 2:
            return first + same_status(rest, doubts)
    return first + by_custody(case, rest, doubts)


def knows_decree(case: dict[str, Any], plan: Plan) -> bool:
    """The plan has the order on file, and had not already paid in the plan year in which it learned of it."""
    told, dos = of(plan, "decree_notified_on"), day(case["claim"]["dos"])
    if told == NEVER or day(told) > dos:
        return False
    if plan.get("paid_before_notice") is False:
        return True
    if dos >= next_plan_year(day(told), of(plan, "plan_year_start")):
        return True
    return not of(plan, "paid_before_notice")


def next_plan_year(told: date, begins: str) -> date:
    for year in (told.year, told.year + 1):
        anniversary = date(year, 3, 1) if begins == "02-29" and year % 4 else date.fromisoformat(f"{year}-{begins}")
        if anniversary > told:
            return anniversary
    raise AssertionError


def spouse_of(case: dict[str, Any], person: str) -> str | None:
    """The parent whose spouse a stepparent is."""
    facts = case["people"][person]
    if facts.get("relation") != "stepparent":
        return None
    return known(facts, "spouse", "people", person)


def by_birthday(case: dict[str, Any], plans: list[Plan], doubts: Doubts) -> Groups:
    elders = [plan for plan in plans if role(case, plan) != "stepparent"]
    steps = [plan for plan in plans if plan not in elders]
    if steps and elders:
        doubts.likely.add("step-parent by birthday")
    born = {plan["id"]: month_day(case, plan["subscriber"]) for plan in elders} if people(elders) > 1 else {}
    groups: Groups = []
    for birthday in sorted(set(born.values())):
        groups += same_birthday([plan for plan in elders if born[plan["id"]] == birthday], doubts)
    if not born:
        groups = same_status(elders, doubts)
    if people(steps) < 2:
        return groups + same_status(steps, doubts)
    doubts.likely.add("step-parent by birthday")
    partners = {plan["id"]: month_day(case, spouse_of(case, plan["subscriber"])) for plan in steps}
    for birthday in sorted(set(partners.values())):
        same = [plan for plan in steps if partners[plan["id"]] == birthday]
        if people(same) > 1:
            raise LeftOpen("step-parents whose spouses have one birthday")
        groups += same_status(same, doubts)
    return groups


def same_birthday(plans: list[Plan], doubts: Doubts) -> Groups:
    if people(plans) < 2:
        return same_status(plans, doubts)
    if people(plans) < len(plans):
        raise LeftOpen("one birthday, two parents, two plans of one of them")
    since = {plan["id"]: of(plan, "subscriber_covered_since") for plan in plans}
    groups: Groups = []
    for begun in sorted(set(since.values())):
        groups += same_status([plan for plan in plans if since[plan["id"]] == begun], doubts)
    return groups


def people(plans: list[Plan]) -> int:
    return len({plan["subscriber"] for plan in plans})


def by_custody(case: dict[str, Any], plans: list[Plan], doubts: Doubts) -> Groups:
    custody = known(case.get("child"), "custodial_parent", "child")
    if custody in ("equal", "none"):
        doubts.likely.add("custody")
        return by_birthday(case, plans, doubts) if custody == "equal" else same_status(plans, doubts)
    tiers: Groups = [[], [], [], []]
    for plan in plans:
        person, married = plan["subscriber"], spouse_of(case, plan["subscriber"])
        tiers[0 if person == custody else 1 if married == custody else 2 if married is None else 3].append(plan)
    if tiers[3] and option(case, "child_noncustodial_spouse", "FOUR_TIER") == "THREE_TIER":
        doubts.likely.add("THREE_TIER")
    return [group for tier in tiers for group in same_status(tier, doubts)]
