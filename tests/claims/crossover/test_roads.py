"""Expected against received by payer, and the pages that show it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.crossover import queries
from claims.models import CrossoverWatch
from tests.claims.crossover.copies import ON, PAID, SINCE, UNTIL, beta, place
from tests.claims.edi_samples import (
    also,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
    transaction,
)

pytestmark = pytest.mark.django_db


def test_the_road_counts_and_only_old_copies_measure_it(bring_forwarded, bring, ben):
    bring_forwarded()
    bring(file_835(beta(paid=UNTIL)))

    (road,) = queries.by_payer(ben, ON + timedelta(days=44), SINCE, UNTIL)
    assert (road.payer, road.expected, road.counts, road.percent) == ("BETA LIFE", 1, {"received": 1}, None)
    (road,) = queries.by_payer(ben, ON + timedelta(days=45), SINCE, UNTIL)
    assert (road.came, road.settled, road.percent) == (1, 1, 100)


def test_what_another_site_waits_for_is_not_counted_and_not_there(bring_forwarded, kit, client):
    watch = bring_forwarded()
    client.force_login(kit)

    assert queries.by_payer(kit, ON, SINCE, UNTIL) == []
    assert client.get(reverse("claims:crossover-page", args=[watch.pk])).status_code == 404


def test_one_copy_costs_as_many_queries_as_many(bring, ben, client):
    client.force_login(ben)
    url = reverse("claims:crossover-claims")

    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    numbers = [f"PCN{n}" for n in range(1, 9)]
    bring(file_837p(*(claim(n, other_coverages=(also(),)) for n in numbers)))
    bring(file_835(answer("PCN1", svc(*PAID), status="19")))
    asked()
    one = asked()
    bring(file_835(transaction(*(answer(n, svc(*PAID), status="19") for n in numbers[1:]), trace="EFT7")), "b.835")

    assert CrossoverWatch.objects.count() == 8
    assert asked() == one


def test_the_pages_show_the_count_the_claim_and_take_what_was_heard(bring_forwarded, ben, client):
    watch = bring_forwarded()
    client.force_login(ben)
    page = client.get(reverse("claims:crossover"))
    listed = client.get(reverse("claims:crossover-claims"), {"stands": "waiting"})
    page_url = reverse("claims:crossover-page", args=[watch.pk])
    claim_page = client.get(reverse("claims:claim-page", args=[watch.claim_id]))
    kept = client.post(
        reverse("claims:crossover-hear", args=[watch.pk]),
        {"heard": "letter", "told_on": "03/20/2026", "reference": "LTR 7"},
    )

    assert "BETA LIFE" in page.content.decode()
    assert "PCN1" in listed.content.decode()
    assert page_url in claim_page.content.decode()
    assert (kept.status_code, kept["Location"], place().state) == (302, page_url, "expected")
    assert "frees the claim" not in client.get(page_url).content.decode()
