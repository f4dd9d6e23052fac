"""Rows written past Django's own way come out as Django would have written them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from cob import rows
from cob.audit.acting import acting
from cob.audit.models import MANY, Event
from cob.patients.models import Patient
from workqueues.models import Item, State

pytestmark = pytest.mark.django_db


def _patients(site: Any, count: int = MANY, first: str = "0") -> list[Patient]:
    return [
        Patient(
            site_id=site.pk if n % 2 else str(site.pk),
            chart_number=f"{first}{n}",
            last_name=f"O'Neil\t{n}\\N",
            search_last="ONEIL",
            search_first="ANN",
            first_name="Ann",
            birth_on=date(1980, 5, 14) if n % 2 else "1980-05-14",
            comes_weekly=n % 3 == 0,
        )
        for n in range(count)
    ]


def _stored(row: Patient) -> list[tuple[str, str]]:
    """Each column as the database has it, with its type; without what is each row's own."""
    columns = [f.column for f in Patient._meta.concrete_fields if f.name not in ("id", "chart_number", "created_at")]
    with connection.cursor() as cursor:
        key = Patient._meta.pk.get_db_prep_value(row.pk, connection)
        cursor.execute(f"SELECT {', '.join(columns)} FROM patients_patient WHERE id = %s", [key])
        return [(type(value).__name__, str(value)) for value in cursor.fetchone()]


def test_a_row_of_many_is_stored_as_django_stores_it(main):
    many, single = _patients(main), _patients(main, first="1")
    with acting("test"):
        Patient.objects.bulk_create(many)
        for row in single:
            # Too few to be written as values.
            Patient.objects.bulk_create([row])

    assert [_stored(row) for row in many] == [_stored(row) for row in single]


def test_many_rows_are_one_event_that_lists_them_and_their_patients(main):
    many = _patients(main)
    with acting("test"):
        Patient.objects.bulk_create(many)

    told = Event.objects.filter(subject_type="patients.patient", verb="created").latest("id")
    assert set(told.after["rows"]) == {str(row.pk) for row in many}


def test_a_row_that_breaks_a_constraint_is_djangos_error_and_nothing_is_kept(main):
    many = _patients(main)
    many[-1].chart_number = many[0].chart_number
    with acting("test"), pytest.raises(IntegrityError), transaction.atomic():
        Patient.objects.bulk_create(many)

    assert not Patient.objects.filter(pk__in=[row.pk for row in many]).exists()


def _items(site: Any, subjects: list[uuid.UUID]) -> list[Item]:
    now = "2026-03-02T12:00:00+00:00"
    return [
        Item(
            queue="cob-determination",
            subject_type="patients.patient",
            subject_id=subject,
            site=site,
            reason='He said "so"',
            reason_codes=["ä", 'quo"te'],
            state=State.NEW,
            first_touch_due_at=now,
            due_at=now,
            touched_at=now,
            limit_on=date(2026, 4, 1),
            is_harmful=True,
        )
        for subject in subjects
    ]


def test_what_is_there_already_is_left_out_and_the_rest_is_written(main):
    subjects = [uuid.uuid4() for _ in range(MANY)]
    with acting("test"):
        Item.objects.bulk_create(_items(main, subjects[:1]))
        Item.objects.bulk_create(_items(main, subjects), ignore_conflicts=True)

    stored = {item.subject_id: item for item in Item.objects.filter(subject_id__in=subjects)}
    assert set(stored) == set(subjects)
    assert Item.objects.filter(subject_id__in=subjects).count() == MANY
    some = stored[subjects[-1]]
    assert (some.reason, some.reason_codes, some.state) == ('He said "so"', ["ä", 'quo"te'], "new")
    assert (some.limit_on, some.is_harmful, some.next_action_on) == (date(2026, 4, 1), True, None)


def test_changed_rows_are_changed_and_the_others_stay(main):
    subjects = [uuid.uuid4() for _ in range(3)]
    with acting("test"):
        first, second, third = Item.objects.bulk_create(_items(main, subjects))
    first.reason_codes, first.limit_on, second.amount_cents = ["other"], None, 7_00
    rows.update([first, second], ["reason_codes", "limit_on", "amount_cents"])

    stored = {item.pk: (item.reason_codes, item.limit_on, item.amount_cents) for item in Item.objects.all()}
    assert stored[first.pk] == (["other"], None, 0)
    assert stored[second.pk] == (["ä", 'quo"te'], date(2026, 4, 1), 7_00)
    assert stored[third.pk] == (["ä", 'quo"te'], date(2026, 4, 1), 0)


@pytest.mark.parametrize(
    "field",
    [
        models.FileField(),
        models.BinaryField(),
        models.DateField(auto_now_add=True),
        models.DateTimeField(auto_now=True),
        models.IntegerField(db_default=3),
        models.BigAutoField(primary_key=True),
    ],
    ids=lambda field: type(field).__name__,
)
def test_a_field_with_a_hand_of_its_own_is_left_to_django(field):
    assert not rows._is_plain(field)


def test_postgresql_compiles_no_question_to_machine_code():
    if connection.vendor != "postgresql":
        pytest.skip("of PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
