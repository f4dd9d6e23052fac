"""When what an order rests on changes, the days of the patient's claims are determined again and the new order put on
file beside the old one. Safe to run twice and safe to miss.

Only a settled order that differs from the one on file, or from the one a claim went out in, is put on file. An order a
person decided is left to a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from claims.models import Claim
from claims.order_audit import SENT, SETTLED
from claims.reordering import Day, changed_among, claims_of, days_of
from cob.audit.acting import acting
from cob.audit.models import Event, EventPatient
from cob.audit.subscribers import subscribe
from cob.coverage.actions import determine
from cob.coverage.agreement import groups_of
from cob.coverage.models import Coverage
from cob.jobs.actions import open_job
from cob.patients.models import Patient

AUTHOR = "payer order"
JOB = "claims.redetermine"
TOLD_OF_MANY = "employer size told"
CHART = "changed chart of"
# Of a patient's own row: the date of birth, and the site, whose state may have chosen an option.
IN_A_CASE = frozenset({"birth_on", "site"})


@subscribe("coverage changed", "facts told", TOLD_OF_MANY, "changed", CHART)
def facts_changed(events: list[Event]) -> None:
    """The patients whose facts changed, now; everybody who works for an employer, as a job."""
    with acting(AUTHOR, request_id=events[0].request_id):
        for employer in {event.subject_id for event in events if event.verb == TOLD_OF_MANY}:
            open_job(JOB, employer=employer)
        for patient in Patient.objects.filter(pk__in=_patients(events)):
            redetermine(patient)


def _patients(events: Iterable[Event]) -> QuerySet[EventPatient, Any]:
    told = [event.pk for event in events if _bears_on_a_case(event)]
    return EventPatient.objects.filter(event__in=told).values("patient_id")


def _bears_on_a_case(event: Event) -> bool:
    """Of plain changes only those of the patient's own row; of a chart put right only what a case has of it."""
    if event.verb == CHART:
        return not IN_A_CASE.isdisjoint(event.after or {})
    return event.verb != "changed" or event.subject_type == "patients.patient"


def at_employer(employer: uuid.UUID) -> QuerySet[Claim, Any]:
    """The patients with claims who are covered through this employer."""
    covered = Coverage.objects.filter(employer=employer).order_by().values("patient")
    return Claim.objects.filter(patient__in=covered, is_void=False).order_by().values("patient").distinct()


def redetermine(patient: Patient) -> int:
    """Put the changed orders of the patient's claims on file; how many days changed."""
    claims = claims_of(patient)
    days = days_of(patient, claims)
    differing = {one.claim.service_from for one in changed_among(claims, days, {}) if _was_sent(one.claim)}
    found = 0
    for _, group in groupby(sorted(days, key=lambda day: day.service_on), key=lambda day: day.service_on):
        same_day = list(group)
        # Two visits of one day that claims say different things of have no one order; a person looks at them.
        if len(same_day) == 1 and _is_new(same_day[0], differs=same_day[0].service_on in differing):
            determine(patient=patient, service_on=same_day[0].service_on, by=None, claim=same_day[0].claim)
            found += 1
    return found


def _was_sent(claim: Claim) -> bool:
    return any(row.state in SENT for row in claim.payers.all())


def _is_new(day: Day, *, differs: bool) -> bool:
    if day.is_on_file or day.verdict is None or day.verdict["status"] not in SETTLED:
        return False
    if day.on_file is None:
        return differs
    if day.on_file.decided_how == "person":
        return False
    then, now = day.on_file.verdict, day.verdict
    return then["status"] not in SETTLED or groups_of(then) != groups_of(now)
