"""What a manager sets from today on, and items to give out under it, on a Monday (the fixture `clock`)."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from cob.audit.acting import acting
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory
from workqueues.terms.actions import set_term

DENIALS = "cob-denials"
MONDAY = date(2026, 10, 19)


def set_today(name, value, **told):
    with acting("test task"):
        set_term(name=name, value=value, by=None, effective_on=timezone.localdate(), because="Agreed", **told)


def items_at(site, count, **columns):
    with acting("test task"):
        return [ItemFactory(patient=PatientFactory(site=site), **columns) for _ in range(count)]
