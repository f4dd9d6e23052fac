"""A refund of a claim of several lines lies where too much was paid, not on what was right."""

from __future__ import annotations

import pytest
import time_machine

from claims.invariants import check
from claims.ledger_check import ledgers_of
from claims.models import Claim, Posting
from claims.recoupment.claim_rows import _over_lines
from tests.claims.edi_samples import BETA, also, answer, claim, file_837p, service, svc
from tests.claims.recoupment.money import balances, found, remit, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel("2026-04-20T15:00:00Z", tick=False):
        yield


def test_it_goes_back_on_the_line_that_is_too_much(bring, cast):
    """BETA pays what was left of line 1, and 20 more than was left of line 2."""
    bring(
        file_837p(claim("PCN1", service(1, cents=100_00), service(2, "99214", cents=50_00), other_coverages=(also(),)))
    )
    first = svc(("PR-2", 20_00), charge=100_00), svc(("PR-2", 10_00), code="99214", charge=50_00, number=2)
    bring(remit(answer("PCN1", *first), trace="A1"))
    second = svc(("OA-23", 80_00), charge=100_00), svc(("OA-23", 20_00), code="99214", charge=50_00, number=2)
    bring(remit(answer("PCN1", *second, status="2"), trace="B1", payer=BETA))
    assert [(who, cents) for _, who, cents, _ in found()] == [("BETA LIFE", 20_00)]
    sent(cast, 20_00)

    assert [(row.line.number, row.amount_cents) for row in Posting.objects.filter(kind="refund")] == [(2, -20_00)]
    assert balances() == (150_00, 0, 0, 0)
    assert [broken for ledger in ledgers_of(list(Claim.objects.all())) for broken in check(ledger)] == []


@pytest.mark.parametrize(
    ("cents", "first", "most", "shares"),
    [
        pytest.param(20_00, [0, 20_00], [20_00, 30_00], [0, 20_00], id="where it is too much"),
        pytest.param(20_01, [0, 20_00], [20_00, 30_00], [1, 20_00], id="a cent more: by what is left of what was paid"),
        pytest.param(19_99, [10_00, 10_00], [20_00, 30_00], [10_00, 9_99], id="less: in proportion"),
        pytest.param(50_00, [0, 0], [20_00, 30_00], [20_00, 30_00], id="nowhere too much: by what was paid"),
        pytest.param(1, [0, 0], [20_00, 30_00], [0, 1], id="a cent"),
    ],
)
def test_over_lines(cents, first, most, shares):
    assert _over_lines(cents, first, most) == shares
