"""Payers for an injury or illness: compensation, no-fault and what states add, liability, and how long they may wait.

Catalogue 1.3 phase 2 and section 2.4.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.reference.reading import NEVER, LeftOpen, day, known, of, option

Plan = dict[str, Any]
PROMPTLY = 120


def related(case: dict[str, Any], *causes: str) -> bool:
    return any(cause in known(case["claim"], "related_to", "claim") for cause in causes)


def accident_order(case: dict[str, Any], by_kind: dict[str, list[Plan]]) -> list[list[Plan]]:
    """Compensation, black lung, and the World Trade Center program for work-related conditions."""
    head = []
    accident = case.get("accident") or {}
    compensation = by_kind.get("workers_comp", [])
    if compensation and related(case, "work"):
        if known(accident.get("workers_comp"), "provider_authorised", "accident", "workers_comp"):
            head.append(compensation)
    if by_kind.get("black_lung") and related(case, "black_lung"):
        head.append(by_kind["black_lung"])
    if by_kind.get("wtc") and related(case, "wtc") and related(case, "work"):
        head.append(by_kind["wtc"])
    return head


def no_fault_payers(case: dict[str, Any], by_kind: dict[str, list[Plan]], doubts: set[str]) -> list[Plan]:
    payers = [plan for kind in ("no_fault", "medpay") for plan in by_kind.get(kind, [])]
    if not payers or not related(case, "auto", "other_accident"):
        return []
    exhausted = known((case.get("accident") or {}).get("no_fault"), "exhausted_on", "accident", "no_fault")
    if exhausted != NEVER and day(exhausted) < day(case["claim"]["dos"]):
        return []
    if len(payers) > 1:
        doubts.add("no_fault beside medpay")
    return payers


def with_no_fault(
    case: dict[str, Any], payers: list[Plan], liability: list[list[Plan]], commercial: list[list[Plan]]
) -> list[list[Plan]]:
    """No-fault payers and liability ahead of the commercial plans, or no-fault behind those a state puts first."""
    late = [plan for plan in payers if commercial and health_first(case, plan)]
    early = [[plan] for plan in payers if plan not in late]
    if not late:
        return [*early, *liability, *commercial]
    ahead = commercial
    if rule_of_state(case) != "NJ_ELECTION":
        own = [of(plan, "funding") == "self_funded_erisa" for group in commercial for plan in group]
        if any(own) and not all(own):
            raise LeftOpen("a state's no-fault rule where one of several plans is self-funded")
        ahead = [] if any(own) else commercial
    if not ahead:
        return [*([plan] for plan in payers), *liability, *commercial]
    return [*early, *liability, *ahead, *([plan] for plan in late), *commercial[len(ahead) :]]


def rule_of_state(case: dict[str, Any]) -> str:
    order = option(case, "nf_order", None)
    if order is None:
        state = known(case.get("accident"), "state", "accident")
        order = {"NJ": "NJ_ELECTION", "MI": "MI_COORDINATED", "MA": "MA_2000_SPLIT"}.get(state, "NF_FIRST")
    return order


def health_first(case: dict[str, Any], payer: Plan) -> bool:
    order, facts = rule_of_state(case), (case.get("accident") or {}).get("no_fault")
    if order == "NF_FIRST":
        return False
    if order == "MA_2000_SPLIT":
        if payer["kind"] == "medpay":
            return True
        return known(facts, "paid_to_date_cents", "accident", "no_fault") >= 200_000
    return payer["kind"] == "no_fault" and known(facts, "election", "accident", "no_fault") == "health_first"


def liability_order(
    case: dict[str, Any], by_kind: dict[str, list[Plan]], medicare: Plan | None, doubts: set[str]
) -> list[list[Plan]]:
    payers = by_kind.get("liability", [])
    if not payers or not related(case, "auto", "other_accident", "liability"):
        return []
    status = known((case.get("accident") or {}).get("liability"), "status", "accident", "liability")
    if status == "none":
        return []
    if medicare:
        return [payers]
    ranked = option(case, "liability_nonmedicare", "RECOVERY_NOTE") == "RANK_FIRST"
    if ranked or "medicaid" not in by_kind or status == "settled":
        doubts.add("ACC-LIAB-OTHER")
    return [payers] if ranked else []


def refused_or_late(case: dict[str, Any], plan: Plan) -> bool:
    """Whether this accident payer lets Medicare be billed for now."""
    accident = case.get("accident") or {}
    as_of, dos = (day(case["claim"].get(name) or case["claim"]["dos"]) for name in ("as_of", "dos"))
    name = {"workers_comp": "workers_comp", "no_fault": "no_fault", "medpay": "no_fault", "liability": "liability"}
    facts = accident.get(name.get(plan["kind"], "")) or {}
    if plan["kind"] == "workers_comp" and facts.get("status") == "denied":
        return True
    if plan["kind"] not in name or facts.get("status") == "settled":
        return False
    return late(facts.get("claim_filed_on"), dos if plan["kind"] == "liability" else None, as_of)


def late(filed: str | None, served: date | None, as_of: date) -> bool:
    """More than 120 days since the claim, for liability since the earlier of claim and service."""
    starts = [begin for begin in (served, day(filed) if filed not in (None, NEVER) else None) if begin]
    return bool(starts) and (as_of - min(starts)).days > PROMPTLY
