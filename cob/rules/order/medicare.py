"""On which side of Medicare a plan stands: does Medicare wait for it, or go first? (`msp_side` of the catalogue)

Age, disability and kidney failure count by calendar month, employment by day. Kidney failure displaces the other two.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from cob.rules.order import employment, kidney
from cob.rules.order.employment import a_member_has_20, a_member_has_100, currently_employed, has_20, has_100
from cob.rules.order.general import in_advantage
from cob.rules.order.plan import Plan
from cob.rules.order.verdict import Code
from cob.rules.order.visit import Visit
from cob.rules.reading import Rule, rule

BEFORE: Final = "BEFORE"
AFTER: Final = "AFTER"
COUNTS_AT_65: Final = frozenset({"self", "spouse", "common_law_spouse", "divorced_spouse"})


class Side:
    """BEFORE: Medicare waits for the plan. AFTER: Medicare goes first. The rule that says so, and the SBR05 code."""

    __slots__ = ("code", "rule_id", "side")

    def __init__(self, side: str, rule_id: str, code: Code | None = None) -> None:
        self.side, self.rule_id, self.code = side, rule_id, code


def side(visit: Visit, plan: Plan) -> Side:
    """The side of one plan. Facts about the job and the employer are read here only, so they are tried together."""
    return visit.settle(f"?side.{plan.id}", lambda: _side(visit, plan), lambda: _job_of(plan), _which)


def _job_of(plan: Plan) -> frozenset[str]:
    return frozenset([plan.root + name for name in employment.ABOUT_THE_JOB])


def _which(one: Side) -> str:
    return one.side


def _side(visit: Visit, plan: Plan) -> Side:
    if not plan.group:
        return not_a_group_plan()
    if plan.kind == "hra":
        visit.note(employer_money)
        visit.doubt(employer_money.id)
    if plan.kind == "tribal_self_funded":
        visit.note(tribal_plan)
        visit.doubt(tribal_plan.id)
    clock = kidney.clock(visit)
    if clock.phase in ("first", "after"):
        return _kidney_side(visit, plan, clock)
    ordinary = _by_age_or_disability(visit, plan)
    if clock.phase == "ended" and (ordinary.side == BEFORE) != clock.was_first:
        visit.doubt(kidney.kidney_medicare_ended.id)
    return ordinary


@rule("MSP-INDIV", "42 USC 1395y(b)(2)(A)")
def not_a_group_plan() -> Side:
    """A policy somebody bought, or a student's, is not a group plan, so Medicare goes first."""
    return Side(AFTER, "MSP-INDIV")


@rule("MSP-HRA", "42 CFR 411.101", sure="unconfirmed")
def employer_money() -> None:
    """An employer's health reimbursement account counts as a group plan; the policy it buys probably does not."""


@rule("MSP-TRIBAL", "Redding Rancheria v. Hargan (D.D.C. 2017)", sure="unconfirmed")
def tribal_plan() -> None:
    """A tribe's own self-funded plan may pay last for its members; call the plan."""


def _kidney_side(visit: Visit, plan: Plan, clock: kidney.Clock) -> Side:
    kidney.enrolled_late(visit, clock.start)
    if clock.phase == "after":
        _note_what_went_before(visit, plan, clock.start)
        return kidney_after(visit, plan)
    if other_basis_first(visit, clock.start) and keeps_medicare_first(visit, plan, clock.start):
        return Side(AFTER, keeps_medicare_first.id)
    _note_what_went_before(visit, plan, clock.start)
    return kidney_first(visit, plan)


@rule("MSP-ESRD-30", "42 USC 1395y(b)(1)(C)", "42 CFR 411.162(a)(1)-(3)")
def kidney_first(visit: Visit, plan: Plan) -> Side:  # noqa: ARG001 - any group plan on any visit
    """In the first thirty months of kidney Medicare any group plan pays first, whatever its size or kind."""
    return Side(BEFORE, "MSP-ESRD-30", "13")


@rule("MSP-ESRD-AFTER", "42 CFR 411.163(b)(3)(ii)", "42 CFR 411.163(c)(3)", "POMS HI 00801.247")
def kidney_after(visit: Visit, plan: Plan) -> Side:  # noqa: ARG001 - any group plan on any visit
    """The thirty months are over, so Medicare goes first, even before the plan of a large employer."""
    return Side(AFTER, "MSP-ESRD-AFTER")


def other_basis_first(visit: Visit, start: int) -> bool:
    """Whether age or disability gave Medicare in a month before the kidney clock started."""
    began = {name: month for name, month in visit.bases().items() if name != "esrd"}
    if any(month is not None and month < start for month in began.values()):
        return True
    unknown = [name for name, month in began.items() if month is None]
    return any(visit.fact(f"medicare.basis.{name}", None, (start - 1, start)) < start for name in unknown)


def _note_what_went_before(visit: Visit, plan: Plan, start: int) -> None:
    """Which of two grounds came first, and whether the plan was rightly first then; said only where it is known."""
    if "esrd" not in visit.bases() or len(visit.bases()) < 2:
        return
    first = visit.maybe(lambda: other_basis_first(visit, start))
    if first == {False}:
        visit.note(kidney_came_first)
    elif first == {True} and visit.maybe(lambda: _was_rightly_first(visit, plan, start)) == {True}:
        visit.note(job_plan_stays_first)


@rule("MSP-DUAL-FIRST", "42 CFR 411.163(b)(3)", "42 CFR 411.163(c)(4)-(5)")
def kidney_came_first() -> None:
    """Kidney failure came first, or in the same month as age or disability, so the thirty months run on."""


@rule("MSP-DUAL-WORK", "42 CFR 411.163(c)(3)", "42 CFR 411.163(c)(6)")
def job_plan_stays_first() -> None:
    """The job plan was rightly first before the kidney failure and stays first through month thirty."""


@rule("MSP-DUAL-KEEP", "42 CFR 411.163(b)(4)", "42 CFR 411.163(c)(7)", "POMS HI 00801.247")
def keeps_medicare_first(visit: Visit, plan: Plan, start: int) -> bool:
    """Medicare was rightly first before the kidney failure, so it stays first."""
    paid_after = plan.coverage.paid_after_medicare_before_esrd
    if plan.glance("paid_after_medicare_before_esrd", paid_after) is False:
        return False
    if not (_below_size(visit, plan, start) or not _worked_before(plan, start)):
        return False
    return plan.ask("paid_after_medicare_before_esrd", paid_after, True, False)


def _below_size(visit: Visit, plan: Plan, start: int) -> bool:
    """Whether the employer was below the size that counted in the month before the kidney clock started."""
    multi, then = plan.kind == "union_multiemployer", kidney.day_before(start)
    if not visit.is_aged(start - 1):
        return not (has_100(plan, then) or (multi and a_member_has_100(plan)))
    return _multi_at_65(plan, then) is not multi_aged if multi else not has_20(plan, then)


def _worked_before(plan: Plan, start: int) -> bool:
    """Whether the plan came from current work in the month before the kidney clock started."""
    return employment.employed_on(plan, kidney.day_before(start))


def _was_rightly_first(visit: Visit, plan: Plan, start: int) -> bool:
    """Whether Medicare waited for the plan, as the law has it, before the kidney clock started."""
    return plan.continuation() == "none" and _worked_before(plan, start) and not _below_size(visit, plan, start)


def _by_age_or_disability(visit: Visit, plan: Plan) -> Side:
    if visit.is_aged():
        if visit.is_aged_early():
            visit.note(aged_from)
        said = aged_side(visit, plan)
        return turned_65(visit, plan, said) if "disability" in visit.bases() else said
    held = visit.bases().get("disability", visit.month + 1)
    if held is not None and held > visit.month:
        return Side(AFTER, retired_plan.id)
    return disabled_side(visit, plan)


def aged_side(visit: Visit, plan: Plan) -> Side:
    """Age 65 and over."""
    if not premium_free(visit):
        return Side(AFTER, premium_free.id)
    said = not_from_current_work(visit, plan)
    if said is not None:
        return said
    if plan.relationship() not in COUNTS_AT_65:
        return Side(AFTER, counts_at_65.id)
    return _multi_aged(plan) if plan.kind == "union_multiemployer" else _by_20(plan)


def _by_20(plan: Plan) -> Side:
    return Side(BEFORE, working_aged.id, "12") if has_20(plan) else Side(AFTER, small_employer.id)


def _multi_aged(plan: Plan) -> Side:
    law = _multi_at_65(plan, plan.visit.day)
    return Side(BEFORE, law.id, "12") if law is multi_aged else Side(AFTER, law.id)


def _multi_at_65(plan: Plan, on: date) -> Rule[[], None]:
    """Which rule places a multi-employer plan at 65."""
    if _is_excepted(plan):
        return multi_exception
    if has_20(plan, on):
        return multi_aged
    if plan.ask("employer.small_employer_exception", plan.employer.small_employer_exception, False, True):
        return multi_exception
    return multi_aged if a_member_has_20(plan) else small_employer


def _is_excepted(plan: Plan) -> bool:
    """Whether the exception was approved for this person, which says that the employer is small."""
    return plan.glance("employer.small_employer_exception", plan.employer.small_employer_exception) is True


def disabled_side(visit: Visit, plan: Plan) -> Side:
    """Disability under 65."""
    said = not_from_current_work(visit, plan)
    if said is not None:
        return said
    if plan.kind == "union_multiemployer":
        large = has_100(plan) or a_member_has_100(plan)
        return Side(BEFORE, multi_disabled.id, "43") if large else Side(AFTER, under_100.id)
    return Side(BEFORE, large_employer.id, "43") if has_100(plan) else Side(AFTER, under_100.id)


def not_from_current_work(visit: Visit, plan: Plan) -> Side | None:
    """COBRA, or a job that is over."""
    if plan.continuation() != "none":
        if plan.kind == "fehb":
            visit.note(federal_continuation)
            visit.doubt(federal_continuation.id)
        return Side(AFTER, continued_plan.id)
    if not currently_employed(plan):
        return _past_work(visit, plan)
    if plan.kind == "fehb":
        visit.note(federal_active)
    return None


def _past_work(visit: Visit, plan: Plan) -> Side:
    if plan.glance("employment.status", plan.employment.status) == "deceased":
        visit.doubt(survivor_plan.id)
        return Side(AFTER, survivor_plan.id)
    if plan.kind == "fehb":
        visit.note(federal_annuitant)
    return Side(AFTER, retired_plan.id)


@rule("MSP-DIS-65", "42 USC 426(a)-(b)", "42 USC 1395y(b)(1)(A)-(B)", sure="unconfirmed")
def turned_65(visit: Visit, plan: Plan, said: Side) -> Side:
    """At 65 the test changes: twenty employees instead of a hundred, the spouse's job instead of any relative's."""
    visit.note(turned_65)
    if any(old != said.side for old in visit.maybe(lambda: disabled_side(visit, plan).side)):
        visit.doubt(turned_65.id)
    return said


@rule("MSP-WA-PARTA", "42 USC 1395y(b)(1)(A)(i)(I)", "42 CFR 411.172(a)(2)")
def premium_free(visit: Visit) -> bool:
    """Without premium-free Part A the working-aged rule does not apply, so Medicare goes first."""
    if not (in_advantage(visit) or visit.part_in_force("a")):
        return False
    return visit.fact("medicare.premium_free_part_a", visit.medicare().premium_free_part_a, (True, False))


@rule("MSP-WA-20", "42 USC 1395y(b)(1)(A)(i)-(ii)", "42 CFR 411.172(a)")
def working_aged() -> None:
    """The plan comes from a current job, one's own or a spouse's, at an employer of twenty or more."""


@rule("MSP-WA-LT20", "42 USC 1395y(b)(1)(A)(ii)", "42 CFR 411.172(a)(1)")
def small_employer() -> None:
    """The employer has fewer than twenty employees, so Medicare goes first."""


@rule("MSP-WA-AGE", "42 CFR 411.170(c)(1)-(2)")
def aged_from() -> None:
    """Sixty-five begins with the first of the month that contains the day before the birthday."""


@rule("MSP-WA-SPOUSE", "42 CFR 411.172(a)(3)(ii)", "42 CFR 411.170(a)(2)(ii)(B)")
def counts_at_65() -> None:
    """From 65 only the worker and the worker's spouse count, not a partner, parent or child, so Medicare goes first."""


@rule("MSP-WA-MULTI", "42 CFR 411.172(a)(3)(i)")
def multi_aged() -> None:
    """One employer of twenty or more in a multi-employer plan puts the plan first for everyone in it."""


@rule("MSP-WA-MULTI-EXC", "42 USC 1395y(b)(1)(A)(iii)", "42 CFR 411.172(b)")
def multi_exception() -> None:
    """The multi-employer plan has the small-employer exception for this person, so Medicare goes first."""


@rule("MSP-RETIREE", "42 USC 1395y(b)(1)(A)-(B)", "42 CFR 411.172(a)(3)")
def retired_plan() -> None:
    """The plan does not come from anyone's current job, so Medicare goes first."""


@rule("MSP-COBRA", "42 CFR 411.104(a)(2)(ii)", "42 CFR 411.206(a)(5)")
def continued_plan() -> None:
    """COBRA and other continued cover is not from a current job, so Medicare goes first."""


@rule("MSP-SURVIVOR", "42 CFR 411.104(a), (c)", sure="unconfirmed")
def survivor_plan() -> None:
    """A plan left by somebody who has died is not from a current job, so Medicare goes first."""


@rule("MSP-DIS-100", "42 USC 1395y(b)(1)(B)", "42 CFR 411.201, .204")
def large_employer() -> None:
    """Disabled and under 65, on a plan from an own or a relative's current job at a hundred or more people."""


@rule("MSP-DIS-LT100", "42 USC 1395y(b)(1)(B)", "42 CFR 411.201, .204")
def under_100() -> None:
    """The employer has fewer than a hundred employees, so Medicare goes first."""


@rule("MSP-DIS-MULTI", "42 CFR 411.101")
def multi_disabled() -> None:
    """One employer of a hundred or more in a multi-employer plan puts the plan first for everyone in it."""


@rule("FEHB-ACTIVE", "OPM pamphlet RI 79-2", sure="read in part")
def federal_active() -> None:
    """An active federal employee's plan pays before Medicare."""


@rule("FEHB-ANNUITANT", "OPM pamphlet RI 79-2", sure="read in part")
def federal_annuitant() -> None:
    """Medicare pays before a federal annuitant's plan."""


@rule("FEHB-TCC", "5 CFR 890 subpart K", sure="unconfirmed")
def federal_continuation() -> None:
    """Medicare pays before temporary continuation of a federal plan."""
