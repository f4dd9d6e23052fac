"""What the payer sends about a payment of which a check of ours has given a part back already."""

from __future__ import annotations

from dataclasses import replace

import pytest
import time_machine

from claims.deposits.figures import sums_of
from claims.invariants import check
from claims.ledger_check import ledgers_of
from claims.models import Adjudication, Claim, Recoupment, Remittance
from claims.recoupment import letters
from claims.recoupment.ledger_rules import check_provider_ledger
from tests.claims.edi_samples import BETA, also, answer, claim, file_837p, service, svc, taken_back
from tests.claims.recoupment.money import AS_FIRST, FIRST, OTHER, accounts, balances, found, owes, plb, remit, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _adds_up(db):
    with time_machine.travel("2026-04-20T15:00:00Z", tick=False):
        yield
    assert check_provider_ledger() == []
    assert [b for ledger in ledgers_of(list(Claim.objects.all())) for b in check(ledger) if b.rule != "10"] == []
    assert {sums.rest_cents for sums in sums_of(Remittance.objects.all()).values()} <= {0}


@pytest.fixture
def given_back(bring, cast):
    """Both paid 80.00 as first, Beta owed 20.00: 60.00 went back by check 99."""
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(remit(FIRST, trace="A1"))
    bring(remit(AS_FIRST, trace="B1", payer=BETA))
    owes(20_00)
    found()
    return sent(cast, 60_00, check="99")


# --- a letter ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("asks", "is_taken"), [(60_00, False), (20_01, False), (20_00, True), (1, True)])
def test_a_letter_that_crossed_the_check_takes_no_more_than_is_left(given_back, letter, asks, is_taken):
    told = Adjudication.objects.get(remittance__trace="B1")
    if is_taken:
        letter(asks, answer=told)
        assert (balances()[0], accounts()) == (100_00 - asks, [("D-1", asks)])
        return
    with pytest.raises(letters.LetterRefused) as said:
        letter(asks, answer=told)

    assert str(said.value).startswith(
        f"The answer paid 80.00, and 60.00 of it went back by check 99 of 04/10/2026; {asks // 100}.{asks % 100:02} "
        "cannot be taken back from the rest. Tell BETA LIFE of the check"
    )
    assert (Recoupment.objects.count(), balances()[0], accounts()) == (0, 100_00, [])


def test_a_letter_of_the_other_payer_is_taken_whole(given_back, letter):
    letter(80_00, answer=Adjudication.objects.get(remittance__trace="A1"))

    assert balances()[0] == 20_00


@pytest.mark.parametrize(("asks", "is_taken"), [(10_00, True), (10_01, False)])
def test_of_two_answers_each_has_its_own_lines_share_of_the_check(bring, letter, cast, asks, is_taken):
    """Both payers paid 80.00 and 40.00 as first, Beta by an answer for each line. Of its 120.00 a check gave 90.00
    back: 60.00 and 30.00 of the two lines."""
    small = {"code": "85025", "charge": 75_00, "number": 2}
    one, two = svc(("CO-45", 50_00), ("PR-2", 20_00)), svc(("CO-45", 25_00), ("PR-2", 10_00), **small)
    bring(file_837p(claim("PCN1", service(1), service(2, "85025", 75_00), other_coverages=(also(),))))
    bring(remit(answer("PCN1", one, two), trace="A1"))
    bring(remit(answer("PCN1", one, number="B1"), trace="B1", payer=BETA))
    bring(remit(answer("PCN1", two, number="B2"), trace="B2", payer=BETA))
    found()
    sent(cast, 90_00, check="99")

    told = Adjudication.objects.get(remittance__trace="B2")
    if is_taken:
        letter(asks, answer=told)
        assert balances()[0] == 150_00 - asks
        return
    with pytest.raises(letters.LetterRefused, match=r"paid 40\.00, and 30\.00 of it went back by check 99"):
        letter(asks, answer=told)


# --- a reversal -------------------------------------------------------------------------------------------------------

CORRECTED = answer("PCN1", svc(("OA-23", 130_00)), status="2", number="B1")  # pays the 20.00 it owed
RIGHT = (100_00, 50_00, 0, 0)
TOOK_BACK = taken_back(AS_FIRST)


def came(bring, *answers, trace="B2", plbs=()):
    bring(remit(*answers, OTHER, trace=trace, payer=BETA, plb=plbs))


@pytest.mark.parametrize("reason", ["72", "B2"])
def test_a_payer_that_corrects_what_a_check_gave_back_and_credits_it_owes_nothing(given_back, bring, reason):
    came(bring, TOOK_BACK, CORRECTED, plbs=[plb(reason, -60_00, "99")])
    given_back.refresh_from_db()

    assert (balances(), accounts(), given_back.state, found()) == (RIGHT, [], "closed", [])
    assert Remittance.objects.get(trace="B2").paid_cents == 300_00


def test_until_it_credits_the_check_it_has_the_money_twice(given_back, bring):
    came(bring, TOOK_BACK, CORRECTED)
    assert (balances(), accounts()) == (RIGHT, [("PCN1", -60_00)])

    came(bring, trace="B3", plbs=[plb("72", -60_00, "99")])
    given_back.refresh_from_db()
    assert (balances(), accounts(), given_back.state) == (RIGHT, [], "closed")


def test_announced_to_be_taken_later_and_then_set_off_against_the_check(given_back, bring):
    came(bring, TOOK_BACK, CORRECTED, plbs=[plb("WO", -60_00, "B1")])
    assert (balances(), accounts()) == (RIGHT, [])

    came(bring, trace="B3", plbs=[plb("72", -60_00, "99"), plb("WO", 60_00, "B1")])
    given_back.refresh_from_db()
    assert (balances(), accounts(), given_back.state) == (RIGHT, [], "closed")


def test_taken_back_without_a_correction_the_claim_has_only_the_first_payment(given_back, bring):
    came(bring, TOOK_BACK, plbs=[plb("72", -60_00, "99")])
    assert (balances()[0], accounts()) == (80_00, [])

    came(bring, CORRECTED, trace="B3")
    assert (balances(), accounts(), found()) == (RIGHT, [], [])


def test_after_the_check_was_acknowledged_the_reversal_takes_it_twice(given_back, bring):
    came(bring, plbs=[plb("72", -60_00, "99"), plb("WO", 60_00, "B1")])
    came(bring, TOOK_BACK, CORRECTED, trace="B3")

    assert (balances(), accounts()) == (RIGHT, [("PCN1", -60_00)])


def test_a_check_that_came_back_before_is_paid_by_the_reversal(given_back, bring):
    came(bring, plbs=[plb("B2", -60_00, "99")])
    assert accounts() == [("PCN1", 60_00)]
    came(bring, TOOK_BACK, CORRECTED, trace="B3")

    assert (balances(), accounts()) == (RIGHT, [])


def test_the_other_payers_reversal_leaves_the_refund_alone(given_back, bring):
    bring(remit(taken_back(FIRST), OTHER, trace="A2"))

    assert (balances()[0], accounts()) == (20_00, [])


@pytest.mark.parametrize("credited", [59_99, 60_00])
def test_to_the_cent_the_check_is_credited(given_back, bring, credited):
    came(bring, TOOK_BACK, CORRECTED, plbs=[plb("72", -credited, "99")])
    given_back.refresh_from_db()

    assert (balances(), given_back.state) == (RIGHT, "closed")
    assert accounts() == ([("PCN1", credited - 60_00)] if credited < 60_00 else [])


def test_one_of_two_payments_taken_back_takes_the_refund_of_it(bring, cast):
    """Beta paid the same twice, a check gave one back, and Beta takes that one back itself."""
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(remit(AS_FIRST, trace="B0", payer=BETA))
    bring(remit(replace(AS_FIRST, payer_control_number="B9"), trace="B1", payer=BETA))
    assert found() == [("paid_twice", "BETA LIFE", 80_00, 80_00)]
    sent(cast, 80_00, check="99")
    before = balances()
    came(bring, taken_back(replace(AS_FIRST, payer_control_number="B9")), plbs=[plb("72", -80_00, "99")])

    assert (balances(), accounts(), found()) == (before, [], [])
    assert before[0] == 80_00
