"""Tomorrow's visits asked about: every payer of every patient who comes until the next business day, once in its time.

Asked is whose verification is due by the cadence and who was not asked since the first day on which an answer counts
for the visit; after a failed question only when the data were changed, or the payer could not answer then.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone

from claims.eligibility.sending import ask
from cob.accounts.models import Site, User
from cob.coverage.eligibility import failures
from cob.coverage.eligibility.inquiries import Unaskable, question_for
from cob.coverage.eligibility.page import rejection_of
from cob.coverage.models import Coverage, EligibilityAnswer, Fact, Inquiry
from cob.dates import add_business_days
from cob.jobs.actions import open_job
from cob.jobs.models import Job, State
from cob.jobs.progress import Progress
from cob.rules.frontdesk import good_from, next_check_on

JOB = "claims.check_visits"


@dataclass(frozen=True, slots=True)
class Planned:
    """One coverage of one visit: why it is not asked, or the last question and what came of it."""

    coverage: Coverage
    service_on: date
    is_due: bool
    unaskable: Unaskable | None
    last: Inquiry | None
    answer: EligibilityAnswer | None
    may_ask: bool


def last_day(today: date) -> date:
    """Visits until then are looked at: the next business day and the days before it."""
    return add_business_days(today, 1)


def planned(sites: Iterable[uuid.UUID] | None, today: date) -> list[Planned]:
    """Every coverage in force of the visits from today on; None: of all sites. Four queries."""
    rows = Coverage.objects.filter(
        patient__next_visit_on__range=(today, last_day(today)), patient__died_on=None, enrolled=True
    ).select_related("patient__site", "payer", "subscriber")
    if sites is not None:
        rows = rows.filter(patient__site__in=list(sites))
    coverages = [row for row in rows.order_by("patient__next_visit_on", "patient_id", "pk") if _is_in_force(row)]
    starts = _plan_years(coverages)
    asked = _last_asked(coverages)
    return [_planned(row, asked.get(row.pk), starts.get(row.pk, ""), today) for row in coverages]


def check(sites: Iterable[uuid.UUID] | None, progress: Progress, *, by: User | None) -> dict[str, int]:
    """Ask whoever is to be asked now; done again it asks nobody twice. Counts, never names."""
    today = timezone.localdate()
    plans = planned(sites, today)
    due: dict[date, list[Coverage]] = defaultdict(list)
    seen = {plan.coverage.pk: plan.last.pk for plan in plans if plan.last}
    for plan in plans:
        if plan.may_ask:
            due[plan.service_on].append(plan.coverage)
    progress.of(sum(len(rows) for rows in due.values()), "Coverages")
    asked, files, refused = 0, 0, sum(plan.is_due and plan.unaskable is not None for plan in plans)
    for day, rows in sorted(due.items()):
        done = ask(rows, day, by=by, send=True, seen=seen)
        asked, files, refused = asked + len(done.questions), files + len(done.files), refused + len(done.refused)
        progress.step(len(rows))
    return {"coverages": len(plans), "asked": asked, "files": files, "cannot_be_asked": refused}


def start(*, by: User, sites: list[Site]) -> Job:
    """The job that asks about the visits at a person's sites: a new one, or the one that is under way."""
    under_way = Job.objects.filter(kind=JOB, by=by, state__in=(State.QUEUED, State.RUNNING)).first()
    if under_way:
        found: Job = under_way
        return found
    site = sites[0] if len(sites) == 1 else None
    job: Job = open_job(JOB, by=by, site=site, sites=[str(one.pk) for one in sites])
    return job


def _is_in_force(row: Coverage) -> bool:
    day = row.patient.next_visit_on or date.max
    return (row.effective_on or day) <= day <= (row.ended_on or day)


def _plan_years(coverages: list[Coverage]) -> dict[uuid.UUID, str]:
    paths = {f"coverages.{row.pk}.plan_year_start": row.pk for row in coverages}
    told = Fact.objects.filter(patient__in={row.patient_id for row in coverages}, path__endswith=".plan_year_start")
    return {paths[fact.path]: str(fact.value or "") for fact in told.in_order() if fact.path in paths}


def _last_asked(coverages: list[Coverage]) -> dict[uuid.UUID, Inquiry]:
    """The newest question about each, with its answers."""
    answers = Prefetch("answers", EligibilityAnswer.objects.order_by("created_at"))
    rows = Inquiry.objects.filter(coverage__in=[row.pk for row in coverages]).order_by("created_at")
    newest = {row.coverage_id: row.pk for row in rows.only("pk", "coverage_id", "created_at")}
    found = Inquiry.objects.filter(pk__in=newest.values()).select_related("by", "file")
    found = found.prefetch_related(answers, "file__rejections")
    return {row.coverage_id: row for row in found}


def _planned(row: Coverage, last: Inquiry | None, plan_year_start: str, today: date) -> Planned:
    visit_on = row.patient.next_visit_on or today
    weekly = row.patient.comes_weekly
    check_on = next_check_on(
        row.kind,
        verified_on=row.verified_on,
        visit_on=visit_on,
        today=today,
        comes_weekly=weekly,
        plan_year_start=plan_year_start,
    )
    is_due = check_on is not None and check_on.is_due(today)
    question = question_for(row, visit_on)
    answers = list(last.answers.all()) if last else []
    answer = answers[-1] if answers else None
    unaskable = question if isinstance(question, Unaskable) else None
    may_ask = is_due and unaskable is None
    if may_ask and last is not None and not isinstance(question, Unaskable):
        counts = good_from(visit_on, comes_weekly=weekly, plan_year_start=plan_year_start)
        # On the eve of a month no answer counts yet for a visit of the next; asked today, it says nothing new today.
        is_fresh = timezone.localdate(last.created_at) >= min(counts, today)
        is_again = last.asked_with != question.digest or (answer is not None and _may_ask_again(answer, today))
        is_again = is_again or (answer is None and rejection_of(last) is not None)
        may_ask = not is_fresh or is_again
    return Planned(row, visit_on, is_due, unaskable, last, answer, may_ask)


def _may_ask_again(answer: EligibilityAnswer, today: date) -> bool:
    """The payer could not answer; it is not asked twice on a day it said so."""
    is_later = timezone.localdate(answer.created_at) < today
    return answer.is_failed and failures.is_for_later(answer.hints) and is_later
