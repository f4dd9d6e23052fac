"""The next payer as work: once the one before it has answered, and not a day too early."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from claims.models import Claim, ClaimPayer
from cob.coverage.models import Coverage
from tests.factories.denials import payer_of
from tests.factories.workqueues import (
    next_payer_due,
    refused,
)
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
DETERMINATION, DENIALS, SECONDARY, POSTING = (
    "cob-determination",
    "cob-denials",
    "secondary-submission",
    "posting-exceptions",
)


def _in(slug):
    membership.ask()
    return list(Item.objects.open().filter(queue=slug))


def test_the_next_payer_is_work_once_the_first_has_answered(main):
    second = next_payer_due(main)

    (item,) = _in(SECONDARY)

    assert (item.subject_id, item.payer_id, item.amount_cents) == (second.pk, second.payer_id, 10000)
    # 90 days, the built-in limit until somebody keeps this payer's own.
    assert item.limit_on == timezone.localdate() + timedelta(days=90)
    assert item.reason.endswith("Beacon Mutual has not been billed.")


@pytest.mark.parametrize(
    ("first", "second", "who"),
    [(None, 5, "Beacon Mutual"), (5, None, "Acme Health"), (5, 5, "Beacon Mutual"), (9, 5, "Beacon Mutual")],
    ids=["the first's day is not known", "the second's day is not known", "both on one day", "one after the other"],
)
def test_of_several_earlier_payers_the_one_whose_answer_came_last_starts_the_clock(main, first, second, who):
    third = payer_of(next_payer_due(main, state="adjudicated", answered_on=_ago(second)).claim, 3, "Coral Life")
    ClaimPayer.objects.filter(claim=third.claim, rank=1).update(answered_on=_ago(first))

    (item,) = _in(SECONDARY)

    assert item.reason.startswith(f"{who} answered on {_ago(5):%m/%d/%Y}; ")
    assert item.limit_on == _ago(5) + timedelta(days=90)


def _ago(days):
    return None if days is None else timezone.localdate() - timedelta(days=days)


@pytest.mark.parametrize("state", ["expected", "submitted", "rejected", "forwarded", "reversed"])
def test_a_first_payer_without_a_final_answer_keeps_the_next_one_waiting(main, state):
    second = next_payer_due(main)
    ClaimPayer.objects.filter(claim=second.claim, rank=1).update(state=state)

    assert _in(SECONDARY) == []


@pytest.mark.parametrize("state", ["submitted", "forwarded", "adjudicated", "denied", "not_billable"])
def test_a_next_payer_that_was_sent_the_claim_or_needs_none_is_no_work(main, state):
    next_payer_due(main, state=state)

    assert _in(SECONDARY) == []


@pytest.mark.parametrize(("wait", "is_work"), [(0, False), (-1, True)], ids=["last day of the wait", "day after"])
@pytest.mark.parametrize("state", ["expected", "forwarded"])
def test_a_crossover_is_waited_for_through_its_last_day(main, state, wait, is_work):
    next_payer_due(main, state=state, crossover_until=timezone.localdate() + timedelta(days=wait))

    assert bool(_in(SECONDARY)) is is_work


@pytest.mark.parametrize(
    ("kind", "is_work"), [("employer", False), ("medicaid", True), ("medicare", True), ("medigap", False)]
)
def test_with_nothing_open_only_medicare_and_medicaid_are_billed(main, kind, is_work):
    second = next_payer_due(main)
    Claim.objects.filter(pk=second.claim_id).update(insurer_open_cents=0, paid_cents=10000)
    Coverage.objects.filter(pk=second.coverage_id).update(kind=kind)

    assert bool(_in(SECONDARY)) is is_work


def test_medicares_year_runs_from_the_service_whenever_the_first_payer_answered(main):
    second = next_payer_due(main)
    Coverage.objects.filter(pk=second.coverage_id).update(kind="medicare")

    assert _in(SECONDARY)[0].limit_on == date(2027, 3, 10)


@pytest.mark.parametrize(("reason", "is_work"), [("22", False), ("50", True)], ids=["order", "clinical"])
def test_a_refusal_over_the_order_is_worked_before_the_next_payer_is_billed(main, reason, is_work):
    claim = refused(main, reason).claim
    ClaimPayer.objects.filter(claim=claim, rank=1).update(answered_on=timezone.localdate())
    payer_of(claim, 2, "Beacon Mutual")

    assert bool(_in(SECONDARY)) is is_work


def test_the_third_payer_waits_for_the_second(main):
    second = next_payer_due(main)
    third = payer_of(second.claim, 3, "Cedar Trust")
    assert [item.subject_id for item in _in(SECONDARY)] == [second.pk]

    ClaimPayer.objects.filter(pk=second.pk).update(state="adjudicated", answered_on=timezone.localdate())
    assert [item.subject_id for item in _in(SECONDARY)] == [third.pk]


def test_a_void_claim_is_nobodys_work(main):
    second = next_payer_due(main)
    Claim.objects.filter(pk=second.claim_id).update(is_void=True)

    assert _in(SECONDARY) == []
