"""The whole order of one visit under one set of assumptions: who is out, who pays alone, and the bands of the rest.

Bands give the order between regimes, the model act the order inside a commercial band (catalogue §1.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from cob.rules.order import accidents, general, medicaid, military, naic, states
from cob.rules.order.general import Aside
from cob.rules.order.line import Line, alone
from cob.rules.order.medicare import BEFORE, Side, side
from cob.rules.order.plan import MEDICARE, Plan
from cob.rules.order.visit import Visit
from cob.rules.reading import Rule, rule

PROGRAMME_BAND: Final = {kind: 75 + place / 10 for place, kind in enumerate(medicaid.PROGRAMMES)}
BANDS: Final[dict[str, float]] = {
    "medicare": 50, "medicare_advantage": 50, "medigap": 55, "tricare": 65, "champva": 65, "tricare_supplement": 67,
    "champva_supplement": 67, "medicaid": 70, "chip": 70, **PROGRAMME_BAND, "ihs": 80,
}  # fmt: skip
COMMERCIAL_BEFORE: Final = 40.0
COMMERCIAL_AFTER: Final = 60.0
NO_FAULT_BEHIND: Final = 45.0
TRIBAL_LAST: Final = 79.0
ALONE: Final[dict[str, Rule[..., Any]]] = {
    "va": military.va_pays_alone, "tricare": military.on_active_duty, "federal_grant": military.federal_grant_pays,
    "pace": military.pace_pays_all,
}  # fmt: skip
_MAY_PAY_ALONE: Final = frozenset(ALONE)
AUTO_BENEFITS: Final = ("no_fault", "medpay")  # in the order in which they pay
SUPPLEMENT_OF: Final = {"tricare_supplement": "tricare", "champva_supplement": "champva"}
NEED_ANOTHER: Final = frozenset({"medigap", "individual", *SUPPLEMENT_OF})


class Order:
    """What came of one run: the line, the cards set aside, the sides, and whether something cannot be right."""

    __slots__ = ("accident", "alone_by", "aside", "conflict", "line", "medicare_pays", "sides")

    def __init__(self) -> None:
        self.line = Line()
        self.aside: dict[str, Aside] = {}
        self.sides: dict[str, Side] = {}
        self.conflict: str | None = None
        self.alone_by: str | None = None
        self.accident: list[Plan] = []
        self.medicare_pays = False

    @property
    def key(self) -> tuple[object, ...]:
        """Two runs with this alike are one outcome."""
        return tuple([tuple(group) for group in self.line.groups])


def order_of(visit: Visit) -> Order:
    """The order under the visit's assumptions."""
    order = Order()
    plans = _in_line(visit, order)
    order.conflict = general.conflict(plans)
    if order.conflict is not None:
        return order
    if not _pays_alone(visit, order, plans):
        _everybody(visit, order, plans)
    return order


def _in_line(visit: Visit, order: Order) -> list[Plan]:
    plans = []
    for plan in visit.plans.values():
        if general.is_plainly_in_force(visit, plan):
            plans.append(plan)
            continue
        aside = general.why_not_in_line(visit, plan)
        if aside is None:
            plans.append(plan)
        else:
            order.aside[plan.id] = aside
    return plans


def _pays_alone(visit: Visit, order: Order, plans: list[Plan]) -> bool:
    """Payers that exclude everybody else."""
    if visit.kinds.isdisjoint(_MAY_PAY_ALONE):
        return False
    for kind, law in ALONE.items():
        first = [plan for plan in plans if plan.kind == kind]
        if not first:
            continue
        if kind == "va" and not military.va_pays_alone(visit):
            for plan in first:
                order.aside[plan.id] = Aside(law.id, "the VA did not authorise this care")
                plans.remove(plan)
            continue
        if kind == "tricare" and not military.on_active_duty(visit):
            continue
        _only(visit, order, plans, first, law.id)
        return True
    return False


def _only(visit: Visit, order: Order, plans: list[Plan], first: list[Plan], rule_id: str) -> None:
    line = Line([[plan.id for plan in first]])
    if rule_id == military.on_active_duty.id:
        line = _with_medicare(visit, line, [plan for plan in plans if _medicare_counts(visit, plan)])
    for plan in plans:
        if plan.id not in line.ids:
            order.aside[plan.id] = Aside(rule_id, "another payer takes this visit alone")
    if rule_id == military.pace_pays_all.id and len(plans) > 1:
        visit.doubt(rule_id)
    if rule_id == military.federal_grant_pays.id:
        visit.note(military.federal_grant_pays, "A federal grant pays; Medicare's code for this payer is 16.")
    order.line, order.alone_by = line, rule_id
    order.medicare_pays = any(visit.plans[name].kind in MEDICARE for name in line.ids)


def _with_medicare(visit: Visit, line: Line, medicare: list[Plan]) -> Line:
    if not medicare:
        return line
    visit.doubt("EXC-ADSM with Medicare")
    visit.note(military.on_active_duty)
    behind = Line([[plan.id for plan in medicare]])
    if visit.options.adsm_with_medicare == "MEDICARE_FIRST":
        return behind.then(line, military.medicare_before_tricare.id)
    return line.then(behind, military.on_active_duty.id)


def _medicare_counts(visit: Visit, plan: Plan) -> bool:
    if plan.kind == "medicare":
        return not general.in_advantage(visit) and general.part_for_service(visit)
    return plan.kind == "medicare_advantage" and general.part_for_service(visit)


def _everybody(visit: Visit, order: Order, plans: list[Plan]) -> None:
    if visit.told_medicare is not None:
        plans = _medicare_for_service(visit, order, plans)
        order.medicare_pays = any(plan.kind in MEDICARE for plan in plans)
    plans = _drop_dependants_of_others(visit, order, plans)
    accident = accidents.accident_payers(visit, plans, medicare_pays=order.medicare_pays)
    if accident is not None:
        order.accident = accident.plans
        order.aside |= accident.aside
        plans = [plan for plan in plans if plan.id not in accident.aside]
    if "ihs" in visit.kinds:
        plans = _not_billable(order, plans)
    order.line = _join(_bands(visit, order, plans))
    if any(plan.supplements is not None for plan in plans):
        order.line = _supplements_in_place(visit, order.line, plans)
    if not visit.kinds.isdisjoint(medicaid.UNSETTLED):
        behind = [plan.kind for plan in plans if plan not in order.accident or plan.kind != "wtc"]
        medicaid.doubts(visit, behind, are_several=len(plans) > 1)
    if any(len(group) > 1 for group in order.line.groups):
        order.line = _sharing_in_the_cases_order(visit, order.line)


def _sharing_in_the_cases_order(visit: Visit, line: Line) -> Line:
    """Those who share equally stand as the case lists them, however the law came to them."""
    place = {name: at for at, name in enumerate(visit.plans)}
    return Line([sorted(group, key=place.__getitem__) for group in line.groups], line.why, line.cycle)


def _medicare_for_service(visit: Visit, order: Order, plans: list[Plan]) -> list[Plan]:
    """Without the part, the award or the entry that counts, Medicare does not pay for this service."""
    kept = []
    for plan in plans:
        aside = _medicare_aside(visit, plan, plans) if plan.kind in MEDICARE else None
        if aside is None:
            kept.append(plan)
        else:
            order.aside[plan.id] = aside
    return kept


def _medicare_aside(visit: Visit, plan: Plan, plans: list[Plan]) -> Aside | None:
    if plan.kind == "medicare" and general.advantage_replaces(visit):
        return Aside("GEN-MA", general.advantage_replaces.sentence)
    if plan.kind == "medicare" and not general.is_entitled(visit):
        return Aside("GEN-DOS", "neither Part A nor Part B is in force on the day of service")
    if not general.part_for_service(visit):
        return Aside("GEN-PART", general.part_for_service.sentence)
    if any(other.kind == "tricare" for other in plans) and military.before_the_award(visit):
        return Aside("TRI-RETRO", military.before_the_award.sentence)
    return None


def _drop_dependants_of_others(visit: Visit, order: Order, plans: list[Plan]) -> list[Plan]:
    """Supplements without what they supplement, and individual policies where those do not coordinate."""
    if visit.kinds.isdisjoint(NEED_ANOTHER):
        return plans
    kinds = {plan.kind for plan in plans}
    group = any(plan.group or plan.kind == "student" for plan in plans)
    for plan in plans:
        if plan.kind == "medigap" and "medicare" not in kinds:
            rule_id = "GEN-MA" if "medicare_advantage" in kinds else supplement_to_medicare.id
            order.aside[plan.id] = Aside(rule_id, "Medigap pays only behind Original Medicare")
        elif SUPPLEMENT_OF.get(plan.kind, plan.kind) not in kinds:
            rule_id = "TRI-EXC" if plan.kind == "tricare_supplement" else "CVA-LAST"
            order.aside[plan.id] = Aside(rule_id, "a supplement pays only behind what it supplements")
        elif plan.kind == "individual" and group and visit.options.individual_policies_coordinate == "NO":
            order.aside[plan.id] = Aside("NAIC-6C", "individual policies do not coordinate here")
    return [plan for plan in plans if plan.id not in order.aside]


def _not_billable(order: Order, plans: list[Plan]) -> list[Plan]:
    if any(plan.kind == "ihs" for plan in plans):
        for plan in plans:
            if plan.kind == "tribal_self_funded" and not military.tribe_agreed(plan):
                order.aside[plan.id] = Aside("IHS-NOTRIBE", military.tribe_agreed.sentence)
    return [plan for plan in plans if plan.id not in order.aside]


def _supplemented(plan: Plan, plans: Sequence[Plan]) -> bool:
    """Whether the plan is a supplement whose base is in the line."""
    base = plan.supplements
    return base is not None and plan.commercial and any(other.id == base and other.commercial for other in plans)


def _bands(visit: Visit, order: Order, plans: list[Plan]) -> list[tuple[float, Line]]:
    """Every payer in its band."""
    bands: list[tuple[float, Line]] = _commercial(visit, order, plans)
    if order.accident:
        before = next((line for band, line in bands if band == COMMERCIAL_BEFORE), Line())
        bands += [(accidents.BANDS[plan.kind], alone([plan])) for plan in order.accident]
        bands = _no_fault_behind(visit, bands, before, order.accident)
    for plan in plans:
        if plan.kind in BANDS and plan not in order.accident and not _supplemented(plan, plans):
            bands.append((_band(visit, plan), alone([plan])))
    return _same_band_shares(bands)


def _band(visit: Visit, plan: Plan) -> float:
    if plan.kind == "medigap" and visit.options.medigap_vs_retiree == "RETIREE_FIRST":
        return COMMERCIAL_AFTER + 1
    return BANDS[plan.kind]


def _same_band_shares(bands: list[tuple[float, Line]]) -> list[tuple[float, Line]]:
    """Two entries of one kind in one band stand side by side."""
    if _one_behind_the_other(bands):
        return bands
    merged: dict[float, Line] = {}
    for band, line in bands:
        merged[band] = Line([merged[band].ids + line.ids], merged[band].why) if band in merged else line
    return [(band, merged[band]) for band in sorted(merged)]


def _one_behind_the_other(bands: list[tuple[float, Line]]) -> bool:
    behind = 0.0
    for band, _ in bands:
        if band <= behind:
            return False
        behind = band
    return True


def _commercial(visit: Visit, order: Order, plans: list[Plan]) -> list[tuple[float, Line]]:
    """Commercial plans before and after Medicare, each in the model act's order."""
    commercial = [plan for plan in plans if plan.commercial and not _supplemented(plan, plans)]
    if not commercial:
        return []
    visit.compared = commercial
    bands = []
    if "tribal_self_funded" in visit.kinds:
        last = [plan for plan in commercial if plan.kind == "tribal_self_funded" and military.last_resort(plan)]
        commercial = [plan for plan in commercial if plan not in last]
        bands = [(TRIBAL_LAST, naic.settled_order(visit, last))] if last else []
        if last and len(plans) > len(last):
            visit.doubt("MSP-TRIBAL")
    if not general.is_entitled(visit):
        return [(COMMERCIAL_BEFORE, naic.settled_order(visit, commercial)), *bands]
    doubts = len(visit.trace.doubts)
    for plan in commercial:
        order.sides[plan.id] = side(visit, plan)
    if not order.medicare_pays and len({said.side for said in order.sides.values()}) == 1:
        visit.doubt_no_more_than(doubts)  # all on one side of a Medicare that does not pay: nothing rests on the side
    before = [plan for plan in commercial if order.sides[plan.id].side == BEFORE]
    after = [plan for plan in commercial if plan not in before]
    if before and after:
        naic.crossing(visit, before, after, medicare_pays=order.medicare_pays)
    if after and order.medicare_pays and any(plan.kind == "medigap" for plan in plans):
        visit.doubt(supplement_to_medicare.id)
        if visit.options.medigap_vs_retiree == "EITHER":
            visit.note(supplement_to_medicare, "Medigap and the plan behind Medicare may stand either way; ask both.")
    apart = min(len(before), len(after)) < 2
    for band, some in ((COMMERCIAL_BEFORE, before), (COMMERCIAL_AFTER, after)):
        if some:
            bands.append((band, naic.settled_order(visit, some) if apart else naic.in_order(visit, some)))
    return bands


def _no_fault_behind(
    visit: Visit, bands: list[tuple[float, Line]], before: Line, accident: list[Plan]
) -> list[tuple[float, Line]]:
    """Move auto benefits behind the commercial plans a state puts ahead of them."""
    commercial = [visit.plans[name] for name in before.ids]
    moved = {
        plan.id: (plan.kind, ahead)
        for plan in accident
        if plan.kind in AUTO_BENEFITS and (ahead := states.plans_ahead(visit, plan, commercial))
    }
    if not moved:
        return bands
    ahead = max(places for _, places in moved.values())
    kept = [(band, line) for band, line in bands if band != COMMERCIAL_BEFORE and not set(line.ids) & set(moved)]
    # Behind the plans as ahead of them: by kind, and two of one kind share.
    kept += [(NO_FAULT_BEHIND + AUTO_BENEFITS.index(kind), Line([[name]])) for name, (kind, _) in moved.items()]
    parts = [(COMMERCIAL_BEFORE, before.ids[:ahead]), (NO_FAULT_BEHIND + len(AUTO_BENEFITS), before.ids[ahead:])]
    return kept + [(band, Line(_regroup(before, ids), before.why, before.cycle)) for band, ids in parts if ids]


def _regroup(line: Line, ids: list[str]) -> list[list[str]]:
    groups = [[name for name in group if name in ids] for group in line.groups]
    return [group for group in groups if group] or [[name] for name in ids]


def _join(bands: list[tuple[float, Line]]) -> Line:
    if len(bands) == 1:
        return bands[0][1]
    whole = Line()
    for _, line in bands:
        whole.groups += line.groups
        whole.why |= line.why
        whole.cycle |= line.cycle
    return whole


def _supplements_in_place(visit: Visit, line: Line, plans: Sequence[Plan]) -> Line:
    """A group supplement stands right after its base plan."""
    waiting = [plan for plan in plans if _supplemented(plan, plans) and plan.id not in line.ids]
    groups, why = list(line.groups), dict(line.why)
    while placed := [plan for plan in waiting if plan.supplements in {name for g in groups for name in g}]:
        for base in dict.fromkeys(plan.supplements or "" for plan in placed):
            behind = [plan for plan in placed if plan.supplements == base]
            at = next(place for place, group in enumerate(groups) if base in group)
            groups.insert(at + 1, [plan.id for plan in behind])
            why |= {(base, plan.id): naic.supplement_behind_base.id for plan in behind}
            visit.trace.used |= {f"{plan.root}supplements": None for plan in behind}
            visit.note(naic.supplement_behind_base)
        waiting = [plan for plan in waiting if plan not in placed]
    return Line(groups, why, line.cycle)


@rule("MSP-MEDIGAP", "42 USC 1395ss(d)(3)", "WY Ins. Reg. ch.10 §2(a)(ii)(G)")
def supplement_to_medicare() -> None:
    """Medigap pays only after Medicare, never first."""
