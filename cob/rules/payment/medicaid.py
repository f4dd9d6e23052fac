"""Medicaid pays last: its amount less everything paid before, or the whole cost share, as the state has it."""

from __future__ import annotations

from cob.rules.payment.amounts import money
from cob.rules.payment.standing import Leg
from cob.rules.payment.turn import Share, Turn


def medicaid(turn: Turn) -> Share:
    """The state's policy on what is left, less the state's copay."""
    standing, payer = turn.standing, turn.payer
    share = standing.billed if standing.refusal == "not_covered" else standing.cost_share or _other_share(turn)
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
    copay = min(payer.copay, due)
    patient = _patient(turn, due - copay, copay, legs)
    if standing.medicare is None and payer.policy == "lesser_of" and not room and standing.prior_paid:
        legs.append(turn.leg("nothing more may be collected", 0, "medicaid_tpl"))
    return Share(
        pay=due - copay,
        patient=patient,
        legs=legs,
        because=f"{words}: {money(due - copay)}",
        fee=turn.fee,
        shares={"3": max(0, patient - standing.to_patient)},
    )


def _other_share(turn: Turn) -> int:
    """A share that came under other reasons than deductible, coinsurance and copay, above the fee left out."""
    return sum(cents for carc, cents in turn.standing.shares.items() if carc != "45")


def _patient(turn: Turn, pay: int, copay: int, legs: list[Leg]) -> int:
    standing, payer = turn.standing, turn.payer
    if payer.qmb or standing.obligations.qmb or (payer.full_medicaid and payer.enrolled):
        legs.append(turn.leg("patient: state copay", copay, "medicaid_patient", decides=True))
        return copay + standing.to_patient
    left = max(0, standing.patient - pay)
    legs.append(turn.leg("patient: what the earlier payer left", left, "slmb", decides=True))
    return left
