"""Medicaid pays last: its amount less everything paid before, or the whole cost share, as the state has it."""

from __future__ import annotations

from cob.rules.payment.amounts import money
from cob.rules.payment.standing import ABOVE_FEE, Leg
from cob.rules.payment.turn import Share, Turn


def medicaid(turn: Turn) -> Share:
    """The state's policy on what is left, less the state's copay."""
    standing, payer = turn.standing, turn.payer
    share = _cost_share(turn)
    room = max(0, turn.allowed - standing.prior_paid)
    legs = [turn.leg("cost share left by the earlier payer", share, "medicaid")]
    if payer.policy == "none" or not payer.enrolled:
        due, words = 0, "Medicaid pays nothing here"
        words = words if payer.enrolled else "Medicaid pays nothing to a provider who is not enrolled"
    elif payer.policy == "full":
        due, words = min(share, standing.unpaid), "Medicaid pays the whole cost share"
        legs.append(turn.leg("due", due, "medicaid", decides=True))
    else:
        due, lowest = turn.lowest(
            ("cost share", share, "medicaid"), ("Medicaid's amount less earlier payments", room, "medicaid")
        )
        legs += lowest
        words = "Medicaid pays the lesser of the cost share and its amount less earlier payments"
    copay = collected = min(payer.copay, due)
    if standing.medicare is None and standing.prior_paid and payer.allowed is not None:
        collected = min(copay, room)  # 42 CFR 447.20(a): behind a plan that paid, what it left of Medicaid's amount
    patient = _patient(turn, due - copay, collected, legs)
    if standing.medicare is None and payer.policy == "lesser_of" and not room and standing.prior_paid:
        legs.append(turn.leg("nothing more may be collected", 0, "medicaid_tpl"))
    return Share(
        pay=due - copay,
        patient=patient,
        legs=legs,
        because=f"{words}: {money(due - copay)}",
        fee=turn.fee,
        shares={"3": max(0, patient - standing.to_patient)},
        used={"copay": copay},
    )


def _cost_share(turn: Turn) -> int:
    """Medicare's deductible, coinsurance and copay, or all that a commercial plan left to the patient; the whole
    charge where the earlier payer does not cover the service."""
    standing = turn.standing
    if standing.refusal:
        return standing.billed
    if not standing.medicare_covers:
        return standing.prior_pr
    every = sum(cents for carc, cents in standing.shares.items() if carc != ABOVE_FEE)
    return standing.cost_share or max(0, every)


def _patient(turn: Turn, pay: int, copay: int, legs: list[Leg]) -> int:
    standing, payer = turn.standing, turn.payer
    # A provider who does not take Medicaid may still collect Medicare's share; no plan's share of a Medicaid patient.
    full = payer.full_medicaid and (payer.enrolled or standing.medicare is None)
    if payer.qmb or standing.obligations.qmb or full:
        legs.append(turn.leg("patient: state copay", copay, "medicaid_patient", decides=True))
        return copay + standing.to_patient
    left = max(0, standing.patient - pay)
    legs.append(turn.leg("patient: what the earlier payer left", left, "slmb", decides=True))
    return left
