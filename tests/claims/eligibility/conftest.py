"""A Monday, Jane Doe, and an answer nothing placed."""

from __future__ import annotations

import pytest
import time_machine

from cob.audit.acting import acting
from cob.coverage.models import (
    EligibilityAnswer,
)
from tests.claims.eligibility.asked import ACME, BETA, BORN, MONDAY
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory
from tests.x12.eligibility import about, file_271


@pytest.fixture(autouse=True)
def _monday(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel("2026-03-02T15:00:00Z", tick=False):
        yield


@pytest.fixture
def jane(main, ana):
    with acting(ana):
        patient = PatientFactory(
            site=main, last_name="Doe", first_name="Jane", birth_on=BORN, chart_number="J1", next_visit_on=MONDAY
        )
        patient.acme = CoverageFactory(patient=patient, member_id="MEM1")
    return patient


@pytest.fixture
def unplaced(jane, bring):
    """An answer with another member id than on file and no trace number of ours."""
    bring(file_271(about(BETA, trace="X", member="NEW1"), payer=ACME), "a.271")
    return EligibilityAnswer.objects.get()
