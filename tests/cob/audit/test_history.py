"""The history page: who did what, found by person, verb, subject, day and patient, within one's own sites."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest

from cob.accounts.models import User
from cob.audit import presenters, queries
from cob.audit.acting import acting, doing
from cob.audit.models import Event, record
from cob.coverage.models import Coverage
from cob.patients.models import Patient
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
PAGE = "/history/"


@pytest.fixture
def patient(main, ana):
    with acting(ana):
        return PatientFactory(site=main, last_name="Rivera")


def texts(answer):
    return [row.text for row in answer.context["rows"]]


def test_a_change_reads_as_a_sentence_with_what_it_was_and_became(sign_in, ira, ana, patient):
    with acting(ana):
        patient.birth_on = date(1981, 4, 2)
        patient.save()

    page = sign_in(ira).get(PAGE, {"verb": "changed"})

    (row,) = page.context["rows"]
    assert row.text == "Ana Arroyo changed patient"
    assert row.changes == ("birth on: 04/02/1980 → 04/02/1981",)
    assert row.patients.ids == (patient.pk,)


def test_an_administrator_sees_that_something_changed_and_no_patient_data(ana, patient):
    event = Event.objects.get(verb="created", subject_type="patients.patient")

    row = presenters.present(event, may_see_patients=False)

    assert row.text == "Ana Arroyo added patient"
    assert "Rivera" not in "".join(row.changes)
    assert "last name" in row.changes[0]


def test_the_page_of_an_administrator_holds_no_patient_data(sign_in, cast, patient):
    assert b"Rivera" not in sign_in(cast["ada"]).get(PAGE).content
    assert b"Rivera" in sign_in(cast["ira"]).get(PAGE).content


def test_reading_the_trail_is_on_the_trail(sign_in, ira, patient):
    sign_in(ira).get(PAGE, {"patient": str(patient.pk)})

    event = Event.objects.get(verb="read history")
    assert event.actor_id == ira.pk
    assert event.after == {"patient": str(patient.pk)}
    assert [shown.patient_id for shown in event.patients.all()] == [patient.pk]


@pytest.fixture
def mixed(main, ana, ben, patient):
    """Four events about different things."""
    with acting(ben):
        record("looked up", "patients.patient", subject_id=patient.pk, patients=[patient.pk], site_id=main.pk)
    with acting("nightly sweep"):
        record("swept", "claims.claim")
    return {"ben": ben, "ana": ana, "patient": patient}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({"person": "ben"}, ["Ben Baker looked up patient"], id="by person"),
        pytest.param({"person": "task"}, ["nightly sweep swept claim"], id="by the desk itself"),
        pytest.param({"verb": "swept"}, ["nightly sweep swept claim"], id="by verb"),
        pytest.param({"subject_type": "claims.claim"}, ["nightly sweep swept claim"], id="by subject"),
        pytest.param(
            {"patient": "patient"}, ["Ben Baker looked up patient", "Ana Arroyo added patient"], id="by patient"
        ),
        pytest.param({"verb": "swept", "person": "ben"}, [], id="both must fit"),
    ],
)
def test_the_trail_is_narrowed(sign_in, ira, mixed, asked, found):
    named = {key: str(mixed[value].pk) if value in mixed else value for key, value in asked.items()}

    answer = sign_in(ira).get(PAGE, named)

    assert texts(answer) == found


@pytest.mark.parametrize(
    ("at", "is_found"),
    [
        pytest.param(datetime(2026, 3, 10, 3, 59, tzinfo=UTC), False, id="the evening before, in the practice"),
        pytest.param(datetime(2026, 3, 10, 4, 0, tzinfo=UTC), True, id="midnight in the practice"),
        pytest.param(datetime(2026, 3, 11, 3, 59, tzinfo=UTC), True, id="last minute of the day"),
        pytest.param(datetime(2026, 3, 11, 4, 0, tzinfo=UTC), False, id="the next day"),
    ],
)
def test_a_day_is_the_practices_day(sign_in, ira, at, is_found):
    Event.objects.create(at=at, actor_name="clock", verb="swept", subject_type="claims.claim")

    answer = sign_in(ira).get(PAGE, {"day": "2026-03-10"})

    assert (texts(answer) == ["clock swept claim"]) is is_found


@pytest.mark.parametrize("asked", [{"patient": "Rivera"}, {"day": "tenth of March"}, {"person": "nobody"}])
def test_a_question_that_cannot_be_read_is_said_and_shows_nothing(sign_in, ira, patient, asked):
    answer = sign_in(ira).get(PAGE, asked)

    assert answer.status_code == 422
    assert answer.context["rows"] == []
    assert b"error-summary" in answer.content


def test_pages_follow_the_last_event_seen_and_miss_none(sign_in, ira, as_task):
    for number in range(120):
        record(f"did {number}", "claims.claim")
    client, seen, before = sign_in(ira), [], None
    while True:
        asked = {"subject_type": "claims.claim"} | ({"before": before} if before else {})
        answer = client.get(PAGE, asked)
        seen += [row.text for row in answer.context["rows"]]
        before = answer.context["older"]
        if before is None:
            break

    assert seen == [f"test task did {number} claim" for number in reversed(range(120))]


@pytest.mark.parametrize("before", ["nonsense", "-1", "9" * 40, "²"])
def test_a_page_key_that_is_none_shows_the_newest(sign_in, ira, patient, before):
    assert texts(sign_in(ira).get(PAGE, {"before": before}))


def test_the_page_costs_the_same_for_one_event_and_for_fifty(sign_in, ira, patient, queries_of):
    client = sign_in(ira)
    for_one = queries_of(lambda: client.get(PAGE, {"verb": "created"}))

    with acting("import"):
        for number in range(50):
            record("touched", "claims.claim", patients=[uuid.uuid4() for _ in range(number % 6)])

    assert queries_of(lambda: client.get(PAGE, {"verb": "touched"})) == for_one


def test_an_event_with_many_patients_counts_them_and_names_none(as_task):
    event = record("imported", "claims.claim", patients=[uuid.uuid4() for _ in range(4)])

    shown = queries.window(Event.objects.all()).patients[event.pk]

    assert (shown.count, shown.ids) == (4, ())


def _visible(user):
    return set(queries.visible_to(user).values_list("verb", flat=True))


def test_a_supervisor_sees_the_trail_of_their_own_sites_only(cast, main, north):
    with acting(cast["kit"]):
        record("north by kit", "claims.claim", site_id=north.pk)
        record("nowhere by kit", "queue", patients=[uuid.uuid4()])
    with acting(cast["ana"]):
        record("main by ana", "claims.claim", site_id=main.pk)
        record("nowhere by ana", "queue", patients=[uuid.uuid4()])
    with acting("nightly"):
        record("task with patients", "claims.claim", patients=[uuid.uuid4()])
        record("task without", "claims.claim")

    assert _visible(cast["sol"]) == {"main by ana", "nowhere by ana", "task without"}
    assert len(_visible(cast["ira"])) == 6


def test_what_a_colleague_of_both_sites_wrote_in_bulk_elsewhere_is_not_there(cast, main, north):
    cast["ben"].sites.set([main, north])
    with acting(cast["ben"]):
        coverages = [CoverageFactory(patient=PatientFactory(site=site)) for site in (main, north)]
        with doing("put right"):
            for row in coverages:
                Patient.objects.filter(pk=row.patient_id).update(phone=f"555 {row.patient.site.code}")
                Coverage.objects.filter(pk=row.pk).update(member_id=f"M {row.patient.site.code}")
            Coverage.objects.update(group_number="G both")

    seen = queries.visible_to(cast["sol"]).filter(verb="put right")
    assert [event.after["set"] for event in seen.order_by("id")] == [
        {"phone": "555 main"},
        {"member_id": "M main"},
        {"group_number": "G both"},
    ]


def test_a_person_without_a_site_sees_only_what_the_desk_did_by_itself(main):
    nobody = User.objects.create_user("new", role="supervisor")
    with acting(nobody):
        record("main", "claims.claim", site_id=main.pk)

    assert _visible(nobody) == set()


@pytest.mark.parametrize(
    ("verb", "subject", "after", "text"),
    [
        ("signed in", "accounts.user", None, "Ana signed in"),
        ("sign-in refused", "accounts.user", None, "Sign-in refused: Ana"),
        ("saw", "patient page", None, "Ana opened patient page"),
        ("changed", "coverage.coverage", {"count": 3, "rows": []}, "Ana changed 3 coverages"),
        ("deleted", "coverage.coverage", {"count": 1, "rows": []}, "Ana removed 1 coverage"),
        ("created", "gone.model", None, "Ana added gone.model"),
    ],
)
def test_sentences(verb, subject, after, text):
    event = Event(actor_name="Ana", verb=verb, subject_type=subject, after=after)

    assert presenters.present(event, may_see_patients=True).text == text


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"sex": "F"}, {"sex": "U"}, "sex: F → U"),
        ({"sex": ""}, {"sex": None}, "sex: nothing → nothing"),
        ({"open_ended": True}, {"open_ended": False}, "open ended: yes → no"),
        (None, {"sites": ["main", "north"]}, "sites: main, north"),
        ({"name": "x"}, {}, "name: was x"),
    ],
)
def test_values_in_words(before, after, told):
    event = Event(actor_name="Ana", verb="changed", subject_type="patients.patient", before=before, after=after)

    assert presenters.present(event, may_see_patients=True).changes == (told,)
