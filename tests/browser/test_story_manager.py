"""The supervisor's morning: three measures, a point of a chart, the claims behind it, one of them opened."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cob.audit.acting import acting
from cob.x12.stored import dump
from denials import actions as denials
from denials.models import Denial
from tests.claims import edi_samples
from tests.factories.denials import ClaimFactory, answer_of, payer_of, remittance_of
from tests.factories.patients import PatientFactory
from workqueues.kpi.views import last_full_week

WEEKS = 3


def answered(site, on, *, refused):
    """A claim whose first payer answered on that day: refused for its order, or paid in part."""
    content = dump(edi_samples.claim())
    claim = ClaimFactory(patient=PatientFactory(site=site), service_from=on - timedelta(days=14), content=content)
    first = payer_of(claim, 1, "Acme Health", state="denied" if refused else "adjudicated", answered_on=on)
    told = remittance_of(first.payer, site=site, on=on)
    if refused:
        answer_of(first, ("CO", "22", 100_00), remittance=told)
        denials.record_denials(told)
        denials.resolve(denial=Denial.objects.get(claim=claim), resolution="Sent again.", on=on + timedelta(days=1))
    else:
        answer_of(first, ("CO", "45", 20_00), ("PR", "2", 16_00), status="1", paid=64_00, remittance=told)
        payer_of(claim, 2, "Beacon Mutual", state="submitted", submitted_on=on + timedelta(days=2))
    return claim


@pytest.fixture
def half_a_month(main, north):
    """Three weeks of one refused and three paid claims each, the newest week first; and one claim of another site."""
    with acting("test task"):
        mondays = [last_full_week().first - timedelta(weeks=n) for n in range(WEEKS)]
        answered(north, mondays[0], refused=True)
        return [[answered(main, monday, refused=n == 0) for n in range(4)] for monday in mondays]


def test_a_point_of_a_chart_leads_to_its_claims(page, sign_in_at, sol, half_a_month, looks_right):
    sign_in_at(page, sol)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    shown = {
        "COB denial rate": "1 of 4",
        "Secondary submission lag": "2.0 days",
        "Average days to COB resolution": "1.0 days",
    }
    names = list(shown)
    for name, figure in shown.items():
        card = page.locator("section").filter(has=page.get_by_role("heading", name=name, exact=True))
        expect(card.locator(".figure")).to_have_text(figure)
    looks_right(page, "manager-dashboard")

    week = last_full_week()
    rate = page.locator("section").filter(has=page.get_by_role("heading", name=names[0]))
    points = rate.locator("svg a")
    expect(points).to_have_count(WEEKS)
    newest = rate.get_by_role("link", name=re.compile(f"^{week}: 1 of 4"))
    newest.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"{names[0]}, week {week}")
    expect(page.locator("[data-row]")).to_have_count(4)
    expect(page.locator("[data-row] td.number")).to_have_text(["100.00"] * 4)
    looks_right(page, "manager-rows")
    page.get_by_role("link", name="Only the 1 that count").click()
    refused = half_a_month[0][0]
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_role("link", name=refused.control_number).click()
    expect(page).to_have_url(re.compile(f"/claims/{refused.pk}/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(refused.control_number)
    looks_right(page, "manager-claim")


def test_a_point_is_reached_by_the_keyboard_alone(page, sign_in_at, sol, half_a_month):
    sign_in_at(page, sol)
    point = page.locator("svg a").last

    point.focus()
    page.keyboard.press("Enter")

    expect(page.locator("[data-row]")).to_have_count(1)


def test_a_measure_says_what_it_counts_and_lists_its_weeks(page, sign_in_at, sol, half_a_month, looks_right):
    sign_in_at(page, sol)
    page.get_by_role("link", name="COB denial rate").first.click()

    expect(page.get_by_text("claims with a first answer")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(52)
    expect(page.locator("[data-row]").first).to_contain_text("1 of 4")
    looks_right(page, "manager-measure")
    page.goto("/kpi/definitions/")
    looks_right(page, "manager-definitions")


def test_who_does_not_read_measures_is_not_led_to_them(page, sign_in_at, ben, half_a_month):
    sign_in_at(page, ben)

    expect(page.get_by_role("link", name="Dashboard")).to_have_count(0)
    assert page.goto("/kpi/").status == 403
