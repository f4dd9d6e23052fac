"""What somebody said of a credit, and the day it was found on, hold for that credit and for no other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from claims.models import Credit
from claims.models.recoupment import CreditKind
from claims.recoupment import credits
from claims.recoupment.overpaid import Overpaid
from cob.audit.acting import acting
from tests.factories.denials import ClaimFactory, payer_of
from tests.factories.patients import PatientFactory
from workqueues import membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
TODAY = date(2026, 4, 20)
PAID_ON = date(2026, 4, 10)


@pytest.fixture
def medicare(main):
    return payer_of(ClaimFactory(patient=PatientFactory(site=main)), 2, "Medicare Part B", kind="medicare")


@pytest.fixture
def look(medicare, monkeypatch):
    """Look on a day on which this much is too much; None: nothing is."""

    def at(cents, on=TODAY, since=PAID_ON):
        told = {"claim": medicare.claim_id, "kind": CreditKind.ABOVE_SHARE, "payer": medicare.payer_id,
                "payer_kind": "medicare", "since": since, "because": "More than was left."}  # fmt: skip
        found = [] if cents is None else [Overpaid(**told, amount_cents=cents, most_cents=cents)]
        monkeypatch.setattr(credits, "overpaid", lambda _claims: found)
        credits.look([medicare.claim_id], on)

    return at


def in_queue():
    membership.ask()
    return list(Item.objects.open().filter(queue="credit-balances").values_list("amount_cents", flat=True))


@pytest.mark.parametrize(
    ("then", "work"),
    [
        pytest.param([5_00], [], id="the same sum"),
        pytest.param([3_00], [], id="less"),
        pytest.param([3_00, 5_00], [], id="less, and as much again"),
        pytest.param([500_00], [500_00], id="more"),
    ],
)
def test_that_it_is_no_credit_was_said_of_its_sum_and_of_no_larger_one(look, cast, then, work):
    look(5_00)
    with acting(cast["pat"]):
        credits.say_no_credit(credit=Credit.objects.get(), because="The contract allows it.", by=cast["pat"])
    for cents in then:
        look(cents, on=TODAY + timedelta(days=100))

    assert in_queue() == work
    assert Credit.objects.get(amount_cents=5_00).no_credit_because == "The contract allows it."
    for row in Credit.objects.filter(no_credit_because=""):
        assert row.due_on == TODAY + timedelta(days=160)


@pytest.mark.parametrize(
    ("since", "found_on"),
    [
        pytest.param(PAID_ON, TODAY, id="the same payment"),
        pytest.param(PAID_ON + timedelta(days=9), TODAY + timedelta(days=30), id="another payment"),
    ],
)
def test_sixty_days_run_from_the_first_finding_though_it_seemed_settled_in_between(look, since, found_on):
    look(70_00)
    look(None, on=TODAY + timedelta(days=20))
    look(70_00, on=TODAY + timedelta(days=30), since=since)

    row = Credit.objects.get(settled_on=None)
    assert (row.found_on, row.due_on) == (found_on, found_on + timedelta(days=60))
