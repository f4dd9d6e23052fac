"""A COB denial as work: with its money and limit, without its look-alikes, and gone once resolved."""

from __future__ import annotations

import pytest

from denials import actions as denial_actions
from tests.factories.workqueues import (
    refused,
)
from workqueues import membership
from workqueues.models import Closure, ClosureCode, Item, State

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


def test_a_cob_denial_is_work_with_its_money_and_limit(main):
    denial = refused(main)

    (item,) = _in(DENIALS)

    assert (item.subject_id, item.claim_id, item.amount_cents) == (denial.pk, denial.claim_id, 10000)
    assert (item.limit_on, item.reason_codes) == (denial.limit_on, ["CO-22"])


@pytest.mark.parametrize("reason", ["50", "197", "27"], ids=["clinical", "authorization", "eligibility"])
def test_look_alikes_stay_out_of_cob_denials(main, reason):
    refused(main, reason)

    assert _in(DENIALS) == []


def test_a_resolved_denial_closes_its_item_and_says_why(main):
    denial = refused(main)
    _in(DENIALS)
    denial_actions.resolve(denial=denial, resolution="Sent to the right payer.")

    assert _in(DENIALS) == []
    item = Item.objects.get()
    assert (item.state, item.closure_code, item.closed_by) == (State.CLOSED, ClosureCode.REASON_GONE, None)
    assert item.closed_because == "Sent to the right payer."
    assert Closure.objects.get(item=item).because == "Sent to the right payer."
