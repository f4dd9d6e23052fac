"""Where a line stands when the next payer's turn comes: what was paid, what is the patient's, who allows what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from cob import reasons as carcs
from cob.cents import pct
from cob.rules.payment.formulas import formulas
from cob.rules.payment.numbers import percent
from cob.rules.payment.terms import Obligations, Primary, Terms
from cob.rules.sources import address

DEDUCTIBLE, COINSURANCE, COPAY, PRIOR, ABOVE_FEE, TO_PATIENT, SEQUESTERED = "1", "2", "3", "23", "45", "100", "253"
# Medicare's cost share of a qualified beneficiary comes under OA: the next payer's to pay, never the patient's.
QMB_SHARE = "209"
COST_SHARE = carcs.COST_SHARE | {QMB_SHARE}
# Refusals of a whole line: the plan does not cover it, or the payer's rules were not kept.
NOT_NECESSARY = "50"
NOT_COVERED = frozenset({"35", "49", NOT_NECESSARY, "96", "119", "149", "204", "B1"})
RULES_BROKEN = frozenset(
    {"15", "29", "39", "95", "164", "166", "197", "198", "210", "243", "256", "284", "287", "288", "B4"}
)

# `withheld`: not covered, but under CO or PI, so that the provider may not charge it either. `member`: the patient did
# not keep the plan's rules, and owes it.
Refusal = Literal["", "not_covered", "withheld", "provider", "member"]
MEDICARE = frozenset({"medicare", "medicare_part_a", "medicare_part_b", "medicare_advantage"})


@dataclass(frozen=True, slots=True)
class Leg:
    """A named part of a formula with its amount in cents; `formula` is its key in the book."""

    payer: str
    name: str
    cents: int
    formula: str
    decides: bool = False

    @property
    def is_unconfirmed(self) -> bool:
        """Whether no text at hand confirms it."""
        return formulas()[self.formula].unconfirmed

    @property
    def cite(self) -> str:
        """Where its formula stands."""
        return formulas()[self.formula].cite

    @property
    def url(self) -> str | None:
        """The text's address, where it has one."""
        return address(self.cite)

    @property
    def said(self) -> str:
        """The part in words, with its line where there are several."""
        line = self.payer.rpartition(" ")[0]
        name = self.name[:1].upper() + self.name[1:]
        return f"{line.capitalize()}: {self.name}" if line else name


@dataclass(frozen=True, slots=True)
class Fee:
    """What one payer allows; `ceiling` leaves out what its contract or law withholds from us."""

    allowed: int
    ceiling: int
    contracted: bool
    covers: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """All amounts are cents. `shares` is the patient's part by reason, without what a payer sent to the patient."""

    billed: int
    received: int
    to_patient: int
    shares: dict[str, int]
    patient: int
    fees: tuple[Fee, ...]
    otaf: int
    latest: str
    medicare: Fee | None
    limiting_charge: int | None
    refusal: Refusal
    rules_broken: bool
    sequestered: int
    reported_paid: int
    reported_share: int
    obligations: Obligations

    @property
    def prior_paid(self) -> int:
        """Payments so far, those to the patient too."""
        return self.received + self.to_patient

    @property
    def medicare_covers(self) -> bool:
        """Whether Medicare has answered and covers the service."""
        return self.medicare is not None and self.medicare.covers

    @property
    def prior_pr(self) -> int:
        """The patient's share the latest payer left, without money sent to the patient. One below zero, which a payer
        may write to correct another, is owed to nobody."""
        return max(0, sum(self.shares.values()))

    @property
    def cost_share(self) -> int:
        """Deductible, coinsurance and copay among it."""
        return max(0, sum(cents for carc, cents in self.shares.items() if carc in COST_SHARE))

    @property
    def unpaid(self) -> int:
        """What no payer has paid of the charge."""
        return max(0, self.billed - self.prior_paid)

    def after(self, pay: int, patient: int, fee: Fee, kind: str, shares: dict[str, int] | None = None) -> Standing:
        """The same line once a later payer has paid."""
        left = max(0, patient - self.to_patient)
        fees = (*self.fees, fee)
        received = self.received + pay
        binds = fee.contracted and fee.covers  # a plan that does not cover the service has no price for it
        otaf = min(self.otaf, max(fee.allowed, received + self.to_patient)) if binds else self.otaf
        return replace(
            self,
            received=received,
            shares=({COINSURANCE: left} if shares is None else shares),
            patient=patient,
            fees=fees,
            otaf=otaf,
            latest=kind,
            medicare=fee if kind in MEDICARE else self.medicare,
            refusal="" if fee.covers or pay else self.refusal,
        )


def first_answer(terms: Terms) -> Standing:
    """The line after its first payer."""
    primary, billed = terms.primary, terms.billed
    contracted = primary.in_network is True
    reasons = _by_reason(primary, billed)
    to_patient = reasons.pop(("PR", TO_PATIENT), 0) or primary.paid_to_patient or 0
    shares = {carc: cents for (group, carc), cents in reasons.items() if cents and (group == "PR" or carc == QMB_SHARE)}
    if contracted:
        shares.pop(ABOVE_FEE, None)  # our contract forbids it, whatever group the payer wrote
    paid = primary.paid + to_patient
    refusal = _refusal(primary, reasons, paid)
    reported = sum(shares.values())
    # What is withheld under CO or PI is nobody's to pay, contract or not; above the fee only a contract forbids.
    ceiling = min(primary.allowed, paid + reported - shares.get(ABOVE_FEE, 0))
    fee = Fee(primary.allowed, ceiling, contracted, covers=refusal == "")
    is_medicare = primary.payer_type in MEDICARE
    limiting = None
    patient = to_patient + max(0, reported - shares.get(QMB_SHARE, 0))
    if primary.payer_type == "medicare_part_b" and primary.in_network is False and fee.covers and primary.allowed:
        stated = terms.obligations.limiting_charge
        limiting = (
            pct(primary.allowed, percent("medicare.limiting_charge.percent", terms.day)) if stated is None else stated
        )
        patient = max(0, min(patient, limiting - primary.paid))
    return Standing(
        billed=billed,
        received=primary.paid,
        to_patient=to_patient,
        shares=shares,
        patient=patient,
        fees=(fee,),
        otaf=_otaf(terms, paid, reported, refusal),
        latest=primary.payer_type,
        medicare=fee if is_medicare else None,
        limiting_charge=limiting,
        refusal=refusal,
        rules_broken=not primary.allowed and not paid and any(carc in RULES_BROKEN for _, carc in reasons),
        sequestered=sum(cents for (_, carc), cents in reasons.items() if carc == SEQUESTERED),
        reported_paid=paid,
        reported_share=reported,
        obligations=terms.obligations,
    )


def _by_reason(primary: Primary, billed: int) -> dict[tuple[str, str], int]:
    """Adjustments added up by group and reason. Without any, what the allowed amount says they must be."""
    if primary.cas is None:
        to_patient = primary.paid_to_patient or 0
        share = max(0, primary.allowed - primary.paid - to_patient)
        above = billed - primary.paid - to_patient - share
        group = "PR" if primary.in_network is False else "CO"
        return {("PR", COINSURANCE): share, ("PR", TO_PATIENT): to_patient, (group, ABOVE_FEE): above}
    found: dict[tuple[str, str], int] = {}
    for one in primary.cas:
        found[one.group, one.carc] = found.get((one.group, one.carc), 0) + one.amount
    return found


_NO_REFUSAL = COST_SHARE | {ABOVE_FEE, TO_PATIENT, PRIOR}


def _refusal(primary: Primary, reasons: dict[tuple[str, str], int], paid: int) -> Refusal:
    if primary.allowed or paid:
        return ""
    given = [key for key, cents in reasons.items() if cents > 0]
    # OA does not say whose it is: what the plan does not cover goes on like a share of the patient's.
    patients = {c for group, c in given if group == "PR" or (group == "OA" and c in NOT_COVERED)} - _NO_REFUSAL
    withheld = {c for group, c in given if group != "PR"} - carcs.CONTRACTUAL.keys() - patients
    if withheld & RULES_BROKEN or NOT_NECESSARY in withheld:
        return "provider"
    if (withheld | patients) & (carcs.POINTS_ELSEWHERE | carcs.NOT_OUR_MEMBER) or patients - RULES_BROKEN:
        return "not_covered"
    if patients:
        return "member"
    if withheld & NOT_COVERED:
        return "withheld"
    return "provider" if withheld - _NO_REFUSAL else ""


def _otaf(terms: Terms, paid: int, reported: int, refusal: Refusal) -> int:
    stated = terms.obligations.otaf
    if stated is not None:
        return min(terms.billed, stated)
    asked = [one.otaf_when_zero_paid for one in terms.later if one.otaf_when_zero_paid is not None]
    counts_at_zero = asked[0] if asked else terms.obligations.otaf_when_zero_paid
    if refusal == "not_covered" or (paid == 0 and not counts_at_zero):
        return terms.billed
    return min(terms.billed, paid + reported)
