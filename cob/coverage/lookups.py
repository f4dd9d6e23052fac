"""Rows by their id within the sites of whoever asks; another site's row does not exist."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from cob.accounts.models import User
from cob.coverage.models import Coverage, Determination, MspQuestionnaire
from cob.patients.models import Patient, RelatedPerson


def patient_or_404(user: User, pk: UUID) -> Patient:
    """A patient with the site."""
    found: Patient = get_object_or_404(Patient.objects.visible_to(user).select_related("site"), pk=pk)
    return found


def coverage_or_404(user: User, pk: UUID) -> Coverage:
    """A coverage with its patient, payer, employer and subscriber."""
    rows = Coverage.objects.visible_to(user).select_related("patient__site", "payer", "employer", "subscriber")
    found: Coverage = get_object_or_404(rows, pk=pk)
    return found


def person_or_404(user: User, pk: UUID) -> RelatedPerson:
    """Somebody beside a patient, with the patient."""
    rows = RelatedPerson.objects.filter(patient__in=Patient.objects.visible_to(user)).select_related("patient__site")
    found: RelatedPerson = get_object_or_404(rows, pk=pk)
    return found


def determination_or_404(user: User, pk: UUID) -> Determination:
    """A verdict on file, with its patient and who decided it."""
    rows = Determination.objects.visible_to(user).select_related("patient__site", "decided_by", "supersedes")
    found: Determination = get_object_or_404(rows, pk=pk)
    return found


def questionnaire_or_404(user: User, pk: UUID) -> MspQuestionnaire:
    """A filed questionnaire, with its patient, who asked, and the determination its result comes from."""
    rows = MspQuestionnaire.objects.visible_to(user).select_related(
        "patient__site", "asked_by", "determination__patient"
    )
    found: MspQuestionnaire = get_object_or_404(rows, pk=pk)
    return found
