"""Money taken back, event by event, through real remittances: the claim's balance and the provider's ledger."""

from __future__ import annotations

from datetime import date

import pytest

from claims.exchange.later import match_later
from claims.models import (
    Adjudication,
    Claim,
    ClaimPayer,
    ProviderAccount,
    ProviderAdjustment,
    ProviderEntry,
    Refund,
    Remittance,
)
from claims.models.recoupment import RefundState
from claims.recoupment import refunds
from claims.recoupment.ledger_rules import check_provider_ledger, provider_ledger_adds_up
from claims.recoupment.provider_ledger import post_adjustments, post_missed
from claims.recoupment.reopening import NotReopened, keep_answer
from claims.showing import shown
from cob.audit.acting import acting
from cob.x12.t835 import ProviderAdjustment as Plb
from tests.claims.edi_samples import (
    BETA,
    MAIN_NPI,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
    taken_back,
    transaction,
)

pytestmark = pytest.mark.django_db
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))  # pays 80.00 of 150.00
BETTER = answer("PCN1", svc(("CO-45", 60_00), ("PR-2", 20_00)), number="ICN2")  # pays 70.00
OTHER = answer("PCN2", svc(("CO-45", 30_00), charge=330_00), number="ICN9")  # pays 300.00
SECOND = answer("PCN1", svc(("OA-23", 130_00)), status="2", number="B1")  # pays the 20.00 that was left


def plb(reason, cents, reference="ICN1"):
    return Plb(MAIN_NPI, date(2026, 12, 31), reason, reference, cents)


def remit(*answers, trace, paid=date(2026, 4, 10), plb=(), payer=("55555", "ACME HEALTH")):
    return file_835(transaction(*answers, trace=trace, paid=paid, plb=plb, payer=payer))


def balances(control="PCN1"):
    found = Claim.objects.get(control_number=control)
    return found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents


def states():
    return list(
        ClaimPayer.objects.filter(claim__control_number="PCN1").order_by("rank").values_list("state", flat=True)
    )


def accounts():
    rows = ProviderAccount.objects.exclude(balance_cents=0).order_by("account", "reference")
    return [(row.account, row.reference, row.balance_cents) for row in rows]


def paid(trace):
    return Remittance.objects.get(trace=trace).paid_cents


def held(control="PCN1"):
    return shown(Claim.objects.get(control_number=control))["statement"]


@pytest.fixture(autouse=True)
def _adds_up(db):
    yield
    assert check_provider_ledger() == []


@pytest.fixture
def one(bring):
    """A claim Acme has paid, and another one open."""
    bring(file_837p(claim("PCN1"), claim("PCN2", number_of_cents(330_00))))
    bring(file_835(FIRST))


def number_of_cents(cents):
    from tests.claims.edi_samples import service

    return service(cents=cents)


@pytest.fixture
def two(bring):
    """A claim both payers have paid: 80.00 and 20.00."""
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(file_835(FIRST))
    bring(remit(SECOND, trace="BETA1", payer=BETA))
    assert states() == ["adjudicated", "adjudicated"]
    assert balances() == (100_00, 50_00, 0, 0)


# --- 22 with and without its correction -------------------------------------------------------------------------------


def test_a_reversal_with_its_correction_nets_to_the_change(one, bring):
    bring(remit(taken_back(FIRST), BETTER, OTHER, trace="EFT2"))

    assert (balances(), states()) == ((70_00, 60_00, 0, 20_00), ["adjudicated"])
    assert (paid("EFT2"), accounts()) == (290_00, [])
    assert not held()["held"]


def test_a_reversal_alone_awaits_its_correction_and_holds_the_statement(one, bring):
    bring(remit(taken_back(FIRST), OTHER, trace="EFT2"))

    assert (balances(), states()) == ((0, 0, 150_00, 0), ["reversed"])
    assert (paid("EFT2"), accounts()) == (220_00, [])
    why = "ACME HEALTH took its answer back, and the corrected one is not here."
    assert held() == {"held": True, "because": why}
    assert "the corrected one is awaited" in shown(Claim.objects.get(control_number="PCN1"))["next"]["because"]


def test_reversed_now_and_recovered_later_is_owed_until_it_is_taken(one, bring):
    """RFI 227: 580.00 of claims less a reversal of 80.00 and a WO of −80.00, then a WO of 80.00 against 300.00."""
    more = answer("PCN3", svc(charge=500_00), number="ICN8")
    bring(remit(taken_back(FIRST), more, trace="EFT2", plb=(plb("WO", -80_00),)))
    assert (paid("EFT2"), balances()) == (500_00, (0, 0, 150_00, 0))
    assert accounts() == [("owed", "ICN1", 80_00)]
    assert ProviderAccount.objects.get().claim.control_number == "PCN1"

    bring(remit(OTHER, trace="EFT3", plb=(plb("WO", 80_00, "PCN1"),)))
    assert (paid("EFT3"), accounts()) == (220_00, [])
    assert ProviderEntry.objects.get(move="applied").remittance.trace == "EFT3"


def test_a_recovery_nothing_explains_stays_below_zero(one, bring):
    bring(remit(OTHER, trace="EFT2", plb=(plb("WO", 80_00),)))

    assert accounts() == [("owed", "ICN1", -80_00)]
    assert balances() == (80_00, 50_00, 0, 20_00)


# --- FB ---------------------------------------------------------------------------------------------------------------


def test_a_forward_balance_is_kept_over_later_remittances(one, bring):
    big = answer("PCN2", svc(("CO-45", 30_00), charge=330_00), number="ICN9")
    bring(remit(big, trace="EFT2"))
    bring(remit(taken_back(big), answer("PCN4", svc(charge=100_00), number="I4"), trace="EFT3"))
    assert (paid("EFT3"), accounts()) == (0, [("owed", "FBEFT3", 200_00)])

    forward = (plb("FB", 200_00, "FBEFT3"), plb("FB", -80_00, "FBEFT4"))
    bring(remit(answer("PCN5", svc(charge=120_00), number="I5"), trace="EFT4", plb=forward))
    assert (paid("EFT4"), accounts()) == (0, [("owed", "FBEFT4", 80_00)])

    last = (plb("FB", 80_00, "FBEFT4"),)
    bring(remit(answer("PCN6", svc(charge=90_00), number="I6"), trace="EFT5", plb=last))
    assert (paid("EFT5"), accounts()) == (10_00, [])


# --- the others -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "cents", "account", "left"),
    [
        ("L6", -5_00, "interest", 5_00),
        ("L6", 5_00, "interest", -5_00),
        ("CS", 5_00, "unexplained", -5_00),
        ("LE", 5_00, "levy", -5_00),
        ("IR", 5_00, "withholding", -5_00),
        ("WU", 5_00, "medicare_penalty", -5_00),
        ("J1", 5_00, "not_payable", -5_00),
        ("50", 5_00, "penalty", -5_00),
        ("51", 5_00, "penalty", -5_00),
        ("AP", -5_00, "advance", 5_00),
        ("Q7", 5_00, "unexplained", -5_00),
    ],
)
def test_what_is_no_recoupment_touches_neither_claim_nor_patient(one, bring, reason, cents, account, left):
    before = balances()
    bring(remit(OTHER, trace="EFT2", plb=(plb(reason, cents, "PCN1"),)))

    assert accounts() == [(account, "PCN1", left)]
    assert (paid("EFT2"), balances()) == (300_00 - cents, before)


@pytest.fixture
def sent(one, letter, cast):
    """A demand of 80.00, refunded by check 4711 that another person approved."""
    demand = letter()
    with acting(cast["pat"]):
        made = refunds.open_for_demand(recoupment=demand, amount_cents=80_00, because="Valid.", by=cast["pat"])
    with acting(cast["sol"]):
        refunds.approve(refund=made, by=cast["sol"])
    with acting(cast["pat"]):
        return refunds.send(refund=made, check_number="4711", on=date(2026, 4, 8), by=cast["pat"])


@pytest.mark.parametrize("reference", ["4711", "CHECK 4711", ""], ids=["number", "in words", "by amount"])
def test_our_refund_is_acknowledged_without_money(sent, bring, reference):
    """RFI 1385: 72 of −80.00 and WO of 80.00 beside 300.00: 300.00 is paid."""
    bring(remit(OTHER, trace="EFT2", plb=(plb("72", -80_00, reference), plb("WO", 80_00, "ICN1"))))

    sent.refresh_from_db()
    assert (paid("EFT2"), accounts(), sent.state) == (300_00, [], RefundState.CLOSED)
    assert (sent.acknowledged_in.trace, sent.acknowledged_on) == ("EFT2", date(2026, 4, 10))


def test_a_check_nobody_asked_for_comes_back_by_its_number(sent, bring):
    bring(remit(OTHER, trace="EFT2", plb=(plb("B2", -80_00, "4711"),)))

    sent.refresh_from_db()
    assert (paid("EFT2"), sent.state) == (380_00, RefundState.RETURNED)
    assert accounts() == [("owed", "D-1", 80_00)]


def test_checks_that_were_never_recorded_clear_a_forward_balance(one, bring):
    back = (plb("FB", -1_100_00, "FB1"), plb("72", 1_100_00, "X"))
    bring(remit(OTHER, trace="EFT2", plb=back))
    bring(remit(trace="EFT3", plb=(plb("FB", 1_100_00, "FB1"), plb("72", -100_00, "C1"), plb("72", -1_000_00, "C2"))))

    assert paid("EFT3") == 0
    assert ProviderAccount.objects.get(reference="FB1").balance_cents == 0


# --- letters ----------------------------------------------------------------------------------------------------------


def test_a_letter_posts_the_reversal_and_later_only_the_plb_comes(one, letter, bring):
    letter()
    assert (balances(), states(), accounts()) == ((0, 0, 150_00, 0), ["reversed"], [("owed", "D-1", 80_00)])

    bring(remit(OTHER, trace="EFT2", plb=(plb("WO", 80_00, "ICN1"),)))
    assert (paid("EFT2"), accounts()) == (220_00, [])


def test_a_reversal_besides_the_letter_is_a_duplicate_and_says_so(one, letter, bring):
    letter()
    result = bring(remit(taken_back(FIRST), OTHER, trace="EFT2"))

    (exception,) = result["transactions"][0]["exceptions"]
    assert exception["why"] == (
        "Letter D-1 of 04/02/2026 took this back already; the reversal is a duplicate and was not posted again."
    )
    assert balances() == (0, 0, 150_00, 0)
    # This payment was lowered by the reversal, so the debt of the letter is paid by it.
    assert (paid("EFT2"), accounts()) == (220_00, [])

    bring(remit(answer("PCN5", svc(charge=100_00), number="I5"), trace="EFT3", plb=(plb("WO", 80_00, "PCN1"),)))
    assert accounts() == [("owed", "PCN1", -80_00)], "taken twice"


def test_a_duplicate_matched_later_does_the_same(one, letter, bring, cast):
    letter()
    away = taken_back(FIRST, control_number="UNKNOWN", payer_control_number="?")
    bring(remit(away, OTHER, trace="EFT2"))
    row = Adjudication.objects.get(status="22")
    if row.claim_id is None:
        with acting(cast["pat"]):
            match_later(row, Claim.objects.get(control_number="PCN1"), cast["pat"])

    assert (balances(), accounts()) == ((0, 0, 150_00, 0), [])


# --- later payers -----------------------------------------------------------------------------------------------------


def test_an_earlier_payer_that_reverses_reopens_the_later_one(two, bring):
    bring(remit(taken_back(FIRST), OTHER, trace="EFT2"))

    assert states() == ["reversed", "reopened"]
    assert balances() == (20_00, 0, 130_00, 0)
    assert held()["held"]

    bring(remit(BETTER, trace="EFT3"))
    step = shown(Claim.objects.get(control_number="PCN1"))["next"]
    assert states() == ["adjudicated", "reopened"]
    assert (step["action"], step["rank"]) == ("submit", 2)
    assert held()["because"].endswith("has answered on what a payer before it has taken back since.")
    assert balances()[3] == 0


@pytest.mark.parametrize(
    ("correction", "state"), [(FIRST, "adjudicated"), (BETTER, "reopened")], ids=["the same again", "another amount"]
)
@pytest.mark.parametrize("together", [True, False], ids=["in one remittance", "in two"])
def test_a_later_payer_stays_open_unless_the_same_is_said_again(two, bring, correction, state, together):
    if together:
        bring(remit(taken_back(FIRST), correction, OTHER, trace="EFT2"))
    else:
        bring(remit(taken_back(FIRST), OTHER, trace="EFT2"))
        bring(remit(correction, trace="EFT3"))

    assert states() == ["adjudicated", state]


def test_a_letter_reopens_later_payers_too(two, letter):
    letter(80_00, answer=Adjudication.objects.get(remittance__trace="EFT1"))

    assert states() == ["reversed", "reopened"]


def test_a_person_says_that_a_later_answer_stays_and_the_second_is_told(two, bring, cast):
    bring(remit(taken_back(FIRST), BETTER, OTHER, trace="EFT2"))
    row = ClaimPayer.objects.get(claim__control_number="PCN1", rank=2)
    with acting(cast["ben"]):
        keep_answer(payer=row, because="It pays its own 20.00 in any case.", by=cast["ben"])
    assert states() == ["adjudicated", "adjudicated"]

    with acting(cast["ben"]), pytest.raises(NotReopened, match="answered"):
        keep_answer(payer=row, because="Again.", by=cast["ben"])


# --- held to it -------------------------------------------------------------------------------------------------------


def test_a_remittance_posts_its_adjustments_once(one, bring):
    data = remit(OTHER, trace="EFT2", plb=(plb("WO", 80_00), plb("L6", -1_00)))
    bring(data)
    bring(data, name="again.835")
    before = ProviderEntry.objects.count()
    with acting("test task"):
        post_adjustments(Remittance.objects.get(trace="EFT2"))

    assert ProviderEntry.objects.count() == before == 2


def test_what_came_in_before_there_was_a_ledger_is_posted_at_night(one):
    row = Remittance.objects.get()
    with acting("test task"):
        ProviderAdjustment.objects.create(
            remittance=row, reason="L6", period_on=row.paid_on, amount_cents=-5_00, provider=MAIN_NPI
        )
        assert [broken.rule for broken in check_provider_ledger()] == ["15"]
        assert (post_missed(), post_missed()) == (1, 0)

    assert accounts() == [("interest", "", 5_00)]


def test_a_closing_that_is_not_what_the_rows_make_is_named(one, bring):
    bring(remit(OTHER, trace="EFT2", plb=(plb("WO", -80_00),)))
    row = ProviderAccount.objects.get()
    with acting("test task"):
        ProviderAccount.objects.filter(pk=row.pk).update(balance_cents=79_99)
    every = ProviderAccount.objects.all(), ProviderEntry.objects.all(), ProviderAdjustment.objects.all()

    (broken,) = provider_ledger_adds_up(*every)
    assert (broken.rule, broken.why) == ("15", "Account ICN1: 79.99 stands, 80.00 is due.")
    with acting("test task"):
        ProviderAccount.objects.filter(pk=row.pk).update(balance_cents=80_00)


def test_a_row_of_the_provider_ledger_is_never_changed(one, bring):
    from django.db import DatabaseError, transaction

    bring(remit(OTHER, trace="EFT2", plb=(plb("WO", -80_00),)))
    with acting("test task"), pytest.raises(DatabaseError), transaction.atomic():
        ProviderEntry.objects.update(amount_cents=1)


def test_nobody_approves_the_refund_they_opened(one, letter, cast):
    demand = letter()
    with acting(cast["sol"]):
        made = refunds.open_for_demand(recoupment=demand, amount_cents=80_00, because="Valid.", by=cast["sol"])
        with pytest.raises(refunds.RefundRefused, match="Somebody else"):
            refunds.approve(refund=made, by=cast["sol"])
    assert Refund.objects.get().state == RefundState.OPENED
