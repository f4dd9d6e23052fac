"""Medicaid after every liable payer, and the programmes that wait even for Medicaid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from cob.rules.order.plan import Plan
from cob.rules.order.visit import Visit
from cob.rules.reading import rule

PROGRAMMES: Final = ("title_v", "wtc", "school_program", "wic", "ryan_white", "crime_victim")
UNSETTLED: Final = frozenset({*PROGRAMMES, "champva"})


@rule("MCD-LAST", "42 USC 1396a(a)(25)(A)-(B), (H)", "42 CFR 433.139(b)(1)")
def medicaid_last() -> None:
    """Medicaid pays after every other payer that is liable."""


@rule("MCD-VOID", "42 USC 1396a(a)(25)(G)")
def clause_void(plans: Sequence[Plan]) -> bool:
    """A policy may not say that Medicaid pays first; such a clause has no effect."""
    return any(plan.commercial and plan.glance("coordination", plan.coordination) == "always_excess" for plan in plans)


@rule("MCD-PEDS", "42 USC 1396a(a)(25)(E)")
def preventive_visit(visit: Visit) -> str | None:
    """A child's preventive visit: Medicaid may pay first and recover, at once or after the state's wait."""
    if visit.glance("claim.category", visit.claim.category) != "preventive_pediatric":
        return None
    if visit.options.medicaid_peds_mode == "PAY_AND_CHASE_NOW":
        return "A child's preventive visit: Medicaid may be billed now; it recovers from the other plan."
    days = visit.law("medicaid.children.days")
    return f"A child's preventive visit: bill the other plan first; after {days} days Medicaid may be billed."


@rule("MCD-CSE", "42 USC 1396a(a)(25)(F)")
def child_support(visit: Visit) -> str | None:
    """In a child-support case Medicaid pays if the absent parent's plan has not paid within the days the state set."""
    medicaid = visit.case.medicaid
    if medicaid is None or visit.glance("medicaid.child_support_case", medicaid.child_support_case) is not True:
        return None
    days = visit.options.medicaid_cse_days
    billed = visit.glance("medicaid.other_payer_billed_on", medicaid.other_payer_billed_on)
    if not isinstance(billed, date):
        return (
            f"A child-support case: Medicaid may be billed when the other plan has not paid {days} days after its bill."
        )
    due = billed + timedelta(days=days)
    if visit.as_of > due:
        return f"A child-support case: the other plan was billed {billed} and has had {days} days; bill Medicaid now."
    return f"A child-support case: if the other plan has not paid by {due}, bill Medicaid."


@rule("MCD-PRENATAL", "BBA 2018 §53102", sure="read in part")
def prenatal(visit: Visit) -> bool:
    """Prenatal care: bill the other plan first; since 2018 Medicaid no longer pays ahead of it."""
    return visit.glance("claim.category", visit.claim.category) == "prenatal"


@rule("MCD-UNKNOWN", "42 CFR 433.139(c)")
def cover_not_established(visit: Visit) -> bool:
    """Other cover is not established, so Medicaid pays now and recovers later."""
    medicaid = visit.case.medicaid
    return medicaid is not None and (
        visit.glance("medicaid.unverified_other_cover", medicaid.unverified_other_cover) is True
    )


@rule("MCD-NOBAL", "42 USC 1396a(a)(25)(C)-(D)")
def no_balance_billing() -> None:
    """Do not bill the patient beyond Medicaid's own limits, nor refuse the patient because of other coverage."""


@rule("MCD-AHEAD", "25 USC 1623(b)", "42 USC 300ff-15(a)(6)", "42 USC 1396b(c)", "20 USC 1412(a)(12)(A)(i)")
def medicaid_ahead() -> None:
    """Medicaid pays before Title V, school and early-intervention money, WIC, Ryan White and Indian health."""


@rule("RW-BEFORE-IHS", "42 USC 300ff-15(a)(6)")
def ryan_white() -> None:
    """Ryan White money pays after all insurance but before the Indian Health Service."""


@rule("CRIME-LAST", "34 USC 20102(e)")
def crime_fund_last() -> None:
    """A crime-victim fund waits for every federal or federally financed programme."""


@rule("CHIP-NOOTHER", "42 CFR 457.310(b)(2)(ii)")
def chip_after_other() -> None:
    """A child on separate CHIP should have no other insurance; if there is some it pays first, and eligibility needs a
    look.
    """


def doubts(visit: Visit, kinds: Sequence[str], *, are_several: bool) -> None:
    """Programmes whose order among themselves no text settles; `kinds` are those behind the accident payers."""
    programmes = {kind for kind in kinds if kind in PROGRAMMES}
    if len(programmes) > 1:
        visit.doubt("two programmes of last resort")
    if "wic" in kinds and are_several:
        visit.doubt("wic beside another payer")
    if "crime_victim" in kinds and ("ihs" in kinds or "champva" in kinds):
        visit.doubt("crime-victim fund")
    if "champva" in kinds and "ihs" in kinds:
        visit.doubt("champva beside ihs")
