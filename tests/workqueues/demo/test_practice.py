"""The invented practice: the same for the same day and seed, balanced to the cent, and with every scenario in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.accounts.models import Site
from cob.cents import pct
from cob.x12.balance835 import check_835
from cob.x12.check837p import check_837p
from cob.x12.errors import X12Error
from cob.x12.read837p import parse_837p
from workqueues.demo import answers, misfits
from workqueues.demo.answers import Answer
from workqueues.demo.claims_out import claims_file
from workqueues.demo.payers import PAYERS
from workqueues.demo.people import population
from workqueues.demo.practice import fourteen_months
from workqueues.demo.remits_in import remittance_file
from workqueues.demo.stories import STORIES

TODAY = date(2026, 11, 20)
SITES = [
    Site(name=f"Site {n}", npi=npi, tax_id="123456789", taxonomy="207Q00000X", address="1 Main St", city="Springfield",
         state="IL", zip_code="627010001")
    for n, npi in enumerate(("1234567893", "1245319599", "1003000126"))
]  # fmt: skip


@pytest.fixture(scope="module")
def happened():
    return fourteen_months(population(TODAY, 120, 7), TODAY, 7)


def test_the_same_day_and_seed_give_the_same_practice(happened):
    again = fourteen_months(population(TODAY, 120, 7), TODAY, 7)

    assert [e.visit.control_number for e in again.sent] == [e.visit.control_number for e in happened.sent]
    assert [(e.on, e.answer) for e in again.answered] == [(e.on, e.answer) for e in happened.answered]


def test_nothing_happens_after_today(happened):
    assert max(event.on for event in (*happened.sent, *happened.answered)) <= TODAY


def test_every_story_has_its_patient():
    assert {patient.story.name for patient in population(TODAY, 600, 7)} == {story.name for story in STORIES}


def test_every_claim_of_a_file_passes_every_edit(happened):
    (batch,) = parse_837p(claims_file(happened.sent[:300], SITES, made_on=TODAY, number=1))

    found = [finding.message for claim in batch.claims for finding in check_837p(claim, TODAY) if finding.stops]
    assert (len(batch.claims), found) == (300, [])


def test_every_payment_of_a_file_balances(happened):
    checked = list(check_835(remittance_file(happened.answered, SITES, number=1)))

    assert all(transaction.is_postable for transaction in checked)
    assert sum(transaction.claims for transaction in checked) == len(happened.answered)


def test_of_the_misfits_one_is_good_and_nobodys_and_two_cannot_be_posted():
    files = dict(misfits.files(SITES, TODAY))

    postable = {name: _is_postable(content) for name, content in files.items()}
    assert postable == {
        "remits-unknown-claim.835": True,
        "remits-out-of-balance.835": False,
        "remits-cut-short.835": False,
    }


def _is_postable(content):
    try:
        return all(transaction.is_postable for transaction in check_835(content))
    except X12Error:
        return False


CHARGES = st.lists(st.integers(1, 500_000), min_size=1, max_size=6)


@given(CHARGES, st.sampled_from(sorted(PAYERS)), st.sampled_from(sorted(PAYERS)), st.integers(0, 30_000))
def test_each_answer_explains_the_charge_to_the_cent_and_a_later_one_never_pays_more_than_was_left(
    charges, first, later, deductible
):
    lines = answers.as_first(PAYERS[first], charges, deductible_cents=deductible)
    earlier = Answer("1", tuple(lines))
    after = answers.as_later(PAYERS[later], earlier, [line.paid_cents for line in lines])

    for line in (*lines, *after):
        assert line.charge_cents == line.paid_cents + sum(a.amount_cents for a in line.adjustments)
        assert line.paid_cents >= 0
    for one, two in zip(lines, after, strict=True):
        assert two.paid_cents <= one.responsibility_cents
    assert sum(line.paid_cents for line in lines) <= sum(pct(c, Decimal(1)) for c in charges)


def test_a_reversal_is_the_answer_negated():
    answer = Answer("1", tuple(answers.as_first(PAYERS["medicare"], [10_001, 3])))

    assert answer.paid_cents + answer.reversed.paid_cents == 0
    assert [a.group for line in answer.reversed.lines for a in line.adjustments] == [
        a.group for line in answer.lines for a in line.adjustments
    ]
