"""Which claims are in another order than the one due, under which rule, by whom, and what money is on them."""

from __future__ import annotations

from datetime import date

import pytest

from claims.auditing.reading import Scope
from claims.models import Claim
from cob.coverage.models import Determination
from tests.claims import stories
from tests.claims.auditing.conftest import at_work, ids, with_two_plans
from tests.claims.stories import DAY, LAKESIDE, MEDICAID, MEDICARE, NORTHERN
from tests.factories.claims import EdiFileFactory, PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


def pay(claim, rank, cents):
    row = claim.payers.get(rank=rank)
    paid = PostingFactory(claim=claim, payer=row.payer, rank=rank, amount_cents=cents)
    claim.paid_cents += cents
    claim.insurer_open_cents -= cents
    claim.save()
    return paid


def test_a_claim_in_its_order_is_not_listed(nora, audited):
    stories.claim_of(nora, [nora.own, nora.his])

    assert audited() == []


def test_a_claim_billed_the_wrong_way_round_names_rule_payer_and_both_orders(nora, audited):
    claim = stories.claim_of(nora, [nora.his, nora.own])

    (found,) = audited()

    assert (found.claim_id, found.site_id, found.kinds) == (claim.pk, nora.site_id, "swapped")
    assert (found.rule, found.payer_id) == ("NAIC-6D1a", nora.his.payer_id)
    assert (found.billed, found.due) == (ids(nora.his, nora.own), ids(nora.own, nora.his))


def test_at_stake_is_what_the_wrong_first_payer_paid_what_is_open_and_what_is_the_patients(nora, audited):
    claim = stories.claim_of(nora, [nora.his, nora.own])
    pay(claim, 1, 80_00)
    pay(claim, 2, 20_00)
    claim.patient_cents, claim.insurer_open_cents = 10_00, 70_00
    claim.save()

    (found,) = audited()

    assert (found.take_back_cents, found.open_cents, found.patient_cents) == (80_00, 70_00, 10_00)
    assert found.at_stake_cents == 160_00


def test_a_payment_taken_back_is_not_at_stake(nora, audited):
    claim = stories.claim_of(nora, [nora.his, nora.own])
    paid = pay(claim, 1, 80_00)
    PostingFactory(claim=claim, payer=paid.payer, rank=1, kind="reversal", amount_cents=-80_00, reverses=paid)
    claim.paid_cents, claim.insurer_open_cents = 0, claim.charge_cents
    claim.save()

    assert [row.take_back_cents for row in audited()] == [0]


def test_a_fact_nobody_knows_makes_the_claim_one_nobody_can_tell(main, audited):
    patient = stories.nora(main, birth_on=date(1955, 1, 1))
    job = stories.coverage(patient, LAKESIDE, "LH1")
    card = stories.coverage(patient, MEDICARE, "1EG4TE5MK73")
    stories.claim_of(patient, [job, card])

    (found,) = audited()

    assert (found.kinds, found.due, found.rule, found.take_back_cents) == ("open", [], "", 0)
    assert found.asks
    assert "coverages." not in found.asks


def test_a_coverage_nobody_named_the_kind_of_is_the_first_thing_to_ask(nora, audited):
    stories.claim_of(nora, [nora.own, nora.his])
    stories.coverage(nora, NORTHERN, "NP9", kind="")

    assert [(row.kinds, row.asks) for row in audited()] == [("open", "kind")]


@pytest.mark.parametrize("turned", [False, True], ids=["as listed", "the other way"])
def test_of_two_plans_that_share_equally_either_may_be_first(main, audited, turned):
    patient = stories.nora(main)
    both = [stories.coverage(patient, who, "M1") for who in (LAKESIDE, NORTHERN)]
    for card in both:
        at_work(card)
        since = f"coverages.{card.pk}.patient_covered_since"
        patient.facts.create(path=since, value="2020-01-01", told_by="patient")
    stories.claim_of(patient, both[::-1] if turned else both)

    assert audited() == []


def test_a_payer_that_should_be_first_and_is_not_on_the_claim(nora, audited):
    """Her own plan came on file after her husband's had been billed."""
    stories.claim_of(nora, [nora.his])

    (found,) = audited()

    assert "missing" in found.kinds
    assert (found.payer_id, found.due) == (nora.his.payer_id, ids(nora.own, nora.his))


def test_a_payer_whose_plan_had_ended_is_named_with_the_rule_that_sets_it_aside(nora, audited):
    nora.his.open_ended, nora.his.ended_on = False, date(2025, 12, 31)
    nora.his.save()
    stories.claim_of(nora, [nora.own, nora.his])

    (found,) = audited()

    assert (found.kinds, found.rule, found.payer_id) == ("not_due", "GEN-DOS", nora.his.payer_id)


def test_each_claim_is_asked_for_its_own_day(nora, audited):
    nora.his.open_ended, nora.his.ended_on = False, DAY
    nora.his.save()
    stories.claim_of(nora, [nora.own, nora.his], number="LAST-DAY")
    after = stories.claim_of(nora, [nora.own, nora.his], number="DAY-AFTER", on=date(2026, 1, 13))

    assert [row.claim_id for row in audited()] == [after.pk]


def test_a_void_claim_is_not_asked_about(nora, audited):
    claim = stories.claim_of(nora, [nora.his, nora.own])
    Claim.objects.filter(pk=claim.pk).update(is_void=True)

    assert audited() == []


def test_two_claims_of_one_visit_are_two_cases_when_one_is_for_an_injury(main, audited):
    patient = stories.nora(main)
    own = stories.coverage(patient, LAKESIDE, "LH1")
    comp = stories.coverage(patient, ("WC1", "State Fund", "workers_comp"), "WC1")
    patient.facts.create(path="accident.workers_comp.status", value="accepted", told_by="patient")
    patient.facts.create(path="accident.workers_comp.provider_authorised", value=True, told_by="patient")
    patient.facts.create(path="claim.related_to", value=["none"], told_by="patient")
    plain = stories.claim_of(patient, [own], number="FLU")
    injury = stories.claim_of(patient, [own], number="FALL")
    Claim.objects.filter(pk=injury.pk).update(related_to=["work"])

    found = audited()

    assert plain.pk not in {row.claim_id for row in found}
    assert [(row.claim_id, row.due[:1]) for row in found] == [(injury.pk, ids(comp))]


def test_the_order_of_a_file_is_its_bringers(nora, audited, ben):
    stories.claim_of(nora, [nora.his, nora.own], file=EdiFileFactory(by=ben, kind="837P"))

    assert [(row.entered, row.person_id) for row in audited()] == [("file", ben.pk)]


@pytest.mark.parametrize(
    ("how", "expected"),
    [({}, "determined"), ({"decided_how": "person", "reason": "r", "evidence": "e"}, "person")],
    ids=["by the rules", "by a person"],
)
def test_a_determined_order_is_of_whoever_determined_it(nora, audited, ben, how, expected):
    claim = stories.claim_of(nora, [nora.his, nora.own])
    claim.payers.update(rank_from="determined")
    stories.determined(claim, [nora.his, nora.own], by=ben, **how)

    assert Determination.objects.count() == 1
    assert [(row.entered, row.person_id) for row in audited()] == [(expected, ben.pk)]


def test_facts_that_name_nobody_on_file_make_no_guess(nora, audited):
    stories.claim_of(nora, [nora.own, nora.his])
    nora.facts.create(path=f"coverages.{nora.own.pk}.subscriber", value="P", told_by="patient")
    nora.facts.create(path="child.custodial_parent", value="00000000-0000-0000-0000-000000000000", told_by="patient")

    assert {row.kinds for row in audited()} <= {"open"}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        pytest.param(lambda main, north: Scope(frozenset({main.pk})), ["MAIN"], id="one site"),
        pytest.param(lambda main, north: Scope(since=date(2026, 1, 13)), ["NORTH"], id="from a day on"),
        pytest.param(lambda main, north: Scope(until=DAY), ["MAIN"], id="to a day, that day included"),
        pytest.param(lambda main, north: Scope(since=DAY, until=date(2026, 1, 13)), ["MAIN", "NORTH"], id="a span"),
    ],
)
def test_a_scope_asks_about_its_claims_only(main, north, audited, scope, expected):
    for site, number, day in ((main, "MAIN", DAY), (north, "NORTH", date(2026, 1, 13))):
        patient = with_two_plans(site)
        stories.claim_of(patient, [patient.his, patient.own], number=number, on=day)

    assert sorted(row.claim.control_number for row in audited(scope=scope(main, north))) == expected


def test_medicaid_behind_everybody_is_in_order_and_before_them_is_not(nora, audited):
    last = stories.coverage(nora, MEDICAID, "MC1")
    stories.claim_of(nora, [nora.own, nora.his, last], number="RIGHT")
    wrong = stories.claim_of(nora, [last, nora.own, nora.his], number="WRONG")

    assert [(row.claim_id, row.payer_id) for row in audited()] == [(wrong.pk, last.payer_id)]
