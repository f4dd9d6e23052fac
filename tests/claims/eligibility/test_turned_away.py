"""A file of questions that is turned away is told to its questions."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.eligibility import visits
from claims.eligibility.sending import ask
from claims.models import Acknowledgement, EdiFile
from cob.audit.acting import acting
from cob.coverage.eligibility.page import eligibility
from cob.coverage.models import Coverage, InquiryRejection
from tests.claims.eligibility.asked import MONDAY, _due, asked
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory
from tests.x12.acks import file_999, file_ta1

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("file", "says"),
    [
        pytest.param(file_ta1(("900000001", "R", "006")), "File rejected", id="TA1"),
        pytest.param(file_999("900000001", group="AK9*R*1*1*0"), "File rejected", id="999, the group"),
        pytest.param(
            file_999("900000001", "AK2*270*0001*005010X279A1~IK5*R*5", group="AK9*R*1*1*0"),
            "Question rejected",
            id="999, its question",
        ),
    ],
)
def test_a_rejected_file_of_questions_is_told_to_its_questions_and_they_may_be_put_again(
    jane, ana, ben, bring, sign_in, file, says
):
    asked(jane, ana)
    assert _due(visits.planned(None, MONDAY)) == []
    result = bring(file, "a.999")

    assert result["acknowledged"] == {"rejected": 1}
    assert not result.get("notes")
    heard = Acknowledgement.objects.get()
    assert (heard.inquiry_file.interchange, heard.unmatched_because) == ("900000001", "")
    assert InquiryRejection.objects.get().file == heard.inquiry_file
    assert _due(visits.planned(None, MONDAY)) == [jane.acme]
    (row,) = eligibility(jane).history
    assert (row.says, row.tone) == (says, "bad")
    desk = sign_in(ana)
    assert says in desk.get(reverse("claims:eligibility")).content.decode()
    page = sign_in(ben).get(reverse("claims:file-page", args=[EdiFile.objects.get().pk]))
    assert "Questions on coverage (270)" in page.content.decode()


def test_an_accepted_file_of_questions_is_known_and_changes_nothing(jane, ana, bring):
    asked(jane, ana)
    result = bring(file_999("900000001", "AK2*270*0001*005010X279A1~IK5*A"), "a.999")

    assert result["acknowledged"] == {"accepted": 1}
    assert not InquiryRejection.objects.exists()
    assert _due(visits.planned(None, MONDAY)) == []


def test_a_second_rejection_of_the_same_file_stands_beside_the_first(jane, ana, bring):
    asked(jane, ana)
    bring(file_ta1(("900000001", "R", "006")), "a.ta1")
    bring(file_ta1(("900000001", "R", "022")), "b.ta1")

    assert Acknowledgement.objects.count() == 2
    assert InquiryRejection.objects.get().source_file == EdiFile.objects.get(name="a.ta1").pk


def test_a_number_of_a_file_that_never_left_stays_unknown(jane, ana, bring):
    asked(jane, ana)
    result = bring(file_ta1(("900000002", "R", "006")), "a.ta1")

    assert result["acknowledged"] == {"unknown": 1}
    assert not InquiryRejection.objects.exists()


@pytest.mark.parametrize(("set_control", "is_jane"), [("0001", True), ("0002", False)])
def test_one_question_turned_away_leaves_the_others_of_its_file_waiting(
    jane, main, ana, bring, sign_in, set_control, is_jane
):
    with acting(ana):
        other = CoverageFactory(patient=PatientFactory(site=main, next_visit_on=MONDAY), payer=jane.acme.payer)
        on_file = Coverage.objects.select_related("patient__site", "payer").in_bulk()
        ask([on_file[jane.acme.pk], on_file[other.pk]], MONDAY, by=ana, send=True)
    assert _due(visits.planned(None, MONDAY)) == []

    sets = "".join(f"AK2*270*{n}*005010X279A1~IK5*{'R*5' if n == set_control else 'A'}~" for n in ("0001", "0002"))
    bring(file_999("900000001", sets.rstrip("~"), group="AK9*P*2*2*1"), "a.999")

    assert _due(visits.planned(None, MONDAY)) == [jane.acme if is_jane else other]
    says = {row.says for row in eligibility(jane).history}
    assert says == ({"Question rejected"} if is_jane else {"No answer yet"})
    assert "Question rejected" in sign_in(ana).get(reverse("claims:eligibility")).content.decode()


@pytest.mark.parametrize("set_control", ["0002", "0000", "000000001A", "9" * 5000, "ABCD"])
def test_a_transaction_that_the_file_has_not_turns_no_question_away_and_waits_for_a_person(
    jane, ana, bring, set_control
):
    asked(jane, ana)

    result = bring(file_999("900000001", f"AK2*270*{set_control}*005010X279A1~IK5*R*5", group="AK9*P*1*1*0"), "a.999")

    assert (result["acknowledged"], InquiryRejection.objects.count()) == ({"unknown": 1}, 0)
    assert Acknowledgement.objects.get().unmatched_because


def test_a_file_of_many_questions_turned_away_one_by_one_asks_the_database_as_often_as_one(jane, main, ana, bring):
    def rejected(interchange, sets, name):
        each = "~".join(f"AK2*270*{n:04d}*005010X279A1~IK5*R*5" for n in range(1, sets + 1))
        with CaptureQueriesContext(connection) as seen:
            bring(file_999(interchange, each, group=f"AK9*R*{sets}*{sets}*0"), name)
        return len(seen)

    with acting(ana):
        for _ in range(9):
            CoverageFactory(patient=PatientFactory(site=main, next_visit_on=MONDAY), payer=jane.acme.payer)
    asked(jane, ana)
    rows = list(Coverage.objects.select_related("patient__site", "payer").order_by("created_at"))
    with acting(ana):
        ask(rows, MONDAY, by=ana, send=True)

    assert rejected("900000001", 1, "a.999") == rejected("900000002", 10, "b.999")
    assert InquiryRejection.objects.count() == 11


def test_whether_many_questions_were_turned_away_is_asked_as_often_as_whether_one_was(jane, main, ana):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            visits.planned(None, MONDAY)
            eligibility(jane)
        return len(seen)

    asked(jane, ana)
    one = cost()
    for _ in range(3):
        with acting(ana):
            other = PatientFactory(site=main, next_visit_on=MONDAY)
            CoverageFactory(patient=other)
        asked(other, ana)
        asked(jane, ana)

    assert cost() == one
