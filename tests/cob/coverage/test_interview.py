"""One question a screen: an answer is kept, "does not know" is kept as an attempt, the end is a verdict on file."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from cob.audit.models import Event, EventPatient
from cob.coverage.models import Determination, Fact, NotKnown
from cob.coverage.visits import Visit
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory, PersonFactory

ANSWER = {"told_by": "Patient", "told_how": "in person"}


@pytest.fixture
def desk(sign_in, ana, amara):
    client = sign_in(ana)
    client.post(reverse("coverage:visit-day", args=[amara.pk]), {"service_on": "03/10/2026"})
    return client


def _ask(amara):
    return reverse("coverage:ask", args=[amara.pk])


def _answer(client, amara, **given):
    return client.post(reverse("coverage:answer", args=[amara.pk]), ANSWER | given)


def test_the_question_that_settles_the_order_is_shown_with_its_answers_and_why(desk, amara):
    page = desk.get(_ask(amara)).content.decode()

    assert "About how many people work for the employer behind Harbor Health" in page
    assert "Medicare waits for the plan only if the employer is large enough." in page
    assert page.count('type="radio"') == 3


def test_the_last_answer_leads_to_a_verdict_on_file(desk, amara, ana):
    response = _answer(desk, amara, fact=amara.size, value="20-99")

    row = Determination.objects.get()
    assert response.url == reverse("coverage:determination-page", args=[row.pk])
    assert (row.status, row.service_on, row.decided_by) == ("determined", DAY, ana)
    fact = Fact.objects.get(path=amara.size)
    assert (fact.value, fact.told_by, fact.told_how, fact.recorded_by) == ("20-99", "Patient", "in person", ana)


def test_not_knowing_stores_no_fact_records_the_attempt_and_ends_with_both_outcomes(desk, amara):
    response = _answer(desk, amara, fact=amara.size, not_known="1")

    row = Determination.objects.get()
    assert response.url == reverse("coverage:determination-page", args=[row.pk])
    assert row.status == "needs_facts"
    assert not Fact.objects.filter(path=amara.size).exists()
    asked = NotKnown.objects.get()
    assert (asked.path, asked.service_on, asked.told_by, asked.told_how) == (amara.size, DAY, "Patient", "in person")
    assert Event.objects.get(verb="asked, not known").subject_id == str(asked.pk)
    page = desk.get(response.url).content.decode()
    assert "If fewer than 20" in page
    assert "If 20 or more" in page


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("Her son\u202e", "Her son"), ("", "Patient"), ("a\x00b", "Patient"), ("x" * 200, "x" * 80)],
    ids=["an unseen mark", "nobody", "no text", "too long"],
)
def test_who_does_not_know_is_kept_as_far_as_it_can_be(desk, amara, sent, kept):
    _answer(desk, amara, fact=amara.size, not_known="1", told_by=sent)

    assert NotKnown.objects.get().told_by == kept


def test_not_knowing_one_thing_moves_on_to_the_next(desk, amara, acted):
    CoverageFactory(patient=amara, relationship="", kind="employer")

    first = desk.get(_ask(amara)).context["question"].path
    _answer(desk, amara, fact=first, not_known="1")

    assert desk.get(_ask(amara)).context["question"].path != first


def test_the_next_interview_asks_again(desk, amara):
    _answer(desk, amara, fact=amara.size, not_known="1")

    assert desk.get(_ask(amara)).context["question"].path == amara.size


def test_no_answer_is_refused_with_a_summary(desk, amara):
    response = _answer(desk, amara, fact=amara.size)

    assert response.status_code == 422
    assert "Choose an answer, or say that the patient does not know." in response.content.decode()
    assert Determination.objects.count() == 0


@pytest.mark.parametrize("given", [{"value": "lots"}, {"value": "20-99", "told_by": ""}])
def test_an_answer_nobody_offered_or_nobody_gave_is_refused(desk, amara, given):
    assert _answer(desk, amara, fact=amara.size, **given).status_code == 422


def test_an_answer_to_a_question_somebody_else_settled_changes_nothing(desk, amara):
    response = _answer(desk, amara, fact="medicare.qmb", value="true")

    assert response.url == _ask(amara)
    assert not Fact.objects.filter(path="medicare.qmb").exists()


def test_a_nameless_coverage_is_asked_about_first_and_its_kind_is_kept(desk, amara, acted):
    nameless = CoverageFactory(patient=amara, kind="")
    assert "What kind of plan is" in desk.get(_ask(amara)).content.decode()

    _answer(desk, amara, fact=f"coverages.{nameless.pk}.kind", value="discount_card")

    nameless.refresh_from_db()
    assert nameless.kind == "discount_card"


def test_a_kind_nobody_knows_ends_without_a_verdict_and_says_so(desk, amara, acted):
    nameless = CoverageFactory(patient=amara, kind="")

    response = desk.post(
        reverse("coverage:answer", args=[amara.pk]),
        {"fact": f"coverages.{nameless.pk}.kind", "not_known": "1"},
        follow=True,
    )

    assert response.redirect_chain[-1][0] == reverse("patients:patient-page", args=[amara.pk])
    assert "No verdict yet. What kind of plan is" in response.content.decode()
    assert Determination.objects.count() == 0


def test_a_date_is_written_as_the_desk_writes_it_and_never_is_an_answer(desk, amara, acted):
    amara.job.open_ended = False
    amara.job.save()
    path = f"coverages.{amara.job.pk}.last_covered_day"
    assert desk.get(_ask(amara)).context["question"].path in (path, amara.size)
    while desk.get(_ask(amara)).context["question"].path != path:
        _answer(desk, amara, fact=amara.size, value="20-99")

    assert _answer(desk, amara, fact=path, value_0="2026-02-31", value_1="").status_code == 422
    empty = _answer(desk, amara, fact=path, value_0="")
    assert "Choose an answer, or say that the patient does not know." in empty.content.decode()
    assert (empty.status_code, Fact.objects.filter(path=path).exists()) == (422, False)
    assert _answer(desk, amara, fact=path, value_0="12/31/2026", value_1="on").status_code == 422
    _answer(desk, amara, fact=path, value_0="12/31/2026", value_1="")

    amara.job.refresh_from_db()
    assert amara.job.ended_on.isoformat() == "2026-12-31"


def test_the_day_and_the_questions_skipped_stay_out_of_addresses(desk, amara):
    response = desk.post(reverse("coverage:visit-day", args=[amara.pk]), {"service_on": "04/01/2026"})

    assert response.url == reverse("patients:patient-page", args=[amara.pk])
    assert Visit(desk.session, amara).on.isoformat() == "2026-04-01"


def test_each_question_shown_is_a_look_at_the_patient(desk, amara, ana):
    desk.get(_ask(amara))

    looks = EventPatient.objects.filter(event__verb="saw", event__subject_type="interview", event__actor_id=ana.pk)
    assert [look.patient_id for look in looks] == [amara.pk]


@pytest.mark.parametrize(("who", "status"), [("kit", 404), ("pat", 403), ("ira", 403), ("ada", 403), ("ben", 200)])
def test_who_may_ask(sign_in, cast, amara, who, status):
    assert sign_in(cast[who]).get(_ask(amara)).status_code == status


def test_of_many_ways_the_shortest_to_each_order_is_shown(sign_in, ana, main, acted):
    child = PatientFactory(site=main, birth_on=date(2015, 6, 1))
    parents = [PersonFactory(patient=child, relation=relation) for relation in ("mother", "father")]
    for parent in parents:
        CoverageFactory(patient=child, subscriber=parent, relationship="child")

    question = sign_in(ana).get(_ask(child)).context["question"]

    orders = [tuple(order) for _, order in question.outcomes]
    assert question.open > 4
    assert len(orders) == len(set(orders)) > 1
    for when, _ in question.outcomes:
        said = [part.partition(":")[0] for part in when.split("; ")]
        assert len(set(said)) == len(said), "the same is said of two plans, and nothing says of which"
