"""Whether Medicare waits for a plan ("before") or the plan for Medicare ("after"), and under which rule.

Catalogue 1.3.1: kidney months first, then age, then disability. `esrd_span` holds the kidney clock.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from tests.reference.reading import (
    GROUP,
    NEVER,
    Impossible,
    LeftOpen,
    Unknown,
    birth_date,
    day,
    known,
    month,
    of,
    relationship,
    same_day_later,
)

MONTHS, WAITING, AFTER_DIALYSIS, AFTER_TRANSPLANT = 30, 3, 12, 36
WORKING = {"working", "clergy"}
JOB_HELD = {"on_leave_job_held", "furlough", "seasonal_break", "hours_bank"}
MARRIED = {"self", "spouse", "common_law_spouse", "divorced_spouse"}
CODES = {"aged": "12", "disability": "43", "esrd": "13"}


class Side(NamedTuple):
    """`before` is true when Medicare is secondary to the plan; `doubt` names what makes that only likely."""

    before: bool
    basis: str
    doubt: str | None = None


def part_in_force(case: dict[str, Any], name: str, on: date) -> bool:
    medicare = case["medicare"]
    if name not in medicare:
        raise Unknown("medicare", name)
    part = medicare[name]
    if part is None:
        return False
    if day(known(part, "from", "medicare", name)) > on:
        return False
    if "to" not in part:
        raise Unknown("medicare", name, "to")
    return part["to"] is None or on <= day(part["to"])


def has_part_a(case: dict[str, Any], on: date) -> bool:
    """Held, or implied by an Advantage plan nobody has without it."""
    if any(plan["kind"] == "medicare_advantage" for plan in case["coverages"]):
        try:
            return part_in_force(case, "part_a", on)
        except Unknown:
            raise LeftOpen("Part A unknown beside an Advantage plan") from None
    return part_in_force(case, "part_a", on)


def basis(case: dict[str, Any]) -> dict[str, Any]:
    return known({"basis": case["medicare"].get("basis") or None}, "basis", "medicare")


def aged_from(case: dict[str, Any]) -> int:
    """The month that contains the day before the 65th birthday; unknown birthdays are led by the entitlement."""
    told = (case["medicare"].get("basis") or {}).get("age")
    if told and not case["people"][case["patient"]].get("birth_date"):
        return month(told)
    born = birth_date(case)
    first = month(born.isoformat()) + 65 * 12
    return first - 1 if born.day == 1 else first


def side(case: dict[str, Any], plan: dict[str, Any], on: date) -> Side:
    if plan["kind"] not in GROUP:
        return Side(False, "individual")
    doubt = {"hra": "MSP-HRA", "tribal_self_funded": "MSP-TRIBAL"}.get(plan["kind"])
    now = month(on.isoformat())
    span = esrd_span(case, on)
    if span and span.first <= now <= span.last:
        return Side(kidney_side(case, plan, span.first, now), "esrd", doubt)
    found = plain_side(case, plan, on)
    if span and now > span.last and kidney_side(case, plan, span.first, now) != found.before:
        doubt = doubt or "MSP-ESRD-END"
    return found._replace(doubt=doubt or found.doubt)


def plain_side(case: dict[str, Any], plan: dict[str, Any], on: date) -> Side:
    """By age or disability."""
    now = month(on.isoformat())
    if now >= aged_from(case):
        found = aged_side(case, plan, on)
        held = case["medicare"].get("basis") or {}
        if "disability" in held and disability_began(case) < aged_from(case):
            if disabled_side(case, plan, on).before != found.before:
                return found._replace(doubt=found.doubt or "MSP-DIS-65")
        return found
    held = basis(case)
    if "disability" in held and (held["disability"] is None or month(held["disability"]) <= now):
        return disabled_side(case, plan, on)
    return Side(False, "none")


def disability_began(case: dict[str, Any]) -> int:
    began = basis(case)["disability"]
    return month(began) if began else -1


def aged_side(case: dict[str, Any], plan: dict[str, Any], on: date) -> Side:
    if not has_part_a(case, on) or not known(case["medicare"], "premium_free_part_a", "medicare"):
        return Side(False, "aged")
    if without_work := not_by_work(plan, on):
        return without_work._replace(basis="aged")
    if relationship(case, plan) not in MARRIED:
        return Side(False, "aged")
    return Side(large_at_65(case, plan, on), "aged")


def large_at_65(case: dict[str, Any], plan: dict[str, Any], on: date) -> bool:
    """20 employees with the plan's employer or, without an exception for this person, with a member of its group."""
    if plan["kind"] != "union_multiemployer":
        return meets_20(case, plan, on)
    if (plan.get("employer") or {}).get("small_employer_exception"):
        return False  # an approval says that the employer is small; where it is not, nobody has one
    if meets_20(case, plan, on):
        return True
    excepted = of(plan, "employer", "small_employer_exception")
    return not excepted and of(plan, "employer", "largest_member") != "<20"


def disabled_side(case: dict[str, Any], plan: dict[str, Any], on: date) -> Side:
    if without_work := not_by_work(plan, on):
        return without_work._replace(basis="disability")
    if meets_100(case, plan, on):
        return Side(True, "disability")
    union = plan["kind"] == "union_multiemployer"
    return Side(union and of(plan, "employer", "largest_member") == "100+", "disability")


def not_by_work(plan: dict[str, Any], on: date) -> Side | None:
    """The side of a plan that is not held through anybody's current work; None when it is."""
    if of(plan, "continuation") != "none":
        tcc = plan["kind"] == "fehb" and plan["continuation"] == "federal_tcc"
        return Side(False, "", "FEHB-TCC" if tcc else None)
    if not at_work(plan, on):
        gone = (plan.get("employment") or {}).get("status") == "deceased"
        return Side(False, "", "MSP-SURVIVOR" if gone else None)
    return None


def at_work(plan: dict[str, Any], on: date) -> bool:
    """Current employment status, 42 CFR 411.104."""
    employment = plan.get("employment") or {}
    last = employment.get("last_day")
    if last and last != NEVER:
        return on <= day(last)
    status = of(plan, "employment", "status")
    if status in WORKING:
        return True
    if status in JOB_HELD:
        return not of(plan, "employment", "on_ssdi")
    if status == "disability_pay":
        start = of(plan, "employment", "disability_pay_start")
        return start == NEVER or on < same_day_later(day(start), 6)
    if status == "rehired_retiree":
        return of(plan, "employment", "rehired_qualifies")
    if status in ("self_employed", "director"):
        return of(plan, "employment", "prior_year_net_cents") >= 40_000
    return False


def meets_20(case: dict[str, Any], plan: dict[str, Any], on: date) -> bool:
    """20 employees in 20 weeks of that day's year, by that day, or of the year before. The counts on file are those of
    the visit's year and of the one before it."""
    size, visit = plan.get("employer") or {}, day(case["claim"]["dos"]).year
    ends = size.get("twentieth_week_ends")
    told = {visit: size.get("meets_20_this_year"), visit - 1: size.get("meets_20_last_year")}
    this_year, last_year = told.get(on.year), told.get(on.year - 1)
    if ends == NEVER and on.year == visit:
        this_year = bool(this_year)
        last_year = bool(last_year)
    elif ends and ends != NEVER:
        if day(ends).year == on.year:
            this_year = day(ends) <= on
        elif day(ends).year > on.year == visit:
            this_year = bool(this_year)
        elif day(ends).year == on.year - 1:
            last_year = True
    if this_year or last_year:
        return True
    if this_year is False and last_year is False:
        return False
    return of(plan, "employer", "size") != "<20"


def meets_100(case: dict[str, Any], plan: dict[str, Any], on: date) -> bool:
    """100 employees in the year before that day's; the count on file is that of the year before the visit."""
    told = (plan.get("employer") or {}).get("meets_100_last_year")
    if told is not None and on.year == day(case["claim"]["dos"]).year:
        return told
    return of(plan, "employer", "size") == "100+"


class Span(NamedTuple):
    """First and last month of kidney Medicare, whether applied for or not."""

    first: int
    last: int


ENDLESS = 10_000 * 12


def esrd_span(case: dict[str, Any], on: date) -> Span | None:
    """The spell the day belongs to or follows; None without kidney failure."""
    facts = case["medicare"].get("esrd") or {}
    told = {key: value for key, value in facts.items() if value not in (None, NEVER)}
    held = case["medicare"].get("basis") or {}
    if not told and "esrd" not in held:
        if held:
            return None
        basis(case)
    fact = {key: fact_of(facts, key) for key in ("first_dialysis", "transplant")}
    again = facts.get("new_period_from")
    if again and again != NEVER and month(again) <= month(on.isoformat()):
        return Span(month(again), last_month(fact, facts, month(again)))
    first = first_month(fact, facts)
    if first is None:
        if "esrd" in held:
            raise Impossible
        return None
    if held.get("esrd") and again in (None, NEVER) and first > month(held["esrd"]):
        raise Impossible
    return Span(first, last_month(fact, facts, None))


def fact_of(facts: dict[str, Any], key: str) -> str:
    return known(facts, key, "medicare", "esrd")


def first_month(fact: dict[str, str], facts: dict[str, Any]) -> int | None:
    """The month eligibility began."""
    months = []
    if fact["first_dialysis"] != NEVER:
        began = month(fact["first_dialysis"])
        training = fact_of(facts, "self_training_start")
        waits = training == NEVER or not began <= month(training) < began + WAITING
        months.append(began + WAITING if waits else began)
    if fact["transplant"] != NEVER:
        done = month(fact["transplant"])
        admitted = fact_of(facts, "preop_admission")
        if admitted == NEVER:
            months.append(done)
        else:
            months.append(month(admitted) if month(admitted) >= done - 2 else done - 2)
    return min(months) if months else None


def last_month(fact: dict[str, str], facts: dict[str, Any], since: int | None) -> int:
    """The month eligibility ends with: 12 months after dialysis stops, 36 after a transplant."""
    lasts = []
    grafted = fact["transplant"] != NEVER and (since is None or month(fact["transplant"]) >= since)
    if fact["first_dialysis"] != NEVER or (since is not None and not grafted):
        ended = fact_of(facts, "dialysis_end")
        if ended == NEVER or (since is not None and month(ended) < since):
            return ENDLESS
        lasts.append(month(ended) + AFTER_DIALYSIS)
    if grafted:
        lasts.append(month(fact["transplant"]) + AFTER_TRANSPLANT)
    return max(lasts)


def kidney_side(case: dict[str, Any], plan: dict[str, Any], first: int, now: int) -> bool:
    if now >= first + MONTHS:
        return False
    return not keeps_medicare_first(case, plan, first)


def keeps_medicare_first(case: dict[str, Any], plan: dict[str, Any], first: int) -> bool:
    """42 CFR 411.163(b)(4): another basis began earlier, the plan was rightly second then, and paid so."""
    eve = last_day(first - 1)
    if plan.get("paid_after_medicare_before_esrd") is False:
        return False
    held = basis(case)
    earlier = [month(began) if began else aged_from(case) if name == "age" else -1
               for name, began in held.items() if name != "esrd"]  # fmt: skip
    if not any(began < first for began in earlier):
        return False
    if worked_then(plan, eve):
        union = plan["kind"] == "union_multiemployer"
        if aged_from(case) < first:
            small = not large_at_65(case, plan, eve)
        else:
            small = not (meets_100(case, plan, eve) or (union and of(plan, "employer", "largest_member") == "100+"))
        if not small:
            return False
    return of(plan, "paid_after_medicare_before_esrd")


def worked_then(plan: dict[str, Any], eve: date) -> bool:
    """Standing in the month before the kidney months: by the last day at work, else as now."""
    last = (plan.get("employment") or {}).get("last_day")
    if last is None and of(plan, "continuation") == "none" and at_work(plan, eve):
        return True
    return last == NEVER or eve <= day(of(plan, "employment", "last_day"))


def last_day(index: int) -> date:
    year, zero = divmod(index + 1, 12)
    return date.fromordinal(date(year, zero + 1, 1).toordinal() - 1)
