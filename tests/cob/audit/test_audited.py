"""No way of writing a guarded row goes around the trail, and the trail cannot be rewritten."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from cob.audit.acting import NobodyActing, acting, doing
from cob.audit.models import Event, EventPatient
from cob.patients.models import Patient
from tests.factories.patients import PatientFactory


def _events(verb):
    return list(Event.objects.filter(verb=verb, subject_type="patients.patient"))


def test_a_write_without_an_author_is_refused_and_leaves_nothing(main):
    with pytest.raises(NobodyActing):
        PatientFactory(site=main)

    assert Patient.objects.count() == 0


def test_creating_a_patient_is_one_event_that_names_the_patient_and_the_author(main, ana):
    with acting(ana):
        patient = PatientFactory(site=main)

    (event,) = _events("created")
    assert (event.actor_id, event.site_id, event.subject_id) == (ana.pk, main.pk, str(patient.pk))
    assert EventPatient.objects.get(event=event).patient_id == patient.pk


def test_a_change_keeps_only_what_changed_before_and_after(main, ana):
    with acting(ana):
        patient = PatientFactory(site=main, last_name="Rivera")
        patient.birth_on = date(1981, 4, 2)
        patient.save()

    (event,) = _events("changed")
    assert event.before == {"birth_on": "1980-04-02"}
    assert event.after == {"birth_on": "1981-04-02"}


def test_saving_without_a_change_is_no_event(main, ana):
    with acting(ana):
        patient = PatientFactory(site=main)
        patient.save()

    assert _events("changed") == []


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda: Patient.objects.update(sex="U"), id="queryset update"),
        pytest.param(lambda: Patient.objects.bulk_update(_with_sex("U"), ["sex"]), id="bulk update"),
        pytest.param(lambda: Patient.objects.all().delete(), id="queryset delete"),
    ],
)
def test_bulk_writes_are_on_the_trail_with_their_patients_and_need_an_author(main, ana, write):
    with acting(ana):
        patients = PatientFactory.create_batch(2, site=main)

    with pytest.raises(NobodyActing):
        write()
    with acting(ana):
        write()

    event = Event.objects.exclude(verb="created").get()
    assert event.after["count"] == 2
    assert set(event.patients.values_list("patient_id", flat=True)) == {patient.pk for patient in patients}


def _with_sex(sex):
    rows = list(Patient.objects.all())
    for row in rows:
        row.sex = sex
    return rows


def test_a_named_act_replaces_the_plain_verb(main, ana):
    with acting(ana), doing("merged charts", reason="same person"):
        PatientFactory(site=main)

    (event,) = _events("merged charts")
    assert event.reason == "same person"


@pytest.mark.parametrize("table", ["audit_event", "audit_eventpatient"])
@pytest.mark.parametrize("act", ["UPDATE {0} SET id = id", "DELETE FROM {0}"])
def test_the_trail_cannot_be_rewritten_even_by_sql(main, ana, table, act):
    from django.db import connection

    with acting(ana):
        PatientFactory(site=main)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


def test_a_rolled_back_write_leaves_no_event_and_tells_nobody(main, ana):
    with acting(ana), transaction.atomic():
        PatientFactory(site=main)
        transaction.set_rollback(True)

    assert not Event.objects.filter(subject_type="patients.patient").exists()
