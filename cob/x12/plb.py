"""The reasons of the PLB, each with its name and with what it does: to the payment, and to which account of ours.

A positive amount lowers the payment, a negative one raises it; none ever touches a patient's account. Codes and names
are those of PLB03-1 in 005010X221A1 (X12 provider adjustment reason codes). Effects: section 1.10.2 of the guide and
X12 RFIs 227, 758, 1374, 1385, 1604, 2125; where `is_confirmed` is False the effect is ours, UNCONFIRMED.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PlbEffect(StrEnum):
    """Which account a reason belongs to."""

    RECOVERY = "recovery"
    FORWARD = "forward"
    REFUND = "refund"
    INTEREST = "interest"
    OFFSET = "offset"
    LEVY = "levy"
    PENALTY = "penalty"
    WITHHOLD = "withhold"
    SETTLEMENT = "settlement"
    CAPITATION = "capitation"
    INCENTIVE = "incentive"
    PASS_THROUGH = "pass_through"  # noqa: S105  money passed through, no secret
    REVIEW = "review"


# What a positive amount (money kept back) and a negative one (money added) mean, in a few words each.
_SAID: dict[PlbEffect, tuple[str, str]] = {
    PlbEffect.RECOVERY: (
        "an overpayment was taken out of this payment",
        "an overpayment reversed here was not taken yet; it will be taken out of a later payment",
    ),
    PlbEffect.FORWARD: (
        "what an earlier remittance left owing was taken out of this payment",
        "this remittance came out below zero; the rest is carried to a later one",
    ),
    PlbEffect.REFUND: ("an acknowledged refund was taken back", "the payer acknowledges money we sent back"),
    PlbEffect.INTEREST: ("interest was taken back", "interest for paying late; income of the practice, on no claim"),
    PlbEffect.OFFSET: ("shown on a claim but not payable; no cash", "shown on a claim but not payable; no cash"),
    PlbEffect.LEVY: ("kept back for a tax authority or a court", "a levy or a withholding was given back"),
    PlbEffect.PENALTY: ("a penalty was taken", "a penalty was given back"),
    PlbEffect.WITHHOLD: ("withheld under the contract", "a withheld amount was paid out"),
    PlbEffect.SETTLEMENT: ("an advance or settlement was taken back", "an advance or settlement was paid"),
    PlbEffect.CAPITATION: ("capitation was taken back", "capitation was paid"),
    PlbEffect.INCENTIVE: ("an incentive was taken back", "an incentive was paid"),
    PlbEffect.PASS_THROUGH: ("a pass-through amount was taken back", "a pass-through amount was paid"),
    PlbEffect.REVIEW: (
        "lowered the payment; read the reference and ask the payer what for",
        "raised the payment; read the reference and ask the payer what for",
    ),
}


@dataclass(frozen=True, slots=True)
class PlbReason:
    """One code of PLB03-1."""

    code: str
    name: str
    effect: PlbEffect
    is_confirmed: bool = False

    @property
    def needs_person(self) -> bool:
        """No account follows from the code alone."""
        return self.effect is PlbEffect.REVIEW

    def meaning(self, cents: int) -> str:
        """What an amount under this reason says, in a few words."""
        return _SAID[self.effect][cents < 0]


_E = PlbEffect
REASONS: dict[str, PlbReason] = {
    reason.code: reason
    for reason in (
        PlbReason("50", "Late charge", _E.PENALTY),
        PlbReason("51", "Interest penalty charge", _E.PENALTY),
        PlbReason("72", "Authorized return", _E.REFUND, True),
        PlbReason("90", "Early payment allowance", _E.INCENTIVE),
        PlbReason("AH", "Origination fee", _E.REVIEW),
        PlbReason("AM", "Applied to borrower’s account", _E.REVIEW),
        PlbReason("AP", "Acceleration of benefits", _E.SETTLEMENT),
        PlbReason("B2", "Rebate", _E.REFUND, True),
        PlbReason("B3", "Recovery allowance", _E.REVIEW),
        PlbReason("BD", "Bad debt adjustment", _E.SETTLEMENT),
        PlbReason("BN", "Bonus", _E.INCENTIVE),
        PlbReason("C5", "Temporary allowance", _E.REVIEW),
        PlbReason("CR", "Capitation interest", _E.INTEREST),
        PlbReason("CS", "Adjustment", _E.REVIEW, True),
        PlbReason("CT", "Capitation payment", _E.CAPITATION),
        PlbReason("CV", "Capital pass-through", _E.PASS_THROUGH),
        PlbReason("CW", "Nurse anesthetist pass-through", _E.PASS_THROUGH),
        PlbReason("DM", "Direct medical education pass-through", _E.PASS_THROUGH),
        PlbReason("E3", "Withholding", _E.WITHHOLD),
        PlbReason("FB", "Forwarding balance", _E.FORWARD, True),
        PlbReason("FC", "Fund allocation", _E.REVIEW),
        PlbReason("GO", "Graduate medical education pass-through", _E.PASS_THROUGH),
        PlbReason("HM", "Hemophilia clotting factor supplement", _E.PASS_THROUGH),
        PlbReason("IP", "Incentive premium payment", _E.INCENTIVE),
        PlbReason("IR", "Internal Revenue Service withholding", _E.LEVY, True),
        PlbReason("IS", "Interim settlement", _E.SETTLEMENT),
        PlbReason("J1", "Nonreimbursable", _E.OFFSET),
        PlbReason("L3", "Penalty", _E.PENALTY),
        PlbReason("L6", "Interest owed", _E.INTEREST, True),
        PlbReason("LE", "Levy", _E.LEVY, True),
        PlbReason("LS", "Lump sum", _E.SETTLEMENT),
        PlbReason("OA", "Organ acquisition pass-through", _E.PASS_THROUGH),
        PlbReason("OB", "Offset for affiliated providers", _E.REVIEW),
        PlbReason("PI", "Periodic interim payment", _E.SETTLEMENT),
        PlbReason("PL", "Payment final", _E.SETTLEMENT),
        PlbReason("RA", "Retroactivity adjustment", _E.SETTLEMENT),
        PlbReason("RE", "Return on equity", _E.PASS_THROUGH),
        PlbReason("SL", "Student loan repayment", _E.LEVY),
        PlbReason("TL", "Third party liability", _E.REVIEW),
        PlbReason("WO", "Overpayment recovery", _E.RECOVERY, True),
        PlbReason("WU", "Unspecified recovery", _E.LEVY, True),
    )
}


def plb_reason(code: str) -> PlbReason:
    """The reason of that code; a code that is on no list needs a person and says so."""
    return REASONS.get(code) or PlbReason(code, f"Reason {code}, on no list known here", PlbEffect.REVIEW)


def by_effect(adjustments: Iterable[tuple[str, int]]) -> dict[PlbEffect, tuple[int, int]]:
    """(reason, cents) pairs summed per account as (kept back, added), both in cents and not below zero."""
    sums: dict[PlbEffect, tuple[int, int]] = {}
    for code, cents in adjustments:
        effect = plb_reason(code).effect
        kept, added = sums.get(effect, (0, 0))
        sums[effect] = (kept + max(cents, 0), added + max(-cents, 0))
    return sums


def payment_cents(claims_paid_cents: int, plb_cents: int) -> int:
    """What BPR02 must be (E4): the claims' payments less every PLB amount."""
    return claims_paid_cents - plb_cents
