"""Medigap, TRICARE, TRICARE For Life, CHAMPVA: payers whose share is set by law."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from cob.cents import pct
from cob.rules.payment.amounts import money
from cob.rules.payment.numbers import cents, percent
from cob.rules.payment.standing import ABOVE_FEE, COINSURANCE, COST_SHARE, DEDUCTIBLE, QMB_SHARE, Leg, Standing
from cob.rules.payment.turn import Share, Turn


class Cover(NamedTuple):
    """What a Medigap letter covers: of Part B, and of Part A's deductible."""

    coinsurance: Decimal
    deductible: bool
    excess: bool
    hospital: Decimal  # of Part A's deductible; its coinsurance every letter covers


_ALL = Decimal(1)
# 42 USC 1395ss(p): the standardized plans.
LETTERS: dict[str, Cover] = {
    **{letter: Cover(_ALL, letter in "CF", letter in "FG", _ALL) for letter in "BCDFGN"},
    "A": Cover(_ALL, deductible=False, excess=False, hospital=Decimal(0)),
    "K": Cover(Decimal("0.50"), deductible=False, excess=False, hospital=Decimal("0.50")),
    "L": Cover(Decimal("0.75"), deductible=False, excess=False, hospital=Decimal("0.75")),
    "M": Cover(_ALL, deductible=False, excess=False, hospital=Decimal("0.50")),
}


def medigap(turn: Turn) -> Share:
    """By its letter or by what is said of it."""
    standing, payer = turn.standing, turn.payer
    cover = cover_of(turn)
    coins = max(0, sum(standing.shares.get(carc, 0) for carc in COST_SHARE - {DEDUCTIBLE}))
    if standing.latest == "medicare_part_a":
        return _after_part_a(turn, coins, cover)
    copay = min(_visit_copay(turn), coins)
    base = coins - copay
    pays_coins = base if payer.yearly_limit_met else pct(base, cover.coinsurance)
    pays_ded = max(0, standing.shares.get(DEDUCTIBLE, 0)) if cover.deductible else 0
    above = max(0, standing.shares.get(ABOVE_FEE, 0))
    if standing.limiting_charge is not None and standing.medicare is not None:
        above = min(above, max(0, standing.limiting_charge - standing.medicare.allowed))
    pays_above = above if cover.excess else 0
    pay = min(pays_coins + pays_ded + pays_above, standing.unpaid)
    legs = [
        turn.leg("coinsurance after visit copay, by the letter's share", pays_coins, "medigap", decides=True),
        turn.leg("Part B deductible", pays_ded, "medigap", decides=bool(pays_ded)),
        turn.leg("excess charge", pays_above, "medigap", decides=bool(pays_above)),
    ]
    return _supplemented(turn, pay, above - pays_above, legs, used={"visit_copay": copay})


def _visit_copay(turn: Turn) -> int:
    """As stated; the most that letter N may take off where N is only tried."""
    stated, letter = turn.payer.visit_copay, turn.payer.medigap_letter
    if stated is None:
        return cents("medigap.n.emergency.cents", turn.day) if letter == "N" else 0
    return stated


def _after_part_a(turn: Turn, coins: int, cover: Cover) -> Share:
    owed = max(0, turn.standing.shares.get(DEDUCTIBLE, 0))
    pays_ded = owed if turn.payer.yearly_limit_met else pct(owed, cover.hospital)
    legs = [
        turn.leg("Part A coinsurance", coins, "medigap_part_a", decides=bool(coins)),
        turn.leg("Part A deductible, by the letter's share", pays_ded, "medigap_part_a", decides=bool(pays_ded)),
    ]
    return _supplemented(turn, min(coins + pays_ded, turn.standing.unpaid), 0, legs, used={})


def _supplemented(turn: Turn, pay: int, above: int, legs: list[Leg], *, used: dict[str, int]) -> Share:
    left = max(0, turn.standing.patient - pay)
    words = f"Medigap pays {money(pay)} of Medicare's cost share"
    return Share(pay, left, legs, words, turn.fee, shares=_shares_left(turn.standing, pay, above), used=used)


def _shares_left(standing: Standing, pay: int, above: int) -> dict[str, int]:
    """What a payer of Medicare's share leaves of it; what is above Medicare's fee stays a share of its own."""
    reason = QMB_SHARE if QMB_SHARE in standing.shares else COINSURANCE
    return {reason: max(0, standing.prior_pr - pay - above), ABOVE_FEE: above}


def cover_of(turn: Turn) -> Cover:
    """What is said of the policy comes before what its letter says."""
    payer = turn.payer
    unsaid = Cover(_ALL, deductible=False, excess=False, hospital=Decimal(0))
    by_letter = LETTERS.get(payer.medigap_letter or "", unsaid)
    rate, ded, excess = payer.covers_part_b_coinsurance, payer.covers_part_b_deductible, payer.covers_excess
    return Cover(
        by_letter.coinsurance if rate is None else rate,
        by_letter.deductible if ded is None else ded,
        by_letter.excess if excess is None else excess,
        by_letter.hospital,
    )


def tricare(turn: Turn) -> Share:
    """The lowest of three; a provider who does not participate is limited to 115% of the allowable."""
    standing, payer, paid = turn.standing, turn.payer, turn.standing.prior_paid
    liability = standing.prior_pr
    base = turn.allowed - turn.deductible
    benefit = base - pct(base, payer.patient_cost_share or Decimal(0))
    copay = min(payer.copay, benefit)
    if payer.participating is False:
        top = pct(turn.allowed, percent("tricare.nonparticipating.percent", turn.day))
        first = ("115% of the allowable less earlier payments", min(top, standing.billed) - paid, "tricare_nonpar")
        most = top
    else:
        first = ("charge less earlier payments", standing.billed - paid, "tricare")
        most = turn.allowed
    pay, legs = turn.lowest(
        first,
        ("what TRICARE would pay alone", benefit - copay, first[2]),
        ("patient share left", liability, first[2]),
    )
    if standing.rules_broken:
        pay, legs = 0, [turn.leg("denied as the earlier payer denied", 0, "refused_provider", decides=True)]
    left = max(0, min(liability - pay, most - paid - pay))
    legs.append(turn.leg("patient: within TRICARE's limit", left, "tricare_patient", decides=True))
    words = f"TRICARE pays the lowest of three, {money(pay)}"
    if standing.rules_broken:
        words = "TRICARE denies what the earlier payer denied because its rules were not kept"
    if payer.participating is False and paid > most:
        words = "the earlier payers paid more than 115% of TRICARE's allowable, so the line is paid in full"
    figures, used = {"deductible_credit": turn.deductible}, {"copay": copay}
    return Share(pay, left + standing.to_patient, legs, words, turn.fee, figures=figures, used=used)


def champva(turn: Turn) -> Share:
    """75% of the allowable after the deductible, the share left, the charge not yet paid: the lowest."""
    standing = turn.standing
    rate = turn.payer.plan_pct
    if rate is None:
        rate = percent("champva.pays.percent", turn.day)
    alone = pct(turn.allowed - turn.deductible, rate)
    pay, legs = turn.lowest(
        ("CHAMPVA's share of its allowable", alone, "champva"),
        ("patient share left", standing.prior_pr, "champva"),
        ("charge less earlier payments", standing.unpaid, "champva"),
    )
    left = max(0, min(standing.prior_pr - pay, turn.allowed - standing.prior_paid - pay))
    legs.append(turn.leg("patient: within CHAMPVA's allowable", left, "champva", decides=True))
    words = f"CHAMPVA pays the lowest of three, {money(pay)}"
    figures = {"deductible_credit": turn.deductible}
    return Share(pay, left + standing.to_patient, legs, words, turn.fee, figures=figures)


def remaining_share(turn: Turn) -> Share:
    """TRICARE For Life and plans that waive: all that the earlier payer left to the patient."""
    standing = turn.standing
    share = standing.cost_share if standing.medicare is not None else standing.prior_pr
    pay = min(share, standing.unpaid)
    legs = [turn.leg("patient share left by the earlier payer", pay, _waiver_key(turn), decides=True)]
    left = max(0, standing.patient - pay)
    above = max(0, standing.shares.get(ABOVE_FEE, 0)) if standing.medicare is not None else 0
    if above:
        legs.append(turn.leg("patient: above Medicare's fee", left - standing.to_patient, "tfl_excess"))
    if standing.refusal and turn.payer.payer_type in ("tfl", "tricare"):
        legs.append(turn.leg("TRICARE's own benefit, should it cover the service: not reckoned", 0, "tfl_alone"))
    words = f"the plan pays the patient share that was left, {money(pay)}"
    return Share(pay, left, legs, words, turn.fee, shares=_shares_left(standing, pay, above))


def nobody(turn: Turn) -> Share:
    """No later payer: the patient owes the share the last payer reported."""
    standing = turn.standing
    legs = [turn.leg("patient share the last payer left", standing.patient, "nothing_later", decides=True)]
    return Share(0, standing.patient, legs, "no later payer", turn.fee, aside=True)


def refused(turn: Turn) -> Share:
    """What an earlier payer refused at the provider's cost nobody after it owes."""
    standing = turn.standing
    key, name, words = _REFUSED[standing.refusal]
    legs = [turn.leg(name, 0, key, decides=True)]
    return Share(0, standing.patient, legs, words, turn.fee, aside=True)


_REFUSED = {
    "provider": (
        "refused_provider", "refused at the provider's cost",
        "the earlier payer refused at the provider's cost, which is not handed on",
    ),
    "withheld": (
        "refused_withheld", "not covered, and not to be charged",
        "the earlier payer does not cover this and the provider may not charge it (CO, PI)",
    ),
    "member": (
        "refused_member", "refused because the plan's rules were not kept",
        "the patient did not keep the earlier plan's rules, which is no other plan's expense",
    ),
}  # fmt: skip


# The formulas of a line that an earlier payer refused for good: whatever a later payer's terms are, it owes nothing.
NOT_HANDED_ON = frozenset(key for key, *_ in _REFUSED.values())


def _waiver_key(turn: Turn) -> str:
    return "fehb_waiver" if turn.payer.payer_type.startswith("fehb") else "tfl"
