"""When a patient's insurance was last asked about, and when Medicare's questionnaire is due: for pages and flags."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateTimeField, Exists, F, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from cob.coverage.models import CheckIn, Coverage, Kind, MspQuestionnaire
from cob.patients.models import Patient
from cob.rules.frontdesk.leads import lead

Patients = QuerySet[Patient] | Iterable[Patient] | Iterable[uuid.UUID]


def last_answered(patients: Patients) -> dict[uuid.UUID, date]:
    """Patient id → the day the short form was last answered, "nothing changed" included. One query."""
    rows = CheckIn.objects.filter(patient__in=patients).order_by().values("patient")
    latest = rows.annotate(at=Max("asked_at")).values_list("patient", "at")
    return {patient: timezone.localdate(at) for patient, at in latest}


@dataclass(frozen=True, slots=True)
class MspDue:
    """When Medicare's questionnaire was last filed, and by when the next one is due."""

    last_on: date | None
    due_on: date

    def is_due(self, today: date) -> bool:
        """Whether it is to be asked now: on the day the answers are as old as they may be, not before."""
        return self.due_on <= today


def msp_due(patients: Patients, *, today: date | None = None) -> dict[uuid.UUID, MspDue]:
    """Patient id → what is due, for those with Medicare itself in force; members of an Advantage plan are not asked.

    Never filed is due today. One query.
    """
    today = today or timezone.localdate()
    now = Coverage.objects.in_force(today).order_by()
    advantage = now.filter(patient=OuterRef("patient"), kind=Kind.MEDICARE_ADVANTAGE)
    on_medicare = now.filter(~Exists(advantage), patient__in=patients, kind=Kind.MEDICARE)
    filed = MspQuestionnaire.objects.filter(patient=OuterRef("patient"), next_due_on__isnull=False)
    latest = filed.order_by("-asked_at")
    rows = on_medicare.annotate(
        filed_at=Subquery(latest.values("asked_at")[:1], output_field=DateTimeField()),
        due_on=Subquery(latest.values("next_due_on")[:1]),
    ).values_list("patient", F("filed_at"), F("due_on"))
    return {
        patient: MspDue(timezone.localdate(filed_at) if filed_at else None, due_on or today)
        for patient, filed_at, due_on in rows
    }


def next_msp_due_on(asked_on: date) -> date:
    """The last day answers given now may still be used. Medicare asks that of recurring hospital outpatients; taken as
    the rule for all its patients (UNCONFIRMED as a rule for offices).
    """
    return asked_on + timedelta(days=lead("msp_days"))
