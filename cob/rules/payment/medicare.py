"""Medicare as a later payer: the lowest of the legs, the part withheld, and what the patient may still owe."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cob.cents import pct
from cob.rules.payment.amounts import money
from cob.rules.payment.numbers import is_unconfirmed, percent
from cob.rules.payment.standing import COINSURANCE, DEDUCTIBLE, Fee, Leg
from cob.rules.payment.terms import rate_of
from cob.rules.payment.turn import Share, Turn

SEQUESTRATION, LIMITING = "medicare.sequestration.percent", "medicare.limiting_charge.percent"


def part_b(turn: Turn) -> Share:
    """42 CFR 411.33(a): the lowest of three legs; the primary's own patient share plays no part."""
    standing, allowed, ded = turn.standing, turn.allowed, turn.deductible
    coins = pct(allowed - ded, turn.payer.patient_coinsurance or Decimal(0))
    if not allowed:
        return _not_covered(turn)
    highest = max([allowed, *(fee.allowed for fee in standing.fees)])
    msp, legs = turn.lowest(
        ("leg1: charge or OTAF less earlier payments", standing.otaf - standing.prior_paid, "msp_part_b"),
        ("leg2: as if Medicare were first", allowed - ded - coins, "msp_part_b"),
        ("leg3: highest allowed less earlier payments", highest - standing.prior_paid, "msp_part_b"),
    )  # fmt: skip
    legs = [turn.leg("otaf", standing.otaf, "otaf"), *legs]
    if ded:
        legs.append(turn.leg("deductible credited", ded, "part_b_deductible"))
    if len(standing.fees) > 1:
        legs.append(turn.leg("earlier payments of two payers", standing.prior_paid, "msp_two_before"))
    return _with_patient(turn, msp, legs, ded, coins)


def part_a(turn: Turn) -> Share:
    """42 CFR 411.33(e), for the whole stay."""
    standing, payer = turn.standing, turn.payer
    gross, owed = payer.gross_payable or 0, payer.deductible_plus_coinsurance or 0
    if not gross:
        return _not_covered(turn)
    owing = "msp_part_a_owed" if owed else "msp_part_a"
    msp, legs = turn.lowest(
        ("gross less deductible and coinsurance", gross - owed, owing),
        ("gross less earlier payments", gross - standing.prior_paid, "msp_part_a"),
        ("OTAF less earlier payments", standing.otaf - standing.prior_paid, "msp_part_a"),
        ("OTAF less deductible and coinsurance", standing.otaf - owed, owing),
    )
    share = _with_patient(turn, msp, [turn.leg("otaf", standing.otaf, "otaf"), *legs], owed, 0)
    return replace(share, fee=Fee(gross, gross, contracted=False))


def assigned_patient(*, owed: int, prior_paid: int, otaf: int, msp: int) -> int:
    """What the patient may owe, in cents, when Medicare is second and the provider takes assignment (42 CFR 411.35):
    Medicare's own deductible and coinsurance, against which earlier payments count first, within the OTAF. `msp` is
    Medicare's payment before sequestration."""
    return max(0, min(owed - prior_paid, otaf - prior_paid - msp))


def unassigned_patient(*, limit: int, prior_paid: int, otaf: int, msp: int) -> int:
    """The same without assignment: up to the limiting charge, within the OTAF."""
    return max(0, min(otaf, limit) - prior_paid - msp)


def _with_patient(turn: Turn, msp: int, legs: list[Leg], ded: int, coins: int) -> Share:
    standing, payer = turn.standing, turn.payer
    withheld = _withheld(turn, msp, legs)
    figures = {
        "otaf": standing.otaf,
        "co_253": standing.sequestered + withheld,
        "credit_to_part_b_deductible": ded,
        "deductible_credit": ded,
    }
    paid = {"prior_paid": standing.prior_paid, "otaf": standing.otaf, "msp": msp}
    if payer.assigned:
        left = assigned_patient(owed=ded + coins, **paid)
        legs.append(turn.leg("patient: deductible and coinsurance not yet paid", left, "msp_patient", decides=True))
    else:
        limit = payer.limiting_charge
        limit = standing.obligations.limiting_charge if limit is None else limit
        limit = pct(turn.allowed, percent(LIMITING, turn.day)) if limit is None else limit
        left = unassigned_patient(limit=limit, **paid)
        figures["limiting_charge"] = limit
        legs.append(turn.leg("limiting charge", limit, "limiting_charge"))
        legs.append(turn.leg("patient: up to the limiting charge", left, "msp_patient_unassigned", decides=True))
    first = min(left, max(0, ded - standing.prior_paid))
    deciding = next((leg.name.partition(":")[2].strip() or leg.name for leg in legs if leg.decides), "")
    less = f" less {money(withheld)} withheld by sequestration" if withheld else ""
    return Share(
        pay=msp - withheld,
        patient=left + standing.to_patient,
        legs=legs,
        because=f"Medicare pays the lowest leg, {money(msp)} ({deciding}){less}",
        fee=turn.fee,
        shares={DEDUCTIBLE: first, COINSURANCE: left - first},
        figures=figures,
    )


def _withheld(turn: Turn, msp: int, legs: list[Leg]) -> int:
    """What the law keeps back of Medicare's own payment. Without a day and without a rate nothing is kept back."""
    asked = turn.payer.sequestration
    asked = turn.standing.obligations.sequestration if asked is None else asked
    rate = rate_of(asked)
    if rate is None:
        if asked is False or (asked is None and turn.day is None):
            return 0
        rate = percent(SEQUESTRATION, turn.day)
    withheld = pct(msp, rate)
    doubtful = is_unconfirmed(SEQUESTRATION, turn.day) and rate_of(asked) is None
    legs.append(turn.leg("sequestration", withheld, "sequestration_today" if doubtful else "sequestration"))
    return withheld


def _not_covered(turn: Turn) -> Share:
    """Medicare does not cover the service: what the earlier payer left stays where it was."""
    standing = turn.standing
    return Share(
        pay=0,
        patient=standing.patient,
        legs=[turn.leg("not covered by Medicare", 0, "refused_not_covered", decides=True)],
        because="Medicare allows nothing, so what the earlier payer left stays as it was",
        fee=turn.fee,
        aside=True,
        figures={"otaf": standing.otaf, "co_253": standing.sequestered, "deductible_credit": 0},
    )
