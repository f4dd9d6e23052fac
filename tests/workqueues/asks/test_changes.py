"""A plan that has ended stays work until something follows it: the day after, the task must not close itself."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from cob.coverage.models import Option
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory, PersonFactory
from tests.factories.workqueues import plan_ending
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


def items(day):
    with time_machine.travel(f"{day}T16:00:00Z", tick=False):
        membership.ask()
    return list(Item.objects.open().filter(queue="coverage-change"))


def ended(site, on=date(2026, 11, 30), **columns):
    return CoverageFactory(patient=PatientFactory(site=site), ended_on=on, open_ended=False, **columns).patient


def test_the_task_of_a_plans_end_outlasts_the_end_until_a_plan_follows(main):
    with time_machine.travel("2026-10-19T16:00:00Z", tick=False):
        patient = plan_ending(main)
    (item,) = items("2026-10-19")

    assert [each.pk for each in items("2026-12-01")] == [item.pk]
    assert [each.pk for each in items("2027-06-01")] == [item.pk]

    CoverageFactory(patient=patient, effective_on=date(2026, 12, 1))
    assert items("2027-06-02") == []
    item.refresh_from_db()
    assert item.closed_because == "What follows the plan is on file and in force or verified, or its last day moved."


@pytest.mark.parametrize(("day", "is_work"), [("2026-12-31", True), ("2027-01-01", False)])
def test_a_plan_found_ended_is_work_for_a_month(main, day, is_work):
    ended(main)

    assert bool(items(day)) is is_work


def test_a_plan_that_ended_beside_another_in_force_is_no_work(main):
    CoverageFactory(patient=ended(main), effective_on=date(2020, 1, 1))

    assert items("2026-12-01") == []


@pytest.mark.parametrize(
    ("columns", "relation", "code"),
    [
        ({"birth_on": date(2000, 11, 15)}, "mother", "AGE-26"),
        ({"marital_status": "divorced"}, "spouse", "DIVORCE"),
    ],
)
def test_whose_plan_it_is_tells_what_the_patient_is_where_nobody_said(main, columns, relation, code):
    patient = PatientFactory(site=main, **columns)
    CoverageFactory(patient=patient, relationship="", subscriber=PersonFactory(patient=patient, relation=relation))

    assert [item.reason_codes for item in items("2026-10-19")] == [[code]]


def test_a_visit_far_off_on_a_last_day_that_does_not_count_is_work(main):
    on = {"scope": "practice", "effective_on": date(2026, 1, 1), "source": "the plan's book, p. 1"}
    Option.objects.create(name="term_date_is_last_day", value=False, **on)
    patient = ended(main, on=date(2027, 3, 31))
    patient.next_visit_on = date(2027, 3, 31)
    patient.save()

    assert {item.patient_id for item in items("2026-12-01")} == {patient.pk}
