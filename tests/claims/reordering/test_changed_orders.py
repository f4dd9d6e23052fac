"""The page of claims in another order: billed and due, why, which money moves, what to do, and who may see it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cob.coverage import actions
from tests.claims.reordering.orders import DAY, listed, told, visit

pytestmark = pytest.mark.django_db


def _url(patient):
    return reverse("claims:changed-orders", args=[patient.pk])


def test_the_page_says_order_billed_order_due_why_money_and_what_to_do(sign_in, ana, theo, paid, acted):
    actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 12, 2))

    page = sign_in(ana).get(_url(theo)).content.decode()

    for part in ("C-1", "03/10/2026", "NAIC-6D2a-i", "Another order", "Send Lakeside a corrected claim: it is primary",
                 "Harbor paid $80.00 in a place that is not its own", "85.00"):  # fmt: skip
        assert part in page


def test_a_day_that_is_open_now_leads_to_the_question(sign_in, ana, theo, paid, acted):
    told(theo, acted, child__parents_living_together=False)

    page = sign_in(ana).get(_url(theo)).content.decode()

    assert "Settle the order first:" in page
    assert "Open that day" in page


def test_with_nothing_changed_the_page_says_so(sign_in, ana, theo, paid):
    assert "Every claim is in the order due" in sign_in(ana).get(_url(theo)).content.decode()


def test_the_patients_page_says_at_once_how_many_claims_it_changes(sign_in, ana, theo, paid, acted):
    desk = sign_in(ana)
    url = reverse("patients:patient-page", args=[theo.pk])
    assert "This changes the order of" not in desk.get(url).content.decode()
    actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 12, 2))
    actions.determine(patient=theo, service_on=DAY, by=None)

    page = desk.get(url).content.decode()

    assert "This changes the order of 1 claim." in page
    assert "$85.00 was paid on it." in page
    assert _url(theo) in page


@pytest.mark.parametrize(("who", "status"), [("ana", 200), ("ira", 200), ("ada", 403), ("kit", 404)])
def test_who_may_see_it(sign_in, cast, theo, paid, who, status):
    assert sign_in(cast[who]).get(_url(theo)).status_code == status


def test_it_costs_the_same_for_one_claim_and_fifty(sign_in, ana, theo, paid, acted, queries_of):
    actions.change_person(person=theo.mother, by=acted, told_by="mother", birth_on=date(1985, 12, 2))
    desk = sign_in(ana)
    few = queries_of(lambda: desk.get(_url(theo)))
    for n in range(49):
        visit(theo, [theo.hers, theo.his], paid=(80_00,), number=f"D-{n}", on=DAY - timedelta(days=n + 1))

    assert queries_of(lambda: desk.get(_url(theo))) == few
    assert len(listed(theo)) == 50
