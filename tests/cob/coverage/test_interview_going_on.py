"""The interview among people: going back, sending twice, two windows, a colleague in between, a session that ended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from cob.coverage import actions
from cob.coverage.models import Coverage, Determination, Fact, NotKnown
from cob.coverage.visits import AskedOnce, Visit
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, FactFactory, PayerFactory
from tests.factories.patients import PatientFactory

ANSWER = {"told_by": "Patient", "told_how": "in person"}


@pytest.fixture
def desk(sign_in, ana, amara):
    client = sign_in(ana)
    client.post(reverse("coverage:visit-day", args=[amara.pk]), {"service_on": "03/10/2026"})
    return client


@pytest.fixture
def blank(amara, acted):
    """Amara with nothing said of her job plan: several questions."""
    amara.job.open_ended = False
    amara.job.save()
    told = [f"coverages.{amara.job.pk}.{name}" for name in ("employment.status", "work_status", "continuation")]
    actions.tell_facts(patient=amara, facts=dict.fromkeys(told), told_by="patient", by=acted)
    return amara


def _ask(patient):
    return reverse("coverage:ask", args=[patient.pk])


def _back(client, patient, **given):
    return client.post(reverse("coverage:ask-back", args=[patient.pk]), given)


def _answer(client, patient, **given):
    return client.post(reverse("coverage:answer", args=[patient.pk]), ANSWER | given)


def _shown(client, patient):
    return client.get(_ask(patient)).context["question"]


def _some_answer(question):
    """An answer that fits the question as it is shown."""
    if question.path.endswith("last_covered_day"):
        return {"value_1": "on"}
    known = {"employer.size": "20-99", "employment.status": "working", "continuation": "none", "work_status": "active"}
    return {"value": next((value for key, value in known.items() if question.path.endswith(key)), "none")}


# --- progress and the end --------------------------------------------------------------------------------------------


def test_progress_counts_what_was_asked_and_no_question_comes_twice(desk, blank):
    asked, seen = [], []
    while question := _shown(desk, blank):
        asked.append(question.path)
        seen.append((question.number, question.about >= question.number))
        answered = _answer(desk, blank, fact=question.path, **_some_answer(question))
        if answered.url != _ask(blank):
            break

    assert len(asked) >= 3
    assert len(set(asked)) == len(asked)
    assert seen == [(number, True) for number in range(1, len(asked) + 1)]
    assert answered.url == reverse("coverage:determination-page", args=[Determination.objects.get().pk])
    assert "That was the last question. The verdict is on file." in desk.get(answered.url).content.decode()


def test_not_knowing_anything_still_ends(desk, blank):
    for _ in range(20):
        question = _shown(desk, blank)
        answered = _answer(desk, blank, fact=question.path, not_known="1")
        if answered.url != _ask(blank):
            break

    page = desk.get(answered.url).content.decode()
    assert Determination.objects.get().status == "needs_facts"
    assert "Who could know" in page
    assert "the employer’s personnel or benefits office" in page


# --- back ------------------------------------------------------------------------------------------------------------


def test_back_asks_the_last_question_again_with_the_answer_given(desk, blank):
    first = _shown(desk, blank)
    _answer(desk, blank, fact=first.path, **_some_answer(first))

    _back(desk, blank)

    again = _shown(desk, blank)
    assert (again.path, again.is_again, again.number) == (first.path, True, 1)
    assert again.answer is not None
    assert "asked again" in desk.get(_ask(blank)).content.decode()


def test_the_new_answer_counts_and_the_old_one_stays_on_file(desk, amara):
    _answer(desk, amara, fact=amara.size, value="<20")
    _back(desk, amara)
    response = _answer(desk, amara, fact=amara.size, value="20-99")

    assert [fact.value for fact in Fact.objects.filter(path=amara.size)] == ["<20", "20-99"]
    now = Determination.objects.current().get()
    assert response.url == reverse("coverage:determination-page", args=[now.pk])
    assert now.order[0] == str(amara.job.pk)
    assert now.supersedes.order[0] == str(amara.card.pk)


def test_taking_an_answer_back_leaves_the_fact_unknown_and_the_attempt_on_file(desk, amara):
    _answer(desk, amara, fact=amara.size, value="20-99")
    _back(desk, amara)
    _answer(desk, amara, fact=amara.size, not_known="1")

    assert Determination.objects.current().get().status == "needs_facts"
    assert Fact.objects.filter(path=amara.size).last().value is None
    assert NotKnown.objects.get().path == amara.size


def test_taking_back_an_end_date_empties_the_coverage_too(desk, blank):
    path = f"coverages.{blank.job.pk}.last_covered_day"
    while (question := _shown(desk, blank)).path != path:
        _answer(desk, blank, fact=question.path, **_some_answer(question))
    _answer(desk, blank, fact=path, value_1="on")
    _back(desk, blank, fact=path)
    _answer(desk, blank, fact=path, not_known="1")

    row = Coverage.objects.get(pk=blank.job.pk)
    assert (row.open_ended, row.ended_on) == (False, None)


def test_what_the_patient_did_not_know_can_be_asked_again_in_the_same_interview(desk, blank):
    first = _shown(desk, blank)
    _answer(desk, blank, fact=first.path, not_known="1")

    assert "Could know: " in desk.get(_ask(blank)).content.decode()
    _back(desk, blank, fact=first.path)

    assert _shown(desk, blank).path == first.path


def test_back_walks_back_one_question_at_a_time_and_stops_at_the_first(client, amara):
    visit = Visit(client.session, amara)
    for path in ("a", "b", "c"):
        visit.put(AskedOnce(path, path, "", is_known=True))

    walked = []
    for _ in range(4):
        visit.go_back()
        walked.append(visit.back.path)

    assert walked == ["c", "b", "a", "a"]


def test_back_with_nothing_asked_shows_the_question(desk, amara):
    assert _back(desk, amara).url == _ask(amara)
    assert _shown(desk, amara).path == amara.size


# --- twice, in two windows, and with a colleague ---------------------------------------------------------------------


def test_an_answer_sent_twice_is_kept_once(desk, amara):
    first = _answer(desk, amara, fact=amara.size, value="20-99")
    second = _answer(desk, amara, fact=amara.size, value="20-99")

    assert first.url == second.url
    assert Fact.objects.filter(path=amara.size).count() == 1
    assert Determination.objects.count() == 1


def test_an_older_window_of_the_same_interview_may_still_correct_its_answer(desk, blank):
    first = _shown(desk, blank)
    _answer(desk, blank, fact=first.path, not_known="1")
    _answer(desk, blank, fact=first.path, **_some_answer(first))

    assert Fact.objects.filter(path=first.path).exclude(value=None).exists()


def test_a_colleagues_answer_is_named_and_not_written_over(desk, amara, cast):
    question = _shown(desk, amara)
    with acting(cast["ben"]):
        actions.tell_fact(patient=amara, path=amara.size, value="100+", told_by="The employer", by=cast["ben"])

    response = desk.post(
        reverse("coverage:answer", args=[amara.pk]), ANSWER | {"fact": question.path, "value": "<20"}, follow=True
    )

    assert "That question is settled." in response.content.decode()
    assert "100 or more, told by The employer." in response.content.decode()
    assert [fact.value for fact in Fact.objects.filter(path=amara.size)] == ["100+"]


def test_an_older_window_does_not_write_over_what_a_colleague_told_since(desk, blank, cast):
    first = _shown(desk, blank)
    _answer(desk, blank, fact=first.path, not_known="1")
    given = _some_answer(first)
    value = given.get("value", "never")
    with acting(cast["ben"]):
        actions.tell_fact(patient=blank, path=first.path, value=value, told_by="The payer", by=cast["ben"])
    before = Fact.objects.filter(path=first.path).count()

    _answer(desk, blank, fact=first.path, not_known="1")

    assert Fact.objects.filter(path=first.path).count() == before
    assert blank.facts.as_of(DAY)[first.path].told_by == "The payer"


def test_an_answer_to_no_question_is_no_answer_to_the_next(desk, amara):
    response = _answer(desk, amara, fact="", value="20-99")

    assert response.url == _ask(amara)
    assert not Fact.objects.filter(path=amara.size).exists()


def test_an_answer_is_kept_when_a_colleague_made_another_question_come_first(desk, blank, cast):
    asked = _shown(desk, blank)
    with acting(cast["ben"]):
        CoverageFactory(patient=blank, kind="", payer=PayerFactory(name="Nameless", edi_id="NN1"))
        CoverageFactory(patient=blank, kind="", payer=PayerFactory(name="Nameless", edi_id="NN1"))
    first, second = (f"coverages.{row.pk}.kind" for row in blank.coverages.filter(kind=""))
    assert _shown(desk, blank).path == first != asked.path

    _answer(desk, blank, fact=second, value="discount_card")

    assert Coverage.objects.get(pk=second.split(".")[1]).kind == "discount_card"
    assert _shown(desk, blank).path == first


def test_facts_that_contradict_each_other_end_on_the_patient_page_with_the_reason(desk, amara, acted):
    FactFactory(patient=amara, path="claim.related_to", value="no list")

    for response in (desk.get(_ask(amara)), _answer(desk, amara, fact=amara.size, value="20-99")):
        assert response.url == reverse("patients:patient-page", args=[amara.pk])
    assert "contradicts itself" in desk.get(response.url).content.decode()


# --- another day -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-400, 400], ids=["a year ago", "next year"])
def test_an_answer_counts_for_the_day_it_was_asked_for(sign_in, ana, amara, acted, days):
    """Somebody told of a change on another day; the question of this day must not come back for ever."""
    day = timezone.localdate() + timedelta(days=days)
    since = day - timedelta(days=1) if days > 0 else timezone.localdate() - timedelta(days=30)
    FactFactory(patient=amara, path=amara.size, value=None if days > 0 else "<20", true_from=since)
    FactFactory(patient=amara, path=amara.size, value="100+" if days > 0 else None)
    client = sign_in(ana)
    client.post(reverse("coverage:visit-day", args=[amara.pk]), {"service_on": f"{day:%m/%d/%Y}"})
    assert _shown(client, amara).path == amara.size

    _answer(client, amara, fact=amara.size, value="20-99")

    assert amara.facts.as_of(day)[amara.size].value == "20-99"
    assert Determination.objects.get().service_on == day


# --- bad days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value_0": "02/30/2026"}, "Write the date as mm/dd/yyyy"),
        ({"value_0": "3/1/26"}, "Write the date as mm/dd/yyyy"),
        ({"value_0": "1112026"}, "Write the date as mm/dd/yyyy"),
        ({"value_0": "12/31/2019"}, "It cannot end before it begins on 01/01/2020."),
    ],
)
def test_a_day_that_cannot_be_is_refused_by_name(desk, blank, given, said):
    path = f"coverages.{blank.job.pk}.last_covered_day"
    while (question := _shown(desk, blank)).path != path:
        _answer(desk, blank, fact=question.path, **_some_answer(question))

    response = _answer(desk, blank, fact=path, **given)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert "Has Harbor Health ended?" in response.content.decode()


def test_dialysis_that_has_not_begun_is_no_date(sign_in, ana, main, acted):
    patient = PatientFactory(site=main, birth_on=date(1980, 1, 1), next_visit_on=None)
    CoverageFactory(patient=patient)
    CoverageFactory(patient=patient, kind="medicare", effective_on=None, open_ended=False)
    part = {"from": "2024-01-01", "to": None}
    told = {"medicare.part_a": part, "medicare.part_b": part, "medicare.basis": {"esrd": None}}
    actions.tell_facts(patient=patient, facts=told, told_by="patient", by=acted)
    client = sign_in(ana)
    while (question := _shown(client, patient)).path != "medicare.esrd.first_dialysis":
        _answer(client, patient, fact=question.path, not_known="1")
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = _answer(client, patient, fact=question.path, value_0=f"{tomorrow:%m/%d/%Y}")

    assert response.status_code == 422
    assert f"Expected a day up to today, {timezone.localdate():%m/%d/%Y}" in response.content.decode()


# --- a session that ended --------------------------------------------------------------------------------------------


def test_an_answer_sent_after_the_session_ended_leads_back_to_the_question_after_signing_in(client, amara):
    page = _ask(amara)

    sent = client.post(
        reverse("coverage:answer", args=[amara.pk]), ANSWER, headers={"referer": f"http://testserver{page}"}
    )

    assert sent.url == f"/accounts/login/?next={page}"


def test_opening_the_address_an_answer_is_sent_to_leads_to_the_question_and_keeps_nothing(desk, amara):
    response = desk.get(reverse("coverage:answer", args=[amara.pk]), {"fact": amara.size, "value": "20-99"})

    assert response.url == _ask(amara)
    assert not Fact.objects.filter(path=amara.size).exists()


def test_the_day_is_the_visits(desk, amara):
    _answer(desk, amara, fact=amara.size, not_known="1", told_by=" ", told_how="by magic")

    row = NotKnown.objects.get()
    assert (row.service_on, row.told_by, row.told_how) == (DAY, "Patient", "")
