"""Many people at one queue at once: no item is held by two, and nothing that was written is lost."""

from __future__ import annotations

import pytest
from django.db import connection

from bench.queues.crowd import QUEUE, run
from cob.accounts.models import User
from cob.audit.acting import acting
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_a_crowd_takes_sets_aside_and_closes_without_treading_on_each_other(main):
    people = []
    for n in range(12):
        person = User.objects.create(username=f"crowd{n}", role="denials")
        person.sites.add(main)
        people.append(person)
    with acting("test task"):
        patient = PatientFactory(site=main)
        for _ in range(40):
            ItemFactory(patient=patient, queue=QUEUE)

    report = run(people, seconds=4)

    assert report.breaches == []
    assert report.did["closed"] + report.did["put back"] + report.did["set aside"] > 12
