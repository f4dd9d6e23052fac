"""A determined order on a claim: payers move, come and go; who has the claim keeps the place it was sent in."""

from __future__ import annotations

import pytest

from claims import actions
from claims.ordering import orders_determined
from claims.recoupment.watching import follow_the_order
from cob.audit.models import Event, record
from tests.claims import stories
from tests.claims.stories import LAKESIDE, MEDICAID, NORTHERN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


def payers(claim):
    return [(p.rank, p.payer.name, p.state) for p in claim.payers.all()]


@pytest.fixture
def visit(main):
    """Three coverages, the claim billed to Lakeside then Northern; nobody was sent anything."""
    patient = stories.nora(main)
    covers = [
        stories.coverage(patient, LAKESIDE, "LH1"),
        stories.coverage(patient, NORTHERN, "NP1"),
        stories.coverage(patient, MEDICAID, "MC1"),
    ]
    claim = stories.claim_of(patient, covers[:2])
    claim.payers.update(state="expected", submitted_on=None)
    return claim, covers


def test_payers_nobody_sent_to_change_places_and_a_new_coverage_joins(visit):
    claim, (lakeside, northern, medicaid) = visit

    moved = actions.apply_order(claim=claim, determination=stories.determined(claim, [northern, lakeside, medicaid]))

    assert moved
    assert payers(claim) == [
        (1, "Northern Benefit", "expected"),
        (2, "Lakeside Health", "expected"),
        (3, "Medicaid Minnesota", "expected"),
    ]
    assert set(claim.payers.values_list("rank_from", flat=True)) == {"determined"}


def test_applying_it_again_moves_nothing_and_writes_nothing(visit):
    claim, covers = visit
    order = stories.determined(claim, covers)
    actions.apply_order(claim=claim, determination=order)
    events = Event.objects.count()

    assert not actions.apply_order(claim=claim, determination=order)
    assert Event.objects.count() == events


def test_a_payer_that_has_the_claim_keeps_its_place(visit):
    claim, (lakeside, northern, _) = visit
    claim.payers.filter(rank=1).update(state="adjudicated")

    actions.apply_order(claim=claim, determination=stories.determined(claim, [northern, lakeside]))

    assert payers(claim) == [(1, "Lakeside Health", "adjudicated"), (2, "Northern Benefit", "expected")]


def test_a_payer_that_took_its_answer_back_goes_where_the_order_says(visit):
    claim, (lakeside, northern, _) = visit
    claim.payers.filter(rank=1).update(state="reversed")

    actions.apply_order(claim=claim, determination=stories.determined(claim, [northern, lakeside]))

    assert payers(claim) == [(1, "Northern Benefit", "expected"), (2, "Lakeside Health", "reversed")]


def test_an_order_settled_while_a_payer_had_the_claim_holds_once_it_takes_its_answer_back(visit):
    claim, (lakeside, northern, _) = visit
    claim.payers.filter(rank=1).update(state="adjudicated")
    actions.apply_order(claim=claim, determination=stories.determined(claim, [northern, lakeside]))
    claim.payers.filter(rank=1).update(state="reversed")

    follow_the_order([claim.pk])

    assert payers(claim) == [(1, "Northern Benefit", "expected"), (2, "Lakeside Health", "reversed")]


def test_a_coverage_set_aside_is_not_billed_and_comes_back_when_it_counts_again(visit):
    claim, (lakeside, northern, _) = visit

    actions.apply_order(claim=claim, determination=stories.determined(claim, [northern]))
    assert payers(claim) == [(1, "Northern Benefit", "expected"), (2, "Lakeside Health", "not_billable")]

    actions.apply_order(claim=claim, determination=stories.determined(claim, [lakeside, northern]))
    assert payers(claim) == [(1, "Lakeside Health", "expected"), (2, "Northern Benefit", "expected")]


@pytest.mark.parametrize("status", ["needs_facts", "cycle", "data_conflict", "no_coverage"])
def test_an_order_that_is_not_settled_moves_nothing(visit, status):
    claim, covers = visit

    assert not actions.apply_order(claim=claim, determination=stories.determined(claim, covers, status=status))


def test_the_event_of_a_determination_reaches_the_claims_of_that_day(visit):
    claim, (lakeside, northern, _) = visit
    order = stories.determined(claim, [northern, lakeside])

    orders_determined([record("determined", order, patients=[claim.patient_id])])

    assert payers(claim)[0] == (1, "Northern Benefit", "expected")


def test_an_order_for_another_day_is_not_this_claims(visit):
    claim, covers = visit
    order = stories.determined(claim, covers)
    order.service_on = stories.TODAY

    assert not actions.apply_order(claim=claim, determination=order)
