"""Find a patient without writing anything of them into an address; enter one and change one."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cob.audit.acting import acting
from cob.audit.models import EventPatient
from cob.patients.models import Patient
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory

SEARCH = "/patients/"


@pytest.fixture
def desk(sign_in, ana):
    return sign_in(ana)


@pytest.fixture
def rosa(main, ana):
    with acting(ana):
        return PatientFactory(site=main, chart_number="C7", last_name="O'Neil-Diaz", first_name="Rosa")


def _chart(main, **given):
    return {
        "site": str(main.pk), "chart_number": "C9", "last_name": "Boateng", "first_name": "Amara",
        "birth_on": "06/01/1959", "sex": "F", **given,
    }  # fmt: skip


@pytest.mark.parametrize(
    "words", ["oneil", "O'Neil rosa", "rosa 04/02/1980", "1980-04-02", "c7", "mbr-77 oneil"], ids=str
)
def test_the_one_patient_found_is_opened(desk, rosa, ana, words):
    with acting(ana):
        CoverageFactory(patient=rosa, member_id="MBR77")
        PatientFactory(site=rosa.site, last_name="Ferrer", first_name="Luis", birth_on=date(1961, 1, 1))

    assert desk.post(SEARCH, {"q": words}).url == reverse("patients:patient-page", args=[rosa.pk])


def test_several_are_listed_and_each_is_a_look(desk, rosa, ana, main):
    with acting(ana):
        other = PatientFactory(site=main, last_name="Oneill", first_name="Tom")

    page = desk.post(SEARCH, {"q": "oneil"})

    assert "2 patients match" in page.content.decode()
    looks = EventPatient.objects.filter(event__verb="saw", event__subject_type="patient search")
    assert {look.patient_id for look in looks} == {rosa.pk, other.pk}


def test_another_sites_patient_is_not_found(sign_in, kit, rosa):
    assert "Nobody matches" in sign_in(kit).post(SEARCH, {"q": "oneil"}).content.decode()


@pytest.mark.parametrize("words", ["", "  ", "x", "- ,"], ids=repr)
def test_too_little_to_search_by_is_refused(desk, words):
    response = desk.post(SEARCH, {"q": words})

    assert response.status_code == 422
    assert "data-error-summary" in response.content.decode()


def test_what_was_typed_is_never_part_of_an_address(desk, rosa):
    page = desk.get(f"{SEARCH}?q=oneil").content.decode()

    assert "Diaz" not in page
    assert 'method="post"' in page


def test_more_than_fifty_matches_ask_for_more_words_and_cost_the_same(desk, ana, main):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page = desk.post(SEARCH, {"q": "Ferrer"}).content.decode()
        return len(queries), page

    with acting(ana):
        PatientFactory.create_batch(2, site=main, last_name="Ferrer")
        cost()
        few, _ = cost()
        PatientFactory.create_batch(49, site=main, last_name="Ferrer")
    many, page = cost()

    assert many == few
    assert "More than 50 patients match" in page


def test_the_patients_opened_today_stand_ready_latest_first(desk, rosa, ana, main):
    with acting(ana):
        other = PatientFactory(site=main, last_name="Ferrer")
    for patient in (other, rosa, other):
        desk.get(reverse("patients:patient-page", args=[patient.pk]))

    assert desk.get(SEARCH).context["recent"] == [other, rosa]


def test_yesterdays_patients_and_other_peoples_do_not(sign_in, rosa, ana, ben):
    with time_machine.travel("2026-03-09 18:00:00+00:00", tick=False):
        sign_in(ana).get(reverse("patients:patient-page", args=[rosa.pk]))
    with time_machine.travel("2026-03-10 18:00:00+00:00", tick=False):
        sign_in(ben).get(reverse("patients:patient-page", args=[rosa.pk]))
        assert sign_in(ana).get(SEARCH).context["recent"] == []


def test_a_new_patient_is_on_file_and_open(desk, main):
    response = desk.post("/patients/new/", _chart(main, next_visit_on="12/01/2026", zip_code="62701-0001", state="il"))

    patient = Patient.objects.get(chart_number="C9")
    assert response.url == reverse("patients:patient-page", args=[patient.pk])
    assert (patient.site, patient.birth_on, patient.zip_code, patient.state) == (
        main, date(1959, 6, 1), "627010001", "IL",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"birth_on": "1959-31-12"}, "Write the date as mm/dd/yyyy", id="no date"),
        pytest.param({"birth_on": "1211960"}, "Write the date as mm/dd/yyyy", id="December 1 or January 21"),
        pytest.param({"next_visit_on": "1112026"}, "Write the date as mm/dd/yyyy", id="January 11 or November 1"),
        pytest.param({"next_visit_on": "01/05/2926"}, "Check the year.", id="a slip in the year"),
        pytest.param({"birth_on": "06/01/2959"}, "The date of birth is in the future.", id="future"),
        pytest.param({"birth_on": "06/01/1859"}, "Check the year of birth.", id="too old"),
        pytest.param(
            {"next_visit_on": "05/31/1959"}, "The next visit is before the date of birth.", id="visit before birth"
        ),
        pytest.param({"state": "Illinois"}, "at most 2 characters", id="state in full"),
        pytest.param({"state": "I1"}, "two letters", id="no state"),
        pytest.param({"zip_code": "6270"}, "5 or 9 digits", id="short ZIP"),
        pytest.param({"chart_number": "c7"}, "Chart number c7 is another patient’s at Main Street.", id="chart taken"),
        pytest.param({"last_name": ""}, "This field is required.", id="nameless"),
    ],
)
def test_bad_input_is_refused_and_stores_nothing(desk, rosa, main, given, said):
    response = desk.post("/patients/new/", _chart(main) | given)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert Patient.objects.count() == 1


def test_another_sites_name_in_the_form_is_refused(desk, main, north):
    assert desk.post("/patients/new/", _chart(north)).status_code == 422
    assert Patient.objects.count() == 0


def test_a_change_keeps_the_own_chart_number(desk, rosa, main):
    url = reverse("patients:patient-edit", args=[rosa.pk])

    response = desk.post(url, _chart(main, chart_number="C7", last_name="Diaz"))

    rosa.refresh_from_db()
    assert response.status_code == 302
    assert (rosa.last_name, rosa.chart_number) == ("Diaz", "C7")


def test_a_change_to_a_taken_chart_number_is_refused(desk, rosa, main, ana):
    with acting(ana):
        PatientFactory(site=main, chart_number="C8")

    response = desk.post(reverse("patients:patient-edit", args=[rosa.pk]), _chart(main, chart_number="C8"))

    assert response.status_code == 422


@pytest.mark.parametrize(("who", "search", "new"), [("ana", 200, 200), ("ira", 200, 403), ("ada", 403, 403)])
def test_who_may_search_and_enter(sign_in, cast, who, search, new):
    client = sign_in(cast[who])

    assert client.get(SEARCH).status_code == search
    assert client.get("/patients/new/").status_code == new


def test_a_patient_form_sent_twice_is_one_patient_as_it_says_last(desk, main):
    here = reverse("patients:patient-new")
    sent = _chart(main, once=desk.get(here).context["form"]["once"].value())
    first, again = desk.post(here, sent), desk.post(here, sent | {"phone": "555-0100"})

    assert again.url == first.url
    assert Patient.objects.get(chart_number="C9").phone == "555-0100"


def test_another_patient_typed_over_a_form_that_was_sent_is_another_patient(desk, main):
    sent = _chart(main, once=str(uuid.uuid4()))
    desk.post(reverse("patients:patient-new"), sent)
    desk.post(reverse("patients:patient-new"), sent | {"chart_number": "C10", "first_name": "Someone"})

    assert set(Patient.objects.values_list("chart_number", flat=True)) == {"C9", "C10"}
    assert Patient.objects.get(chart_number="C9").first_name != "Someone"


def test_a_chart_changed_while_somebody_wrote_is_not_put_back(desk, rosa, ana):
    here = reverse("patients:patient-edit", args=[rosa.pk])
    form = desk.get(here).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"birth_on": "04/02/1980", "phone": "555-0100", "next_visit_on": "", "comes_weekly": ""}
    with acting(ana):
        rosa.birth_on = date(1981, 4, 2)
        rosa.save()

    refused = desk.post(here, sent)

    assert refused.status_code == 422
    assert "Somebody changed this while you were writing" in refused.content.decode()
    rosa.refresh_from_db()
    assert rosa.birth_on == date(1981, 4, 2)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(312) 555-0100", "(312) 555-0100"),
        ("+1 (312) 555-0100", "+13125550100"),
        ("312-555-0100 ext. 55", "3125550100x55"),
        ("312-555-0100 or 312-555-0101", None),
    ],
)
def test_a_telephone_number_is_kept_whole_or_refused(desk, main, typed, kept):
    page = desk.get(reverse("patients:patient-new")).content.decode()
    assert 'name="phone" maxlength="40"' in page
    assert 'name="zip_code" maxlength="20"' in page

    answered = desk.post(reverse("patients:patient-new"), _chart(main, phone=typed, zip_code=" 60601-1234 "))

    assert answered.status_code == (302 if kept else 422)
    assert list(Patient.objects.values_list("phone", "zip_code")) == ([(kept, "606011234")] if kept else [])
