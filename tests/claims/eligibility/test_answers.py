"""What a payer answers is kept once, tied to its question, and changes nothing by itself."""

from __future__ import annotations

from datetime import date

import pytest

from claims.models import EdiFile
from cob.audit.acting import acting
from cob.coverage.eligibility.page import eligibility
from cob.coverage.models import (
    Coverage,
    EligibilityAnswer,
    Fact,
    Inquiry,
)
from cob.x12.hints271 import Hint
from tests.claims.eligibility.asked import ACME, BETA, MONDAY, answers, asked
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory
from tests.x12.eligibility import DEPENDENT, about, file_271
from workqueues.models import Item

pytestmark = pytest.mark.django_db


def test_an_answer_is_kept_with_its_question_and_changes_nothing_by_itself(
    jane, ana, bring, django_capture_on_commit_callbacks
):
    asked(jane, ana)
    before = list(Coverage.objects.values()), Fact.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        result = answers(bring, f"EB*1**30~{BETA}", trace="COB9000000010001")

    assert (result["outcome"], result["kind"]) == ("stored", "271")
    assert result["eligibility"] == {"answered": 1, "to_look_at": 1}
    row = EligibilityAnswer.objects.get()
    assert (row.patient, row.coverage, row.inquiry.trace) == (jane, jane.acme, "COB9000000010001")
    assert (row.is_active, row.has_news, row.answered_on) == (True, True, MONDAY)
    assert (list(Coverage.objects.values()), Fact.objects.count()) == before
    assert EdiFile.objects.get().sites.get() == jane.site
    assert Item.objects.filter(queue="coverage-change", patient=jane).exists()


def test_a_plan_that_a_payer_now_calls_ended_long_ago_is_work(jane, ana, bring, django_capture_on_commit_callbacks):
    asked(jane, ana)

    with django_capture_on_commit_callbacks(execute=True):
        answers(bring, "EB*6**30~DTP*291*RD8*20250101-20251231", trace="COB9000000010001")

    item = Item.objects.get(queue="coverage-change", patient=jane)
    assert item.reason.endswith("answers that it is inactive since 01/01/2026.")


def test_the_same_words_in_another_file_are_kept_once(jane, ana, bring):
    asked(jane, ana)
    answers(bring, BETA, trace="COB9000000010001")

    data = file_271(about(BETA, trace="COB9000000010001"), payer=ACME) + b"\n"
    again, same = bring(data, "b.271"), bring(data, "b.271")

    assert (again["eligibility"], same["outcome"]) == ({"already_known": 1}, "already_imported")
    assert EligibilityAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("person", "is_placed", "why"),
    [
        pytest.param(about(BETA, trace="X", member="mem-1"), True, "", id="member id and birth date"),
        pytest.param(about(BETA, trace="X", member="MEM2"), False, "No coverage on file", id="name and birth date"),
        pytest.param(about(BETA, trace="X").replace("19800514", "19800515"), False, "No coverage", id="member id only"),
        pytest.param(
            about(BETA, trace="COB9000000010001", member="MEM2").replace("19800514", "19990101"),
            False, "another person", id="our trace around somebody else",
        ),
        pytest.param(
            about(BETA, trace="COB9000000010001", member="NEW77"), True, "", id="our trace, the number corrected",
        ),
    ],
)  # fmt: skip
def test_whose_an_answer_is(jane, ana, bring, person, is_placed, why):
    asked(jane, ana)

    result = bring(file_271(person, payer=ACME), "a.271")

    row = EligibilityAnswer.objects.get()
    assert (row.patient == jane) is is_placed
    assert why in row.unmatched_because
    assert ("unmatched" in result["eligibility"]) is not is_placed
    assert bool(result.get("notes")) is not is_placed


def test_a_dependent_is_found_by_the_subscribers_number_and_the_own_birth_date(main, ana, bring):
    with acting(ana):
        tim = PatientFactory(site=main, last_name="Doe", first_name="Tim", birth_on=date(2015, 6, 1))
        twin = PatientFactory(site=main, last_name="Doe", first_name="Kim", birth_on=date(2015, 6, 1))
        for child in (tim, twin):
            CoverageFactory(patient=child, member_id="MEM1", relationship="child")

    bring(file_271(DEPENDENT.replace("{said}", "EB*1**30"), payer=ACME), "a.271")

    assert EligibilityAnswer.objects.get().patient == tim


def test_a_rejection_is_a_failed_question_and_opens_nothing_false(jane, ana, bring):
    asked(jane, ana)
    answers(bring, BETA, trace="COB9000000010001")
    asked(jane, ana)

    result = answers(bring, "AAA*N**72*C", trace="COB9000000020001", name="b.271")

    assert result["eligibility"] == {"failed": 1}
    row = EligibilityAnswer.objects.get(is_failed=True)
    assert (row.is_active, row.inactive_since, row.has_news) == (None, None, False)
    shown = eligibility(jane)
    assert sorted(one.says for one in shown.history) == ["Failed", "Tells of more"]
    failed = next(one for one in shown.history if one.says == "Failed")
    assert "AAA 72" in failed.words
    assert "Compare the member id with the card" in failed.fix
    assert [one.offer.said.hint for one in shown.offers] == [Hint.OTHER_PAYER]  # what was told before still stands


def test_a_question_refused_before_any_person_finds_its_inquiry_by_the_transactions_own_number(jane, ana, bring):
    asked(jane, ana)
    trace = Inquiry.objects.get().trace
    data = file_271(payer=ACME, provider="AAA*N**51*C~").replace(b"0022*11*COB1", f"0022*11*{trace}".encode())

    result = bring(data, "a.271")

    assert result["eligibility"] == {"failed": 1}
    assert EligibilityAnswer.objects.get().coverage == jane.acme


def test_a_damaged_file_stores_nothing(jane, ana, bring):
    asked(jane, ana)
    data = file_271(about(BETA, trace="COB9000000010001"), payer=ACME).replace(b"SE*", b"SE*9")

    result = bring(data, "a.271")

    assert result["outcome"] == "quarantined"
    assert not EligibilityAnswer.objects.exists()
