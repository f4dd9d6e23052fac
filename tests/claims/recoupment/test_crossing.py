"""What the payer sends about a payment of which a check of ours has given a part back already."""

from __future__ import annotations

import pytest
import time_machine

from claims.deposits.figures import sums_of
from claims.invariants import check
from claims.ledger_check import ledgers_of
from claims.models import Adjudication, Claim, Recoupment, Remittance
from claims.recoupment import letters
from claims.recoupment.ledger_rules import check_provider_ledger
from tests.claims.edi_samples import BETA, also, answer, claim, file_837p, service, svc
from tests.claims.recoupment.money import AS_FIRST, FIRST, accounts, balances, found, owes, remit, sent

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
