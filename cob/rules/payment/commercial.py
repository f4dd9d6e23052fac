"""A commercial plan as a later payer: its method, what it may count, and what our contracts let us collect."""

from __future__ import annotations

from collections.abc import Callable

from cob.cents import pct
from cob.rules.payment.amounts import money
from cob.rules.payment.standing import Leg, Standing
from cob.rules.payment.terms import CapRule, ExpenseRule
from cob.rules.payment.turn import Share, Turn

Paying = Callable[[Turn], tuple[int, list[Leg], str]]


def commercial(turn: Turn) -> Share:
    """Any of the methods plans choose among; the patient's part follows from the contracts."""
    standing = turn.standing
    pay, legs, words = METHODS[turn.payer.formula](turn)
    figures: dict[str, int] = {}
    # As if there were no other plan, like the deductible: it is taken off once, whatever the earlier payers left.
    used = {"copay": min(turn.payer.copay, turn.before_copay)}
    used |= {f"covers.{leg.name.removeprefix('PR-')}": leg.cents for leg in legs if leg.formula == "wraparound"}
    most = turn.payer.benefit_max_remaining
    limit = standing.unpaid if most is None else min(standing.unpaid, most)
    if pay > limit:
        pay = limit
        legs.append(turn.leg("stops at", limit, "flat" if most is None or most > standing.unpaid else "benefit_max"))
    if turn.payer.reserve_balance is not None:
        pay = _from_reserve(turn, pay, legs, figures, used)
    if turn.payer.allowed is not None:
        figures["deductible_credit"] = turn.deductible
        if turn.deductible:
            legs.append(turn.leg("deductible credited", turn.deductible, "deductible_credit"))
    patient = patient_left(turn, pay, legs)
    return Share(pay, patient, legs, f"{words}: {money(pay)}", turn.fee, figures=figures, used=used)


def _standard(turn: Turn) -> tuple[int, list[Leg], str]:
    expense, key = allowable_expense(turn)
    pay, legs = turn.lowest(
        ("normal benefit", turn.normal_benefit, "normal_benefit"),
        ("allowable expense less earlier payments", expense - turn.standing.prior_paid, "standard"),
    )
    return pay, [turn.leg("allowable expense", expense, key), *legs], "the plan pays up to the allowable expense"


def _standard_pr(turn: Turn) -> tuple[int, list[Leg], str]:
    pay, legs = turn.lowest(
        ("normal benefit", turn.normal_benefit, "normal_benefit"),
        ("patient share left by the earlier payer", turn.standing.prior_pr, "standard_pr"),
    )
    return pay, legs, "the plan pays up to the patient share the earlier payer left"


def _basic(turn: Turn) -> tuple[int, list[Leg], str]:
    pay, legs = turn.lowest(
        ("normal benefit", turn.normal_benefit, "normal_benefit"),
        ("own allowed amount less earlier payments", turn.allowed - turn.standing.prior_paid, "basic"),
    )
    return pay, legs, "the plan pays up to its own allowed amount"


def _mob(turn: Turn) -> tuple[int, list[Leg], str]:
    base = max(0, turn.allowed - turn.standing.prior_paid - turn.deductible)
    pay = max(0, pct(base, turn.payer.plan_pct or 0) - turn.payer.copay)
    legs = [
        turn.leg("allowed less earlier payments and deductible", base, "mob"),
        turn.leg("plan's percentage of it", pay, "mob", decides=True),
    ]
    return pay, legs, "the plan takes the earlier payments off its allowed amount and pays its percentage of the rest"


def _carve_out(turn: Turn) -> tuple[int, list[Leg], str]:
    pay = max(0, turn.normal_benefit - turn.standing.prior_paid)
    legs = [
        turn.leg("normal benefit", turn.normal_benefit, "normal_benefit"),
        turn.leg("normal benefit less earlier payments", pay, "carve_out", decides=True),
    ]
    return pay, legs, "the plan pays what its own benefit exceeds the earlier payments by"


def _wraparound(turn: Turn) -> tuple[int, list[Leg], str]:
    covers = turn.payer.covers or {}
    legs = [
        turn.leg(f"PR-{carc}", min(cents, covers[carc]), "wraparound", decides=True)
        for carc, cents in sorted(turn.standing.shares.items())
        if carc in covers and cents > 0
    ]
    return sum(leg.cents for leg in legs), legs, "the policy fills the covered patient shares up to its limits"


def _flat(turn: Turn) -> tuple[int, list[Leg], str]:
    amount = turn.payer.flat_payment or 0
    return amount, [turn.leg("set amount", amount, "flat", decides=True)], "the plan pays a set amount"


def _fehb(turn: Turn) -> tuple[int, list[Leg], str]:
    waiver = turn.payer.fehb_waiver
    if turn.standing.medicare_covers and waiver in ("coinsurance", "all"):
        kept = turn.standing.shares.get("1", 0) if waiver == "coinsurance" else 0
        pay = max(0, turn.standing.cost_share - kept)
        return pay, [turn.leg("waived cost share", pay, "fehb_waiver", decides=True)], "the option waives cost shares"
    pay, legs = turn.lowest(
        ("regular benefit", turn.normal_benefit, "normal_benefit"),
        ("allowance less earlier payments", turn.allowed - turn.standing.prior_paid, "fehb"),
    )
    return pay, legs, "the plan pays up to its allowance"


METHODS: dict[str, Paying] = {
    "standard": _standard,
    "standard_pr": _standard_pr,
    "basic": _basic,
    "mob": _mob,
    "carve_out": _carve_out,
    "wraparound": _wraparound,
    "flat": _flat,
    "fehb": _fehb,
}


def _from_reserve(turn: Turn, pay: int, legs: list[Leg], figures: dict[str, int], used: dict[str, int]) -> int:
    """What was saved on earlier claims may be drawn where this one is short."""
    reserve = turn.payer.reserve_balance or 0
    expense, _ = allowable_expense(turn)
    draw = min(reserve, max(0, min(expense, turn.standing.billed) - turn.standing.prior_paid - pay))
    after = reserve - draw + max(0, turn.normal_benefit - pay)
    legs += [turn.leg("drawn from the reserve", draw, "reserve"), turn.leg("reserve after", after, "reserve")]
    figures["reserve_balance_after"] = after
    used["reserve_balance"] = reserve - after
    return pay + draw


def expense_rule(turn: Turn) -> ExpenseRule:
    """The plan's rule, or what the standards say for this mix of payers."""
    stated = turn.standing.obligations.allowable_expense_rule
    if stated is not None:
        return stated
    if not turn.standing.fees[0].covers:
        return "secondary_allowed"
    if turn.standing.medicare is not None:
        return "primary_allowed"
    contracted = [fee.contracted for fee in (*turn.standing.fees, turn.fee)]
    if not any(contracted):
        return "billed"
    return "highest_contracted" if all(contracted) else "primary_allowed"


def allowable_expense(turn: Turn) -> tuple[int, str]:
    """What the plan may count, in cents, and the formula it stands in."""
    standing, rule = turn.standing, expense_rule(turn)
    fees = [fee.ceiling for fee in (*standing.fees, turn.fee) if fee.covers]
    contracted = [fee.ceiling for fee in (*standing.fees, turn.fee) if fee.covers and fee.contracted]
    between_fees = "ae_same" if len(set(fees)) < 2 else "ae_fees"
    if standing.medicare is not None and rule == "primary_allowed":
        between_fees = "ae_medicare"
    charge = standing.billed
    found: dict[ExpenseRule, tuple[int, str]] = {
        "billed": (charge, "ae_billed"),
        "secondary_allowed": (_second(turn), "ae_covered"),
        "primary_allowed": (standing.fees[0].ceiling, between_fees),
        "primary_cost_share": (standing.prior_paid + standing.prior_pr, between_fees),
        "highest_ucr": (max(fees, default=charge), between_fees),
        "highest_contracted": (max(contracted, default=charge), between_fees),
        "lowest_contracted": (min(contracted, default=charge), between_fees),
    }
    return found[rule]


def _second(turn: Turn) -> int:
    """What the first of the later payers allows that covers the service."""
    return next((fee.ceiling for fee in (*turn.standing.fees[1:], turn.fee) if fee.covers), 0)


def cap_rule(standing: Standing) -> CapRule:
    """The contract's rule, or what follows from who answered before."""
    stated = standing.obligations.patient_cap_rule
    if stated is not None:
        return stated
    if not standing.fees[0].covers:
        return "secondary_allowed"
    return "primary_allowed" if standing.medicare is not None else "lowest_contracted"


def patient_left(turn: Turn, pay: int, legs: list[Leg]) -> int:
    """What may still be collected from the patient, by the contracts we have."""
    standing = turn.standing
    if standing.refusal and not turn.fee.covers and standing.obligations.patient_cap_rule is None:
        return max(0, standing.patient - pay)
    fees = [fee for fee in (*standing.fees, turn.fee) if fee.covers]
    contracted = [fee.ceiling for fee in fees if fee.contracted]
    rule = cap_rule(standing)
    stated = standing.obligations.patient_cap_rule is not None
    # What the first payer withheld under CO or PI does not become the patient's because nobody knows of a contract.
    answered = min(standing.billed, standing.reported_paid + standing.reported_share)
    limits: dict[CapRule, int] = {
        "lowest_contracted": min(contracted, default=standing.billed if stated else answered),
        "highest_contracted": max(contracted, default=standing.billed),
        "primary_allowed": standing.fees[0].ceiling,
        "secondary_allowed": _second(turn),
        "billed": standing.billed,
        "zero": 0,
    }
    limit = min(limits[rule], standing.billed)
    if rule == "primary_allowed" and standing.limiting_charge is not None:
        limit = min(max(limit, standing.limiting_charge), answered)
    left = max(0, limit - standing.received - pay)
    if standing.medicare_covers and standing.medicare is not standing.fees[0] and not stated:
        left = min(left, max(0, standing.patient - pay))  # behind Medicare nobody owes more than Medicare left
    _note_above_contracts(turn, pay, legs, contracted)
    disputed = not stated and rule == "lowest_contracted" and _add_other_reading(turn, pay, legs, left, contracted)
    key = "cap_disputed" if disputed else "cap"
    legs.append(turn.leg(f"patient: {rule} {money(limit)} less everything received", left, key, decides=True))
    return left


def _note_above_contracts(turn: Turn, pay: int, legs: list[Leg], contracted: list[int]) -> None:
    received = turn.standing.received + pay
    if contracted and received > max(contracted):
        legs.append(turn.leg("above every contracted fee", received - max(contracted), "above_contracts"))


def _add_other_reading(turn: Turn, pay: int, legs: list[Leg], left: int, contracted: list[int]) -> bool:
    """Where fees differ and nobody said which contract counts, what the other comes to; says whether there is one."""
    readings = {max(0, limit - turn.standing.received - pay) for limit in contracted} - {left}
    legs += [turn.leg("patient: by the other contract", other, "cap_disputed") for other in sorted(readings)]
    return bool(readings)
