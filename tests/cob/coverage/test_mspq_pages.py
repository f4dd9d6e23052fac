"""Medicare's questionnaire on the page: what is open is asked, half of it is kept, and only the whole is filed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cob.coverage import actions
from cob.coverage.deciding import Evidence
from cob.coverage.models import Fact, MspQuestionnaire, NotKnown
from cob.coverage.msp_filing import file_msp
from tests.cob.coverage.conftest import DAY
from tests.cob.coverage.questionnaires import AGE, WHO, answer_the_rest, answered_and_filed, on_medicare, plan_of


@pytest.fixture
def old(main, acted):
    patient = on_medicare(main, acted, AGE)
    plan_of(patient, acted, size="20-99")
    return patient


@pytest.fixture
def desk(sign_in, ana, old):
    client = sign_in(ana)
    client.post(reverse("coverage:visit-day", args=[old.pk]), {"service_on": "03/10/2026"})
    return client


def _url(patient):
    return reverse("coverage:msp", args=[patient.pk])


REST = {"msp__research_program": "false", "va__authorised": "false", "msp__spouse_works": "no_spouse"}


def test_the_open_questions_are_asked_on_the_page_and_then_it_can_be_filed(desk, old):
    before = desk.get(_url(old)).content.decode()
    desk.post(_url(old), WHO | REST)
    after = desk.get(_url(old)).content.decode()
    filed = desk.post(reverse("coverage:msp-file", args=[old.pk]), WHO)

    assert ("3 still to ask" in before, "File it" in before) == (True, False)
    assert ("all asked" in after, "File it" in after) == (True, True)
    paper = desk.get(filed.url).content.decode()
    assert "12: Working aged" in paper
    assert "Signature of the patient or representative" in paper
    assert filed.url in desk.get(reverse("patients:patient-page", args=[old.pk])).content.decode()


def test_half_of_it_is_kept_and_the_rest_stays_open(desk, old):
    desk.post(_url(old), WHO | {"va__authorised": "false"})

    assert "2 still to ask" in desk.get(_url(old)).content.decode()


def test_not_knowing_is_kept_with_the_visit(desk, old):
    desk.post(_url(old), WHO | {"va__authorised-not_known": "on"})

    row = NotKnown.objects.get()
    assert (row.path, row.service_on) == ("va.authorised", DAY)


def test_an_answer_on_file_can_be_changed_and_the_old_one_stays(desk, old):
    desk.post(_url(old), WHO | REST)
    page = desk.post(_url(old), {"reopen": "msp.spouse_works"}).content.decode()
    desk.post(_url(old), WHO | {"again": "msp.spouse_works", "msp__spouse_works": "yes"})

    assert 'name="again" value="msp.spouse_works"' in page
    assert [fact.value for fact in Fact.objects.filter(path="msp.spouse_works")] == ["no_spouse", "yes"]


@pytest.mark.parametrize(
    ("again", "is_told"),
    [
        pytest.param({}, False, id="the same form twice"),
        pytest.param({"va__authorised": "true"}, True, id="another yes or no"),
        pytest.param({"msp__spouse_works": "yes"}, True, id="another word"),
        pytest.param({"msp__spouse_works": ""}, False, id="left open"),
    ],
)
def test_only_whose_answer_is_another_than_the_one_on_file_is_told_that_it_was_not_kept(desk, old, again, is_told):
    desk.post(_url(old), WHO | REST)

    page = desk.post(_url(old), WHO | REST | again, follow=True).content.decode()

    assert ("your answer was not kept" in page) is is_told
    assert Fact.objects.filter(path__startswith="msp.").count() == 2


def test_what_a_visit_is_because_of_answered_otherwise_meanwhile_is_told(desk, old):
    page = desk.post(_url(old), WHO | {"claim__related_to": ["work", "auto"]}, follow=True).content.decode()

    assert "your answer was not kept: What is today’s visit because of?" in page


def test_both_an_answer_and_not_knowing_is_refused(desk, old):
    response = desk.post(_url(old), WHO | {"va__authorised": "true", "va__authorised-not_known": "on"})

    assert response.status_code == 422
    assert "not both" in response.content.decode()
    assert not Fact.objects.filter(path="va.authorised").exists()


def test_filing_what_is_open_is_refused_with_what_to_do(desk, old):
    response = desk.post(reverse("coverage:msp-file", args=[old.pk]), WHO, follow=True)

    assert "cannot be filed yet" in response.content.decode()
    assert MspQuestionnaire.objects.count() == 0


def test_a_questionnaire_nobody_answered_is_refused(desk, old):
    desk.post(_url(old), WHO | REST)

    response = desk.post(reverse("coverage:msp-file", args=[old.pk]), WHO | {"told_by": ""})

    assert response.status_code == 422
    assert "Say who told us." in response.content.decode()


def test_a_retirement_that_has_not_come_is_refused_by_name(desk, old, acted):
    plan = old.coverages.get(kind="employer")
    actions.tell_fact(patient=old, path="msp.spouse_works", value="no", told_by="patient", by=acted)
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = desk.post(_url(old), WHO | {"msp__spouse_retired_on_0": f"{tomorrow:%m/%d/%Y}"})

    assert plan
    assert response.status_code == 422
    assert "Expected a day up to today" in response.content.decode()


@pytest.mark.parametrize(
    ("size", "told", "by_a_person", "said"),
    [
        ("20-99", {}, False, "12: Working aged: a group plan through current work"),
        ("<20", {}, False, "None: Medicare is first"),
        ("<20", {}, True, "Not settled: Medicare is not first"),
        ("20-99", {"medicare.part_b": "never"}, False, "None: Medicare does not pay on this day"),
        ("", {}, False, "Not settled yet"),
    ],
    ids=["a type", "first", "a person put it second", "no Part B", "the size is not known"],
)
def test_a_filed_one_says_that_medicare_is_first_only_where_it_is(
    desk, main, acted, sol, size, told, by_a_person, said
):
    patient = on_medicare(main, acted, AGE)
    plan = plan_of(patient, acted, size=size)
    actions.tell_facts(patient=patient, facts=told, told_by="card", by=acted)
    if not size:
        path = f"coverages.{plan.pk}.employer.size"
        actions.note_not_known(patient=patient, service_on=DAY, path=path, told_by="Patient", by=acted)
    answer_the_rest(patient, acted)
    if by_a_person:
        stored = actions.determine(patient=patient, service_on=DAY, by=acted)
        proof = [Evidence("call", "77-221", DAY)]
        broken = ["MSP-WA-LT20"]
        why = {"reason": "Plan says so.", "evidence": proof, "confirmed": broken, "by": sol}
        actions.override(determination=stored, order=stored.order[::-1], **why)

    filed = file_msp(patient=patient, service_on=DAY, by=acted, **WHO)

    assert (
        f"<dt>MSP type</dt><dd>{said}</dd>" in desk.get(reverse("coverage:msp-filed", args=[filed.pk])).content.decode()
    )


@pytest.mark.parametrize(("who", "status"), [("kit", 404), ("pat", 200), ("ira", 200), ("ada", 403), ("ben", 200)])
def test_who_may_read_a_filed_one(desk, old, acted, sign_in, cast, who, status):
    answered_and_filed(old, acted)

    url = reverse("coverage:msp-filed", args=[MspQuestionnaire.objects.get().pk])

    assert sign_in(cast[who]).get(url).status_code == status
