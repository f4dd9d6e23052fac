"""Payers that show another order, and claims that went out in another one, are work; agreeing or acting ends it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from claims.models import Claim, ClaimPayer
from cob.audit import subscribers
from cob.audit.models import record
from cob.coverage.models import Coverage, Determination, Verification
from tests.factories.denials import ClaimFactory
from tests.factories.workqueues import two_coverages
from workqueues import ladder, membership
from workqueues.asks.asking import EVERYTHING, about
from workqueues.asks.determination import ASK
from workqueues.models import Escalation, Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
QUEUE = "cob-determination"


def order_on_file(patient, coverages, *, day=None, status="determined"):
    ids = [str(one.pk) for one in coverages]
    day = day or timezone.localdate()
    row = Determination.objects.create(
        patient=patient, service_on=day, case={}, status=status, rules_version="t",
        verdict={"status": status, "order": ids, "ties": [], "branches": []},
        supersedes=Determination.objects.current().filter(patient=patient, service_on=day).first(),
    )  # fmt: skip
    for rank, one in enumerate(coverages, start=1):
        row.ranks.create(coverage=one, rank=rank, rule="R", because="")
    return row


@pytest.fixture
def patient(main):
    found = two_coverages(main)
    found.first, found.second = Coverage.objects.filter(patient=found).order_by("payer__name")
    order_on_file(found, [found.first, found.second])
    return found


def say(coverage, *, place=None, says="agrees", days=0, has_all=None, **more):
    day = timezone.localdate()
    return Verification.objects.create(
        patient=coverage.patient, coverage=coverage, first_day=day - timedelta(days=400), says=says,
        own_position=place, method="call", reference="C-1", said_on=day - timedelta(days=days), has_all_since=has_all,
        **more,
    )  # fmt: skip


def items():
    membership.ask()
    return list(Item.objects.open().filter(queue=QUEUE))


def codes():
    return [item.reason_codes for item in items()]


def test_payers_that_agree_and_claims_in_order_are_no_work(patient):
    say(patient.first, place=1)
    say(patient.second, place=2)

    assert codes() == []


def test_one_payers_answer_may_be_enough_while_nobody_disagrees(patient):
    say(patient.first, place=1)

    assert codes() == []


def test_a_payer_that_shows_another_order_is_work_and_the_others_are_to_be_asked(patient):
    say(patient.second, place=1, says="disagrees")

    (item,) = items()
    assert item.reason_codes == ["payer_disagrees", "payer_not_asked"]
    assert item.reason == ("A payer shows another order than ours and not every plan in the dispute was asked.")


def test_a_payer_that_knows_of_no_other_plan_is_work(patient):
    say(patient.second, says="not_known")

    assert codes() == [["payer_unaware"]]


@pytest.mark.parametrize(
    "said", [{"place": 2}, {"is_active": False}, {"primary_named": "Beacon"}], ids=["second", "denies cover", "another"]
)
def test_where_one_card_is_all_there_is_a_payer_that_shows_otherwise_is_work_until_it_agrees(patient, said):
    Coverage.objects.filter(pk=patient.second.pk).update(
        ended_on=timezone.localdate() - timedelta(days=1), open_ended=False
    )
    order_on_file(patient, [patient.first])
    say(patient.first, place=1)
    assert codes() == []

    say(patient.first, says="disagrees", **said)
    assert codes() == [["payer_disagrees"]]

    say(patient.first, place=1)
    assert codes() == []


def test_it_ends_when_the_payer_says_otherwise_or_our_order_becomes_theirs(patient):
    say(patient.second, place=1, says="disagrees")
    say(patient.first, place=2, says="disagrees")
    assert codes() == [["payer_disagrees"]]

    order_on_file(patient, [patient.second, patient.first])

    assert codes() == []
    assert Item.objects.get(queue=QUEUE).closed_because == "The order was settled and the coverages are verified."


@pytest.mark.parametrize(("waited", "level"), [(30, None), (31, 3)])
def test_after_thirty_days_with_all_in_hand_it_goes_up_with_the_rule_for_equal_shares(patient, waited, level):
    since = timezone.localdate() - timedelta(days=waited)
    say(patient.first, place=1, has_all=since - timedelta(days=5))
    say(patient.second, place=1, says="disagrees", has_all=since)

    (item,) = items()
    ladder.escalate()

    assert ("equal_shares" in item.reason_codes) is (level is not None)
    reached = Escalation.objects.filter(item=item).order_by("level").values_list("level", "reason")
    assert [one for one, _ in reached] == ([2, 3] if level else [])
    assert all("equal shares (MDL-120 §9.D, unconfirmed)" in reason for _, reason in reached)


def claim_in(patient, coverages, *, states=("adjudicated", "expected"), paid=8000):
    claim = ClaimFactory(
        patient=patient, service_from=timezone.localdate(), paid_cents=paid, insurer_open_cents=10000 - paid
    )
    for rank, (one, state) in enumerate(zip(coverages, states, strict=False), start=1):
        ClaimPayer.objects.create(claim=claim, coverage=one, payer=one.payer, rank=rank, state=state)
    return claim


def test_claims_that_went_out_in_another_order_are_work_with_the_money_paid_and_open(patient):
    claim_in(patient, [patient.second, patient.first])

    (item,) = items()
    assert (item.reason_codes, item.amount_cents) == (["order_changed"], 10000)
    assert item.reason == "Claims went out in another order than the one due now."


@pytest.mark.parametrize(
    "states", [("expected", "expected"), ("rejected", "expected")], ids=["not sent", "rejected at the door"]
)
def test_claims_no_payer_has_are_not(patient, states):
    claim_in(patient, [patient.second, patient.first], states=states, paid=0)

    assert codes() == []


def test_nor_are_void_ones(patient):
    claim = claim_in(patient, [patient.second, patient.first])
    Claim.objects.filter(pk=claim.pk).update(is_void=True)

    assert codes() == []


def test_a_paid_claim_of_a_day_nobody_covers_any_more_is_work_though_one_card_is_all_there_is(patient):
    claim = claim_in(patient, [patient.first], paid=10000)
    Coverage.objects.filter(patient=patient).update(ended_on=date(2020, 1, 1), effective_on=None, open_ended=False)
    order_on_file(patient, [], status="no_coverage")

    assert codes() == [["order_changed"]]
    assert claim.payers.count() == 1


def test_asking_about_one_patient_gives_what_asking_about_all_does(patient):
    claim_in(patient, [patient.second, patient.first])
    say(patient.second, place=1, says="disagrees")
    membership.ask(about(patients=[patient.pk]))
    one = Item.objects.get(queue=QUEUE).reason_codes

    assert codes() == [one]


def test_the_night_costs_the_same_for_one_patient_and_many(main, patient, queries_of):
    def ask():
        return list(ASK.found(EVERYTHING, timezone.localdate()))

    say(patient.second, place=1, says="disagrees")
    few = queries_of(ask)
    for n in range(10):
        other = two_coverages(main, chart_number=f"X{n}")
        covers = list(other.coverages.all())
        order_on_file(other, covers)
        say(covers[1], place=1, says="disagrees")

    assert queries_of(ask) == few


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_follows_its_order_is_work_no_longer_in_the_same_act(main):
    """The claim follows when the order is told, which the queues hear of by what that commits."""
    patient = two_coverages(main)
    right, wrong = Coverage.objects.filter(patient=patient).order_by("payer__name")
    claim = ClaimFactory(patient=patient)
    for rank, (one, state) in enumerate(((wrong, "denied"), (right, "expected")), start=1):
        ClaimPayer.objects.create(claim=claim, coverage=one, payer=one.payer, rank=rank, state=state)
    told = order_on_file(patient, [right, wrong], day=claim.service_from)
    order_on_file(patient, [right, wrong])
    assert codes() == [["order_changed"]]

    record("determined", told, patients=[patient.pk], site_id=main.pk)
    subscribers.tell_now()

    assert [row.coverage for row in claim.payers.order_by("rank")] == [right, wrong]
    assert not Item.objects.open().filter(queue=QUEUE).exists()


def test_lower_apps_are_told_first_whichever_module_was_imported_first():
    told = [f"{one.__module__}.{one.__name__}" for one, _ in subscribers._in_order()]

    answers = ("claims.ordering.orders_determined", "claims.expecting.following.after_posting")
    assert told.index("claims.redetermining.facts_changed") < told.index(answers[0])  # it puts the orders on file
    asks = (
        "claims.recoupment.watching.look_at_events",
        "claims.patient_billing.following.look_at_events",
        "denials.tasks.record_posted",
        "workqueues.tasks.look_at_events",
    )
    assert [one for one in told if one in asks] == list(asks)
    assert max(map(told.index, answers)) < told.index(asks[0])
