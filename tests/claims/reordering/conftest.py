"""Theo, a boy on both parents' plans, and his claim as it was paid."""

from __future__ import annotations

from datetime import date

import pytest

from cob.audit.acting import acting
from cob.coverage import actions
from tests.claims.reordering.orders import DAY, WORKING, about, plan, told, visit
from tests.factories.patients import PatientFactory


@pytest.fixture
def acted(ana):
    with acting(ana):
        yield ana


@pytest.fixture
def theo(main, acted):
    """A boy on both parents' plans: his mother's birthday comes first, so her plan is primary."""
    patient = PatientFactory(site=main, last_name="Ames", first_name="Theo", birth_on=date(2015, 6, 1))
    mother = actions.add_person(
        patient=patient, by=acted, told_by="mother", last_name="Ames", first_name="Ida", relation="mother",
        birth_on=date(1985, 3, 2),
    )  # fmt: skip
    father = actions.add_person(
        patient=patient, by=acted, told_by="mother", last_name="Ames", first_name="Otto", relation="father",
        birth_on=date(1984, 9, 9),
    )  # fmt: skip
    patient.hers = plan(patient, "Harbor", subscriber=mother, relationship="child")
    patient.his = plan(patient, "Lakeside", subscriber=father, relationship="child")
    for one in (patient.hers, patient.his):
        about(one, acted, **WORKING)
    told(patient, acted, child__parents_living_together=True, child__decree__terms="none")
    patient.mother, patient.father = mother, father
    return patient


@pytest.fixture
def paid(theo, acted):
    """Theo's claim, paid by his mother's plan first, as determined."""
    claim = visit(theo, [theo.hers, theo.his], paid=(80_00, 5_00))
    actions.determine(patient=theo, service_on=DAY, by=acted)
    return claim
