"""Recoupments and credit balances as queues: in at the fact, out at its end, and never twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from claims.models import ClaimPayer, Credit, ProviderAccount, Recoupment, Refund
from claims.recoupment import letters
from tests.factories.denials import ClaimFactory, payer_of, remittance_of
from tests.factories.patients import PatientFactory
from workqueues import actions, membership
from workqueues.models import Item, State
from workqueues.queues import BY_SLUG
from workqueues.tasks import look_again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
RECOUPMENT, CREDITS = "recoupment", "credit-balances"
DAY = date(2026, 4, 2)


def _in(slug):
    membership.ask(queues=[BY_SLUG[slug]])
    return list(Item.objects.open().filter(queue=slug))


def codes(slug):
    return [item.reason_codes for item in _in(slug)]


@pytest.fixture
def billed(main):
    claim = ClaimFactory(patient=PatientFactory(site=main), paid_cents=8000, insurer_open_cents=2000)
    return payer_of(claim, 1, "Acme Health", state="adjudicated", answered_on=DAY)


def account(billed, cents, **columns):
    fields = {"account": "owed", "reason": "WO", "reference": "ICN1", "opened_on": DAY, "moved_on": DAY}
    fields |= {"payer": billed.payer, "site": billed.claim.site, "claim": billed.claim, "balance_cents": cents}
    return ProviderAccount.objects.create(**fields | columns)


def demand(billed, **columns):
    fields = {"amount_cents": 8000, "ground": "another_payer", "reference": "D-1", "letter_on": DAY, "received_on": DAY}
    return Recoupment.objects.create(claim=billed.claim, payer=billed.payer, **fields | columns)


def credit(billed, **columns):
    fields = {
        "kind": "both_primary",
        "payer": billed.payer,
        "amount_cents": 7000,
        "most_cents": 7000,
        "because": "Both paid as first.",
        "since": DAY,
        "found_on": DAY,
    }
    return Credit.objects.create(claim=billed.claim, **fields | columns)


# --- recoupments ------------------------------------------------------------------------------------------------------


def test_a_demand_is_work_until_it_is_closed(billed):
    row = demand(billed, respond_by=timezone.localdate() + timedelta(days=20))

    (item,) = _in(RECOUPMENT)
    assert (item.subject_id, item.claim_id, item.amount_cents) == (row.pk, billed.claim_id, 8000)
    assert (item.limit_on, item.has_legal_clock) == (row.respond_by, False)
    assert item.reason == "Acme Health demands 80.00 back (letter D-1): decide whether it is valid."

    Recoupment.objects.filter(pk=row.pk).update(closed_at=timezone.now(), closed_because="Taken.")
    assert _in(RECOUPMENT) == []
    assert Item.objects.get().closed_because == "Taken."


@pytest.mark.parametrize(("days", "is_legal"), [(10, True), (11, False)])
def test_ten_days_before_the_answer_is_due_it_goes_to_compliance(billed, days, is_legal):
    demand(billed, respond_by=timezone.localdate() + timedelta(days=days))

    assert _in(RECOUPMENT)[0].has_legal_clock is is_legal


@pytest.mark.parametrize(
    ("columns", "runs"),
    [
        pytest.param({}, True, id="to decide"),
        pytest.param({"decision": "disputed"}, True, id="disputed, and the payer does not know yet"),
        pytest.param({"decision": "disputed", "appealed_on": DAY, "appeal_reference": "A-1"}, False, id="appealed"),
        pytest.param({"decision": "valid"}, False, id="valid"),
    ],
)
def test_the_day_to_answer_a_demand_runs_until_the_payer_was_answered(billed, columns, runs):
    soon = timezone.localdate() + timedelta(days=5)
    demand(billed, respond_by=soon, **columns)

    (item,) = _in(RECOUPMENT)

    assert (item.limit_on, item.has_legal_clock) == ((soon, True) if runs else (None, False))


@pytest.mark.parametrize(("days_ago", "is_legal"), [(19, False), (20, True)])
def test_a_demand_that_sets_no_day_is_due_30_days_after_its_letter(billed, days_ago, is_legal):
    letter_on = timezone.localdate() - timedelta(days=days_ago)
    demand(billed, letter_on=letter_on)

    (item,) = _in(RECOUPMENT)

    assert (item.limit_on, item.has_legal_clock) == (letter_on + timedelta(days=30), is_legal)
    assert item.reason.endswith(f"{item.limit_on:%m/%d/%Y} is 30 days from it, unconfirmed.")


@pytest.mark.parametrize(
    ("cents", "columns", "expected"),
    [
        pytest.param(-1, {}, [["unexplained_offset"]], id="a cent taken that nothing explains"),
        pytest.param(0, {}, [], id="nothing"),
        pytest.param(1, {}, [["offset_announced"]], id="an offset announced"),
        pytest.param(1, {"reason": "FB"}, [], id="a forward balance waits for the next remittance"),
        pytest.param(-1, {"reason": "FB"}, [["unexplained_offset"]], id="a forward balance nobody knew"),
        pytest.param(-1, {"account": "unexplained", "reason": "CS"}, [["read_plb"]], id="CS"),
        pytest.param(1, {"account": "interest", "reason": "L6"}, [], id="interest"),
        pytest.param(-1, {"account": "levy", "reason": "LE"}, [], id="a levy"),
    ],
)
def test_of_the_provider_ledger_only_what_somebody_must_look_into_is_work(billed, cents, columns, expected):
    account(billed, cents, **columns)

    assert codes(RECOUPMENT) == expected


def test_an_account_of_a_demand_is_the_demands_item(billed):
    demand(billed, account=account(billed, 8000))

    assert codes(RECOUPMENT) == [["demand_open"]]


def test_an_offset_leaves_when_the_account_comes_to_nothing(billed):
    row = account(billed, -8000)
    assert len(_in(RECOUPMENT)) == 1
    ProviderAccount.objects.filter(pk=row.pk).update(balance_cents=0)

    assert _in(RECOUPMENT) == []
    assert Item.objects.get().closed_because == "The ledger with the payer comes to nothing here."


@pytest.mark.parametrize(
    ("state", "expected"),
    [("reversed", [["reversed"]]), ("reopened", [["basis_gone"]]), ("adjudicated", []), ("submitted", [])],
)
def test_a_payer_that_took_its_answer_back_and_one_that_lost_its_ground_are_work(billed, state, expected):
    ClaimPayer.objects.filter(pk=billed.pk).update(state=state)

    assert codes(RECOUPMENT) == expected


def test_a_demand_speaks_for_the_payer_that_took_its_answer_back(billed):
    ClaimPayer.objects.filter(pk=billed.pk).update(state="reversed")
    demand(billed)

    assert codes(RECOUPMENT) == [["demand_open"]]


def test_a_refund_that_came_back_is_work(billed, cast):
    Refund.objects.create(
        claim=billed.claim, payer=billed.payer, amount_cents=1, because="x", state="returned", opened_by=cast["pat"]
    )

    assert codes(RECOUPMENT) == [["refund_returned"]]


def test_an_event_finds_what_the_night_finds_and_twice_is_once(billed):
    demand(billed)
    account(billed, -100, reference="X", claim=None)
    told = remittance_of(billed.payer, site=billed.claim.site)
    look_again(billed.claim)
    assert Item.objects.count() == 1
    look_again(told)
    _in(RECOUPMENT)
    _in(RECOUPMENT)

    assert Item.objects.open().count() == 2


def test_under_appeal_nothing_of_the_claim_is_written_off(billed, cast):
    demand(billed, appealed_on=DAY, appeal_reference="A-1", decision="disputed")
    (item,) = _in(RECOUPMENT)
    assert item.reason.endswith("under appeal, nothing is written off.")
    item = actions.take(item=item, by=cast["pat"])
    with pytest.raises(actions.Refused, match="under appeal: nothing is written off"):
        actions.close(item=item, code="write_off", root_cause="payer_error", because="x", by=cast["pat"])

    assert letters.under_appeal(billed.claim_id)
    assert Item.objects.get().state == State.IN_PROGRESS


# --- credits ----------------------------------------------------------------------------------------------------------


def test_a_credit_is_work_until_it_is_settled(billed):
    row = credit(billed, due_on=timezone.localdate() + timedelta(days=31))
    (item,) = _in(CREDITS)
    assert (item.subject_id, item.amount_cents, item.limit_on) == (row.pk, 7000, row.due_on)
    assert (item.reason_codes, item.has_legal_clock) == (["both_primary"], False)

    Credit.objects.filter(pk=row.pk).update(settled_on=DAY, settled_because="Refunded by check 99.")
    assert _in(CREDITS) == []
    assert Item.objects.get().closed_because == "Refunded by check 99."


@pytest.mark.parametrize(("days", "is_legal"), [(30, True), (31, False)])
def test_a_month_before_its_day_a_government_credit_goes_to_compliance(billed, days, is_legal):
    credit(billed, due_on=timezone.localdate() + timedelta(days=days))

    assert _in(CREDITS)[0].has_legal_clock is is_legal


def test_what_somebody_said_is_no_credit_is_no_work(billed):
    credit(billed, no_credit_because="Both contracts allow it.")

    assert _in(CREDITS) == []
