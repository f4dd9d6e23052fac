"""What a payer sends after it took a part back by letter never comes on top: claim, debt and cash agree to the cent."""

from __future__ import annotations

from datetime import date

import pytest

from claims import exchange
from claims.deposits.figures import sums_of
from claims.invariants import check
from claims.ledger_check import ledgers_of
from claims.models import Adjudication, Claim, ClaimPayer, ProviderAccount, Remittance
from claims.models.undo import UndoKind
from claims.recoupment import letters
from claims.recoupment.ledger_rules import check_provider_ledger
from cob.audit.acting import acting
from cob.x12.t835 import ProviderAdjustment as Plb
from tests.claims.edi_samples import MAIN_NPI, answer, claim, file_835, file_837p, svc, taken_back, transaction

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 10)
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))  # pays 80.00 of 150.00
OTHER = answer("PCN2", svc(("CO-45", 30_00), charge=330_00), number="I2")  # pays 300.00, of a claim not on file
AS_THE_LETTER_LEFT_IT = answer("PCN1", svc(("CO-45", 80_00), ("PR-2", 20_00)))  # pays 50.00
LESS = answer("PCN1", svc(("CO-45", 90_00), ("PR-2", 20_00)))  # pays 40.00
DUPLICATE = answer("PCN1", svc(("OA-18", 150_00)))


@pytest.fixture(autouse=True)
def _adds_up(db):
    yield
    assert check_provider_ledger() == []
    assert [b for ledger in ledgers_of(list(Claim.objects.all())) for b in check(ledger) if b.rule != "10"] == []
    # Deposits: every remittance is explained to the cent.
    assert {sums.rest_cents for sums in sums_of(Remittance.objects.all()).values()} <= {0}


@pytest.fixture
def part(bring, letter):
    """Of 80.00 paid a letter takes 30.00 back: 50.00 stay paid and 30.00 are owed."""
    bring(file_837p(claim()))
    bring(file_835(FIRST))
    letter(30_00)
    assert (balances(), owed()) == ((50_00, 50_00, 30_00, 20_00), 30_00)


def remit(*answers, plb=(), trace="E2"):
    return file_835(transaction(*answers, OTHER, trace=trace, paid=DAY, plb=plb))


def wo(reference, cents):
    return Plb(MAIN_NPI, date(2026, 12, 31), "WO", reference, cents)


def balances():
    found = Claim.objects.get()
    return found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents


def owed():
    return sum(ProviderAccount.objects.values_list("balance_cents", flat=True))


def cash():
    """What all payments on file brought for claim PCN1: the checks less what they paid on the other claim."""
    paid = Adjudication.objects.exclude(control_number="PCN2").values_list("paid_cents", flat=True)
    taken = sum(row.plb_cents for row in {a.remittance for a in Adjudication.objects.select_related("remittance")})
    return sum(paid) - taken


CORRECTED = (50_00, 80_00, 0, 20_00)


@pytest.mark.parametrize(
    ("sent", "plb", "claim_is", "owed_is"),
    [
        pytest.param([taken_back(FIRST), AS_THE_LETTER_LEFT_IT], (), CORRECTED, 0, id="taken back and corrected"),
        pytest.param([AS_THE_LETTER_LEFT_IT, taken_back(FIRST)], (), CORRECTED, 0, id="the other way round"),
        pytest.param([taken_back(FIRST), LESS], (), (40_00, 90_00, 0, 20_00), 0, id="corrected to less"),
        pytest.param([taken_back(FIRST)], (), (0, 0, 150_00, 0), 0, id="taken back without a correction"),
        pytest.param([AS_THE_LETTER_LEFT_IT], (), CORRECTED, 80_00, id="paid anew, the first payment to come back"),
        pytest.param([AS_THE_LETTER_LEFT_IT], (wo("D-1", 80_00),), CORRECTED, 0, id="paid anew, the first one taken"),
        pytest.param([], (wo("D-1", 30_00),), (50_00, 50_00, 30_00, 20_00), 0, id="only taken, as it should be"),
        pytest.param([DUPLICATE], (), (50_00, 50_00, 30_00, 20_00), 30_00, id="sent twice says nothing new"),
    ],
)
def test_claim_and_debt_are_what_the_payer_last_said(part, bring, sent, plb, claim_is, owed_is):
    bring(remit(*sent, plb=plb))

    assert (balances(), owed()) == (claim_is, owed_is)
    assert cash() == claim_is[0] + owed_is


def test_after_a_correction_the_payer_has_answered_and_alone_it_is_awaited(part, bring):
    bring(remit(taken_back(FIRST)))
    assert ClaimPayer.objects.get().state == "reversed"
    bring(remit(AS_THE_LETTER_LEFT_IT, trace="E3"))

    assert (ClaimPayer.objects.get().state, balances(), owed()) == ("adjudicated", (50_00, 80_00, 0, 20_00), 0)


def test_it_says_what_became_of_the_earlier_payment(part, bring):
    bring(remit(AS_THE_LETTER_LEFT_IT))

    (row,) = Adjudication.objects.filter(remittance__trace="E2", control_number="PCN1")
    assert row.exceptions == [
        "This stands in place of what letter D-1 of 04/02/2026 left of the payer's earlier answer; the earlier payment "
        "is owed back whole."
    ]


def test_a_second_reversal_takes_nothing_more(part, bring):
    bring(remit(taken_back(FIRST)))
    bring(remit(taken_back(FIRST), trace="E3"))

    assert (balances(), owed()) == ((0, 0, 150_00, 0), 0)
    again = Adjudication.objects.get(remittance__trace="E3", control_number="PCN1")
    assert (again.posted_at, len(again.exceptions)) == (None, 1)


def test_what_took_the_place_cannot_be_undone_and_the_letter_not_given_up(part, bring, cast):
    bring(remit(AS_THE_LETTER_LEFT_IT))
    fresh = Adjudication.objects.filter(remittance__trace="E2", control_number="PCN1")
    with acting(cast["pat"]), pytest.raises(exchange.CannotUndo, match="stands in place of what a letter left"):
        exchange.undo_postings(fresh, kind=UndoKind.UNPOSTED, reason="x", by=cast["pat"])
    with acting(cast["pat"]):
        row = letters.appeal(row=Claim.objects.get().recoupments.get(), reference="A-1", on=DAY, by=cast["pat"])
        with pytest.raises(letters.LetterRefused, match="answered the claim anew"):
            letters.end_appeal(row=row, result="They were wrong.", on=DAY, is_withdrawn=True)
        letters.end_appeal(row=row, result="They were wrong.", on=DAY, is_withdrawn=False)

    assert (balances(), owed()) == ((50_00, 80_00, 0, 20_00), 80_00)
