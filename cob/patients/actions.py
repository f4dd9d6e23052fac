"""New patients and what changes about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from cob.accounts.models import Site, User
from cob.audit.acting import doing
from cob.patients.models import Patient


class ChartNumberTaken(ValueError):
    """Another patient of this site has the chart number."""


def add_patient(*, site: Site, by: User | None, **columns: Any) -> Patient:  # noqa: ARG001  the author is on the trail
    """Enter a patient. Raises ChartNumberTaken."""
    _refuse_taken(site, columns.get("chart_number", ""))
    with _chart_number_free(site, columns.get("chart_number", "")), doing("registered"):
        patient: Patient = Patient.objects.create(site=site, **columns)
    return patient


def change_patient(*, patient: Patient, by: User | None, **columns: Any) -> Patient:  # noqa: ARG001
    """Set columns; what they were stays on the trail. Raises ChartNumberTaken."""
    _refuse_taken(patient.site, columns.get("chart_number", patient.chart_number), but=patient)
    for name, value in columns.items():
        setattr(patient, name, value)
    with _chart_number_free(patient.site, patient.chart_number), doing("changed chart of"):
        patient.save()
    return patient


def _refuse_taken(site: Site, chart_number: str, but: Patient | None = None) -> None:
    taken = Patient.objects.filter(site=site, chart_number__iexact=chart_number)
    if taken.exclude(pk=but.pk if but else None).exists():
        raise _taken(site, chart_number)


@contextmanager
def _chart_number_free(site: Site, chart_number: str) -> Iterator[None]:
    """Two people entering one chart at once: the database refuses the second, who is told so."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        raise _taken(site, chart_number) from refused


def _taken(site: Site, chart_number: str) -> ChartNumberTaken:
    return ChartNumberTaken(f"Chart number {chart_number} is another patient’s at {site}. Check the chart.")
