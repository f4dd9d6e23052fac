"""Why one payer stands before the next: one rule for every two neighbours, and what else there is to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cob.rules.order import accidents, medicaid, medicare, military, naic
from cob.rules.order.assemble import Order, supplement_to_medicare
from cob.rules.order.general import advantage_replaces
from cob.rules.order.medicare import AFTER, BEFORE
from cob.rules.order.plan import MEDICARE, Plan
from cob.rules.order.verdict import Code
from cob.rules.order.visit import Visit
from cob.rules.reading import BOOK, Rule, rule

_ACCIDENT: Final[dict[str, Rule[..., Any]]] = {
    "workers_comp": accidents.comp_first, "black_lung": accidents.black_lung_first,
    "wtc": accidents.world_trade_center, "no_fault": accidents.no_fault_first, "medpay": accidents.no_fault_first,
    "liability": accidents.liability_first,
}  # fmt: skip
_PROGRAMME: Final[dict[str, Rule[..., Any]]] = {
    "wtc": accidents.world_trade_center, "crime_victim": medicaid.crime_fund_last, "ryan_white": medicaid.ryan_white,
}  # fmt: skip
_LAST: Final[dict[str, Rule[..., Any]]] = {
    "ihs": military.indian_health_last, "champva": military.champva_last, "chip": medicaid.chip_after_other,
    "crime_victim": medicaid.crime_fund_last, "ryan_white": medicaid.ryan_white,
}  # fmt: skip
_NO_FAULT: Final = frozenset({"no_fault", "medpay"})
_PUBLIC: Final = frozenset({*_LAST, *medicaid.PROGRAMMES, "medicaid", "tricare"})
_WAITS_FOR_TRICARE: Final = frozenset({"medicaid", "tricare_supplement", "ihs", "crime_victim"})


def between(visit: Visit, order: Order, first: Plan, second: Plan) -> str:
    """The id of the rule that puts the first of two neighbours before the second."""
    said = order.line.why.get((first.id, second.id))
    if said is not None:
        return said
    base = visit.plans.get(first.supplements or "")
    if base is not None and base.id in order.line.ids:
        return between(visit, order, base, second)
    if first in order.accident:
        return _after_accident(order, first, second)
    if second in order.accident:
        return "ACC-NF-STATE"
    return _between_health_plans(visit, order, first, second)


def _after_accident(order: Order, first: Plan, second: Plan) -> str:
    if second.kind == "wtc" and first.kind == "workers_comp":
        return accidents.world_trade_center.id
    if second in order.accident and not {first.kind, second.kind} <= _NO_FAULT:
        return accidents.several_accident_payers.id
    if first.kind == "liability" and not order.medicare_pays:
        return accidents.recovered_later.id
    return _ACCIDENT[first.kind].id


def _between_health_plans(visit: Visit, order: Order, first: Plan, second: Plan) -> str:
    if second.kind == "ihs":
        return _before_indian_health(first)
    if first.kind in ("tricare", "champva"):
        return _behind_tricare(visit, first, second)
    if second.kind in ("tricare", "champva"):
        return _before_tricare(order, first, second)
    if second.kind in ("medicaid", "chip"):
        return medicaid.medicaid_last.id if second.kind == "medicaid" else medicaid.chip_after_other.id
    if second.kind in medicaid.PROGRAMMES:
        return _PROGRAMME.get(second.kind, medicaid.medicaid_ahead).id
    return _around_medicare(visit, order, first, second)


def _before_indian_health(first: Plan) -> str:
    if first.kind == "tricare":
        return military.waits_for_tricare.id
    return medicaid.ryan_white.id if first.kind == "ryan_white" else military.indian_health_last.id


def _behind_tricare(visit: Visit, first: Plan, second: Plan) -> str:
    if first.kind == "champva":
        return military.champva_last.id
    if second.kind == "school_program" and visit.claim.category == "early_intervention":
        return military.before_early_intervention.id
    if second.kind in _WAITS_FOR_TRICARE:
        return military.waits_for_tricare.id
    if second.kind in medicaid.PROGRAMMES:
        return _PROGRAMME.get(second.kind, medicaid.medicaid_ahead).id
    return military.tricare_last.id


def _before_tricare(order: Order, first: Plan, second: Plan) -> str:
    if second.kind == "champva":
        return (military.medicare_before_champva if first.kind in MEDICARE else military.champva_last).id
    if first.kind in MEDICARE:
        return military.medicare_before_tricare.id
    said = order.sides.get(first.id)
    retired = said is not None and order.medicare_pays and said.rule_id == medicare.retired_plan.id
    return (military.supplement_before_tricare if retired or first.kind == "medigap" else military.tricare_last).id


def _around_medicare(visit: Visit, order: Order, first: Plan, second: Plan) -> str:
    if "medigap" in (first.kind, second.kind):
        return supplement_to_medicare.id
    if second.kind == "tribal_self_funded" and second.id not in order.sides:
        return medicare.tribal_plan.id
    if second.kind in MEDICARE and first.id in order.sides:
        return order.sides[first.id].rule_id
    if first.kind in MEDICARE and second.id in order.sides:
        return order.sides[second.id].rule_id
    if naic.medicare_turns_it_round.id in visit.trace.notes:
        return naic.medicare_turns_it_round.id
    if naic.federal_before_model_act.id in visit.trace.notes:
        return naic.federal_before_model_act.id
    return naic.sandwich.id


def remark(visit: Visit, order: Order) -> None:
    """Everything the rules have to say besides the order; none of it makes anybody ask."""
    plans = [visit.plans[name] for group in order.line.groups for name in group]
    for said in order.sides.values():
        visit.note(BOOK[said.rule_id])
    for plan in order.accident:
        first = _ACCIDENT[plan.kind]
        visit.note(first if order.medicare_pays or plan.kind != "liability" else accidents.recovered_later)
    if order.medicare_pays:
        _remark_on_medicare(visit, order)
        _remark_on_job_plans(visit, order, plans)
    kinds = visit.kinds
    if "tricare" in kinds or "champva" in kinds:
        _remark_on_military(visit, order, plans)
    if not kinds.isdisjoint(_PUBLIC):
        _remark_on_public(visit, plans)
    if "medicaid" in kinds:
        _remark_on_medicaid(visit, plans)
    _remark_on_commercial(visit, [plan for plan in plans if plan.commercial])


def _remark_on_commercial(visit: Visit, plans: Sequence[Plan]) -> None:
    if len(plans) > 1:
        visit.note(naic.first_pays_as_if_alone)
        visit.note(naic.counts_only_when_second)
        if naic.off_panel(visit, plans[0], plans[1]):
            visit.note(naic.off_panel)
    if naic.equal_shares_after_dispute(visit):
        visit.note(naic.equal_shares_after_dispute)


def _remark_on_public(visit: Visit, plans: Sequence[Plan]) -> None:
    """The programmes at the end of the line, each with the rule that keeps it there."""
    if len(plans) < 2:
        return
    kinds = [plan.kind for plan in plans]
    for kind in kinds:
        if kind in _LAST:
            visit.note(_LAST[kind])
    if "medicaid" in kinds and any(kind in medicaid.PROGRAMMES or kind == "ihs" for kind in kinds):
        visit.note(medicaid.medicaid_ahead)
    if "tricare" in kinds and any(kind in _WAITS_FOR_TRICARE for kind in kinds):
        visit.note(military.waits_for_tricare)


def _remark_on_medicare(visit: Visit, order: Order) -> None:
    sides = {said.side for said in order.sides.values()}
    if sides == {BEFORE, AFTER}:
        visit.note(naic.sandwich)
    if any(visit.plans[name].kind == "medicare_advantage" for name in order.line.ids):
        visit.note(advantage_replaces)
    payers = [plan for plan in order.accident if plan.kind != "wtc"]
    if payers:
        visit.note(missing_questionnaire)
    for plan in payers:
        if accidents.not_prompt(visit, plan):
            visit.note(accidents.not_prompt)
        elif accidents.may_bill_conditionally(visit, plan):
            visit.note(accidents.not_prompt, "The payer has refused, so Medicare may be billed conditionally at once.")


def _remark_on_job_plans(visit: Visit, order: Order, plans: Sequence[Plan]) -> None:
    for plan in plans:
        said = order.sides.get(plan.id)
        if said is None or said.side != BEFORE:
            continue
        denial = plan.glance("denial", plan.coverage.denial)
        excess = plan.glance("coordination", plan.coordination) == "always_excess"
        if excess or denial == "says_medicare_first":
            visit.note(no_contract_against_federal_law)
        if denial in ("not_covered", "exhausted"):
            visit.note(item_not_covered)
        if denial in ("says_medicare_first", "untimely"):
            visit.note(no_conditional_payment)


def _remark_on_military(visit: Visit, order: Order, plans: Sequence[Plan]) -> None:
    kinds = [plan.kind for plan in plans]
    if "champva" in kinds:
        part_b_missing = military.champva_needs_part_b(visit)
        if order.medicare_pays or part_b_missing:
            visit.note(military.medicare_before_champva)
        if part_b_missing:
            visit.note(military.champva_needs_part_b)
    if "tricare" not in kinds:
        return
    ahead = plans[: kinds.index("tricare")]
    if ahead:
        visit.note(military.tricare_last)
    if order.medicare_pays and any(plan.kind in MEDICARE for plan in ahead):
        visit.note(military.medicare_before_tricare)
    for law in (military.must_be_billed, military.step_parent_before_tricare):
        if law(ahead):
            visit.note(law)
    if any(plan in order.accident for plan in ahead):
        visit.note(military.tricare_may_advance)
    if order.medicare_pays and any(order.sides[p.id].side == BEFORE for p in ahead if p.id in order.sides):
        visit.note(military.job_medicare_tricare)
    if military.tricare_needs_part_b(visit):
        visit.note(military.tricare_needs_part_b)


def _remark_on_medicaid(visit: Visit, plans: Sequence[Plan]) -> None:
    kinds = [plan.kind for plan in plans]
    if "medicaid" not in kinds:
        return
    visit.note(medicaid.no_balance_billing)
    # Cover that nobody could establish is not on file, so this is so most of all where Medicaid stands alone.
    if medicaid.cover_not_established(visit):
        visit.note(medicaid.cover_not_established)
    ahead = plans[: kinds.index("medicaid")]
    if not ahead:
        return
    visit.note(medicaid.medicaid_last)
    if medicaid.prenatal(visit):
        visit.note(medicaid.prenatal)
    if medicaid.clause_void(ahead):
        visit.note(medicaid.clause_void)
    for says in (medicaid.preventive_visit, medicaid.child_support):
        text = says(visit)
        if text:
            visit.note(says, text)


@rule("MSP-PREEMPT", "42 USC 1395y(b)(2)(A)", "42 CFR 411.32(a)(1)", "42 CFR 422.108(f)")
def no_contract_against_federal_law() -> None:
    """No contract and no state law can put Medicare ahead of a plan that federal law puts first."""


@rule("MSP-NOTCOVERED", "42 CFR 411.162(a)(4)", "42 CFR 411.206(a)(2)-(3), (c)")
def item_not_covered() -> None:
    """The job plan does not cover this or is used up, so Medicare pays first for it, once the denial is in hand."""


@rule("MSP-CONDITIONAL", "42 CFR 411.206(c)", "42 CFR 411.32(c)")
def no_conditional_payment() -> None:
    """A plan that refuses because of Medicare, or because the claim was late, does not make Medicare pay."""


@rule("MSP-NOQ", "42 USC 1395y(b)(2)(C), (b)(6)")
def missing_questionnaire() -> None:
    """A missing questionnaire alone does not let Medicare deny payment, but the claim must name the other insurance."""


CODES: Final[dict[str, Code]] = {
    "workers_comp": "15",
    "black_lung": "41",
    "no_fault": "14",
    "medpay": "14",
    "liability": "47",
    "wtc": "16",
}


def medicare_code(visit: Visit, order: Order) -> Code | None:
    """The code for Medicare's SBR05, from the payer that stands first; none when Medicare is first or absent."""
    if not order.medicare_pays or not order.line.groups:
        return None
    first = visit.plans[order.line.groups[0][0]]
    if first.kind in MEDICARE:
        return None
    said = order.sides.get(first.id)
    return said.code if said is not None else CODES.get(first.kind)


def is_conditional(visit: Visit, order: Order) -> bool:
    """Whether Medicare may be billed conditionally now: every accident payer ahead of it has refused or is late."""
    if not order.medicare_pays or not order.accident:
        return False
    return all(accidents.may_bill_conditionally(visit, plan) for plan in order.accident)
