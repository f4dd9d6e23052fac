"""Money paid too much, found from real remittances; whose it is, how much, by when; and its way back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from claims.invariants import check
from claims.ledger_check import ledgers_of
from claims.models import Adjudication, Claim, ClaimPayer, Credit, ExpectedPayment, Posting, ProviderAccount, Refund
from claims.patient_billing.grounds import reasons
from claims.patient_billing.standing import standings
from claims.recoupment import credits, refunds
from claims.recoupment.ledger_rules import check_provider_ledger
from cob.audit.acting import acting
from cob.coverage.models import Payer
from cob.x12.t835 import ProviderAdjustment as Plb
from tests.claims.edi_samples import (
    ACME,
    BETA,
    MAIN_NPI,
    MEDICARE,
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
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))  # pays 80.00 of 150.00
LATER = date(2026, 4, 10)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-04-20T15:00:00Z", tick=False):
        yield


@pytest.fixture(autouse=True)
def _adds_up(_today, db):
    yield
    assert check_provider_ledger() == []
    every = list(Claim.objects.all())
    faults = [b for ledger in ledgers_of(every) for b in check(ledger) if b.rule != "10"]
    assert faults == []


def owes(cents):
    """What the second payer owes in its place is one sure sum."""
    with acting("test task"):
        ExpectedPayment.objects.create(
            claim_payer=ClaimPayer.objects.get(rank=2), low_cents=cents, high_cents=cents, paid_cents=80_00,
            difference_cents=80_00 - cents, tolerance_cents=100, because="x", answered_on=LATER,
        )  # fmt: skip


def remit(*answers, trace, payer=BETA, paid=LATER, plb=()):
    return file_835(transaction(*answers, trace=trace, payer=payer, paid=paid, plb=plb))


def two_payers(bring, second, payer=BETA):
    bring(file_837p(claim(other_coverages=(also(payer),))))
    if payer == MEDICARE:
        with acting("test task"):
            for row in ClaimPayer.objects.filter(rank=2).select_related("coverage"):
                row.coverage.kind = "medicare"
                row.coverage.save()
    bring(file_835(FIRST))
    bring(remit(second, trace="B1", payer=payer))
    found()


def found():
    """As the night finds them."""
    with acting("test task"):
        credits.look()
    rows = Credit.objects.filter(settled_on=None).order_by("kind")
    return [(r.kind, str(r.payer), r.amount_cents, r.most_cents) for r in rows]


AS_FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)), number="B1")


def test_two_payers_that_both_paid_as_first_are_found(bring):
    two_payers(bring, AS_FIRST)

    assert found() == [("both_primary", "BETA LIFE", 60_00, 80_00)]
    row = Credit.objects.get()
    assert row.because == "ACME HEALTH and BETA LIFE both paid as if they came first; BETA LIFE comes after."
    assert (row.since, row.due_on) == (LATER, None)
    assert "not confirmed" in row.clock


def test_what_the_second_owed_makes_the_refund_exact(bring):
    two_payers(bring, AS_FIRST)
    owes(20_00)

    assert found() == [("both_primary", "BETA LIFE", 60_00, 60_00)]


def test_medicare_that_paid_as_first_has_sixty_days_from_its_payment(bring):
    two_payers(bring, AS_FIRST, MEDICARE)
    owes(10_00)
    assert len(found()) == 1

    row = Credit.objects.get()
    assert (row.amount_cents, row.due_on) == (70_00, LATER + timedelta(days=60))


def test_both_as_first_is_found_even_where_the_charge_is_not_reached(bring):
    low = answer("PCN1", svc(("CO-45", 120_00), ("PR-2", 10_00)), number="B1")  # pays 20.00
    two_payers(bring, low)

    assert found()[0][:3] == ("both_primary", "BETA LIFE", 0)
    assert Claim.objects.get().insurer_open_cents == 0


@pytest.mark.parametrize(
    ("payer", "sum_", "day", "clock"),
    [
        pytest.param(MEDICARE, "$70.00 goes back", "06/09/2026", "60 days from the second payment", id="Medicare"),
        pytest.param(BETA, "$70.00 goes back", "", "not confirmed here", id="commercial"),
    ],
)
def test_the_claims_page_names_the_overpayment_and_its_clock(bring, ben, sign_in, payer, sum_, day, clock):
    two_payers(bring, AS_FIRST, payer)
    owes(10_00)
    found()

    page = sign_in(ben).get(f"/claims/{Claim.objects.get().pk}/").content.decode()

    assert "Nothing to send" not in page
    step = page.split('class="card next-step"')[1].split("</section>")[0]
    assert [word in step for word in ("Give money back", payer[1], sum_, clock, day)] == [True] * 5
    assert f"/claims/credits/{Credit.objects.get().pk}/" in step


@pytest.mark.parametrize(
    ("pays", "expected"),
    [(20_00, []), (20_01, [("above_share", "BETA LIFE", 1, 1)])],
    ids=["the share to the cent", "a cent more"],
)
def test_a_second_payer_may_pay_what_the_first_left_and_no_cent_more(bring, pays, expected):
    two_payers(bring, answer("PCN1", svc(("OA-23", 150_00 - pays)), status="2", number="B1"))

    assert found() == expected


TWICE = (("CO-45", 50_00), ("PR-2", 20_00))  # of 150.00


@pytest.mark.parametrize(
    ("first", "again", "back"),
    [
        pytest.param(TWICE, TWICE, 80_00, id="the same: all of it, the share of the patient stays"),
        pytest.param((("PR-1", 120_00),), (("PR-1", 120_00),), 30_00, id="the charge is not reached by both"),
        pytest.param(TWICE, (("CO-45", 50_00), ("PR-2", 10_00)), 80_00, id="more the second time: the first"),
        pytest.param(TWICE, (("CO-45", 50_00), ("PR-2", 30_00)), 80_00, id="less the second time: the first"),
        pytest.param((("OA-133", 120_00),), (("OA-B10", 80_00),), 0, id="the rest later"),
        pytest.param(TWICE, (("OA-18", 150_00),), 0, id="a duplicate that was refused"),
    ],
)
def test_a_service_paid_twice_by_one_payer(bring, first, again, back):
    bring(file_837p(claim()))
    bring(remit(answer("PCN1", svc(*first)), trace="E1", payer=ACME))
    with time_machine.travel("2026-04-20T15:01:00Z", tick=False):
        bring(remit(answer("PCN1", svc(*again), number="ICN7"), trace="E2", payer=ACME))

    assert found() == ([("paid_twice", "ACME HEALTH", back, back)] if back else [])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_payer_that_is_not_on_the_claim_and_paid_as_first_is_named(bring, cast, order):
    with acting(cast["pat"]):
        Payer.objects.create(name="GAMMA MUTUAL", edi_id="77777", kind="employer")
    bring(file_837p(claim()))
    files = (file_835(FIRST), remit(AS_FIRST, trace="G1", payer=("77777", "GAMMA MUTUAL")))
    for n in order:
        bring(files[n])

    assert found() == [("both_primary", "GAMMA MUTUAL", 60_00, 80_00)]
    assert "has no place on the claim" in Credit.objects.get().because
    refunded(cast, 80_00)
    assert (found(), Claim.objects.get().paid_cents, Claim.objects.get().patient_cents) == ([], 80_00, 20_00)


def test_a_claim_answered_in_two_parts_is_not_paid_twice(bring):
    bring(file_837p(claim("PCN1", service(1), service(2, "85025", 50_00))))
    other = svc(("CO-45", 10_00), code="85025", charge=50_00, number=2)
    bring(remit(answer("PCN1", svc(*TWICE)), answer("PCN1", other, number="ICN1B"), trace="E1", payer=ACME))

    assert found() == []


@pytest.mark.parametrize(
    ("high", "unconfirmed", "found_is"),
    [
        pytest.param(60_00, False, [("above_expected", "ACME HEALTH", 20_00, 20_00)], id="one sure sum"),
        pytest.param(70_00, False, [("above_expected", "ACME HEALTH", 10_00, 20_00)], id="a range: above its end"),
        pytest.param(70_00, True, [("above_expected", "ACME HEALTH", 0, 10_00)], id="an unconfirmed formula"),
        pytest.param(79_00, False, [], id="within the tolerance"),
        pytest.param(78_99, False, [("above_expected", "ACME HEALTH", 1_01, 20_00)], id="a cent beyond it"),
    ],
)
def test_more_than_its_terms_say_is_a_credit(bring, high, unconfirmed, found_is):
    bring(file_837p(claim()))
    bring(file_835(FIRST))
    above(high, unconfirmed)

    assert found() == found_is


def above(high, unconfirmed=False):
    """Of the first payer's 80.00 it owes between 60.00 and so much."""
    with acting("test task"):
        ExpectedPayment.objects.create(
            claim_payer=ClaimPayer.objects.get(rank=1), low_cents=60_00, high_cents=high, paid_cents=80_00,
            difference_cents=80_00 - high, tolerance_cents=1_00, because="x", answered_on=LATER,
            unconfirmed=unconfirmed,
        )  # fmt: skip


def test_what_was_above_its_terms_and_went_back_is_no_credit_any_more(bring, cast):
    bring(file_837p(claim()))
    bring(file_835(FIRST))
    above(60_00)
    assert len(found()) == 1

    refunded(cast, 20_00)

    assert found() == []
    row = Credit.objects.get()
    assert row.because == "ACME HEALTH paid 80.00 and owes at most 60.00 by its terms."
    assert row.settled_because == "Refunded by check 99."


def holds_of(claim):
    """Everything that holds its statement now."""
    (standing,) = standings([claim])
    return " ".join(why.because for why in reasons(standing.picture))


def test_a_credit_is_settled_when_the_payer_takes_it_back_itself(bring):
    two_payers(bring, AS_FIRST)
    assert "too much was paid" in holds_of(Claim.objects.get()).lower()
    bring(remit(taken_back(AS_FIRST), trace="B2"))
    assert found() == []

    assert Credit.objects.get().settled_because == "The ledger shows no credit any more."


def test_looking_again_changes_nothing_and_a_demand_takes_over(bring, letter):
    two_payers(bring, AS_FIRST)
    with acting("test task"):
        assert (credits.look(), credits.look()) == (1, 1)

    assert Credit.objects.count() == 1

    letter(80_00, answer=Adjudication.objects.get(remittance__trace="B1"))
    assert found() == []


def test_a_remittance_is_followed_by_a_look_at_its_claims(bring, django_capture_on_commit_callbacks):
    bring(file_837p(claim()))
    with django_capture_on_commit_callbacks(execute=True):
        bring(file_835(FIRST))
        bring(file_835(transaction(AS_FIRST, trace="E2")))

    assert list(Credit.objects.values_list("kind", "amount_cents")) == [("paid_twice", 80_00)]


def refunded(cast, cents):
    credit = Credit.objects.get(settled_on=None)
    with acting(cast["pat"]):
        made = refunds.open_for_credit(credit=credit, amount_cents=cents, because="Paid too much.", by=cast["pat"])
    with acting(cast["sol"]):
        refunds.approve(refund=made, by=cast["sol"])
    with acting(cast["pat"]):
        return refunds.send(refund=made, check_number="99", on=date(2026, 4, 20), by=cast["pat"])


def test_a_refund_lowers_what_the_payer_paid_and_settles_the_credit(bring, cast):
    two_payers(bring, AS_FIRST)
    made = refunded(cast, 60_00)

    claim_ = Claim.objects.get()
    assert (claim_.paid_cents, claim_.insurer_open_cents) == (100_00, 0)
    assert list(Posting.objects.filter(kind="refund").values_list("amount_cents", "rank")) == [(-60_00, 2)]
    account = ProviderAccount.objects.get()
    assert (account.balance_cents, [e.move for e in account.entries.order_by("posted_at")]) == (0, ["new", "refund"])
    assert (made.state, made.account) == ("sent", account)

    plb = tuple(Plb(MAIN_NPI, date(2026, 12, 31), *each) for each in (("72", "99", -60_00), ("WO", "PCN1", 60_00)))
    bring(remit(answer("PCN9", svc(charge=330_00), number="B9"), trace="B3", plb=plb))
    made.refresh_from_db()
    account.refresh_from_db()
    assert (made.state, account.balance_cents) == ("closed", 0)


@pytest.mark.parametrize(("cents", "fits"), [(80_00, True), (80_01, False)])
def test_no_more_is_refunded_than_can_be_too_much(bring, cast, cents, fits):
    two_payers(bring, AS_FIRST)
    with acting(cast["pat"]):
        if fits:
            refunds.open_for_credit(credit=Credit.objects.get(), amount_cents=cents, because="All.", by=cast["pat"])
        else:
            with pytest.raises(refunds.RefundRefused, match=r"At most 80\.00"):
                refunds.open_for_credit(credit=Credit.objects.get(), amount_cents=cents, because="All.", by=cast["pat"])


def test_two_refunds_of_one_credit_do_not_come_to_more_than_it(bring, cast):
    two_payers(bring, AS_FIRST)
    with acting(cast["pat"]):
        refunds.open_for_credit(credit=Credit.objects.get(), amount_cents=50_00, because="x", by=cast["pat"])
        with pytest.raises(refunds.RefundRefused, match=r"At most 30\.00"):
            refunds.open_for_credit(credit=Credit.objects.get(), amount_cents=30_01, because="x", by=cast["pat"])


def test_of_two_that_press_at_once_one_is_told_how_it_stands(bring, cast):
    two_payers(bring, AS_FIRST)
    made = refunded(cast, 60_00)
    with acting(cast["pat"]), pytest.raises(refunds.RefundRefused, match="It is sent by now"):
        refunds.send(refund=made, check_number="100", on=date(2026, 4, 20), by=cast["pat"])
    with acting(cast["pat"]), pytest.raises(refunds.RefundRefused, match="sent already"):
        refunds.withdraw(refund=made, because="No.")
    assert Refund.objects.count() == 1


def test_a_person_says_why_it_is_no_credit_and_it_stays_said(bring, cast):
    two_payers(bring, AS_FIRST)
    with acting(cast["pat"]):
        credits.say_no_credit(credit=Credit.objects.get(), because="Both contracts allow it.", by=cast["pat"])
        credits.look()

    assert Credit.objects.get().no_credit_because == "Both contracts allow it."
    assert "too much was paid" not in holds_of(Claim.objects.get()).lower()


def test_an_inquiry_lets_medicares_clock_stand_still(bring, cast):
    two_payers(bring, answer("PCN1", svc(("OA-23", 120_00)), status="2", number="B1"), MEDICARE)
    row = Credit.objects.get()
    assert (row.kind, row.due_on) == ("above_share", timezone.localdate() + timedelta(days=60))
    with acting(cast["pat"]):
        since = timezone.localdate()
        credits.inquire(credit=row, since=since, until=since + timedelta(days=30), kind="medicare")
    row.refresh_from_db()
    assert row.due_on == timezone.localdate() + timedelta(days=90)
    with acting("test task"):
        credits.look()
    assert Credit.objects.get().due_on == row.due_on
