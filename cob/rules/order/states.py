"""Where a state lets the driver put the health plan ahead of auto benefits: New Jersey, Michigan, Massachusetts.

Never ahead where Medicare or Medicaid would then pay before them, and in the latter two not for self-funded plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cob.rules.order.case import NoFault
from cob.rules.order.plan import Plan
from cob.rules.order.visit import Visit
from cob.rules.reading import rule

ORDER_IN: Final = {"NJ": "NJ_ELECTION", "MI": "MI_COORDINATED", "MA": "MA_2000_SPLIT"}


def plans_ahead(visit: Visit, benefit: Plan, plans: Sequence[Plan]) -> int:
    """How many of the commercial plans, in their order, stand ahead of an auto benefit."""
    if not plans:
        return 0
    chosen = visit.options.nf_order or ORDER_IN.get(_state(visit), "NF_FIRST")
    if chosen == "CUSTOM":
        visit.note(
            health_plan_first, "An order of this state's own is set but not described; auto benefits stay first."
        )
    if chosen in ("NF_FIRST", "CUSTOM"):
        return 0
    visit.note(health_plan_first)
    if not health_plan_first(visit, benefit, chosen):
        return 0
    if chosen == "NJ_ELECTION":
        return len(plans)
    return next((place for place, plan in enumerate(plans) if _self_funded(plan)), len(plans))


def _state(visit: Visit) -> str:
    return visit.fact("accident.state", visit.accident.state, ("NJ", "MI", "MA", "NY"))


def _self_funded(plan: Plan) -> bool:
    return plan.ask("funding", plan.coverage.funding, "insured", "self_funded_erisa") == "self_funded_erisa"


@rule("ACC-NF-STATE", "NJSA 39:6A-4.3", "MCL 500.3109a", "MGL c.90 §34A", "MA Bulletin 2017-06", sure="read in part")
def health_plan_first(visit: Visit, benefit: Plan, chosen: str) -> bool:
    """This state lets the health plan pay before auto benefits in some cases."""
    benefits = visit.accident.no_fault or NoFault()
    if chosen == "MA_2000_SPLIT":
        if benefit.kind == "medpay":
            return True
        line = visit.law("accidents.massachusetts.cents")
        return visit.fact("accident.no_fault.paid_to_date_cents", benefits.paid_to_date_cents, (0, line)) >= line
    if benefit.kind == "medpay":
        return False
    election = visit.fact("accident.no_fault.election", benefits.election, ("no_fault_first", "health_first"))
    return election == "health_first"
