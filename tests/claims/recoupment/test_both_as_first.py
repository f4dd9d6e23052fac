"""Two payers that both paid as first: on one line, only while something goes back, and over once it has."""

from __future__ import annotations

import pytest
import time_machine

from claims.invariants import check
from claims.ledger_check import ledgers_of
from claims.models import Claim, ClaimPayer, Credit
from claims.recoupment import credits, refunds
from claims.recoupment.ledger_rules import check_provider_ledger
from cob.audit.acting import acting
from tests.claims.edi_samples import BETA, MEDICARE, also, answer, claim, file_837p, service, svc, whole
from tests.claims.recoupment.money import AS_FIRST, DAY, FIRST, found, holds, opened, owes, remit, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _adds_up(db):
    with time_machine.travel("2026-04-20T15:00:00Z", tick=False):
        yield
    assert check_provider_ledger() == []
    assert [b for ledger in ledgers_of(list(Claim.objects.all())) for b in check(ledger) if b.rule != "10"] == []


@pytest.fixture
def medicare(bring):
    """The plan pays 120.00 of 200.00 as first and Medicare 100.00 as first."""
    bring(file_837p(claim("PCN1", service(cents=200_00), other_coverages=(also(MEDICARE),))))
    with acting("test task"):
        for row in ClaimPayer.objects.filter(rank=2).select_related("coverage"):
            row.coverage.kind = "medicare"
            row.coverage.save()
    bring(remit(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 30_00), charge=200_00)), trace="A1"))
    told = answer("PCN1", svc(("CO-45", 75_00), ("PR-2", 25_00), charge=200_00), number="M1")
    bring(remit(told, trace="M1", payer=MEDICARE))


@pytest.fixture
def two(bring):
    """Both paid 80.00 of 150.00 as first; nobody knows what the second one owed."""
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(remit(FIRST, trace="A1"))
    bring(remit(AS_FIRST, trace="B1", payer=BETA))
    assert found() == [("both_primary", "BETA LIFE", 60_00, 80_00)]


@pytest.mark.parametrize(
    ("back", "left"),
    [
        pytest.param(70_00, [], id="paid 100.00, owed 30.00, 70.00 back: over"),
        pytest.param(69_99, [("both_primary", "MEDICARE PART B", 1, 1)], id="a cent less: a cent is left"),
    ],
)
def test_it_is_over_once_the_right_sum_went_back(medicare, cast, back, left):
    owes(30_00)
    assert found() == [("both_primary", "MEDICARE PART B", 70_00, 70_00)]
    made = sent(cast, back)
    assert found() == left
    assert ("too much was paid" in holds().lower()) is bool(left)

    with acting(cast["pat"]):
        refunds.acknowledge(refund=made, letter="X", on=DAY)
    assert found() == left
    if not left:
        assert Credit.objects.get().settled_because == "Refunded by check 4711."


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        pytest.param(50_00, [], id="it paid what it owed"),
        pytest.param(50_01, [], id="it paid less"),
        pytest.param(49_99, [("both_primary", "BETA LIFE", 1, 1)], id="a cent more"),
    ],
)
def test_a_second_that_paid_no_more_than_it_owed_gives_nothing_back(bring, due, expected):
    bring(file_837p(claim("PCN1", service(cents=200_00), other_coverages=(also(),))))
    bring(remit(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 60_00), charge=200_00)), trace="A1"))
    told = answer("PCN1", svc(("CO-45", 150_00), charge=200_00), number="B1")
    bring(remit(told, trace="B1", payer=BETA))
    owes(due)

    assert found() == expected


def test_what_is_left_of_a_range_can_go_back_or_be_said_to_be_no_credit(two, cast):
    sent(cast, 60_00)
    assert found() == [("both_primary", "BETA LIFE", 0, 20_00)]

    with pytest.raises(refunds.RefundRefused, match=r"At most 20\.00"):
        opened(cast, 20_01)
    with acting(cast["pat"]):
        refunds.withdraw(refund=opened(cast, 20_00), because="It keeps that much.")
        credits.say_no_credit(credit=Credit.objects.get(), because="20.00 is its share.", by=cast["pat"])

    assert "too much was paid" not in holds().lower()


def test_it_is_not_said_to_be_no_credit_while_a_refund_may_still_go_out(two, cast):
    made = opened(cast, 60_00)
    for step in (lambda: None, lambda: refunds.approve(refund=made, by=cast["sol"])):
        with acting(cast["sol"]):
            step()
        with acting(cast["pat"]), pytest.raises(credits.CreditRefused, match="withdraw that first"):
            credits.say_no_credit(credit=Credit.objects.get(), because="x", by=cast["pat"])


# --- line by line -----------------------------------------------------------------------------------------------------

PAID_1, PAID_2 = svc(("CO-45", 50_00), ("PR-2", 20_00)), svc(("PR-2", 10_00), code="85025", charge=50_00, number=2)
NOT_1, NOT_2 = svc(("OA-23", 150_00)), svc(("PR-96", 50_00), code="85025", charge=50_00, number=2)
WHOLE = whole("PCN1", 200_00, ("CO-45", 160_00), number="B1")  # pays 40.00, of no line


@pytest.mark.parametrize(
    ("second", "is_both"),
    [
        pytest.param((NOT_1, PAID_2), False, id="only the line the first does not cover"),
        pytest.param((PAID_2,), False, id="that line alone is answered"),
        pytest.param((PAID_1, NOT_2), True, id="the line the first paid"),
        pytest.param((PAID_1, PAID_2), True, id="both lines"),
        pytest.param(WHOLE, True, id="an answer without lines may be of each"),
    ],
)
def test_both_must_have_paid_one_line(bring, second, is_both):
    lines = service(1), service(2, "85025", 50_00)
    bring(file_837p(claim("PCN1", *lines, other_coverages=(also(),))))
    bring(remit(answer("PCN1", PAID_1, NOT_2), trace="A1"))
    told = second if second is WHOLE else answer("PCN1", *second, number="B1")
    bring(remit(told, trace="B1", payer=BETA))

    assert ("both_primary" in [kind for kind, *_ in found()]) is is_both
