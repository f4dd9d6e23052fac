"""The job and the employer behind a plan, as far as Medicare asks: part of a case's partition (`partition.py`).

Without kidney failure three things are read: whether the subscriber works there, by what test the employer is large
enough, and whether it is. With it, months before the visit count too, and the facts stay as they are.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from cob.dates import add_months, month_of
from cob.rules.order.case import read_day
from cob.rules.order.employment import ENDS_WITH_THE_JOB, JOB_HELD, OF_ANY_YEAR
from cob.rules.order.size import reaches

if TYPE_CHECKING:
    from cob.rules.order.entitlement import Clock, Entitlement
    from cob.rules.order.partition import Day

Raw = dict[Any, Any]
Part = Any
NOTHING: Final[Raw] = {}


def job_for_medicare(card: Raw, entitled: Entitlement, on: Day) -> Part:
    """What of a group plan's job can decide whether Medicare waits for it."""
    job, employer, clock = card.get("employment") or NOTHING, card.get("employer") or NOTHING, entitled.clock
    if clock is None:
        return _as_it_is(job, on), _size_then(employer, on), card.get("paid_after_medicare_before_esrd")
    if clock.phase == "after":
        return None
    if clock.phase == "first":
        return _before_the_clock(card, job, employer, clock, on) if entitled.other_basis_first is not False else None
    aged = entitled.aged
    if (aged is False and not entitled.disabled) or card.get("continuation") not in (None, "none"):
        return None
    works = _works(job, on)
    if works is False or works == "deceased":
        return works
    if len(employer) > 1 or "size" not in employer or aged is None or (aged and entitled.by_disability):
        return works, _size(employer, on)
    size = employer["size"]
    least = on.numbers["msp.working_aged.employees" if aged else "msp.disabled.employees"]
    side = None if size is None else reaches(size, least)
    return works, size if side is None else side


def _before_the_clock(card: Raw, job: Raw, employer: Raw, clock: Clock, on: Day) -> Part:
    """How things stood in the month before the kidney clock started; who works there now stands in for then."""
    last, ended = job.get("last_day"), _work_ended(job, on)
    if last is None:
        last = "unknown", card.get("continuation"), job.get("status") == "disability_pay", _works(job, on)
    elif last != "never":
        last = None
    return (
        last,
        None if ended is None else ended >= clock.start,
        (_size_then(employer, on), clock.start if employer.keys() - OF_ANY_YEAR else None),
        card.get("paid_after_medicare_before_esrd"),
    )


def _work_ended(job: Raw, on: Day) -> int | None:
    """The month of the first day without current employment, as far as the file tells."""
    last, started = job.get("last_day"), job.get("disability_pay_start")
    if last is not None and last != "never":
        return month_of(read_day(last) + timedelta(days=1))
    if job.get("status") != "disability_pay" or started is None or started == "never":
        return None
    return month_of(add_months(read_day(started), on.numbers["msp.disability_pay.months"]))


def _works(job: Raw, on: Day) -> Part:
    """Whether the subscriber works there; a tuple where a fact is missing that would say."""
    last, status = job.get("last_day"), job.get("status")
    over = last is not None and last != "never"
    if last is not None and last != "never" and on.text <= last:
        return True
    if status is None:
        return None, over
    if status == "working" or status in JOB_HELD or status == "clergy":
        if over and status in ENDS_WITH_THE_JOB:
            return False
        held = job.get("on_ssdi") if status in JOB_HELD else False
        return (status, None) if held is None else not held
    if status == "deceased":
        return status
    return _counts_as_work(job, status, on)


def _counts_as_work(job: Raw, status: str, on: Day) -> Part:
    """The statuses that count on a condition; the others do not."""
    if status == "rehired_retiree":
        said = job.get("rehired_qualifies")
    elif status in ("self_employed", "director"):
        net = job.get("prior_year_net_cents")
        said = None if net is None else net >= on.numbers["msp.self_employed.cents"]
    elif status == "disability_pay":
        said = _paid_for_disability(job.get("disability_pay_start"), on)
    else:
        return False
    return (status, None) if said is None else said


def _paid_for_disability(started: str | None, on: Day) -> bool | None:
    if started is None or started == "never":
        return None if started is None else False
    begun = read_day(started)
    return begun <= on.day < add_months(begun, on.numbers["msp.disability_pay.months"])


def _as_it_is(job: Raw, on: Day) -> Part:
    """The job with the kidney rules in view, which also ask who worked there on the eve of some month."""
    last, ended, status = job.get("last_day"), _work_ended(job, on), job.get("status")
    if last is not None and last != "never":
        last = on.text <= last
    works = _works({**job, "last_day": None}, on) if status is not None else None
    return last, None if ended is None else ended - on.month, status, works


def _size_then(employer: Raw, on: Day) -> Part:
    """The same for an earlier day, before which the twentieth week may not have come."""
    if not employer.keys() - OF_ANY_YEAR:
        return _size(employer, on)
    return _size(employer, on), employer.get("twentieth_week_ends"), on.text[:7]


def _size(employer: Raw, on: Day) -> Part:
    """Everything said of the employer's size; the twentieth week by its year, and in this year by its day."""
    week: Any = employer.get("twentieth_week_ends")
    if week is not None and week != "never":
        year = int(week[:4]) - on.day.year
        week = (week <= on.text) if year == 0 else "last year" if year == -1 else "another year"
    return (
        employer.get("size"),
        week,
        employer.get("meets_20_this_year"),
        employer.get("meets_20_last_year"),
        employer.get("meets_100_last_year"),
        employer.get("largest_member"),
        employer.get("small_employer_exception"),
    )
