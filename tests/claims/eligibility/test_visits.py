"""Coming visits are asked about once, in their time."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.eligibility import visits
from cob.audit.acting import acting
from cob.coverage.models import (
    EligibilityAnswer,
    Inquiry,
)
from cob.jobs.models import Job
from cob.jobs.progress import Progress
from tests.claims.eligibility.asked import ACME, BETA, MONDAY, _due, answers, asked
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory
from tests.x12.eligibility import about, file_271

pytestmark = pytest.mark.django_db


def test_coming_visits_are_asked_about_once_in_their_time(jane, main, ana, bring):
    with acting(ana):
        later = PatientFactory(site=main, next_visit_on=date(2026, 3, 4))
        CoverageFactory(patient=later)
        tomorrow = PatientFactory(site=main, next_visit_on=date(2026, 3, 3), birth_on=date(1990, 1, 1))
        fresh = CoverageFactory(patient=tomorrow, verified_on=MONDAY, verified_how="portal 1")
    with acting("the clock"):
        first = visits.check(None, Progress(jane.pk), by=None)
        second = visits.check(None, Progress(jane.pk), by=None)

    assert first == {"coverages": 2, "asked": 1, "files": 1, "cannot_be_asked": 0}
    assert second["asked"] == 0
    assert fresh not in {row.coverage for row in Inquiry.objects.all()}

    with acting(ana):
        jane.acme.member_id = "MEM1X"
        jane.acme.save()
    assert _due(visits.planned(None, MONDAY)) == [jane.acme]


def test_a_run_asks_nobody_again_whom_a_colleague_asked_while_it_looked(jane, ana, monkeypatch):
    def meanwhile(*about, real=visits.planned):
        found = real(*about)
        with acting(ana):
            asked(jane, ana)
        return found

    monkeypatch.setattr(visits, "planned", meanwhile)
    with acting("the clock"):
        assert visits.check(None, Progress(jane.pk), by=None)["asked"] == 0

    assert Inquiry.objects.count() == 1


def test_on_the_eve_of_a_month_a_visit_of_the_next_is_asked_about_once_and_again_that_day(jane, ana):
    """The last business day of March is a Tuesday; who comes on April 1 was never verified."""
    with acting(ana):
        jane.next_visit_on = date(2026, 4, 1)
        jane.save()
    with time_machine.travel("2026-03-31T15:00:00Z", tick=False), acting("the clock"):
        asked_now = [visits.check(None, Progress(jane.pk), by=None)["asked"] for _ in range(2)]

    assert asked_now == [1, 0]
    for day, due in ((date(2026, 3, 31), []), (date(2026, 4, 1), [jane.acme])):
        with time_machine.travel(f"{day}T15:00:00Z", tick=False):
            assert _due(visits.planned(None, day)) == due


def test_after_a_failure_only_what_the_payer_could_not_answer_is_asked_again_the_day_after(jane, ana, bring):
    asked(jane, ana)
    answers(bring, "AAA*N**42*R", trace="COB9000000010001")
    with acting(ana):
        jane.next_visit_on = date(2026, 3, 3)
        jane.save()

    assert _due(visits.planned(None, MONDAY)) == []
    with time_machine.travel("2026-03-03T12:00:00Z", tick=False):
        assert _due(visits.planned(None, date(2026, 3, 3))) == [jane.acme]


def test_the_page_shows_what_was_asked_and_the_button_opens_one_job(jane, ana, kit, sign_in):
    desk, url = sign_in(ana), reverse("claims:eligibility")

    assert "Not asked yet" in desk.get(url).content.decode()
    desk.post(reverse("claims:eligibility-check"))
    desk.post(reverse("claims:eligibility-check"))
    page = desk.get(url)
    assert page.status_code == 200
    assert Job.objects.filter(kind=visits.JOB).count() == 1
    assert "Doe, Jane" not in sign_in(kit).get(url).content.decode()


def test_asking_from_the_chart_says_whom_it_asked(jane, ana, sign_in):
    page = sign_in(ana).post(reverse("claims:eligibility-ask", args=[jane.pk]), follow=True)

    assert "Asked 1 payer about 03/02/2026." in page.content.decode()
    assert "No answer yet" in page.content.decode()


def test_one_visit_costs_as_many_queries_as_twelve(jane, main, ana, bring, sign_in):
    desk, url = sign_in(ana), reverse("claims:eligibility")

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(url).status_code == 200
        return len(seen)

    asked(jane, ana)
    answers(bring, BETA, trace="COB9000000010001")
    cost()
    one = cost()
    with acting(ana):
        for n in range(11):
            patient = PatientFactory(site=main, next_visit_on=MONDAY, birth_on=date(1970, 1, n + 1))
            CoverageFactory(patient=patient, member_id=f"M{n}")
            asked(patient, ana)
            said = about(BETA, trace=f"COB9000000{n + 2:02d}0001", member=f"M{n}")
            bring(file_271(said.replace("19800514", f"197001{n + 1:02d}"), payer=ACME), f"{n}.271")

    assert EligibilityAnswer.objects.filter(patient__isnull=False).count() == 12
    assert cost() == one
