"""Sites' patients and the people around them."""

from __future__ import annotations

from datetime import date

import factory

from cob.accounts.models import Site
from cob.patients.models import Patient, RelatedPerson


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Site
        django_get_or_create = ("code",)

    name = "Main Street"
    code = "main"
    npi = "1234567893"


class PatientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Patient

    site = factory.SubFactory(SiteFactory)
    chart_number = factory.Sequence(lambda n: f"C{n:05}")
    last_name = "Rivera"
    first_name = "Rosa"
    birth_on = date(1980, 4, 2)
    sex = "F"


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RelatedPerson

    patient = factory.SubFactory(PatientFactory)
    last_name = "Rivera"
    first_name = factory.Sequence(lambda n: f"Relative {n}")
