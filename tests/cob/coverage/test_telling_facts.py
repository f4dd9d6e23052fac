"""Facts are told, not edited; what cannot be true of this patient is refused by name."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.actions import BadFact
from cob.coverage.models import Fact
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("acted")


def _tell(patient, path, value, **more):
    return actions.tell_fact(patient=patient, path=path, value=value, by=None, **{"told_by": "patient", **more})


def test_a_correction_is_a_later_row_over_the_same_stretch_of_time(amara):
    path = f"coverages.{amara.job.pk}.work_status"
    _tell(amara, path, "retired", true_from=date(2026, 1, 1))

    corrected = _tell(amara, path, "laid_off")

    assert corrected.true_from == date(2026, 1, 1)
    assert amara.facts.as_of(DAY)[path].value == "laid_off"
    assert amara.facts.as_of(date(2025, 12, 31))[path].value == "active"
    assert amara.facts.filter(path=path).count() == 3


def test_what_is_on_file_already_is_not_told_again(amara):
    path = f"coverages.{amara.job.pk}.work_status"

    assert _tell(amara, path, "active") is None
    assert amara.facts.filter(path=path).count() == 1


def test_taking_back_what_nobody_told_makes_no_row(amara):
    assert _tell(amara, amara.size, None) is None


def test_facts_told_together_are_one_event_on_the_patients_trail(amara):
    before = Event.objects.filter(verb="facts told").count()

    actions.tell_facts(
        patient=amara, facts={"medicare.qmb": True, amara.size: "<20"}, told_by="patient", told_how="in person", by=None
    )

    event = Event.objects.filter(verb="facts told").latest("id")
    assert Event.objects.filter(verb="facts told").count() == before + 1
    assert event.after["count"] == 2
    assert [row.patient_id for row in event.patients.all()] == [amara.pk]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        pytest.param("medicare.qmb", "perhaps", "expected yes or no", id="not yes or no"),
        pytest.param("medicare.part_a", "soon", "expected when it began and ended", id="not a part"),
        pytest.param("medicare.part_a", {"from": "2024-02-30"}, "expected a date", id="no such day"),
        pytest.param(
            "medicare.basis", {"luck": None}, "expected age, disability or kidney failure", id="no such ground"
        ),
        pytest.param("medicare.esrd.transplant", "03/10/2026", "expected a date", id="a date in another shape"),
        pytest.param("child.decree.terms", "some", "expected one of the answers offered", id="no such word"),
        pytest.param("claim.related_to", ["none", "auto"], "“none” goes with no other answer", id="none and something"),
        pytest.param(
            "child.custodial_parent", str(uuid.uuid4()), "expected one of the people on file", id="a stranger"
        ),
        pytest.param("accident.state", "Illinois", "expected a state such as IL", id="not a state"),
        pytest.param("medicare.shoe_size", 9, "there is no such fact", id="no such path"),
        pytest.param(f"coverages.{uuid.uuid4()}.work_status", "active", "there is no such fact", id="no such coverage"),
        pytest.param("coverages.x.work_status", "active", "there is no such fact", id="an id that is none"),
    ],
)
def test_what_cannot_be_a_fact_is_refused_and_names_itself(amara, path, value, said):
    with pytest.raises(BadFact, match=said) as refused:
        _tell(amara, path, value)

    assert refused.value.path == path


def test_another_patients_coverage_is_refused(amara, main):
    other = CoverageFactory(patient=PatientFactory(site=main))

    with pytest.raises(BadFact):
        _tell(amara, f"coverages.{other.pk}.work_status", "active")


def test_one_refused_fact_keeps_all_of_them_out(amara):
    before = Fact.objects.count()

    with pytest.raises(BadFact):
        actions.tell_facts(
            patient=amara, facts={"medicare.qmb": True, "medicare.part_a": "soon"}, told_by="patient", by=None
        )

    assert Fact.objects.count() == before


def test_nobody_told_it_is_refused(amara):
    with pytest.raises(BadFact, match="say who told us"):
        _tell(amara, "medicare.qmb", True, told_by="  ")


@pytest.mark.parametrize(
    ("key", "value", "column", "expected"),
    [
        pytest.param("kind", "union_multiemployer", "kind", "union_multiemployer", id="kind"),
        pytest.param("relationship", "spouse", "relationship", "spouse", id="relationship"),
        pytest.param("effective", "2024-01-01", "effective_on", date(2024, 1, 1), id="effective"),
        pytest.param("last_covered_day", "2026-01-31", "ended_on", date(2026, 1, 31), id="last covered day"),
        pytest.param("enrolled", False, "enrolled", False, id="refused"),
    ],
)
def test_a_fact_that_is_a_column_of_the_coverage_is_written_there_too(amara, key, value, column, expected):
    _tell(amara, f"coverages.{amara.job.pk}.{key}", value)

    amara.job.refresh_from_db()
    assert getattr(amara.job, column) == expected


def test_never_ends_is_open_ended(amara):
    amara.job.open_ended, amara.job.ended_on = False, None
    amara.job.save()

    _tell(amara, f"coverages.{amara.job.pk}.last_covered_day", "never")

    amara.job.refresh_from_db()
    assert (amara.job.open_ended, amara.job.ended_on) == (True, None)


def test_telling_whose_plan_it_is_sets_the_subscriber(amara):
    person = PersonFactory(patient=amara)

    _tell(amara, f"coverages.{amara.job.pk}.subscriber", str(person.pk))

    amara.job.refresh_from_db()
    assert (amara.job.subscriber, amara.job.relationship) == (person, "")


def test_a_birthday_told_stands_with_the_person(amara):
    person = PersonFactory(patient=amara)

    _tell(amara, f"people.{person.pk}.birth_month_day", "03-15")

    person.refresh_from_db()
    assert person.birth_month_day == "03-15"


def test_a_person_is_added_with_facts_that_say_who_told_us(amara):
    person = actions.add_person(
        patient=amara, by=None, told_by="mother", last_name="Boateng", relation="spouse", birth_on=date(1960, 1, 2)
    )

    facts = amara.facts.as_of(DAY)
    assert facts[f"people.{person.pk}.birth_date"].value == "1960-01-02"
    assert facts[f"people.{person.pk}.relation"].told_by == "mother"
