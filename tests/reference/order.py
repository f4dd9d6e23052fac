"""Who pays in which order when every fact that matters is known: the catalogue's core, phase by phase."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.reference.accidents import (
    accident_order,
    liability_order,
    no_fault_payers,
    refused_or_late,
    related,
    with_no_fault,
)
from tests.reference.medicare import CODES, Side, aged_from, part_in_force, side
from tests.reference.plans import Doubts, is_own, naic_order
from tests.reference.reading import (
    CHILD,
    COMMERCIAL,
    EXCLUDED,
    NEVER,
    LeftOpen,
    Unknown,
    birth_date,
    day,
    known,
    known_out,
    month,
    of,
    option,
    relationship,
)

Plan = dict[str, Any]
LAST_RESORT = ("title_v", "wtc", "school_program", "wic", "ryan_white", "crime_victim")
MSP = {"workers_comp": "15", "black_lung": "41", "no_fault": "14", "medpay": "14", "liability": "47", "wtc": "16"}


@dataclass
class Answer:
    """Groups in paying order (a group of two or more shares equally) and what surrounds them."""

    groups: list[list[str]] = field(default_factory=list)
    status: str = "determined"
    aside: set[str] = field(default_factory=set)
    msp_type: str | None = None
    conditional: bool = False
    doubts: set[str] = field(default_factory=set)

    @property
    def order(self) -> list[str]:
        return [name for group in self.groups for name in group]


def decide(case: dict[str, Any]) -> Answer:
    """The answer, or `Unknown` for the first fact that is missing."""
    dos = day(case["claim"]["dos"])
    plans = in_force(case, dos)
    kinds = [plan["kind"] for plan in plans]
    answer = Answer(aside={plan["id"] for plan in case["coverages"]} - {plan["id"] for plan in plans})
    if kinds.count("fehb") > 1 or {"tricare", "champva"} <= {*kinds} or {"medicaid", "chip"} <= {*kinds}:
        return Answer(status="data_conflict")
    if any(plan["kind"] == "sharing_ministry" and not known_out(plan, dos) for plan in case["coverages"]):
        answer.doubts.add("sharing_ministry")
    ranked = alone(case, plans, answer) or line_up(case, plans, dos, answer)
    answer.groups = [[plan["id"] for plan in listed(case, group)] for group in ranked if group]
    answer.aside |= {plan["id"] for plan in plans} - {*answer.order}
    if not answer.groups:
        answer.status = "no_coverage"
    elif answer.status == "determined" and any(len(group) > 1 for group in answer.groups):
        answer.status = "tie"
    elif answer.status == "determined" and answer.doubts:
        answer.status = "likely"
    return answer


def listed(case: dict[str, Any], group: list[Plan]) -> list[Plan]:
    return [plan for plan in case["coverages"] if plan in group]


# Phase 0


def in_force(case: dict[str, Any], dos: date) -> list[Plan]:
    plans = []
    for plan in case["coverages"]:
        if plan["kind"] in EXCLUDED or plan.get("enrolled") is False:
            continue
        if plan["kind"] == "medicare" or active(case, plan, dos):
            plans.append(plan)
    names = {plan["id"] for plan in plans}
    plans = [plan for plan in plans if plan.get("carve_out_of") not in names]
    if any(plan["kind"] not in COMMERCIAL for plan in plans) or len(plans) > 1:
        group = [plan for plan in plans if plan["kind"] in COMMERCIAL and plan["kind"] != "individual"]
        if group and option(case, "individual_policies_coordinate", "YES") == "NO":
            plans = [plan for plan in plans if plan["kind"] != "individual"]
    return plans


def active(case: dict[str, Any], plan: Plan, dos: date) -> bool:
    last = plan.get("last_covered_day")
    if last:
        whole = option(case, "term_date_is_last_day", True)
        if (day(last) if whole else day(last) - timedelta(days=1)) < dos:
            return False
    if day(of(plan, "effective")) > dos:
        return False
    if "last_covered_day" not in plan:
        raise Unknown("coverages", plan["id"], "last_covered_day")
    return bool(last) or not outgrown(case, plan, dos)


def outgrown(case: dict[str, Any], plan: Plan, dos: date) -> bool:
    """A child has passed the age at which it leaves a parent's plan."""
    if plan["kind"] not in COMMERCIAL - {"student", "hra"} or relationship(case, plan) not in CHILD:
        return False
    born, rule = birth_date(case), option(case, "dependent_age_end", "BIRTHDAY_EVE")
    age = int(rule[10:-1]) if rule.startswith("STATE_AGE") else 26
    year = born.year + age
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        readings = {last_day(rule, date(year, 2, 28)) < dos, last_day(rule, date(year, 3, 1)) < dos}
    else:
        readings = {last_day(rule, born.replace(year=year)) < dos}
    if readings == {False}:
        return False
    if known(case.get("child"), "disabled_dependent", "child"):
        return False
    if len(readings) > 1:
        raise Unknown("coverages", plan["id"], "last_covered_day")
    return True


def last_day(rule: str, birthday: date) -> date:
    if rule == "END_OF_MONTH":
        return birthday.replace(day=calendar.monthrange(birthday.year, birthday.month)[1])
    if rule == "END_OF_YEAR":
        return date(birthday.year, 12, 31)
    return birthday - timedelta(days=1)


# Phase 1


def alone(case: dict[str, Any], plans: list[Plan], answer: Answer) -> list[list[Plan]] | None:
    """A payer beside which no other counts."""
    va, tricare, grant, pace = (
        [plan for plan in plans if plan["kind"] == kind] for kind in ("va", "tricare", "federal_grant", "pace")
    )
    if va and known(case.get("va"), "authorised", "va"):
        return [va]
    if tricare and known(case.get("military"), "beneficiary", "military") == "adsm":
        medicare = medicare_payer(case, plans, day(case["claim"]["dos"]))
        if not medicare:
            return [tricare]
        answer.doubts.add("EXC-ADSM")
        if option(case, "adsm_with_medicare", "TRICARE_ONLY_THEN_MEDICARE") == "MEDICARE_FIRST":
            return [[medicare], tricare]
        return [tricare, [medicare]]
    if grant:
        return [grant]
    if pace:
        if any(plan["kind"] not in ("pace", "va") for plan in plans):
            answer.doubts.add("EXC-PACE")
        return [pace]
    return None


# Phases 2 to 5


def line_up(case: dict[str, Any], plans: list[Plan], dos: date, answer: Answer) -> list[list[Plan]]:
    by_kind: dict[str, list[Plan]] = {}
    for plan in plans:
        by_kind.setdefault(plan["kind"], []).append(plan)
    medicare = medicare_payer(case, plans, dos)
    if medicare and retro(case, by_kind, dos):
        medicare = None
    commercial = [plan for plan in plans if plan["kind"] in COMMERCIAL and billable(plan, by_kind)]
    last = [plan for plan in commercial if plan["kind"] == "tribal_self_funded" and of(plan, "tribal", "last_resort")]
    commercial = [plan for plan in commercial if plan not in last]
    before, after, sides = commercial_order(case, commercial, dos, bool(medicare), answer)
    head = accident_order(case, by_kind)
    no_fault = no_fault_payers(case, by_kind, answer.doubts)
    liability = liability_order(case, by_kind, medicare, answer.doubts)
    before = with_no_fault(case, no_fault, liability, before)
    causes = [group for group in head if group[0]["kind"] != "wtc"] + [one for one in (no_fault, liability) if one]
    if len(causes) > 1:
        answer.doubts.add("ACC-MULTI")
    medigap = by_kind.get("medigap", []) if medicare and medicare["kind"] == "medicare" else []
    if medigap and after:
        answer.doubts.add("MSP-MEDIGAP")
    if option(case, "medigap_vs_retiree", "MEDIGAP_FIRST") == "RETIREE_FIRST":
        follow = [*after, medigap]
    else:
        follow = [medigap, *after]
    ranked = [*head, *before, [medicare] if medicare else [], *follow]
    ranked += tail(case, by_kind, last, answer)
    ranked = [group for group in ranked if group]
    if last and len([plan for group in ranked for plan in group]) > len(last):
        answer.doubts.add("MSP-TRIBAL")
    if "wic" in by_kind and len(ranked) > 1:
        answer.doubts.add("wic")
    conditions(case, ranked, sides, medicare, answer)
    return ranked


def billable(plan: Plan, by_kind: dict[str, list[Plan]]) -> bool:
    """Indian health bills a tribe's own plan only where the tribe agreed."""
    beside = plan["kind"] == "tribal_self_funded" and "ihs" in by_kind
    return not beside or of(plan, "tribal", "ihs_may_bill")


def medicare_payer(case: dict[str, Any], plans: list[Plan], dos: date) -> Plan | None:
    """The Medicare entry that pays for this service, an Advantage plan in Original Medicare's place."""
    entries = [plan for plan in plans if plan["kind"] in ("medicare", "medicare_advantage")]
    service = case["claim"].get("service") or "professional"
    if not entries or service == "excluded_by_medicare":
        return None
    for plan in entries:
        if plan["kind"] == "medicare_advantage":
            return plan
    return entries[0] if part_in_force(case, "part_b" if service == "professional" else "part_a", dos) else None


def has_medicare(case: dict[str, Any], dos: date) -> bool:
    if "medicare" not in case:
        return False
    if advantage(case, dos):
        return True
    unknown = None
    for name in ("part_a", "part_b"):
        try:
            if part_in_force(case, name, dos):
                return True
        except Unknown as missing:
            unknown = missing
    if unknown:
        raise unknown
    return False


def advantage(case: dict[str, Any], dos: date) -> bool:
    """An Advantage plan in force, which nobody has without both parts."""
    return any(
        plan["kind"] == "medicare_advantage" and plan.get("enrolled") is not False and active(case, plan, dos)
        for plan in case["coverages"]
    )


def retro(case: dict[str, Any], by_kind: dict[str, list[Plan]], dos: date) -> bool:
    """TRICARE pays as if there were no Medicare until the decision that backdated it for a disability."""
    if "tricare" not in by_kind or month(dos.isoformat()) >= aged_from(case):
        return False
    if "disability" not in (case["medicare"].get("basis") or {}):
        return False
    awarded = known(case["medicare"], "retro_award_date", "medicare")
    return awarded != NEVER and dos < day(awarded)


def commercial_order(
    case: dict[str, Any], plans: list[Plan], dos: date, pays: bool, answer: Answer
) -> tuple[list[list[Plan]], list[list[Plan]], dict[str, Side]]:
    """The plans Medicare waits for, and the plans that wait for Medicare."""
    names = {plan["id"] for plan in plans}
    extras = [plan for plan in plans if plan.get("supplements") in names - {plan["id"]}]
    if len({plan["supplements"] for plan in extras}) < len(extras):
        raise LeftOpen("two supplements of one plan")
    bases = [plan for plan in plans if plan not in extras]
    sides: dict[str, Side] = {}
    if has_medicare(case, dos) and bases:
        sides = {plan["id"]: side(case, plan, dos) for plan in bases}
        if pays or len({found.before for found in sides.values()}) > 1:
            answer.doubts |= {found.doubt for found in sides.values() if found.doubt}
    doubts = Doubts()
    before = [plan for plan in bases if not sides or sides[plan["id"]].before]
    after = [plan for plan in bases if plan not in before]
    ordered = [naic_order(case, before, doubts), naic_order(case, after, doubts)]
    crossed(case, before, after, pays, answer)
    answer.doubts |= doubts.likely
    if doubts.cycle:
        answer.status = "cycle"
    for groups in ordered:
        for extra in extras:
            place = [n for n, group in enumerate(groups) for plan in group if plan["id"] == extra["supplements"]]
            if place:
                groups.insert(place[0] + 1, [extra])
    return ordered[0], ordered[1], sides


def crossed(case: dict[str, Any], before: list[Plan], after: list[Plan], pays: bool, answer: Answer) -> None:
    """Pairs the plans' own rules would have put the other way round."""
    for late in after:
        for early in before:
            first = naic_order(case, [late, early], Doubts())[0]
            if first != [late]:
                continue
            free = late.get("coordination") != "no_rules"
            if free and is_own(case, late) and not is_own(case, early):
                if not pays:
                    answer.doubts.add("NAIC-6D1b")
            else:
                answer.doubts.add("COM-PREEMPT-CROSS")


def tail(case: dict[str, Any], by_kind: dict[str, list[Plan]], last: list[Plan], answer: Answer) -> list[list[Plan]]:
    """TRICARE or CHAMPVA, Medicaid or CHIP, then what waits for Medicaid, Indian health last."""
    kinds = ["tricare", "champva", "tricare_supplement", "champva_supplement", "medicaid", "chip"]
    for kind in ("tricare", "champva"):
        if kind not in by_kind:
            kinds.remove(f"{kind}_supplement")
    ranked = [by_kind.get(kind, []) for kind in kinds]
    waiting = []
    for kind in LAST_RESORT:
        if kind in by_kind and counts(case, kind):
            waiting.append(kind)
            ranked.append(by_kind[kind])
    doubts = Doubts()
    ranked += naic_order(case, last, doubts)
    answer.doubts |= doubts.likely
    ranked.append(by_kind.get("ihs", []))
    if len(waiting) > 1:
        answer.doubts.add("two last-resort programmes")
    present = {*by_kind} - {"wtc", "crime_victim", "ihs"} | {*waiting, *(["ihs"] if "ihs" in by_kind else [])}
    if "champva" in present and present & {"ihs", "crime_victim"}:
        answer.doubts.add("champva beside ihs or crime victim")
    if {"ihs", "crime_victim"} <= present:
        answer.doubts.add("ihs beside crime victim")
    return ranked


def counts(case: dict[str, Any], kind: str) -> bool:
    if kind == "crime_victim":
        return related(case, "crime")
    if kind == "wtc":
        return related(case, "wtc") and not related(case, "work")
    return True


def conditions(
    case: dict[str, Any], ranked: list[list[Plan]], sides: dict[str, Side], medicare: Plan | None, answer: Answer
) -> None:
    """Medicare's type code, and whether it may be billed before the first payer has paid."""
    if not medicare or not ranked or ranked[0] == [medicare]:
        return
    first = ranked[0][0]
    found = sides.get(first["id"])
    answer.msp_type = CODES[found.basis] if found else MSP.get(first["kind"])
    ahead = [plan for group in ranked[: ranked.index([medicare])] for plan in group if plan["kind"] in MSP]
    answer.conditional = bool(ahead) and all(refused_or_late(case, plan) for plan in ahead)
