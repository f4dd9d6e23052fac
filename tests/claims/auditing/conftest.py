"""Small practices for the audit: a visit of Nora's with her own plan and her husband's, billed one way or another."""

from __future__ import annotations

import pytest

from claims.auditing.asking import Asker
from claims.auditing.finding import differences
from claims.auditing.reading import Scope, chunks
from cob.coverage.supposing import suppose
from tests.claims import stories
from tests.claims.stories import LAKESIDE, NORTHERN


@pytest.fixture
def audited():
    """`audited("NAME=VALUE", …)`: what an audit of everything finds, under these suppositions."""

    def audit(*as_if, scope=None):
        asker = Asker(suppose(as_if))
        return [row for chunk in chunks(scope or Scope()) for row in differences(asker.ask(chunk))]

    return audit


@pytest.fixture
def nora(main, as_task):
    """Her own plan, `patient.own`, and her husband's, `patient.his`; her own pays first."""
    return with_two_plans(main)


def with_two_plans(site, **changes):
    """A patient whose own plan pays before the husband's."""
    patient = stories.nora(site, **changes)
    patient.own = stories.coverage(patient, LAKESIDE, "LH1")
    patient.his = stories.coverage(patient, NORTHERN, "NP1", relationship="spouse", subscriber=stories.husband(patient))
    for card in (patient.own, patient.his):
        at_work(card)
    return patient


def at_work(card):
    """Its subscriber works, and the plan is no continuation of an earlier one."""
    for name, value in (("work_status", "active"), ("continuation", "none")):
        card.patient.facts.create(path=f"coverages.{card.pk}.{name}", value=value, told_by="patient")


def ids(*coverages):
    return [str(one.pk) for one in coverages]
