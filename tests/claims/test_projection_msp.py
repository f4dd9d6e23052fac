"""What Medicare behind one payer is told of that payer's contract (CN1*09), however the claim was filed at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine

from claims import actions
from cob.coverage.payment_actions import set_terms
from cob.coverage.payment_terms import OnFile
from cob.x12.parts import Party
from cob.x12.read837p import parse_837p
from cob.x12.t837p import Contract
from tests.claims import stories
from tests.claims.stories import DRAW, LAKESIDE, MEDICARE, TODAY, VISIT
from tests.x12 import claims as x12
from tests.x12.validator import assert_valid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
IN_FULL = (Contract("09", 120_00), Contract("09", 22_50))
# The whole fee went to the deductible.
DEDUCTIBLE = (0, (("CO", "45", 30_00), ("PR", "1", 120_00)))


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


def to_medicare(site, *answered, content=None):
    """The file for Medicare behind Lakeside, as our reader sees it."""
    patient = stories.nora(site)
    covers = [stories.coverage(patient, LAKESIDE, "LH5550101"), stories.coverage(patient, MEDICARE, "1EG4-TE5-MK73")]
    claim = stories.claim_of(patient, covers, content=content)
    stories.answer(claim, 1, *answered)
    stories.determined(claim, covers, msp_type="12")
    data = actions.dry_run(claim=claim, rank=2)
    assert_valid(data)
    return parse_837p(data)[0].claims[0]


def filed_with_medicare(**changes):
    """As the practice filed it while everybody took Medicare to be first."""
    filed = x12.primary()
    party = Party("PR", MEDICARE[1], id_qualifier="PI", id=MEDICARE[0])
    return replace(filed, payer=replace(filed.payer, party=party), **changes)


def test_it_is_told_also_where_the_claim_was_filed_with_medicare_as_the_first(main):
    sent = to_medicare(main, VISIT, DRAW, content=filed_with_medicare())

    assert (sent.contract, tuple(line.contract for line in sent.lines)) == (None, IN_FULL)


def test_what_the_practices_own_claim_to_medicare_says_is_left_as_it_is(main):
    said = Contract("09", 140_00)

    sent = to_medicare(main, VISIT, DRAW, content=filed_with_medicare(contract=said))

    assert (sent.contract, {line.contract for line in sent.lines}) == (said, {None})


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param(DEDUCTIBLE, Contract("09", 120_00), id="its fee is the deductible's"),
        pytest.param((0, (("CO", "45", 30_00), ("PR", "96", 120_00))), None, id="not covered"),
        pytest.param((0, (("CO", "50", 30_00), ("PR", "1", 120_00))), None, id="refused in part"),
        pytest.param((0, (("PR", "1", 150_00),)), None, id="no contract"),
    ],
)
def test_a_payer_that_paid_nothing_has_us_accept_the_fee_it_left_to_the_deductible(main, line, told):
    sent = to_medicare(main, line, DRAW)

    assert sent.lines[0].contract == told


def test_terms_that_count_nothing_at_zero_are_kept_to(main, dee):
    payer = stories.payer(*MEDICARE)
    set_terms(
        payer=payer, plan_name="", terms=OnFile(otaf_when_zero_paid=False), effective_on=date(2026, 1, 1),
        source="contractor's manual", by=dee,
    )  # fmt: skip

    sent = to_medicare(main, DEDUCTIBLE, DRAW)

    assert tuple(line.contract for line in sent.lines) == (None, Contract("09", 22_50))
