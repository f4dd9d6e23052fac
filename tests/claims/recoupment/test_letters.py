"""A demand by letter: what it posts, in whole and in part, decided, appealed, withdrawn, closed."""

from __future__ import annotations

from datetime import date

import pytest

from claims import actions
from claims.deposits.figures import sums_of
from claims.invariants import check
from claims.ledger_check import ledgers_of
from claims.models import Adjudication, Claim, ClaimPayer, Posting, ProviderAccount, Recoupment, Remittance
from claims.models.recoupment import Decision
from claims.models.undo import UndoKind
from claims.recoupment import letters, refunds
from claims.recoupment.ledger_rules import check_provider_ledger
from claims.showing import shown
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.x12.t835 import ProviderAdjustment as Plb
from tests.claims.edi_samples import (
    BETA,
    MAIN_NPI,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    service,
    svc,
    taken_back,
    transaction,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 10)
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))
OTHER = answer("PCN2", svc(("CO-45", 30_00), charge=330_00), number="I2")  # of a claim that is not on file


@pytest.fixture(autouse=True)
def _adds_up(db):
    yield
    assert check_provider_ledger() == []
    assert [b for ledger in ledgers_of(list(Claim.objects.all())) for b in check(ledger) if b.rule != "10"] == []
    # Deposits: every remittance is explained to the cent.
    assert {sums.rest_cents for sums in sums_of(Remittance.objects.all()).values()} <= {0}


@pytest.fixture
def one(bring):
    bring(file_837p(claim()))
    bring(file_835(FIRST))


def balances():
    found = Claim.objects.get()
    return found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents


def test_it_mirrors_every_row_and_names_the_originals(one, letter, cast):
    row = letter()

    mirrors = Posting.objects.filter(kind="reversal").select_related("reverses")
    assert {(m.amount_cents, m.reverses.adjudication_id) for m in mirrors} == {
        (-80_00, row.answer_id), (-50_00, row.answer_id), (-20_00, row.answer_id),
    }  # fmt: skip
    assert {m.note for m in mirrors} == {"Letter D-1 of 04/02/2026"}
    with row.letter.open("rb") as kept:
        assert kept.read() == b"%PDF-1.4 a letter"
    assert (row.letter_name, row.by) == ("demand.pdf", cast["pat"])
    assert Event.objects.filter(verb="demand entered", subject_type="claims.recoupment").exists()


def test_a_part_demanded_leaves_the_rest_paid(bring, letter):
    bring(file_837p(claim("PCN1", service(1, cents=100_00), service(2, "99214", cents=50_00))))
    bring(file_835(answer("PCN1", svc(("CO-45", 40_00), charge=100_00), svc(charge=50_00, code="99214", number=2))))
    assert balances() == (110_00, 40_00, 0, 0)
    letter(11_00)

    assert balances() == (99_00, 40_00, 11_00, 0)
    assert ProviderAccount.objects.get().balance_cents == 11_00
    assert ClaimPayer.objects.get().state == "adjudicated"
    assert shown(Claim.objects.get())["statement"]["held"]
    assert [row.amount_cents for row in Posting.objects.filter(kind="payment", reversal=None)] == [54_00, 45_00]


def test_more_than_was_paid_is_refused(one, letter):
    with pytest.raises(letters.LetterRefused, match=r"The answer paid 80\.00"):
        letter(80_01)
    assert (Recoupment.objects.count(), balances()) == (0, (80_00, 50_00, 0, 20_00))


def test_the_same_letter_twice_says_who_entered_it(one, letter):
    letter()
    with pytest.raises(letters.LetterRefused, match="on file already, entered by Pat Price"):
        letter(answer=Adjudication.objects.get())


def test_an_answer_is_taken_back_by_one_letter_only(one, letter):
    letter()
    with pytest.raises(letters.LetterRefused, match="taken back already"):
        letter(reference="D-2")


def test_a_letter_that_explains_an_offset_brings_the_account_to_nothing(one, letter, bring):
    plb = (Plb(MAIN_NPI, date(2026, 12, 31), "WO", "PCN1", 80_00),)
    bring(file_835(transaction(OTHER, trace="E2", paid=DAY, plb=plb)))
    assert ProviderAccount.objects.get().balance_cents == -80_00
    row = letter()

    assert (row.account.reference, ProviderAccount.objects.get().balance_cents) == ("PCN1", 0)


def test_a_letter_about_a_reversal_that_came_owes_nothing_twice(one, letter, bring):
    plb = (Plb(MAIN_NPI, date(2026, 12, 31), "WO", "ICN1", -80_00),)
    other = OTHER
    bring(file_835(transaction(taken_back(FIRST), other, trace="E2", paid=DAY, plb=plb)))
    with pytest.raises(letters.LetterRefused, match="taken back already"):
        letter(answer=Adjudication.objects.get(remittance__trace="EFT1"))


def test_an_answer_that_somebody_took_off_meanwhile_has_nothing_to_take_back(one, letter, cast):
    row = Adjudication.objects.get()
    with acting(cast["pat"]):
        actions.undo_answer(adjudication=row, kind=UndoKind.UNPOSTED, reason="Typed wrongly", by=cast["pat"])
    with pytest.raises(letters.LetterRefused, match="not posted to this claim any more"):
        letter(answer=row)

    assert not ProviderAccount.objects.exists()


def test_it_is_closed_only_decided_and_settled(one, letter, bring, cast):
    row = letter()
    with acting(cast["pat"]):
        with pytest.raises(letters.LetterRefused, match="whether the demand is valid"):
            letters.close(row=row, because="x", by=cast["pat"])
        row = letters.decide(row=row, decision=Decision.VALID, because="The other plan is first.", by=cast["pat"])
        with pytest.raises(letters.LetterRefused, match=r"80\.00 is still owed"):
            letters.close(row=row, because="x", by=cast["pat"])
    plb = (Plb(MAIN_NPI, date(2026, 12, 31), "WO", "D-1", 80_00),)
    bring(file_835(transaction(OTHER, trace="E2", paid=DAY, plb=plb)))
    row = Recoupment.objects.select_related("account").get()
    with acting(cast["pat"]):
        letters.close(row=row, because="Taken on 04/10/2026.", by=cast["pat"])
    assert Recoupment.objects.get().closed_by == cast["pat"]


def test_of_two_that_decide_at_once_the_second_is_told_who_did(one, letter, cast):
    row, stale = letter(), Recoupment.objects.get()
    with acting(cast["pat"]):
        letters.decide(row=row, decision=Decision.VALID, because="x", by=cast["pat"])
    with acting(cast["sol"]), pytest.raises(letters.LetterRefused, match="Pat Price changed it"):
        letters.decide(row=stale, decision=Decision.DISPUTED, because="y", by=cast["sol"])


def test_an_appeal_stops_refund_and_closing_and_a_withdrawn_demand_is_undone(one, letter, cast):
    row = letter()
    with acting(cast["pat"]):
        row = letters.appeal(row=row, reference="A-1", on=DAY, by=cast["pat"])
        assert letters.under_appeal(row.claim_id) == row
        with pytest.raises(letters.LetterRefused, match="under appeal"):
            letters.close(row=row, because="x", by=cast["pat"])
        with pytest.raises(refunds.RefundRefused, match="under appeal"):
            refunds.open_for_demand(recoupment=row, amount_cents=1, because="x", by=cast["pat"])
        letters.end_appeal(row=row, result="They were wrong.", on=DAY, is_withdrawn=True)

    assert balances() == (80_00, 50_00, 0, 20_00)
    assert (ClaimPayer.objects.get().state, ProviderAccount.objects.get().balance_cents) == ("adjudicated", 0)
    assert letters.under_appeal(row.claim_id) is None


def test_a_withdrawn_demand_puts_back_what_stood_and_not_what_was_posted_anew_before(main, letter, cast, bring):
    """The second payer answered first, so its answer was posted anew behind the first one's."""
    bring(file_837p(claim("PCN1", other_coverages=(also(),))))
    bring(file_835(transaction(answer("PCN1", svc(("CO-45", 130_00)), status="2"), payer=BETA, trace="S1")))
    bring(file_835(transaction(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)), number="A1"), trace="P1")))
    before = balances()
    row = letter(20_00, answer=Adjudication.objects.get(status="2"))
    with acting(cast["pat"]):
        letters.appeal(row=row, reference="A-1", on=DAY, by=cast["pat"])
        letters.end_appeal(row=Recoupment.objects.get(), result="Wrong.", on=DAY, is_withdrawn=True)

    assert balances() == before == (100_00, 50_00, 0, 0)


@pytest.mark.parametrize("part", [80_00, 30_00], ids=["whole", "part"])
def test_after_a_withdrawn_demand_a_real_reversal_posts(one, letter, cast, bring, part):
    row = letter(part)
    with acting(cast["pat"]):
        letters.appeal(row=row, reference="A-1", on=DAY, by=cast["pat"])
        letters.end_appeal(row=Recoupment.objects.get(), result="Wrong.", on=DAY, is_withdrawn=True)
    bring(file_835(transaction(taken_back(FIRST), OTHER, trace="E2", paid=DAY)))

    assert balances() == (0, 0, 150_00, 0)
