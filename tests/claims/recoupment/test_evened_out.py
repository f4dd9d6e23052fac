"""What a payer took besides is evened out by what it gives back: a check credited is no check that came back."""

from __future__ import annotations

import pytest

from claims.deposits.figures import sums_of
from claims.models import Claim, Remittance
from claims.models.recoupment import Decision
from claims.recoupment import letters, queries
from claims.recoupment.ledger_rules import check_provider_ledger
from cob.audit.acting import acting
from tests.claims.edi_samples import claim, file_837p, taken_back
from tests.claims.recoupment.money import DAY, FIRST, OTHER, accounts, balances, holds, plb, remit, sent
from workqueues.asks import recoupment as asks
from workqueues.asks.asking import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _adds_up(db):
    yield
    assert check_provider_ledger() == []
    assert {sums.rest_cents for sums in sums_of(Remittance.objects.all()).values()} <= {0}


@pytest.fixture
def demand(bring, letter):
    """Acme paid 80.00 and demands it back."""
    bring(file_837p(claim()))
    bring(remit(FIRST, trace="A1"))
    return letter()


def asked():
    return [code for each in asks.ASK.found(Scope(), DAY) for code in each.codes]


TAKEN_BESIDES = {
    "a reversal beside the letter": remit(taken_back(FIRST), OTHER, trace="E2"),
    "taken under its claim number": remit(OTHER, trace="E2", plb=[plb("WO", 80_00)]),
    "taken under the letter": remit(OTHER, trace="E2", plb=[plb("WO", 80_00, "D-1")]),
    "taken in two parts": remit(OTHER, trace="E2", plb=[plb("WO", 30_00), plb("WO", 50_00, "PCN1")]),
}


@pytest.mark.parametrize("besides", TAKEN_BESIDES.values(), ids=TAKEN_BESIDES)
@pytest.mark.parametrize("reason", ["72", "B2"])
def test_a_check_credited_for_what_was_taken_besides_is_closed(demand, bring, cast, besides, reason):
    made = sent(cast, 80_00, demand)
    bring(besides)
    bring(remit(OTHER, trace="E3", plb=[plb(reason, -80_00, "4711")]))
    made.refresh_from_db()

    assert (made.state, accounts(), balances()) == ("closed", [], (0, 0, 150_00, 0))
    assert asked() == ["demand_open"]
    demand.refresh_from_db()
    with acting(cast["pat"]):
        row = letters.decide(row=demand, decision=Decision.VALID, because="x", by=cast["pat"])
        letters.close(row=row, because="Refunded.", by=cast["pat"])
    assert "refund" not in holds().lower()


def test_in_one_remittance_too(demand, bring, cast):
    """RFI 325: the letter, the check, then a reversal with the check credited."""
    made = sent(cast, 80_00, demand)
    bring(remit(taken_back(FIRST), OTHER, trace="E2", plb=[plb("72", -80_00, "4711")]))
    made.refresh_from_db()

    assert (made.state, accounts(), Remittance.objects.get(trace="E2").paid_cents) == ("closed", [], 300_00)


@pytest.mark.parametrize(
    ("taken", "state", "left"),
    [
        pytest.param(79_99, "returned", [("D-1", 1)], id="a cent is still owed"),
        pytest.param(80_00, "closed", [], id="evened out"),
        pytest.param(80_01, "closed", [("ICN1", -1)], id="a cent too much was taken"),
    ],
)
def test_to_the_cent(demand, bring, cast, taken, state, left):
    made = sent(cast, 80_00, demand)
    bring(remit(OTHER, trace="E2", plb=[plb("WO", taken)]))
    bring(remit(OTHER, trace="E3", plb=[plb("B2", -80_00, "4711")]))
    made.refresh_from_db()

    assert (made.state, accounts()) == (state, left)


def test_a_check_that_came_back_is_no_work_once_the_money_is_taken(demand, bring, cast):
    made = sent(cast, 80_00, demand)
    bring(remit(OTHER, trace="E2", plb=[plb("B2", -80_00, "4711")]))
    assert (accounts(), "refund_returned" in asked()) == ([("D-1", 80_00)], True)
    assert list(queries.refunds_under_way(cast["pat"])) == [made]

    bring(remit(OTHER, trace="E3", plb=[plb("WO", 80_00)]))
    assert (accounts(), "refund_returned" in asked()) == ([], False)
    assert list(queries.refunds_under_way(cast["pat"])) == []


@pytest.mark.parametrize("reference", ["ICN1", "PCN1", "D-1", "icn1"])
@pytest.mark.parametrize("is_taken_first", [True, False], ids=["taken, then won", "won, then taken"])
def test_a_payer_that_took_and_lost_the_appeal_gives_it_back(demand, bring, cast, reference, is_taken_first):
    def lose():
        with acting(cast["pat"]):
            row = letters.appeal(row=demand, reference="A-1", on=DAY, by=cast["pat"])
            letters.end_appeal(row=row, result="They were wrong.", on=DAY, is_withdrawn=True)

    def take():
        bring(remit(OTHER, trace="E2", plb=[plb("WO", 80_00)]))

    for step in (take, lose) if is_taken_first else (lose, take):
        step()
    assert sum(cents for _, cents in accounts()) == -80_00
    bring(remit(OTHER, trace="E3", plb=[plb("WO", -80_00, reference)]))

    assert (accounts(), balances()) == ([], (80_00, 50_00, 0, 20_00))
    assert Claim.objects.count() == 1
