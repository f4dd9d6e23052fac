"""Programs that protect the patient: workers' compensation, Medicaid, TRICARE, CHAMPVA."""

from __future__ import annotations

from claims.patient_billing.share.facts import Found, Reason, Situation
from claims.patient_billing.share.medicare import ADVANTAGE, MEDICAID, MEDICARE, state_copay
from cob.cents import pct
from cob.rules.payment.numbers import percent

COMPENSATION = ("workers_comp", "black_lung")
TRICARE, CHAMPVA = "tricare", "champva"
NOT_PARTICIPATING = "tricare.nonparticipating.percent"


def workers_comp(at: Situation) -> Found | None:
    """Once the compensation payer has accepted the injury, the worker owes nothing for it."""
    mine = at.first_of(*COMPENSATION)
    if mine is None or not (mine[1].covers or _took_off(at, mine[1].rank)):
        return None
    because = Reason(
        f"{mine[0].name} has accepted the injury; the worker owes nothing for its care.",
        "State workers’ compensation acts",
        is_unconfirmed=True,
    )
    return Found("workers_comp", 0, (because,), adds_sent=False)


def _took_off(at: Situation, rank: int) -> bool:
    """It reduced the charge to its fee schedule, which is acceptance as well."""
    fee = {"P12", "W1", "45", "P23"}
    return any(
        a.reason in fee and a.amount_cents > 0 for _, s in at.answered if s.rank == rank for a in s.of_group("CO")
    )


def medicaid(at: Situation) -> Found | None:
    """Medicaid's amount with its own copay is payment in full, whatever earlier payers left."""
    mine = at.first_of(MEDICAID)
    if mine is None:
        return None
    payer, said = mine
    covered = [p for p, s in at.answered if s.covers]
    if not covered and said.not_covered:
        agreed = at.told.get("written_agreement")
        text = (
            "No payer covers this service, and the patient agreed in writing beforehand to pay for it."
            if agreed
            else "No payer covers this service, and nothing was agreed in writing beforehand: the patient owes nothing."
        )
        because = Reason(text, "State Medicaid rules", is_unconfirmed=True)
        return Found("medicaid_not_covered", sum(a.amount_cents for a in said.not_covered) if agreed else 0, (because,))
    if said.not_covered and not said.covers and not at.told.get("full_medicaid"):
        return None  # not its patient, or helped with premiums only (SLMB, QI): the rule of those who cover it holds
    because = Reason(
        f"{payer.name} is Medicaid: its payment, with at most the copay the state charges, is payment in full. What "
        "other payers left may not be billed.",
        "42 CFR 447.15; 42 CFR 447.20(a)",
    )
    return Found("medicaid", state_copay(at), (because,), adds_sent=False)


def tricare_for_life(at: Situation) -> Found | None:
    """Medicare, then TRICARE: nothing where both cover; the share of the one that covers where only one does."""
    care, military = at.first_of(MEDICARE, ADVANTAGE), at.first_of(TRICARE)
    if care is None or military is None or care[0].rank > military[0].rank:
        return None
    cite = "10 USC 1086(d); 32 CFR 199.17"
    if care[1].covers and military[1].covers:
        both = Reason("Medicare and TRICARE both cover it: TRICARE For Life pays what Medicare leaves.", cite)
        return Found("tricare_for_life", 0, (both,))
    if military[1].covers:
        only = Reason("Only TRICARE covers it: its cost share is the patient’s.", cite)
        return Found("tricare_for_life", military[1].cost_share_cents, (only,))
    if care[1].covers:
        only = Reason("Only Medicare covers it: its cost share is the patient’s.", cite)
        return Found("tricare_for_life", max(0, care[1].cost_share_cents - military[1].paid_cents), (only,))
    return _waived(at)


def tricare(at: Situation) -> Found | None:
    """TRICARE alone or behind other insurance; how much depends on whether the provider takes its amount."""
    mine = at.first_of(TRICARE)
    if mine is None:
        return None
    payer, said = mine
    if not said.covers and said.not_covered and not any(s.covers for _, s in at.before(payer.rank)):
        return _waived(at)
    before = at.received_before(payer.rank)
    allowed = at.allowed(payer, said)
    if at.is_assigned or at.told.facts.get(f"contracted:{payer.rank}"):
        return _participating(at, before, allowed)
    # All payments: those behind TRICARE too, and what was sent to the patient, which is asked for besides.
    paid = at.line.paid_cents + at.line.sent_to_patient_cents
    because = Reason(
        "The provider does not participate: all payments together may come to 115 % of TRICARE’s amount.",
        "32 CFR 199.14(h); HNFS on other health insurance",
    )
    if allowed is None:
        return Found("tricare_not_participating", said.left_cents, (because,))
    return Found(
        "tricare_not_participating",
        max(0, min(at.line.charge_cents, pct(allowed, percent(NOT_PARTICIPATING, at.line.service_on))) - paid),
        (because,),
    )


def _participating(at: Situation, before: int, allowed: int | None) -> Found:
    payer, said = at.first_of(TRICARE) or at.last
    earlier = at.before(payer.rank)
    because = Reason(
        "The provider participates: never more than TRICARE’s own amount, and nothing where its answer leaves nothing.",
        "TRICARE Operations Manual; Humana Military handbook; HNFS on other health insurance",
    )
    own = said.left_cents - said.above_fee_cents
    if not earlier:
        return Found("tricare", own, (because,))
    liability = max(0, earlier[-1][1].left_cents - said.paid_cents)
    within = max(0, allowed - before - said.paid_cents) if allowed is not None else own
    return Found("tricare", min(liability, within, own), (because,))


def _waived(at: Situation) -> Found:
    agreed = at.told.get("written_agreement")
    last = at.last[1]
    text = "TRICARE does not cover it, and the patient {} in writing beforehand to pay for it."
    because = Reason(text.format("agreed" if agreed else "did not agree"), "32 CFR 199.9; TRICARE hold-harmless policy")
    return Found("tricare_not_covered", sum(a.amount_cents for a in last.not_covered) if agreed else 0, (because,))


def champva(at: Situation) -> Found | None:
    """CHAMPVA behind other insurance normally leaves nothing, and never more than its own amount."""
    mine = at.first_of(CHAMPVA)
    if mine is None:
        return None
    payer, said = mine
    allowed = at.allowed(payer, said)
    within = max(0, allowed - at.line.paid_cents) if allowed is not None else said.left_cents
    because = Reason(
        "CHAMPVA’s amount is the most that may be collected; behind other insurance its share is normally nothing.",
        "38 CFR 17.274; VA CHAMPVA policy manual",
        is_unconfirmed=True,
    )
    return Found("champva", min(said.left_cents - said.above_fee_cents, within), (because,))
