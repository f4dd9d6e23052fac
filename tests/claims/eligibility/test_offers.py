"""What an answer tells is offered with its source and replied to by a person."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from cob.audit.acting import acting
from cob.coverage import actions
from cob.coverage.eligibility import replies
from cob.coverage.eligibility.offers import own_position
from cob.coverage.eligibility.reading import offers_to
from cob.coverage.eligibility.wording import question, title
from cob.coverage.models import (
    Coverage,
    EligibilityAnswer,
    Fact,
    Verification,
)
from cob.coverage.pictures import picture_of
from cob.rules.frontdesk import flags_for
from cob.x12.hints271 import Hint, Said
from tests.claims.eligibility.asked import BETA, MONDAY, answers, asked, offer
from workqueues.models import Item

pytestmark = pytest.mark.django_db


BETA_UNDATED = "EB*R**30~LS*2120~NM1*PRP*2*BETA MUTUAL*****PI*BETA1~LE*2120"


def test_another_payer_is_offered_with_source_and_date_and_flagged(jane, ana, bring):
    asked(jane, ana)
    answers(bring, BETA, trace="COB9000000010001")

    found = offer(jane)

    assert title(found) == "Acme Health’s file names BETA MUTUAL as primary from 01/01/2026 until 12/31/2026."
    assert not found.is_question
    assert "PAYER-TELLS" in {one.id for one in flags_for(picture_of(jane))}


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        (BETA, ""),
        (BETA_UNDATED, "It gives no dates"),
        (BETA.replace("20260101-20261231", "20250101-20260301"), "Its dates do not include 03/02/2026"),
        (BETA.replace("20260101-20261231", "20250101-20260302"), ""),
    ],
)
def test_dates_that_do_not_cover_the_day_make_a_question(jane, ana, bring, said, asks):
    asked(jane, ana)
    answers(bring, said, trace="COB9000000010001")

    assert question(offer(jane)).startswith(asks)
    assert bool(question(offer(jane))) is bool(asks)


def test_a_plan_for_drugs_is_not_offered(jane, ana, bring):
    asked(jane, ana)
    answers(bring, BETA.replace("R**30", "R**88"), trace="COB9000000010001")

    assert offers_to(jane) == []
    assert flags_for(picture_of(jane)) == tuple(one for one in flags_for(picture_of(jane)) if one.id != "PAYER-TELLS")


def test_an_inactive_answer_raises_the_flag_until_somebody_says_it_is_not_so(jane, ana, bring):
    asked(jane, ana)
    answers(bring, "EB*6**30~DTP*291*RD8*20250101-20260131", trace="COB9000000010001")

    flags = {one.id: one.sign.saw for one in flags_for(picture_of(jane))}
    assert "inactive since 02/01/2026" in flags["INACTIVE"]

    with acting(ana):
        replies.not_so(offer=offer(jane, Hint.INACTIVE), by=ana)
    assert "INACTIVE" not in {one.id for one in flags_for(picture_of(jane))}


def test_the_last_day_goes_on_file_by_whoever_presses_told_by_the_payer(jane, ana, bring):
    asked(jane, ana)
    answers(bring, "EB*6**30~DTP*291*RD8*20250101-20260131", trace="COB9000000010001")

    with acting(ana):
        replies.put_on_file(offer=offer(jane, Hint.INACTIVE), by=ana)

    fact = Fact.objects.get(path=f"coverages.{jane.acme.pk}.last_covered_day")
    assert (fact.value, fact.told_by, fact.told_how, fact.recorded_by) == ("2026-01-31", "Acme Health", "271", ana)
    assert Coverage.objects.get(pk=jane.acme.pk).ended_on == date(2026, 1, 31)


def test_a_confirmed_coverage_is_verified_as_of_the_answers_day(jane, ana, bring):
    asked(jane, ana)
    answers(bring, "EB*1**30", trace="COB9000000010001")
    with time_machine.travel("2026-03-04T15:00:00Z", tick=False), acting(ana):
        replies.put_on_file(offer=offer(jane, Hint.ACTIVE), by=ana)

    row = Coverage.objects.get(pk=jane.acme.pk)
    assert (row.verified_on, row.verified_by) == (MONDAY, ana)
    assert row.verified_how == "Eligibility answer (271), COB9000000010001"


@pytest.mark.parametrize(
    ("before", "after"), [(None, date(2026, 1, 15)), (date(2026, 2, 20), date(2026, 2, 20))], ids=["never", "later"]
)
def test_an_answer_about_a_day_past_verifies_as_of_that_day_alone(jane, ana, bring, before, after):
    with acting(ana):
        Coverage.objects.filter(pk=jane.acme.pk).update(verified_on=before, verified_how="portal, X" if before else "")
    asked(jane, ana, on=date(2026, 1, 15))
    answers(bring, "EB*1**30", trace="COB9000000010001")
    with acting(ana):
        for found in [one for one in offers_to(jane) if one.said.hint is Hint.ACTIVE]:
            replies.put_on_file(offer=found, by=ana)

    assert Coverage.objects.get(pk=jane.acme.pk).verified_on == after


def test_qmb_and_cobra_go_on_file_as_facts(jane, ana, bring):
    asked(jane, ana)
    answers(bring, "EB*1**30*CO~EB*R**30*QM~DTP*291*D8*20260101", trace="COB9000000010001")

    with acting(ana):
        replies.put_on_file(offer=offer(jane, Hint.COBRA), by=ana)
        replies.put_on_file(offer=offer(jane, Hint.QMB), by=ana)

    told = {fact.path.rpartition(".")[2]: (fact.value, fact.told_how) for fact in Fact.objects.all()}
    assert told == {"continuation": ("cobra", "271"), "qmb": (True, "271")}


def test_the_order_a_payer_shows_is_kept_as_its_word_and_disagreement_is_work(
    jane, ana, bring, django_capture_on_commit_callbacks
):
    with acting(ana):
        actions.determine(patient=jane, service_on=MONDAY, by=ana)
    asked(jane, ana)
    answers(bring, BETA, trace="COB9000000010001")

    with django_capture_on_commit_callbacks(execute=True), acting(ana):
        replies.keep_word(offer=offer(jane), by=ana)

    word = Verification.objects.get()
    assert (word.says, word.own_position, word.primary_named) == ("disagrees", 2, "BETA MUTUAL")
    assert (word.method, word.reference, word.said_on) == ("271", "COB9000000010001", MONDAY)
    assert "payer_disagrees" in {code for item in Item.objects.filter(patient=jane) for code in item.reason_codes}


def test_an_offer_is_replied_to_once_and_said_again_is_not_offered_again(jane, ana, ben, bring):
    asked(jane, ana)
    answers(bring, BETA, trace="COB9000000010001")
    seen_by_both = offer(jane)
    with acting(ana):
        replies.not_so(offer=seen_by_both, by=ana)
        replies.keep_word(offer=seen_by_both, by=ana)

    with acting(ben), pytest.raises(replies.AlreadyReplied, match="Ana Arroyo was quicker: not so"):
        replies.put_on_file(offer=seen_by_both, by=ben)
    asked(jane, ana)
    answers(bring, BETA, trace="COB9000000020001", name="b.271")

    assert [one for one in offers_to(jane) if one.is_open] == []
    assert EligibilityAnswer.objects.count() == 2


@pytest.mark.parametrize(
    ("places", "own"), [((1,), 2), ((2,), 1), ((1, 2), 3), ((2, 3), 1), ((3,), None), ((None,), None), ((), None)]
)
def test_the_place_a_payer_leaves_for_itself(places, own):
    said = [Said(Hint.OTHER_PAYER, "EB*R", place=place) for place in places]

    assert own_position(said, MONDAY) == own
