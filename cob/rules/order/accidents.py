"""Payers for an injury or an occupational illness: only for care of it, and mostly ahead of everybody.

42 CFR part 411 subparts C and D, 20 CFR and 42 USC 300mm-41 for the federal programmes, and what states add.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from cob.rules.order.case import Liability, NoFault, WorkersComp
from cob.rules.order.general import Aside
from cob.rules.order.plan import Plan
from cob.rules.order.visit import Visit
from cob.rules.reading import rule

PAYS_FOR: Final = {
    "workers_comp": {"work"},
    "no_fault": {"auto", "other_accident"},
    "medpay": {"auto", "other_accident"},
    "liability": {"auto", "other_accident", "liability"},
    "black_lung": {"black_lung"},
    "wtc": {"wtc"},
    "crime_victim": {"crime"},
}
_PAY_FOR_INJURIES: Final = frozenset(PAYS_FOR)
_ASKED_AS: Final = {"no_fault": "auto", "medpay": "auto", "workers_comp": "work", "crime_victim": "crime"}
BANDS: Final = {"workers_comp": 10, "black_lung": 11, "wtc": 12, "no_fault": 20, "medpay": 21, "liability": 30}


@dataclass(frozen=True, slots=True)
class Accident:
    """The accident payers in their order, and those that do not pay."""

    plans: list[Plan]
    aside: dict[str, Aside]


def injuries(visit: Visit, plans: Sequence[Plan]) -> set[str]:
    """What the visit is for; asked only when somebody who pays for injuries is on file."""
    known = visit.claim.related_to
    asked = {_ASKED_AS.get(plan.kind, plan.kind) for plan in plans}
    if "wtc" in asked:
        asked.add("work")  # at work or not decides the programme's place
    might_be = [list(some) for count in range(len(asked), 0, -1) for some in combinations(sorted(asked), count)]
    return set(visit.fact("claim.related_to", known, [*might_be, ["none"]]))


@rule("ACC-REL", "42 CFR 411.50", "MAC guidance", sure="read in part")
def care_of_injury(plan: Plan, related: set[str]) -> bool:
    """An accident payer counts only for care of that injury or illness."""
    return bool(PAYS_FOR[plan.kind] & related)


def accident_payers(visit: Visit, plans: Sequence[Plan], *, medicare_pays: bool) -> Accident | None:
    """Sort the accident payers into those ahead of the health plans and those that do not pay; None without any."""
    if visit.kinds.isdisjoint(_PAY_FOR_INJURIES):
        return None
    concerned = [plan for plan in plans if plan.kind in PAYS_FOR]
    if not concerned:
        return None
    related = injuries(visit, concerned)
    paying, aside = [], {}
    for plan in concerned:
        why_not = _why_not(visit, plan, related, plans, medicare_pays=medicare_pays)
        if why_not is not None:
            aside[plan.id] = why_not
        elif plan.kind != "crime_victim" and (plan.kind != "wtc" or "work" in related):
            paying.append(plan)
    _note_several(visit, paying)
    return Accident(paying, aside)


def _why_not(
    visit: Visit, plan: Plan, related: set[str], plans: Sequence[Plan], *, medicare_pays: bool
) -> Aside | None:
    if not care_of_injury(plan, related):
        return Aside(care_of_injury.id, "this visit is not for that injury or illness")
    if plan.kind == "workers_comp" and not comp_pays_here(visit):
        return Aside(comp_pays_here.id, comp_pays_here.sentence)
    if plan.kind in ("no_fault", "medpay") and exhausted(visit):
        return Aside(exhausted.id, "its benefits are used up")
    if plan.kind == "wtc":
        visit.note(world_trade_center)
    return _liability_aside(visit, plans, medicare_pays=medicare_pays) if plan.kind == "liability" else None


def _note_several(visit: Visit, paying: list[Plan]) -> None:
    kinds = {plan.kind for plan in paying} - {"wtc"}
    if {"no_fault", "medpay"} <= kinds:
        visit.doubt("no_fault beside medpay")
        kinds.discard("medpay")
    if len(kinds) > 1:
        visit.note(several_accident_payers)
        visit.doubt(several_accident_payers.id)


@rule("ACC-WC", "42 USC 1395y(b)(2)(A)(ii)", "42 CFR 411.40")
def comp_first() -> None:
    """Workers' compensation pays first for a work injury."""


@rule("ACC-WC-UNAUTH", "42 CFR 411.40(b)(2)")
def comp_pays_here(visit: Visit) -> bool:
    """Compensation will not pay this provider, so the health plans and Medicare pay as if it were not there."""
    comp = visit.accident.workers_comp or WorkersComp()
    return visit.fact("accident.workers_comp.provider_authorised", comp.provider_authorised, (True, False))


@rule("ACC-BL", "42 CFR 411.40(b)(1)(ii)")
def black_lung_first() -> None:
    """The Department of Labor pays first for black-lung care."""


@rule("ACC-NF", "42 CFR 411.50(b)-(c)")
def no_fault_first() -> None:
    """Auto or premises medical benefits pay first for that injury, whoever was at fault."""


@rule("ACC-NF-EXH", "MAC guidance", sure="read in part")
def exhausted(visit: Visit) -> bool:
    """The accident benefits ran out before the visit; keep the insurer's letter."""
    benefits = visit.accident.no_fault or NoFault()
    yesterday = visit.day - timedelta(days=1)
    ended = visit.day_of("accident.no_fault.exhausted_on", benefits.exhausted_on, ("never", yesterday))
    return ended is not None and ended < visit.day


@rule("ACC-WTC", "42 USC 300mm-41(b)-(c)")
def world_trade_center() -> None:
    """The World Trade Center programme pays after compensation for a work-related condition, else after all health
    plans.
    """


@rule("ACC-MULTI", "state law", sure="unconfirmed")
def several_accident_payers() -> None:
    """Compensation, then auto benefits, then liability."""


def _liability_aside(visit: Visit, plans: Sequence[Plan], *, medicare_pays: bool) -> Aside | None:
    case = visit.accident.liability or Liability()
    status = visit.fact("accident.liability.status", case.status, ("open", "none"))
    if status == "none":
        return Aside(recovered_later.id, "no claim against anybody is open")
    if medicare_pays or visit.options.liability_nonmedicare == "RANK_FIRST":
        if not medicare_pays:
            visit.doubt(recovered_later.id)
        return None
    if status == "open" and any(plan.kind == "medicaid" for plan in plans):
        return Aside(medicaid_recovers.id, medicaid_recovers.sentence)
    visit.doubt(recovered_later.id)
    return Aside(recovered_later.id, recovered_later.sentence)


@rule("ACC-LIAB-MCR", "42 USC 1395y(b)(2)(A)(ii)", "42 CFR 411.54(a)")
def liability_first() -> None:
    """The other side's liability insurance owes first; Medicare can pay meanwhile and be repaid."""


@rule("ACC-LIAB-OTHER", "MDL-120 §9.C", sure="unconfirmed")
def recovered_later() -> None:
    """Without Medicare the health plan pays now and recovers later, unless liability is set to be billed first."""


@rule("MCD-LIAB", "42 CFR 433.139(c)")
def medicaid_recovers() -> None:
    """The liability case is not settled, so Medicaid pays now and recovers later."""


@rule("ACC-LIAB-120", "42 CFR 411.50(b)", "42 CFR 411.21", "42 CFR 411.53", "68 FR 43940")
def not_prompt(visit: Visit, plan: Plan) -> bool:
    """A payer that has not paid within 120 days is not prompt, so Medicare may be billed conditionally."""
    since = counted_from(visit, plan)
    return since is not None and visit.as_of > since + timedelta(days=visit.law("accidents.promptly.days"))


def counted_from(visit: Visit, plan: Plan) -> date | None:
    """The day the 120 days run from: for liability the earlier of service and claim, else the claim's receipt."""
    filed = _filed(visit, plan)
    if plan.kind == "liability":
        return min(filed, visit.day) if filed else visit.day
    return filed


def _filed(visit: Visit, plan: Plan) -> date | None:
    part = {"workers_comp": "workers_comp", "no_fault": "no_fault", "medpay": "no_fault"}.get(plan.kind, "liability")
    claim = getattr(visit.accident, part)
    filed = visit.glance(f"accident.{part}.claim_filed_on", claim.claim_filed_on if claim else None)
    return filed if isinstance(filed, date) else None


def may_bill_conditionally(visit: Visit, plan: Plan) -> bool:
    """Whether this accident payer's silence or refusal lets Medicare be billed for now."""
    if plan.kind == "workers_comp" and visit.accident.workers_comp is not None:
        status = visit.glance("accident.workers_comp.status", visit.accident.workers_comp.status)
        if status in ("denied", "settled"):
            return status == "denied"
    if plan.kind == "liability" and visit.accident.liability and visit.accident.liability.status == "settled":
        return False
    return plan.kind in ("workers_comp", "no_fault", "medpay", "liability") and not_prompt(visit, plan)
