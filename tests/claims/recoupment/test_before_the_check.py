"""A check goes out only while the money is owed: what happened meanwhile is said, and a check that came back can go
out again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from claims.invariants import check
from claims.ledger_check import ledgers_of
from claims.models import Claim, ProviderAccount
from claims.models.recoupment import Decision
from claims.recoupment import letters, queries, refunds
from claims.recoupment.ledger_rules import check_provider_ledger
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims.edi_samples import BETA, also, claim, file_837p, taken_back
from tests.claims.recoupment.money import (
    AS_FIRST,
    DAY,
    FIRST,
    OTHER,
    accounts,
    approved,
    balances,
    found,
    holds,
    opened,
    owes,
    plb,
    remit,
    send,
    sent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _adds_up(db):
    with time_machine.travel("2026-04-20T15:00:00Z", tick=False):
        yield
    assert check_provider_ledger() == []
    assert [b for ledger in ledgers_of(list(Claim.objects.all())) for b in check(ledger) if b.rule != "10"] == []


@pytest.fixture
def demand(bring, letter):
    """Acme paid 80.00 and demands it back."""
    bring(file_837p(claim()))
    bring(remit(FIRST, trace="A1"))
    return letter()


@pytest.fixture
def credit(bring):
    """Both paid 80.00 as first; between 60.00 and 80.00 is Beta's."""
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(remit(FIRST, trace="A1"))
    bring(remit(AS_FIRST, trace="B1", payer=BETA))
    assert found() == [("both_primary", "BETA LIFE", 60_00, 80_00)]


def refused(cast, made):
    """What each of the two steps that let a refund out says."""
    step = refunds.approve if made.state == "opened" else refunds.send
    more = {} if made.state == "opened" else {"check_number": "4711", "on": DAY}
    with acting(cast["sol"]), pytest.raises(refunds.RefundRefused) as said:
        step(refund=made, by=cast["sol"], **more)
    made.refresh_from_db()
    assert made.check_number == ""
    return str(said.value)


def appealed(cast, demand):
    with acting(cast["pat"]):
        return letters.appeal(row=demand, reference="A-1", on=DAY, by=cast["pat"])


def won(cast, demand):
    with acting(cast["pat"]):
        letters.end_appeal(row=appealed(cast, demand), result="They were wrong.", on=DAY, is_withdrawn=True)


def closed(cast, demand):
    with acting(cast["pat"]):
        row = letters.decide(row=demand, decision=Decision.VALID, because="x", by=cast["pat"])
        letters.close(row=row, because="Taken.", by=cast["pat"])


# --- a demand's refund ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how_far", [opened, approved], ids=["approving", "sending"])
@pytest.mark.parametrize(
    ("taken", "says"),
    [
        pytest.param(
            80_00,
            "Nothing is owed under D-1 any more (Taken: 80.00 in payment E2 of 04/10/2026). Withdraw the refund.",
            id="all of it",
        ),
        pytest.param(
            1,
            "Only 79.99 is owed under D-1 by now (Taken: 0.01 in payment E2 of 04/10/2026). Withdraw the refund, and "
            "open one of what is left.",
            id="a cent of it",
        ),
    ],
)
def test_what_the_payer_took_meanwhile_is_not_paid_again(demand, bring, cast, how_far, taken, says):
    made = how_far(cast, 80_00, demand)
    bring(remit(OTHER, trace="E2", plb=[plb("WO", taken)]))

    assert refused(cast, made) == says
    assert accounts() == ([("D-1", 80_00 - taken)] if taken < 80_00 else [])


@pytest.mark.parametrize("how_far", [opened, approved], ids=["approving", "sending"])
@pytest.mark.parametrize(
    ("happens", "says"),
    [
        pytest.param(
            appealed,
            "Demand D-1 is under appeal since 04/10/2026: nothing goes back before that is decided. Wait, or withdraw "
            "the refund.",
            id="appealed",
        ),
        pytest.param(
            won,
            "Nothing is owed under D-1 any more (Explained: 80.00 on 04/20/2026, Letter D-1 withdrawn). Withdraw the "
            "refund.",
            id="the appeal is won",
        ),
    ],
)
def test_a_demand_that_is_contested_or_given_up_is_not_paid(demand, cast, how_far, happens, says):
    made = how_far(cast, 80_00, demand)
    happens(cast, demand)

    assert refused(cast, made) == says


def test_a_closed_demand_is_not_paid(demand, bring, cast):
    made = approved(cast, 80_00, demand)
    bring(remit(OTHER, trace="E2", plb=[plb("WO", 80_00)]))
    closed(cast, demand)

    assert refused(cast, made) == "Demand D-1 is closed: Taken. Withdraw the refund."


def test_an_appeal_that_was_lost_lets_the_check_out(demand, cast):
    made = approved(cast, 80_00, demand)
    row = appealed(cast, demand)
    with acting(cast["pat"]):
        letters.end_appeal(row=row, result="They were right.", on=DAY, is_withdrawn=False)

    assert send(cast, made).state == "sent"


# --- a credit's refund ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("taken", "is_refused"), [(20_00, False), (20_01, True), (60_00, True)])
def test_what_the_payer_took_without_a_word_is_not_sent_besides(credit, bring, cast, taken, is_refused):
    made = approved(cast, 60_00)
    bring(remit(OTHER, trace="B2", payer=BETA, plb=[plb("WO", taken, "B1")]))

    if not is_refused:
        assert send(cast, made).state == "sent"
        return
    name = f"{taken // 100}.{taken % 100:02}"
    at_most = f"{(80_00 - taken) // 100}.{(80_00 - taken) % 100:02}"
    assert refused(cast, made) == (
        f"BETA LIFE took {name} under B1 for this claim already, so at most {at_most} can still go back. Withdraw the "
        "refund, and find out what it took that for."
    )


def test_no_refund_is_opened_of_what_was_taken(credit, bring, cast):
    bring(remit(OTHER, trace="B2", payer=BETA, plb=[plb("WO", 60_00, "B1")]))

    with pytest.raises(refunds.RefundRefused, match=r"At most 20\.00 .* BETA LIFE took 60\.00 under B1"):
        opened(cast, 20_01)
    assert opened(cast, 20_00).amount_cents == 20_00


def test_another_payers_taking_stands_against_nothing(credit, bring, cast):
    made = approved(cast, 60_00)
    bring(remit(OTHER, trace="A2", plb=[plb("WO", 80_00)]))

    assert send(cast, made).state == "sent"


def test_a_credit_the_payer_settled_itself_is_not_paid(credit, bring, cast):
    """Nobody has looked at the credits since its reversal came."""
    made = approved(cast, 60_00)
    bring(remit(taken_back(AS_FIRST), OTHER, trace="B2", payer=BETA))

    assert refused(cast, made) == "The credit is over: The ledger shows no credit any more. Withdraw the refund."


# --- a check that came back -------------------------------------------------------------------------------------------


@pytest.fixture
def returned(credit, bring, cast):
    owes(20_00)
    assert found() == [("both_primary", "BETA LIFE", 60_00, 60_00)]
    made = sent(cast, 60_00, check="99")
    bring(remit(OTHER, trace="B2", payer=BETA, plb=[plb("B2", -60_00, "99")]))
    made.refresh_from_db()
    assert (made.state, accounts(), balances()) == ("returned", [("PCN1", 60_00)], (100_00, 50_00, 0, 0))
    return made


def again(cast, made):
    with acting(cast["pat"]):
        return refunds.send_again(refund=made, because="The address was wrong.")


def test_it_goes_out_again_and_lowers_the_claim_once(returned, bring, cast):
    assert "refund to BETA LIFE is under way" in holds()
    made = send(cast, again(cast, returned), "100")
    assert (made.state, made.check_number, made.acknowledged_on) == ("sent", "100", None)
    assert (accounts(), balances(), found()) == ([], (100_00, 50_00, 0, 0), [])

    bring(remit(OTHER, trace="B3", payer=BETA, plb=[plb("72", -60_00, "100"), plb("WO", 60_00, "B1")]))
    made.refresh_from_db()
    assert (made.state, accounts()) == ("closed", [])


def test_a_third_time_too(returned, bring, cast):
    made = send(cast, again(cast, returned), "100")
    bring(remit(OTHER, trace="B3", payer=BETA, plb=[plb("B2", -60_00, "100")]))
    made.refresh_from_db()

    assert send(cast, again(cast, made), "100").state == "sent"
    assert accounts() == []


@pytest.mark.parametrize(
    ("taken", "goes"),
    [
        pytest.param(59_99, 1, id="only what is still owed"),
        pytest.param(60_00, None, id="nothing is owed any more"),
    ],
)
def test_it_goes_out_again_with_no_more_than_is_owed(returned, bring, cast, taken, goes):
    bring(remit(OTHER, trace="B3", payer=BETA, plb=[plb("WO", taken, "B1")]))
    if goes:
        assert again(cast, returned).amount_cents == goes
        return
    with pytest.raises(refunds.RefundRefused, match="Nothing is owed under PCN1 any more"):
        again(cast, returned)
    assert "under way" not in holds()
    assert list(queries.refunds_under_way(cast["pat"])) == []


def test_what_is_not_sent_again_after_all_stays_to_be_given_back(returned, cast):
    with acting(cast["pat"]):
        made = refunds.withdraw(refund=again(cast, returned), because="They merge; wait.")

    assert (made.state, made.acknowledged_on) == ("returned", DAY)
    assert list(queries.refunds_under_way(cast["pat"])) == [made]
    assert send(cast, again(cast, made), "100").state == "sent"


def test_a_check_that_is_out_is_not_sent_again(credit, cast):
    made = sent(cast, 60_00)
    with pytest.raises(refunds.RefundRefused, match="It is sent by now"):
        again(cast, made)


# --- the page ---------------------------------------------------------------------------------------------------------


def url(made, name="refund-page"):
    return reverse(f"claims:{name}", args=[made.pk])


def test_the_page_says_what_stands_against_it_before_anybody_presses(demand, bring, cast, sign_in):
    made, client = approved(cast, 80_00, demand), sign_in(cast["pat"])
    assert "The check went out" in client.get(url(made)).content.decode()
    bring(remit(OTHER, trace="E2", plb=[plb("WO", 80_00)]))

    page = client.get(url(made)).content.decode()
    assert "Nothing is owed under D-1 any more" in page
    assert ("The check went out" in page, "Withdraw the refund" in page) == (False, True)
    told = client.post(url(made, "refund-change"), {"do": "send", "check_number": "4711", "on": "2026-04-20"})
    assert told.status_code == 422
    assert ProviderAccount.objects.get().balance_cents == 0


def test_a_check_that_came_back_is_sent_again_from_its_page(returned, cast, sign_in):
    client = sign_in(cast["pat"])
    assert "Send it again" in client.get(url(returned)).content.decode()
    for told in (
        {"do": "again", "because": "The address was wrong."},
        {"do": "send", "check_number": "100", "on": "2026-04-20"},
    ):
        assert client.post(url(returned, "refund-change"), told).status_code == 302

    returned.refresh_from_db()
    assert (returned.state, accounts()) == ("sent", [])
    assert Event.objects.get(verb="refund goes out again").reason == "The address was wrong."


# --- its days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["credit", "demand"])
def test_a_check_is_of_no_day_before_what_it_gives_back_nor_acknowledged_before_it_went_out(cast, request, why):
    demand = request.getfixturevalue(why)
    made = approved(cast, 10_00, demand)
    since = demand.letter_on if demand else made.credit.since
    before, pat = since - timedelta(days=1), cast["pat"]
    with acting(pat), pytest.raises(refunds.RefundRefused, match=f"{since:%m/%d/%Y}; nothing of it"):
        refunds.send(refund=made, check_number="4711", on=before, by=pat)

    with acting(pat):
        out = refunds.send(refund=made, check_number="4711", on=since, by=pat)
    with acting(pat), pytest.raises(refunds.RefundRefused, match="cannot have been acknowledged before"):
        refunds.acknowledge(refund=out, letter="L-1", on=before)
