"""What the patient page says about asking: the last short form, what check-in still leads to, the questionnaires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from cob.coverage.asked import MspDue, msp_due
from cob.coverage.checkins import in_words
from cob.coverage.models import CheckIn, MspQuestionnaire
from cob.coverage.steps import Step, left_to_do
from cob.coverage.visits import Visit
from cob.patients.models import Patient

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Asking:
    """When somebody last asked, for which visit, and what is still to be done."""

    last: CheckIn | None
    is_for_this_visit: bool
    steps: list[Step]
    questionnaires: list[MspQuestionnaire]
    due: MspDue | None
    has_medicare: bool

    @property
    def is_due(self) -> bool:
        """Whether Medicare's questionnaire is to be asked now."""
        return self.due is not None and self.due.is_due(timezone.localdate())

    @property
    def said(self) -> str:
        """What the last short form said, in words."""
        return in_words(self.last) if self.last else ""


def of_patient(patient: Patient, visit: Visit, *, has_medicare: bool) -> Asking:
    """Read what the page shows; the number of queries does not grow with the rows."""
    checkins = patient.checkins.select_related("asked_by")
    last = checkins.first()
    is_current = last is not None and (last.service_on == visit.on or _is_for(patient, visit.on))
    filed = list(patient.mspquestionnaires.select_related("asked_by")[:SHOWN])
    due = msp_due([patient.pk]).get(patient.pk) if has_medicare else None
    return Asking(last, is_current, left_to_do(patient, visit), filed, due, has_medicare or bool(filed))


def _is_for(patient: Patient, day: date) -> bool:
    return patient.checkins.filter(service_on=day).exists()
