"""The patient's page: the open question, every fact with who told us, what is due again, and what the page costs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cob.coverage import actions
from cob.rules.order.loose_ends import MOST_COVERAGES
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, FactFactory
from tests.factories.patients import PatientFactory, PersonFactory


def _page(patient):
    return reverse("patients:patient-page", args=[patient.pk])


@pytest.fixture
def desk(sign_in, ana, amara):
    return sign_in(ana)


def test_the_page_shows_the_open_question_and_every_fact_with_who_told_us(desk, amara):
    page = desk.get(_page(amara)).content.decode()

    assert "About how many people work for the employer behind Harbor Health" in page
    assert "patient, in person" in page
    assert "Never verified" in page
    assert "<title>Patient · COB Desk</title>" in " ".join(page.split())


def test_a_verdict_on_file_shows_until_the_facts_change(desk, settled, acted):
    desk.post(reverse("coverage:visit-day", args=[settled.pk]), {"service_on": "03/10/2026"})
    actions.determine(patient=settled, service_on=DAY, by=acted)
    assert "On file since" in desk.get(_page(settled)).content.decode()

    actions.tell_fact(patient=settled, path=settled.size, value="<20", told_by="employer", by=acted)

    page = desk.get(_page(settled)).content.decode()
    assert "Facts changed since the verdict on file" in page
    assert "Put on file as it is" in page


@pytest.mark.parametrize(
    ("days", "said"), [(3, "Verified"), (4, "Verify again")], ids=["3 days before the visit", "4 days"]
)
def test_a_verification_counts_for_three_days_before_a_visit(desk, amara, acted, days, said):
    with time_machine.travel("2026-03-20T16:00:00Z", tick=False):
        amara.next_visit_on = date(2026, 3, 20)
        amara.save()
        for row in amara.coverages.all():
            row.verified_on, row.verified_how = date(2026, 3, 20) - timedelta(days=days), "Payer portal, T-1"
            row.save()

        page = desk.get(_page(amara)).content.decode()

    assert said in page
    assert ("Verify again" in page) is (said == "Verify again")


def test_history_is_for_those_who_may_read_the_trail(sign_in, amara, ana, sol):
    assert "Facts told" not in sign_in(ana).get(_page(amara)).content.decode()
    assert "Facts told" in sign_in(sol).get(_page(amara)).content.decode()


def test_a_case_that_contradicts_itself_is_said_not_crashed(desk, amara, acted):
    FactFactory(patient=amara, path="child.custodial_parent", value="nobody-on-file")

    page = desk.get(_page(amara))

    assert page.status_code == 200
    assert "what is on file contradicts itself" in page.content.decode()


def test_a_patient_without_coverage_is_told_what_to_do(desk, main, acted):
    page = desk.get(_page(PatientFactory(site=main))).content.decode()

    assert "No order without coverage" in page


def test_whose_child_the_patient_is_follows_from_the_person_where_the_card_does_not_say(desk, amara, acted):
    custody = reverse("coverage:facts-child", args=[amara.pk])
    assert custody not in desk.get(_page(amara)).content.decode()

    CoverageFactory(patient=amara, relationship="", subscriber=PersonFactory(patient=amara, relation="mother"))

    assert custody in desk.get(_page(amara)).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("05/31/1959", "Day of service: That day is before the patient’s birth, 06/01/1959."),
        ("13/10/2026", "Day of service: Write the date as mm/dd/yyyy"),
        ("01/01/2999", "Day of service: Check the year."),
        ("", "Day of service: This field is required."),
    ],
)
def test_a_day_of_service_that_cannot_be_is_refused_in_words(desk, amara, typed, said):
    desk.post(reverse("coverage:visit-day", args=[amara.pk]), {"service_on": "06/01/1959"})

    answer = desk.post(reverse("coverage:visit-day", args=[amara.pk]), {"service_on": typed}, follow=True)

    assert said in answer.content.decode()
    assert answer.context["page"].day == date(1959, 6, 1)


def test_what_a_claim_needs_of_a_subscriber_can_be_entered_where_the_checklist_leads(desk, amara, acted):
    husband = PersonFactory(patient=amara, relation="spouse", birth_on=None, sex="")
    for _ in range(2):
        CoverageFactory(patient=amara, relationship="spouse", subscriber=husband)
    lacks = "subscriber’s date of birth, subscriber’s sex"
    there = reverse("patients:person-edit", args=[husband.pk])
    page = " ".join(desk.get(_page(amara)).content.decode().split())
    assert page.count(f'<a href="{there}">{husband}</a></b><span>{lacks}</span>') == page.count(lacks) == 1

    given = {"first_name": husband.first_name, "last_name": husband.last_name, "relation": "spouse"}
    known = {"birth_on": "01/02/1960", "sex": "M", "told_by": "patient", "told_how": "in person"}
    desk.post(there, given | known)

    assert lacks not in desk.get(_page(amara)).content.decode()


def _queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_page_costs_the_same_for_many_rows(sign_in, sol, amara, acted):
    client = sign_in(sol)
    client.get(_page(amara))
    few = _queries(client, _page(amara))
    for n in range(50):
        PersonFactory(patient=amara)
        FactFactory(patient=amara, path=f"people.P.{n}", value=None)
    for _ in range(MOST_COVERAGES - 2):  # more than that is refused, which is another page
        CoverageFactory(patient=amara, ended_on=date(2021, 1, 1), open_ended=False)

    assert _queries(client, _page(amara)) == few
