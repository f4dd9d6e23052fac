"""TRICARE, CHAMPVA, the VA and Indian health: who pays alone, and who waits for nearly everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from cob.dates import birthdays
from cob.rules.order.case import Military, Veteran
from cob.rules.order.plan import Plan
from cob.rules.order.visit import Visit
from cob.rules.reading import rule

PART_B_ASKED_FROM: Final = date(2001, 6, 5)  # somebody who was 65 before keeps CHAMPVA without Part B


@rule("EXC-VA", "42 CFR 411.8(a)", "Medicare Benefit Policy Manual ch.16 §50.1.1", "POMS HI 00620.050", "38 USC 1729")
def va_pays_alone(visit: Visit) -> bool:
    """The VA alone pays for care it authorised, and is not a payer for care it did not."""
    return visit.fact("va.authorised", (visit.case.va or Veteran()).authorised, (True, False))


@rule("EXC-ADSM", "tricare.mil, other health insurance", sure="read in part")
def on_active_duty(visit: Visit) -> bool:
    """A service member on active duty has TRICARE only and cannot use other health insurance."""
    known = (visit.case.military or Military()).beneficiary
    age = visit.age_known()
    if known is None and age is not None and age < visit.law("military.enlistment.years"):
        return False
    return visit.fact("military.beneficiary", known, ("retiree_family", "adsm")) == "adsm"


@rule("EXC-FEDGRANT", "42 CFR 411.8")
def federal_grant_pays() -> None:
    """A federal grant, research or public health programme pays for this service; other payers are not billed."""


@rule("EXC-PACE", "42 CFR 460.180", sure="unconfirmed")
def pace_pays_all() -> None:
    """A PACE organisation provides and pays for all care of its participants."""


@rule("TRI-LAST", "10 USC 1079(i)(1)", "10 USC 1086(g)", "32 CFR 199.8(a)-(c)")
def tricare_last() -> None:
    """TRICARE pays after every other insurance, also an individual, student, retiree or COBRA plan."""


@rule("TRI-NOWAIVE", "32 CFR 199.8(c)(4)-(6)")
def must_be_billed(plans: Sequence[Plan]) -> bool:
    """The other insurance must be billed, and in time: TRICARE does not make good what it refused as late."""
    return any(plan.commercial and plan.glance("denial", plan.coverage.denial) is not None for plan in plans)


@rule("TRI-EXC", "32 CFR 199.8(b)(4)", "32 CFR 199.8(d)(2)")
def waits_for_tricare() -> None:
    """Medicaid, TRICARE supplements, Indian health and crime-victim funds pay after TRICARE."""


@rule("TRI-STEP", "TRICARE Reimbursement Manual 6010.61-M ch.4 §1 ¶1.1")
def step_parent_before_tricare(plans: Sequence[Plan]) -> bool:
    """A step-parent's plan pays before the child's TRICARE, whatever that plan or a court order says."""
    return any(plan.commercial and plan.known_relationship() == "stepchild" for plan in plans)


@rule("TRI-MCR", "32 CFR 199.8(d)(1)(i)", "TRICARE Reimbursement Manual ch.4 §4 ¶1.1")
def medicare_before_tricare() -> None:
    """Medicare pays before TRICARE."""


@rule("TRI-GHP-MCR", "32 CFR 199.8(d)(1)(ix)")
def job_medicare_tricare() -> None:
    """The job plan pays first, then Medicare, then TRICARE."""


@rule("TRI-MEDIGAP", "32 CFR 199.8(b)(3)", "32 CFR 199.8(d)(1)(viii)", "10 USC 1095(h)(2)")
def supplement_before_tricare() -> None:
    """Medigap and retiree plans pay before TRICARE For Life."""


@rule("TRI-RETRO", "32 CFR 199.8(d)(1)(vi)")
def before_the_award(visit: Visit) -> bool:
    """Medicare was awarded backward for a disability: before the day of the decision TRICARE pays as if there were
    no Medicare.
    """
    if "disability" not in visit.bases() or visit.is_aged():
        return False
    known = visit.medicare().retro_award_date
    decided = visit.day_of("medicare.retro_award_date", known, ("never", visit.day + timedelta(days=1)))
    return decided is not None and visit.day < decided


@rule("TRI-PARTB", "10 USC 1086(d)")
def tricare_needs_part_b(visit: Visit) -> bool:
    """A retiree family with Part A needs Part B to keep TRICARE; check eligibility."""
    exempt = ("adsm", "adfm", "trs", "trr", "tya")
    beneficiary = visit.case.military.beneficiary if visit.case.military else None
    return beneficiary is not None and beneficiary not in exempt and _part_a_without_b(visit)


@rule("CVA-LAST", "38 USC 1781(b)")
def champva_last() -> None:
    """CHAMPVA pays after other insurance; Medicaid, CHAMPVA supplements, Indian health and crime funds wait for it."""


@rule("CVA-MCR", "38 USC 1781(d)", "Medicare Benefit Policy Manual ch.16 §50.4", sure="read in part")
def medicare_before_champva() -> None:
    """Medicare pays before CHAMPVA."""


@rule("CVA-PARTB", "38 USC 1781(d)")
def champva_needs_part_b(visit: Visit) -> bool:
    """Somebody with Part A needs Part B to keep CHAMPVA, with few exceptions; check eligibility."""
    born = visit.patient.birth_date
    if born is not None and birthdays(born, visit.law("msp.aged.years"))[-1] < PART_B_ASKED_FROM:
        return False
    return _part_a_without_b(visit)


def _part_a_without_b(visit: Visit) -> bool:
    """Whether it is certain that on the day Part A is in force and Part B is not; nobody is asked."""
    if visit.told_medicare is None:
        return False
    part_a, part_b = visit.maybe(lambda: visit.part_in_force("a")), visit.maybe(lambda: visit.part_in_force("b"))
    return (part_a, part_b) == ({True}, {False})


@rule("TRI-IDEA-C", "32 CFR 199.8(d)(5)", "20 USC 1440(a)")
def before_early_intervention() -> None:
    """TRICARE pays for early-intervention services before the programme's own money."""


@rule("TRI-ACC", "32 CFR 199.8(c)(2)-(3)", "32 CFR 199.8(d)(3)")
def tricare_may_advance() -> None:
    """TRICARE may advance payment in an accident case and recover it; the order stays."""


@rule("IHS-LAST", "25 USC 1623(b)", "42 CFR 136.61")
def indian_health_last() -> None:
    """Indian Health Service, tribal and urban Indian programmes pay after everybody else."""


@rule("IHS-NOTRIBE", "25 USC 1621e(f)")
def tribe_agreed(plan: Plan) -> bool:
    """The Indian Health Service does not bill a tribe's own plan unless the tribe agreed in writing."""
    tribal = plan.coverage.tribal
    return plan.ask("tribal.ihs_may_bill", tribal.ihs_may_bill if tribal else None, True, False)


def last_resort(plan: Plan) -> bool:
    """Whether a tribe's own plan pays last for this person."""
    tribal = plan.coverage.tribal
    return plan.ask("tribal.last_resort", tribal.last_resort if tribal else None, False, True)
