"""Expected beside paid on claims on file: the terms of the day, the difference, and what is missing to say more."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from claims import showing
from claims.expecting import Stand, refresh
from claims.expecting.shown import compared_of, expected_part
from claims.models import ExpectedPayment, ReportedAdjustment
from claims.recoupment import credits
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage.option_actions import set_option
from cob.coverage.payment_actions import BadTerms, FeeLine, read_schedule, set_contract, set_fees, set_terms
from cob.coverage.payment_terms import OnFile
from tests.factories.claims import (
    AdjudicatedLineFactory,
    AdjudicationFactory,
    ClaimFactory,
    ClaimPayerFactory,
    LineFactory,
    RemittanceFactory,
)
from tests.factories.coverage import PayerFactory
from workqueues import membership
from workqueues.models import Item
from workqueues.queues import BY_SLUG

pytestmark = pytest.mark.django_db
DAY, NEW_YEAR, LATER = date(2026, 3, 2), date(2026, 1, 1), date(2026, 3, 3)
PRIMARY = (120_00, [("CO", "45", 50_00), ("PR", "2", 30_00)])


@pytest.fixture(autouse=True)
def somebody():
    with acting("a test"):
        yield


def answered(line, payer, paid, adjustments):
    """One payer's answer on the only line of a claim."""
    remittance = RemittanceFactory(payer=payer.payer)
    answer = AdjudicationFactory(
        remittance=remittance, claim=line.claim, claim_payer=payer, charge_cents=line.charge_cents, paid_cents=paid,
        posted_at=timezone.now(),
    )  # fmt: skip
    svc = AdjudicatedLineFactory(
        adjudication=answer, line=line, charge_cents=line.charge_cents, paid_cents=paid, procedure=line.procedure
    )
    for group, reason, cents in adjustments:
        ReportedAdjustment.objects.create(adjudication=answer, line=svc, group=group, reason=reason, amount_cents=cents)
    payer.state, payer.answered_on = "adjudicated", remittance.paid_on
    payer.save()


@pytest.fixture
def claim():
    """200.00 billed; the first plan allowed 150.00 and paid 120.00, the second paid 30.00 or as told."""
    made = ClaimFactory(charge_cents=200_00)
    line = LineFactory(claim=made, charge_cents=200_00)
    first = ClaimPayerFactory(claim=made, rank=1, payer=PayerFactory(name="First Plan", kind="employer"))
    answered(line, first, *PRIMARY)

    def second(paid=30_00, kind="employer", *adjustments):
        row = ClaimPayerFactory(claim=made, rank=2, payer=PayerFactory(name="Second Plan", edi_id="SECND", kind=kind))
        echo = [("OA", "23", 200_00 - paid - sum(a[2] for a in adjustments)), *adjustments]
        answered(line, row, paid, echo)
        return row

    return made, line, second


def keep(payer, on=NEW_YEAR, **terms):
    return set_terms(payer=payer, plan_name="", terms=OnFile(**terms), effective_on=on, source="page 4", by=None)


def fees(payer, cents, on=NEW_YEAR, percent=None):
    line = FeeLine("99213", "", cents, percent)
    return set_fees(payer=payer, site=None, fees=[line], effective_on=on, source="schedule", by=None)


def test_without_terms_there_is_a_range_and_no_number_and_it_says_what_is_missing(claim):
    made, _, second = claim
    second()

    _, found = compared_of(made)

    assert (found.stand, found.low_cents, found.high_cents) == (Stand.OPEN, 0, 80_00)
    assert found.missing == ("method", "allowed", "plan_pct")
    assert "nobody has said how the plan pays behind another" in found.because


@pytest.mark.parametrize(
    ("method", "paid", "expected", "stand"),
    [
        ("standard", 30_00, 30_00, Stand.AS_EXPECTED),
        ("standard", 29_00, 30_00, Stand.AS_EXPECTED),
        ("standard", 28_99, 30_00, Stand.UNDERPAID),
        ("carve_out", 1_00, 0, Stand.AS_EXPECTED),
        ("carve_out", 1_01, 0, Stand.OVERPAID),
        ("mob", 24_00, 24_00, Stand.AS_EXPECTED),
    ],
)
def test_paid_is_held_against_the_terms_within_a_dollar(claim, method, paid, expected, stand):
    made, _, second = claim
    row = second(paid)
    keep(row.payer, method=method, plan_percent=80)
    fees(row.payer, 150_00)

    found = compared_of(made)[1]

    assert (found.low_cents, found.is_range, found.stand) == (expected, False, stand)
    assert found.difference_cents == paid - expected
    assert found.source == "page 4"
    assert found.expected.legs


def test_the_day_of_service_decides_which_terms_and_fees_hold(claim):
    made, _, second = claim
    row = second()
    keep(row.payer, method="standard", plan_percent=80)
    keep(row.payer, on=LATER, method="carve_out", plan_percent=80)
    fees(row.payer, 150_00)
    fees(row.payer, 1_00, on=LATER)

    assert compared_of(made)[1].low_cents == 30_00


def test_the_first_payer_is_held_against_our_fee(claim):
    made, _, second = claim
    second()
    first = made.payers.get(rank=1)
    fees(first.payer, 160_00)

    found = compared_of(made)[0]

    assert (found.low_cents, found.difference_cents, found.stand) == (130_00, -10_00, Stand.UNDERPAID)


def test_medicaid_and_medicare_go_by_their_own_formula(claim):
    made, _, second = claim
    row = second(0, "medicaid")
    keep(row.payer, medicaid_policy="lesser_of")
    fees(row.payer, 125_00)

    found = compared_of(made)[1]

    assert found.missing == ()
    assert (found.low_cents, found.stand) == (5_00, Stand.UNDERPAID)


def test_what_is_kept_follows_terms_and_postings_and_doing_it_again_changes_nothing(claim):
    made, _, second = claim
    row = second(20_00)
    keep(row.payer, method="standard", plan_percent=80)
    fees(row.payer, 150_00)

    assert refresh([made.pk]) == refresh([made.pk]) == 1
    kept = ExpectedPayment.objects.get(claim_payer=row)
    assert (kept.low_cents, kept.high_cents, kept.paid_cents, kept.difference_cents) == (30_00, 30_00, 20_00, -10_00)
    events = Event.objects.count()
    refresh([made.pk])
    assert Event.objects.count() == events


def test_show_claim_prints_it(claim):
    made, _, second = claim
    row = second(20_00)
    keep(row.payer, method="standard", plan_percent=80)
    fees(row.payer, 150_00)

    shown = showing.shown(made)["expected"]

    assert shown == expected_part(made)
    assert shown["payers"][1] | {"legs": [], "because": ""} == {
        "payer": row.payer.edi_id, "rank": 2, "stand": "paid too little", "paid_cents": 20_00, "expected_cents": 30_00,
        "range_cents": None, "difference_cents": -10_00, "because": "", "missing": [], "source": "page 4",
        "unconfirmed": False, "legs": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,price\n1,2", "Expected a first line that names the columns"),
        ("procedure,fee,colour\n99213,1,red", "Line 1: column “colour” is not known"),
        ("procedure,fee\n99213,1.005", "Line 2: "),
        ("procedure,fee\n99213,-1", "Line 2: a fee is not below zero"),
        ("procedure,fee\n99213,1\n99213,2", "Line 3: 99213  is on line 2 too"),
        ("procedure,fee\n99 213,1", "Line 2: expected a procedure code"),
        ("procedure,fee,modifiers\n99213,1,QWE", "Line 2: expected up to four modifiers"),
        ("procedure,fee,coinsurance_percent\n99213,1,101", "Line 2: expected the coinsurance"),
        (f"procedure,fee,coinsurance_percent\n99213,1,{'9' * 5000}", "Line 2: expected the coinsurance"),
        ("procedure,fee\n99213,1,2", "Line 2: more values than columns"),
        ("procedure,fee\n", "There is no fee under the heading"),
    ],
)
def test_a_fee_file_is_refused_with_its_line(text, said):
    with pytest.raises(BadTerms, match="^" + said.replace("(", r"\(")):
        read_schedule(text)


def test_a_fee_file_is_kept_once():
    payer = PayerFactory()
    rows = read_schedule('procedure,modifiers,fee,coinsurance_percent\n99213,,"1,100.50",20\n99213,25 gt,90,\n')
    given = {"payer": payer, "site": None, "effective_on": DAY, "source": "contract", "by": None}

    assert [set_fees(fees=rows, **given) for _ in range(2)] == [2, 0]
    assert sorted(payer.fees.values_list("modifiers", "amount_cents", "coinsurance_percent")) == [
        ("", 1_100_50, 20),
        ("25 GT", 90_00, None),
    ]


def test_what_already_holds_is_not_kept_again():
    payer = PayerFactory()
    given = {"payer": payer, "site": None, "is_in_network": True, "source": "contract", "by": None}
    set_contract(effective_on=DAY, **given)
    keep(payer, method="standard")

    with pytest.raises(BadTerms, match="already holds, since 03/02/2026"):
        set_contract(effective_on=LATER, **given)
    with pytest.raises(BadTerms, match="already holds, since 01/01/2026"):
        keep(payer, on=LATER, method="standard")
    with pytest.raises(BadTerms, match="Say where it stands"):
        set_terms(payer=payer, plan_name="", terms=OnFile(), effective_on=DAY, source=" ", by=None)


def test_an_option_of_the_practice_says_how_a_plan_pays_where_its_terms_do_not(claim):
    made, _, second = claim
    row = second()
    keep(row.payer, plan_percent=80)
    fees(row.payer, 150_00)
    given = {"name": "secondary_method", "scope": "payer", "payer": row.payer, "source": "manual", "by": None}
    set_option(value="CARVE_OUT", effective_on=NEW_YEAR, **given)

    found = compared_of(made)[1]

    assert (found.low_cents, found.is_range) == (0, False)
    assert "setting since 01/01/2026, manual" in found.source


@pytest.mark.parametrize(
    ("paid", "where", "code"),
    [
        (28_99, "appeals", "underpaid"),
        (29_00, None, ""),
        (31_00, None, ""),
        (31_01, "credit-balances", "above_expected"),
    ],
)
def test_a_difference_beyond_the_tolerance_is_work_and_ends_with_it(claim, paid, where, code):
    made, _, second = claim
    row = second(paid)
    keep(row.payer, method="standard", plan_percent=80)
    fees(row.payer, 150_00)
    refresh([made.pk])
    queues = [BY_SLUG["appeals"], BY_SLUG["credit-balances"]]
    credits.look([made.pk])
    membership.ask(queues=queues)

    open_items = Item.objects.open().filter(claim_id=made.pk)
    assert [(item.queue, item.reason_codes) for item in open_items] == ([(where, [code])] if where else [])
    keep(row.payer, method="standard", plan_percent=80, tolerance_cents=5_00)
    refresh([made.pk])
    credits.look([made.pk])
    membership.ask(queues=queues)
    assert not open_items.all().exists()


def test_the_same_number_of_queries_for_one_claim_and_for_ten(claim, queries_of):
    made, _, second = claim
    row = second()
    keep(row.payer, method="standard", plan_percent=80)
    fees(row.payer, 150_00)
    one = queries_of(lambda: refresh([made.pk]))
    ids = [made.pk]
    for number in range(3):
        other = ClaimFactory(charge_cents=200_00, control_number=f"MORE{number}", patient=made.patient)
        service = LineFactory(claim=other, charge_cents=200_00)
        for rank, payer, paid in ((1, made.payers.get(rank=1).payer, 120_00), (2, row.payer, 30_00)):
            again = ClaimPayerFactory(claim=other, rank=rank, payer=payer)
            answered(service, again, paid, PRIMARY[1] if rank == 1 else [("OA", "23", 170_00)])
        ids.append(other.pk)

    assert queries_of(lambda: refresh(ids)) == one
    assert ExpectedPayment.objects.count() == 4
