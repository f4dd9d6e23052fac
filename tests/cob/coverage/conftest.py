"""Amara: 67, a job plan and Medicare, and one fact between her and an order: how large the employer is."""

from __future__ import annotations

from datetime import date

import pytest

from cob.audit.acting import acting
from cob.coverage import actions
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PatientFactory

DAY = date(2026, 3, 10)


@pytest.fixture
def acted(ana):
    """Ana writes what the test sets up."""
    with acting(ana):
        yield ana


@pytest.fixture
def amara(main, acted):
    patient = PatientFactory(
        site=main, last_name="Boateng", first_name="Amara", birth_on=date(1959, 6, 1), next_visit_on=None
    )
    job = CoverageFactory(patient=patient, payer=PayerFactory(name="Harbor Health", edi_id="HH1"))
    card = CoverageFactory(
        patient=patient, payer=PayerFactory(name="Medicare", edi_id="MC1"), kind="medicare", effective_on=None,
        open_ended=False, member_id="1EG4TE5MK73",
    )  # fmt: skip
    open_part = {"from": "2024-06-01", "to": None}
    facts = {
        "medicare.part_a": open_part,
        "medicare.part_b": open_part,
        "medicare.basis": {"age": "2024-06"},
        "medicare.premium_free_part_a": True,
        f"coverages.{job.pk}.employment.status": "working",
        f"coverages.{job.pk}.work_status": "active",
        f"coverages.{job.pk}.continuation": "none",
    }
    actions.tell_facts(patient=patient, facts=facts, told_by="patient", told_how="in person", by=acted)
    patient.job, patient.card = job, card
    patient.size = f"coverages.{job.pk}.employer.size"
    return patient


@pytest.fixture
def settled(amara, acted):
    """Amara once the size is known: the job plan first."""
    actions.tell_fact(patient=amara, path=amara.size, value="20-99", told_by="employer", by=acted)
    return amara
