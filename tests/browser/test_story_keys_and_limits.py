"""Keys on a queue, and the two pages nobody wants: not yours, and not for your role."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from cob.audit.acting import acting
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory


@pytest.fixture
def three(main):
    """Three items of COB denials, dearest last so that the queue turns them round."""
    with acting("test task"):
        return [
            ItemFactory(patient=PatientFactory(site=main, last_name=name), amount_cents=cents)
            for name, cents in (("Abel", 10_00), ("Bond", 20_00), ("Cole", 30_00))
        ]


def test_rows_are_walked_opened_and_picked_by_single_keys(page, sign_in_at, dee, three, looks_right):
    sign_in_at(page, dee)
    page.goto("/queues/cob-denials/")
    looks_right(page, "keys-queue")
    rows, keys = page.locator("[data-row]"), page.keyboard
    expect(rows).to_have_count(3)

    keys.press("j")
    expect(rows.nth(0)).to_be_focused()
    keys.press("j")
    keys.press("j")
    keys.press("j")
    expect(rows.nth(2)).to_be_focused()
    keys.press("k")
    expect(rows.nth(1)).to_be_focused()
    keys.press("x")
    expect(page.locator("[data-selected-count]")).to_have_text("1")
    expect(rows.nth(1).get_by_role("checkbox")).to_be_checked()
    rows.nth(1).focus()
    name = rows.nth(1).get_by_role("link").inner_text()
    keys.press("Enter")

    page.wait_for_url(re.compile(r"\?item=[0-9a-f-]{36}$"))
    beside = page.get_by_role("heading", level=2).get_by_role("link")
    expect(beside).to_have_text(name)
    beside.press("Enter")
    page.wait_for_url(re.compile(r"/items/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    looks_right(page, "keys-item")


def test_the_list_of_keys_opens_and_closes_and_a_slash_searches(page, sign_in_at, dee, three, looks_right):
    sign_in_at(page, dee)
    page.goto("/queues/cob-denials/")
    keys, listed = page.keyboard, page.locator("#keys")

    keys.press("?")
    expect(listed).to_be_visible()
    expect(listed).to_contain_text("Next row, previous row")
    looks_right(page, "keys-dialog")
    keys.press("j")
    expect(page.locator("[data-row]").first).not_to_be_focused()
    keys.press("Escape")
    expect(listed).to_be_hidden()
    keys.press("/")
    expect(page.locator("#bar-search")).to_be_focused()
    keys.type("jkx?")

    expect(page.locator("#bar-search")).to_have_value("jkx?")
    expect(listed).to_be_hidden()


def test_single_keys_can_be_switched_off_and_on_again(page, sign_in_at, dee, three):
    sign_in_at(page, dee)
    page.goto("/queues/cob-denials/")

    page.keyboard.press("?")
    page.get_by_role("button", name="Switch single keys off").click()
    page.wait_for_selector("body[data-keys=off]")
    page.keyboard.press("j")
    page.keyboard.press("?")

    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("[data-row]").first).not_to_be_focused()


@pytest.mark.parametrize("place", ["/patients/{patient}/", "/queues/items/{item}/"], ids=["patient", "item"])
def test_what_belongs_to_another_site_is_not_there(page, sign_in_at, kit, three, looks_right, place):
    sign_in_at(page, kit)
    address = place.format(patient=three[0].patient_id, item=three[0].pk)

    answer = page.goto(address)

    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    expect(page.locator("body")).not_to_contain_text("Abel")
    looks_right(page, "limits-404")
    page.get_by_role("link", name="Back to the desk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My work")


def test_the_front_desk_is_told_that_importing_is_not_its_work(page, sign_in_at, ana, looks_right):
    sign_in_at(page, ana)
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Import")).to_have_count(0)

    answer = page.goto("/import/")

    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not open this")
    looks_right(page, "limits-403")
    page.get_by_role("link", name="Back to the desk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Patients")
