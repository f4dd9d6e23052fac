"""Which flag stands first, by when it is to be done, and on which day a patient is looked at."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cob.rules.frontdesk import flags_for
from tests.cob.rules.frontdesk.pictures import TODAY, VISIT, card, order, picture


def the(flag_id, seen):
    (found,) = [raised for raised in flags_for(seen) if raised.id == flag_id]
    return found


@pytest.mark.parametrize("ends", [TODAY, TODAY - timedelta(days=1), TODAY - timedelta(days=900)])
def test_what_is_bad_stands_before_every_warning_whenever_that_is_due(ends):
    """65 begins on 1 December 1961 plus 65 years; without it nothing here is bad."""
    cards = (card(facts={"last_covered_day": ends.isoformat()}), card("T", kind="tricare"), card("V", kind="va"))
    tones = [raised.sign.tone for raised in flags_for(picture(*cards, born_on=date(1961, 9, 9), order=order()))]

    assert tones == sorted(tones, key=("bad", "warn", "info").index)
    assert {"bad", "warn"} <= set(tones)


def test_what_is_bad_and_has_no_day_stands_before_a_warning_that_is_due():
    cards = (card(inactive_since=TODAY), card("Beacon", facts={"last_covered_day": "2026-10-25"}))
    raised = flags_for(picture(*cards, visit_on=None, order=order()))

    assert (raised[0].sign.tone, raised[0].sign.by) == ("bad", None)
    assert any(one.sign.tone == "warn" and one.sign.by is not None for one in raised)


@pytest.mark.parametrize(
    ("visit", "day", "has_visit"),
    [
        (None, TODAY, False),
        (TODAY - timedelta(days=1), TODAY, False),
        (TODAY, TODAY, True),
        (VISIT, VISIT, True),
    ],
)
def test_the_day_in_question_is_that_of_the_next_visit_or_today(visit, day, has_visit):
    seen = picture(card(), visit_on=visit)

    assert (seen.day, seen.has_visit, seen.before_visit) == (day, has_visit, visit if has_visit else None)


@pytest.mark.parametrize(
    ("cards", "on_file", "needs"),
    [
        ([], None, False),
        ([card()], None, False),
        ([card(), card("State", kind="medicaid")], None, True),
        ([card(), card("State", kind="medicaid")], order(), False),
        ([card(), card("State", kind="medicaid")], order("cycle"), True),
        ([card(), card("State", kind="medicaid", facts={"last_covered_day": "2026-10-19"})], None, False),
    ],
)
def test_two_coverages_of_the_day_need_an_order(cards, on_file, needs):
    assert picture(*cards, order=on_file).needs_order is needs


@pytest.mark.parametrize(("since", "stands"), [(TODAY, True), (VISIT, True), (VISIT + timedelta(days=1), False)])
def test_a_plan_the_payer_calls_inactive_on_the_day_of_the_visit_is_told(since, stands):
    found = {raised.id for raised in flags_for(picture(card(inactive_since=since)))}

    assert ("INACTIVE" in found) is stands


@pytest.mark.parametrize(
    ("case", "tone", "by", "is_work", "do"),
    [
        ({}, "warn", VISIT, True, "Ask on whose service it rests."),
        ({"military": {"beneficiary": "retiree_family"}}, "info", None, False, "Bill the other insurance first."),
    ],
)
def test_whose_service_tricare_rests_on_is_asked_before_the_visit_and_what_is_known_is_no_work(
    case, tone, by, is_work, do
):
    sign = the("TRICARE", picture(card(), card("T", kind="tricare"), case=case)).sign

    assert (sign.tone, sign.by, sign.is_work, sign.do) == (tone, by, is_work, do)
