"""Statements for everybody who owes: who gets one and who does not is shown before, and kept for each afterwards.

A killed run is done again from where it stopped: a patient it has a result for is not asked twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.models import Claim
from claims.patient_billing.laying import paid_ahead
from claims.patient_billing.models import (
    Allocation,
    PatientRefund,
    Statement,
    StatementHold,
    StatementRun,
    StatementRunResult,
)
from claims.patient_billing.statements.sending import StatementRefused, issue
from cob.accounts.models import Site, User
from cob.audit.acting import doing
from cob.jobs.actions import open_job
from cob.jobs.progress import Progress
from cob.patients.models import Patient
from cob.turns import Turn, wait_for

JOB = "patient_billing.send_statements"
# Nobody gets a second one of a run before this many days have passed.
EVERY_DAYS = 28


class RunRefused(ValueError):
    """A run that cannot start; says why."""


def candidates(sites: Iterable[uuid.UUID] | None, today: date) -> QuerySet[Patient]:
    """Patients with a claim that may go out, who got no statement lately. `sites` None: every site."""
    free = _owing().filter(~Exists(StatementHold.objects.open().filter(claim=OuterRef("pk")).order_by())).order_by()
    rows = Patient.objects.filter(Exists(free), ~_lately(today), ~_paid_ahead(), died_on=None)
    return rows if sites is None else rows.filter(site__in=list(sites))


def _owing() -> QuerySet[Claim]:
    """Of the outer patient: claims on which more is left to the patient than was paid."""
    laid = (
        Allocation.objects.filter(claim=OuterRef("pk")).order_by().values("claim").annotate(cents=Sum("amount_cents"))
    )
    back = PatientRefund.objects.live().filter(claim=OuterRef("pk")).order_by().values("claim")
    paid = Coalesce(Subquery(laid.values("cents")), 0) - Coalesce(
        Subquery(back.annotate(cents=Sum("amount_cents")).values("cents")), 0
    )
    rows = Claim.objects.filter(patient=OuterRef("pk"), is_void=False, patient_cents__gt=0)
    owing: QuerySet[Claim] = rows.alias(paid_by_patient=paid).filter(patient_cents__gt=F("paid_by_patient"))
    return owing


def left_out(sites: Iterable[uuid.UUID] | None, today: date) -> QuerySet[Patient]:
    """Patients of whom something waits, or who got a statement lately, and so get none now."""
    held = StatementHold.objects.open().filter(claim__patient=OuterRef("pk"), claim__is_void=False).order_by()
    rows = Patient.objects.filter(Q(Exists(held)) | (Q(Exists(_owing().order_by())) & (_lately(today) | _paid_ahead())))
    rows = rows.exclude(pk__in=candidates(sites, today).order_by().values("pk"))
    return rows if sites is None else rows.filter(site__in=list(sites))


def _lately(today: date) -> Q:
    since = today - timedelta(days=EVERY_DAYS)
    return Q(Exists(Statement.objects.filter(patient=OuterRef("pk"), issued_on__gt=since).order_by()))


def _paid_ahead() -> Q:
    return Q(Exists(paid_ahead().filter(patient=OuterRef("pk")).order_by()))


def start(*, by: User, site: Site | None, today: date | None = None) -> StatementRun:
    """Open a run for one site, or for all the person sees. Raises RunRefused."""
    today = today or timezone.localdate()
    with transaction.atomic(), doing("statement run started"):
        wait_for(Turn.STATEMENTS)
        going = StatementRun.objects.filter(finished_at=None, site=site, day=today).select_related("asked_by").first()
        if going:
            raise RunRefused(f"{going.asked_by} started the statements a moment ago. They are being sent.")
        if not candidates(_sites(by, site), today).exists():
            raise RunRefused("Nobody would get a statement now.")
        run: StatementRun = StatementRun.objects.create(site=site, day=today, asked_by=by)
        run.job = open_job(JOB, by=by, site=site, title="Send statements", run=str(run.pk))
        run.save(update_fields=["job"])
    return run


def _sites(by: User | None, site: Site | None) -> list[uuid.UUID] | None:
    if site is not None:
        return [site.pk]
    return None if by is None or by.sees_all_sites else list(by.site_ids())


def send_all(run: StatementRun, progress: Progress) -> dict[str, int]:
    """Each candidate once; how many got one and how many did not."""
    done = set(run.results.values_list("patient", flat=True))
    waiting = [
        patient
        for patient in candidates(_sites(run.asked_by, run.site), run.day).order_by("pk").values_list("pk", flat=True)
        if patient not in done
    ]
    progress.of(len(waiting) + len(done), "Statements")
    progress.step(len(done))
    for patient in waiting:
        _send(run, patient)
        progress.step()
    with doing("statement run finished"):
        StatementRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=timezone.now())
    sent = run.results.filter(statement__isnull=False).count()
    return {"sent": sent, "not_sent": run.results.count() - sent}


def _send(run: StatementRun, pk: uuid.UUID) -> None:
    """One patient in one transaction, with its result."""
    patient = Patient.objects.select_related("site").get(pk=pk)
    with transaction.atomic(), doing("statement sent"):
        statement, why = None, ""
        try:
            with transaction.atomic():
                statement = issue(patient=patient, by=run.asked_by, today=run.day, run=run)
        except StatementRefused as refused:
            why = str(refused)
        StatementRunResult.objects.create(run=run, patient=patient, statement=statement, why_not=why[:300])
