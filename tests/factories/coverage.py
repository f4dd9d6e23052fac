"""Payers, coverages and facts."""

from __future__ import annotations

from datetime import date

import factory

from cob.coverage.models import Coverage, Employer, Fact, Payer
from tests.factories.patients import PatientFactory


class PayerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Payer
        django_get_or_create = ("edi_id",)

    name = "Acme Health"
    edi_id = "60054"
    kind = "employer"


class CoverageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Coverage

    patient = factory.SubFactory(PatientFactory)
    payer = factory.SubFactory(PayerFactory)
    kind = "employer"
    member_id = factory.Sequence(lambda n: f"MBR{n:06}")
    relationship = "self"
    effective_on = date(2020, 1, 1)
    open_ended = True


class FactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Fact

    patient = factory.SubFactory(PatientFactory)
    told_by = "patient"


class EmployerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employer

    name = factory.Sequence(lambda n: f"Foundry {n}")
