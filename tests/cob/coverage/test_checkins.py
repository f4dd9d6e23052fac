"""The short form of each visit: what is kept, what a yes leads to, and what an event makes uncertain."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.asked import last_answered
from cob.coverage.cases import case_for
from cob.coverage.checkins import check_in, steps_after, unsettled_by
from cob.coverage.models import CheckIn, Determination, Fact
from cob.coverage.visits import Visit
from tests.cob.coverage.conftest import DAY
from tests.cob.rules.naming import written
from tests.factories.coverage import CoverageFactory, FactFactory
from tests.factories.patients import PatientFactory, PersonFactory

NO = {"cards": [], "other": False, "events": [], "accident": []}
NO_TO_ALL = {"has_cards": "false", "has_other": "false", "has_events": "false", "has_accident": "false"}
MOVED = {"has_events": "true", "events": ["move"]}
WHO = {"told_by": "Patient", "told_how": "in person"}


def _check_in(patient, by, day=DAY, **answers):
    return check_in(patient=patient, service_on=day, answers=NO | answers, by=by, **WHO)


def _happened(event, on="2026-03-01"):
    return [{"event": event, "on": on}]


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_nothing_changed_is_an_answer_with_its_author_its_source_and_its_day(amara, acted):
    row = _check_in(amara, acted)

    assert (row.is_unchanged, row.told_by, row.told_how, row.asked_by) == (True, "Patient", "in person", acted)
    assert amara.checkins.get() == row
    assert last_answered([amara.pk]) == {amara.pk: timezone.localdate()}
    assert Event.objects.get(verb="checked in").subject_id == str(row.pk)


def test_no_accident_is_told_of_this_visit_and_of_no_other(amara, acted):
    _check_in(amara, acted)

    assert case_for(amara, DAY).case["claim"]["related_to"] == ["none"]
    assert "related_to" not in case_for(amara, date(2026, 3, 11)).case["claim"]


def test_an_accident_is_told_of_this_visit(amara, acted):
    _check_in(amara, acted, accident=["auto"])

    assert case_for(amara, DAY).case["claim"]["related_to"] == ["auto"]


def test_the_same_form_sent_twice_is_kept_once(amara, acted):
    once = {"patient": amara, "service_on": DAY, "answers": NO, "by": acted, "pk": uuid.uuid4(), **WHO}

    assert check_in(**once) == check_in(**once)
    assert CheckIn.objects.count() == 1
    assert Fact.objects.filter(path="claim.related_to").count() == 1


def test_other_answers_under_the_same_id_are_kept_beside_the_first(amara, acted):
    once = {"patient": amara, "service_on": DAY, "by": acted, "pk": uuid.uuid4(), **WHO}

    first, second = check_in(answers=NO, **once), check_in(answers=NO | {"other": True}, **once)

    assert (first.is_unchanged, second.is_unchanged, CheckIn.objects.count()) == (True, False, 2)


@pytest.mark.parametrize("act", [lambda rows: rows.update(told_by="Nobody"), lambda rows: rows.delete()])
def test_what_was_answered_is_never_changed(amara, acted, act):
    _check_in(amara, acted)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act(CheckIn.objects.all())


# --- what an event makes uncertain -----------------------------------------------------------------------------------


def test_a_job_that_ended_is_asked_about_again_from_its_day_on_and_not_before(amara, acted):
    status = f"coverages.{amara.job.pk}.employment.status"
    actions.tell_fact(patient=amara, path=amara.size, value="20-99", told_by="employer", by=acted)

    _check_in(amara, acted, events=_happened("own_job"))

    (job,) = [entry for entry in case_for(amara, DAY).case["coverages"] if entry["id"] == str(amara.job.pk)]
    (before,) = [
        entry for entry in case_for(amara, date(2026, 2, 28)).case["coverages"] if entry["id"] == str(amara.job.pk)
    ]
    assert "status" not in job["employment"]
    assert "continuation" not in job
    assert job["employer"]["size"] == "20-99"
    assert before["employment"]["status"] == "working"
    assert Fact.objects.filter(path=status).count() == 2


def test_a_relatives_job_leaves_the_patients_own_alone(amara, acted):
    _check_in(amara, acted, events=_happened("relative_job"))

    assert not Fact.objects.filter(path__startswith="coverages.", value=None).exists()


@pytest.mark.parametrize("event", ["separation", "court_order"])
def test_custody_and_court_orders_are_asked_again_when_parents_part(main, acted, event):
    child = PatientFactory(site=main, birth_on=date(2015, 6, 1))
    mother = PersonFactory(patient=child, relation="mother")
    told = {"child.parents_living_together": True, "child.decree.terms": "none"}
    actions.tell_facts(patient=child, facts=told | {"child.custodial_parent": str(mother.pk)}, told_by="m", by=acted)

    _check_in(child, acted, events=_happened(event))

    assert case_for(child, DAY).case.get("child", {}) in ({}, {"decree": {}})
    assert case_for(child, date(2026, 2, 28)).case["child"]["parents_living_together"] is True


@pytest.mark.parametrize(
    ("relation", "events"), [("father", {"relative_job"}), ("", {"own_job", "relative_job"})], ids=written
)
def test_where_the_card_does_not_say_whose_job_it_is_it_is_the_persons_or_may_be_either(amara, acted, relation, events):
    holder = PersonFactory(patient=amara, relation=relation) if relation else None
    amara.coverages.filter(pk=amara.job.pk).update(relationship="", subscriber=holder)
    path = f"coverages.{amara.job.pk}.employment.status"

    assert {event for event in ("own_job", "relative_job") if path in unsettled_by(amara, event)} == events


def test_a_birth_makes_nothing_uncertain(amara, acted):
    assert unsettled_by(amara, "birth") == []


# --- what a yes leads to ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "steps"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"cards": ["new"]}, ["coverage-new:card"], id="new card"),
        pytest.param({"other": True}, ["coverage-new:other"], id="other coverage"),
        pytest.param(
            {"cards": ["new"], "other": True}, ["coverage-new:card", "coverage-new:other"], id="a card and another"
        ),
        pytest.param({"accident": ["work"]}, ["accident"], id="accident"),
        pytest.param({"events": _happened("move")}, ["patient"], id="move"),
        pytest.param({"events": _happened("age_65")}, ["medicare"], id="Medicare on file"),
        pytest.param({"events": _happened("own_job")}, [], id="the questions ask"),
    ],
)
def test_a_yes_leads_to_its_page(amara, answers, steps):
    assert steps_after(amara, NO | answers) == steps


def test_medicare_that_begins_leads_to_its_card_where_there_is_none(main, acted):
    patient = PatientFactory(site=main)

    assert steps_after(patient, NO | {"events": _happened("age_65")}) == ["coverage-new:medicare"]


def test_a_divorce_leads_to_the_plan_of_the_former_spouse(main, acted):
    patient = PatientFactory(site=main)
    plan = CoverageFactory(patient=patient, relationship="spouse", subscriber=PersonFactory(patient=patient))

    assert steps_after(patient, NO | {"events": _happened("separation")}) == [f"coverage-edit:{plan.pk}"]


@pytest.mark.parametrize(
    ("relationship", "relation"), [("adopted_child", "parent"), ("foster_child", "guardian"), ("", "mother")]
)
def test_at_26_every_plan_of_a_parent_is_looked_at_whoever_says_that_it_is_one(main, acted, relationship, relation):
    patient = PatientFactory(site=main)
    holder = PersonFactory(patient=patient, relation=relation)
    plan = CoverageFactory(patient=patient, relationship=relationship, subscriber=holder)

    assert steps_after(patient, NO | {"events": _happened("age_26")}) == [f"coverage-edit:{plan.pk}"]


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(sign_in, ana, amara):
    client = sign_in(ana)
    client.post(reverse("coverage:visit-day", args=[amara.pk]), {"service_on": "03/10/2026"})
    return client


def _url(patient):
    return reverse("coverage:check-in", args=[patient.pk])


def test_one_press_says_no_to_all_four_and_leads_on_to_the_question_still_open(desk, amara):
    response = desk.post(_url(amara), WHO | {"nothing_changed": "1", "has_cards": "true"})

    assert response.url == reverse("coverage:ask", args=[amara.pk])
    assert CheckIn.objects.get().answers == NO


def test_with_nothing_to_ask_check_in_ends_with_the_verdict_on_file(desk, settled):
    response = desk.post(_url(settled), WHO | NO_TO_ALL)

    assert response.url == reverse("coverage:determination-page", args=[Determination.objects.get().pk])


def test_each_yes_is_followed_to_its_page_in_turn_and_then_asked(desk, amara):
    sent = NO_TO_ALL | WHO | {"has_other": "true", "has_accident": "true", "accident": ["auto"]}

    first = desk.post(_url(amara), sent)
    page = desk.get(reverse("patients:patient-page", args=[amara.pk])).content.decode()
    desk.post(reverse("coverage:check-in-step", args=[amara.pk]), {"step": "coverage-new:other"})
    second = desk.get(reverse("patients:patient-page", args=[amara.pk])).context["asked"].steps
    after = desk.post(reverse("coverage:facts-accident", args=[amara.pk]), WHO | {"claim__related_to": "auto"})

    assert first.url == reverse("coverage:coverage-new", args=[amara.pk])
    assert "Add the other coverage" in page
    assert [step.key for step in second] == ["accident"]
    assert after.url == reverse("coverage:ask", args=[amara.pk])


def test_steps_left_for_later_do_not_come_between_the_questions(desk, amara):
    desk.post(_url(amara), NO_TO_ALL | WHO | {"has_other": "true"})
    answer = WHO | {"fact": amara.size, "value": "20-99"}

    response = desk.post(reverse("coverage:answer", args=[amara.pk]), answer)

    assert response.url == reverse("coverage:determination-page", args=[Determination.objects.get().pk])


def test_what_is_ticked_under_a_no_is_no_answer(desk, amara):
    desk.post(_url(amara), WHO | NO_TO_ALL | {"cards": ["new"], "events": ["move"], "accident": ["auto"]})

    assert CheckIn.objects.get().answers == NO


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"has_other": ""}, "Answer yes or no.", id="one left out"),
        pytest.param({"has_cards": "true"}, "Tick which card.", id="which card"),
        pytest.param({"has_accident": "true"}, "Tick what it was.", id="which accident"),
        pytest.param({"has_events": "true", "events_on": "03/01/2026"}, "Tick what happened.", id="which event"),
        pytest.param(MOVED, "Write the day as mm/dd/yyyy", id="when"),
        pytest.param(MOVED | {"events_on": "02/30/2026"}, "Write the date as", id="no such day"),
        pytest.param(MOVED | {"events_on": "3/1/26"}, "Write the date as", id="two-digit year"),
        pytest.param(
            MOVED | {"events_on": "01/01/2099"},
            "at most a year from now",
            id="far off",
        ),
        pytest.param(
            MOVED | {"events_on": "01/01/1950"},
            "after the patient’s birth",
            id="unborn",
        ),
        pytest.param({"told_by": " "}, "Say who told us.", id="nobody answered"),
        pytest.param({"has_cards": "true", "cards": [str(uuid.uuid4())]}, "Select a valid choice", id="a stranger"),
    ],
)
def test_bad_input_is_answered_with_the_form_and_what_to_do(desk, amara, given, said):
    response = desk.post(_url(amara), WHO | NO_TO_ALL | given)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert CheckIn.objects.count() == 0


def test_who_asked_second_is_told_what_was_answered_meanwhile_and_may_send_again(desk, amara, acted):
    form = WHO | NO_TO_ALL | {"once": str(uuid.uuid4()), "known": "none"}
    _check_in(amara, acted, other=True)

    refused = desk.post(_url(amara), form)
    again = refused.context["form"]["known"].value()

    assert refused.status_code == 422
    assert "checked this patient in meanwhile: other coverage" in refused.content.decode()
    assert CheckIn.objects.count() == 1
    assert desk.post(_url(amara), form | {"known": again}).status_code == 302
    assert CheckIn.objects.count() == 2


def test_the_patient_page_says_when_and_what_was_last_answered(desk, amara, acted):
    _check_in(amara, acted, other=True)

    page = desk.get(reverse("patients:patient-page", args=[amara.pk])).content.decode()

    assert "Asked for this visit" in page
    assert "other coverage" in page
    desk.post(reverse("coverage:visit-day", args=[amara.pk]), {"service_on": "04/10/2026"})
    assert "Not asked for this visit" in desk.get(reverse("patients:patient-page", args=[amara.pk])).content.decode()


def test_another_sites_patient_does_not_exist_here(sign_in, cast, amara):
    assert sign_in(cast["kit"]).get(_url(amara)).status_code == 404


# --- for flags -------------------------------------------------------------------------------------------------------


def test_last_answered_costs_one_query_for_one_patient_and_for_many(main, ana, django_assert_num_queries):
    with acting(ana):
        patients = [PatientFactory(site=main) for _ in range(5)]
        for patient in patients:
            _check_in(patient, ana)

    with django_assert_num_queries(1):
        found = last_answered([patient.pk for patient in patients])

    assert set(found) == {patient.pk for patient in patients}


def test_steps_are_done_one_at_a_time(client, amara):
    visit = Visit(client.session, amara)
    visit.plan(["coverage-new:card", "coverage-new:other", "accident"])

    visit.done("coverage-new")
    visit.done("nothing of the kind")

    assert visit.steps == ["coverage-new:other", "accident"]


def test_a_fact_told_after_an_event_stands(amara, acted):
    path = f"coverages.{amara.job.pk}.employment.status"
    FactFactory(patient=amara, path=path, value="retired", true_from=date(2026, 3, 5))

    _check_in(amara, acted, events=_happened("own_job"))

    (job,) = [entry for entry in case_for(amara, DAY).case["coverages"] if entry["id"] == str(amara.job.pk)]
    assert job["employment"]["status"] == "retired"
