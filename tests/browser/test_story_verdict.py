"""A verdict read and said: by the keyboard alone, without a fault axe can see, with and without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cob.audit.acting import acting
from cob.coverage import actions
from tests.cob.coverage.conftest import DAY, acted, amara, settled  # noqa: F401 - Amara is theirs

TABS = ("For the phone", "For an appeal", "For the patient")


@pytest.fixture
def address(settled, ana):  # noqa: F811
    with acting(ana):
        row = actions.determine(patient=settled, service_on=DAY, by=ana)
    return reverse("coverage:determination-page", args=[row.pk])


def test_a_verdict_is_walked_tab_by_tab_with_the_keyboard(page, sign_in_at, ana, address, looks_right):
    sign_in_at(page, ana)
    page.goto(address)
    looks_right(page, "verdict-card")

    for name in TABS:
        tab = page.get_by_role("navigation", name="Verdict").get_by_role("link", name=name)
        tab.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
        looks_right(page, f"verdict-{name.split()[-1]}")
        copier = page.get_by_role("button", name="Copy this text")
        expect(copier).to_be_visible()
        copier.focus()
        expect(copier).to_be_focused()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert not any(word in kept for word in ("Boateng", "Harbor", "Medicare", "member"))


def test_the_folded_parts_open_by_key(page, sign_in_at, ana, address):
    sign_in_at(page, ana)
    page.goto(address)
    folded = page.locator("summary", has_text="Facts read")

    folded.focus()
    page.keyboard.press("Enter")

    expect(page.locator("details[open]")).to_contain_text("Employees at the employer")


def test_paper_carries_no_buttons(page, sign_in_at, ana, address):
    sign_in_at(page, ana)
    page.goto(address)
    record = page.get_by_role("link", name="Record what Harbor Health says")
    expect(record).to_be_visible()

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="What the payers say")).to_be_visible()
    expect(record).to_be_hidden()
    assert page.locator(".page .button:visible, .page button:visible").count() == 0


def test_every_kind_of_card_is_accessible(page, sign_in_at, ira, looks_right):
    sign_in_at(page, ira)
    page.goto("/look/")
    expect(page.locator("article.verdict")).to_have_count(8)

    looks_right(page, "look")


@pytest.mark.parametrize("scripts", [False], ids=["without scripts"])
def test_the_texts_need_no_scripts(page, sign_in_at, ana, address, scripts):
    sign_in_at(page, ana)
    page.goto(address)

    page.get_by_role("link", name="For the patient").click()

    expect(page.get_by_text("This is not a bill", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Copy this text")).to_be_hidden()
