"""Two windows on one patient: what is said in one counts for the visit it was opened for, whatever the other chose."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from cob.coverage import actions
from cob.coverage.models import CheckIn, Determination, Fact, MspQuestionnaire, NotKnown
from cob.coverage.visits import Visit
from tests.cob.coverage.conftest import DAY
from tests.cob.coverage.questionnaires import AGE, answer_the_rest, on_medicare, plan_of

WHO = {"told_by": "Patient", "told_how": "in person"}
ANOTHER = date(2026, 4, 21)
NO_TO_ALL = {"has_cards": "false", "has_other": "false", "has_events": "false", "has_accident": "false"}


@pytest.fixture
def patient(main, acted):
    """67, a job plan and Medicare; how large the employer is nobody said."""
    found = on_medicare(main, acted, AGE)
    found.size = f"coverages.{plan_of(found, acted).pk}.employer.size"
    return found


@pytest.fixture
def desk(sign_in, ana, patient):
    client = sign_in(ana)
    choose(client, patient, DAY)
    return client


def choose(client, patient, day):
    client.post(reverse("coverage:visit-day", args=[patient.pk]), {"service_on": f"{day:%m/%d/%Y}"})


def opened(client, patient, page):
    """What a window keeps of the day it was opened for; then another window looks at another day."""
    shown = client.get(reverse(page, args=[patient.pk])).content.decode()
    choose(client, patient, ANOTHER)
    return {"visit_on": re.search(r'name="visit_on" value="([^"]*)"', shown)[1]}


def send(client, patient, page, kept, **given):
    return client.post(reverse(page, args=[patient.pk]), WHO | kept | given)


def test_a_check_in_is_of_its_own_visit_with_the_accident_it_tells_of(desk, patient):
    kept = opened(desk, patient, "coverage:check-in")

    send(desk, patient, "coverage:check-in", kept, **NO_TO_ALL | {"has_accident": "true", "accident": "auto"})

    assert CheckIn.objects.get().service_on == DAY
    assert [fact.true_from for fact in Fact.objects.filter(path="claim.related_to", value=["auto"])] == [DAY]


def test_what_check_in_still_leads_to_is_kept_for_its_own_day(desk, patient):
    session = desk.session
    Visit(session, patient).plan(["coverage-new:card"])
    session.save()

    choose(desk, patient, ANOTHER)
    assert Visit(desk.session, patient).steps == []

    choose(desk, patient, DAY)
    assert Visit(desk.session, patient).steps == ["coverage-new:card"]
    choose(desk, patient, DAY)  # the same day chosen again begins anew
    assert Visit(desk.session, patient).steps == []


def test_what_a_visit_is_because_of_is_told_of_its_own_day(desk, patient):
    kept = opened(desk, patient, "coverage:facts-accident")

    send(desk, patient, "coverage:facts-accident", kept, claim__related_to="work")

    assert [fact.true_from for fact in Fact.objects.filter(path="claim.related_to", value=["work"])] == [DAY]


@pytest.mark.parametrize("given", [{"value": "20-99"}, {"not_known": "1"}], ids=["answered", "not known"])
def test_the_answer_to_a_question_ends_in_the_verdict_of_its_own_day(desk, patient, given):
    kept = opened(desk, patient, "coverage:ask")

    send(desk, patient, "coverage:answer", kept, fact=patient.size, **given)

    assert Determination.objects.get().service_on == DAY
    assert [row.service_on for row in NotKnown.objects.all()] == ([DAY] if "not_known" in given else [])


def test_the_verdict_put_on_file_is_the_one_on_the_page(desk, patient):
    kept = opened(desk, patient, "patients:patient-page")

    send(desk, patient, "coverage:store", kept)

    assert Determination.objects.get().service_on == DAY


def test_medicares_questionnaire_is_answered_and_filed_for_its_own_visit(desk, patient, acted):
    kept = opened(desk, patient, "coverage:msp")

    send(desk, patient, "coverage:msp", kept, msp__research_program="false")
    assert Fact.objects.get(path="msp.research_program").true_from == DAY

    actions.tell_fact(patient=patient, path=patient.size, value="20-99", told_by="employer", by=acted)
    answer_the_rest(patient, acted)
    choose(desk, patient, DAY)
    kept = opened(desk, patient, "coverage:msp")
    send(desk, patient, "coverage:msp-file", kept)
    assert MspQuestionnaire.objects.get().service_on == DAY


@pytest.mark.parametrize("said", ["", "soon", "0001-01-01", "9999-12-31"])
def test_a_window_that_names_no_day_is_about_the_day_chosen(desk, patient, said):
    send(desk, patient, "coverage:check-in", {"visit_on": said}, **NO_TO_ALL)

    assert CheckIn.objects.get().service_on == DAY
