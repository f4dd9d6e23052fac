"""Dee's worklist by keyboard alone, and every queue page at a desk, on a tablet, by day and in the dark."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cob.audit.acting import acting
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import (
    ItemFactory,
    awaiting_primary,
    held_back,
    next_payer_due,
    refused,
    rejected,
    two_coverages,
)
from workqueues import actions, ladder, list_views, membership
from workqueues.exceptions import log
from workqueues.models import Item, State

NAMES = (("Adams", "Ann"), ("Baker-Villanueva", "Maximiliano"), ("Chen", "Cy"), ("Diaz", "Dora"), ("Ellis", "Eve"))


@pytest.fixture
def worklist(main, dee, ben, sol, monkeypatch):
    """Eleven denials over three months on pages of five, some late, one Dee's, one set aside; other queues beside."""
    monkeypatch.setattr(list_views, "PAGE_ROWS", 5)
    today = timezone.localdate()
    with acting("test task"):
        denials = [refused(main, on=today - timedelta(days=9 * n)) for n in range(11)]
        for denial, (last, first) in zip(denials, NAMES, strict=False):
            patient = denial.claim.patient
            patient.last_name, patient.first_name = last, first
            patient.save()
        for make in (awaiting_primary, held_back, next_payer_due, rejected, two_coverages):
            make(main)
        membership.ask()
        ladder.escalate()
    of = {item.subject_id: item for item in Item.objects.all()}
    with acting(dee):
        hers, aside = (actions.take(item=of[denials[n].pk], by=dee) for n in (9, 10))
        actions.add_contact(item=hers, by=dee, channel="phone", party="Acme, Jo", outcome="reached", reference="88-1")
        actions.add_evidence(item=hers, kind="accepted_claim", reference="277CA 4711", by=dee)
        until = today + timedelta(days=7)
        actions.set_aside(item=aside, waiting_for="Acme Health, Jo in claims", until=until, by=dee)
        log(site=main, what="file_wrong", text="Acme sent the same file twice.", happened_on=today,
            expected_on=today, verify_how="Count the checks.", by=dee)  # fmt: skip
    with acting(ben):
        handed = actions.take(item=ItemFactory(patient=PatientFactory(site=main)), by=ben)
        actions.hand_over(item=handed, to=dee, note="Acme calls back on Monday.", by=ben)
    return hers


def rows(page):
    return page.locator("[data-row]")


def test_a_morning_at_the_worklist_by_keyboard_alone(page, sign_in_at, dee, worklist, looks_right):
    sign_in_at(page, dee)
    page.goto("/queues/")
    press = page.keyboard.press
    press("g"), press("w")
    page.wait_for_url("**/queues/mine/")
    looks_right(page, "worklist-my-work")
    page.goto("/queues/cob-denials/")
    expect(rows(page)).to_have_count(5)
    looks_right(page, "worklist-list")

    page.get_by_role("link", name="Next page").press("Enter")
    expect(page.get_by_text("6–10 of 12")).to_be_visible()
    press("j"), press("j")
    expect(rows(page).nth(1)).to_be_focused()
    press("Enter")
    expect(page.locator("#beside h2")).to_be_visible()
    expect(page.get_by_text("6–10 of 12")).to_be_visible()
    looks_right(page, "worklist-beside")

    page.get_by_role("link", name="Nobody's").press("Enter")
    expect(page.get_by_text("1–5 of 9")).to_be_visible()
    press("j"), press("t")
    expect(page.get_by_text("It is yours.")).to_be_visible()
    taken = Item.objects.filter(owner=dee, state=State.IN_PROGRESS).exclude(pk=worklist.pk).get()
    expect(page).to_have_url(re.compile(f"who=unowned&item={taken.pk}"))
    expect(page.locator("#beside")).to_contain_text("With Dee Dutta")
    expect(page.locator("#beside")).to_be_focused()
    looks_right(page, "worklist-taken")

    page.get_by_role("link", name="Hand over").press("Enter")
    expect(page.get_by_label("What should they know?")).to_be_visible()
    looks_right(page, "worklist-hand-over")
    page.get_by_role("button", name="Hand over", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    looks_right(page, "worklist-hand-over-refused")
    page.get_by_label("To", exact=True).select_option(label="Ben Baker")
    page.get_by_label("What should they know?").fill("Acme asks for the card of the second plan.")
    page.get_by_role("button", name="Hand over and next").press("Enter")
    expect(page.get_by_text("Handed over.")).to_be_visible()
    assert Item.objects.get(pk=taken.pk).owner.username == "ben"


def test_filters_are_chips_and_a_view_is_saved_and_found_again(page, sign_in_at, dee, sol, worklist, looks_right):
    sign_in_at(page, dee)
    page.goto("/queues/cob-denials/")
    page.get_by_label("Level").select_option("2")
    page.get_by_role("button", name="Filter").press("Enter")
    expect(page.get_by_role("link", name="Remove filter Level: 2 and above")).to_be_visible()
    page.get_by_text("Save this view").press("Enter")
    page.get_by_label("Name", exact=True).fill("High ones of Acme")
    page.get_by_label("For everybody").press("Space")
    looks_right(page, "worklist-saving")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_text("Saved as “High ones of Acme”.")).to_be_visible()
    looks_right(page, "worklist-saved-view")

    page.goto("/queues/cob-denials/")
    page.get_by_role("link", name="High ones of Acme").press("Enter")
    expect(page.get_by_role("link", name="Remove filter Level: 2 and above")).to_be_visible()
    page.goto("/queues/cob-denials/?colour=red")
    expect(page.get_by_text("There is no filter “colour” any more")).to_be_visible()
    looks_right(page, "worklist-filter-gone")


def test_an_item_is_closed_with_its_proof_and_the_next_one_comes(page, sign_in_at, dee, worklist, looks_right):
    sign_in_at(page, dee)
    page.goto(f"/queues/items/{worklist.pk}/")
    looks_right(page, "worklist-item")
    for name, link in (("contact", "Log a contact"), ("proof", "Add proof"), ("plan", "Plan"), ("aside", "Set aside")):
        page.get_by_role("link", name=link, exact=True).press("Enter")
        expect(page.get_by_role("link", name="Cancel")).to_be_visible()
        looks_right(page, f"worklist-{name}")
        page.get_by_role("link", name="Cancel").press("Enter")
        page.wait_for_url(f"**/queues/items/{worklist.pk}/")
    page.get_by_role("link", name="Close", exact=True).press("Enter")
    page.get_by_label("How it ended").select_option(label="Sent to the payer")
    page.get_by_label("Root cause").select_option(label="Payer's file out of date")
    page.get_by_label("In a sentence").fill("Acme corrected its file.")
    looks_right(page, "worklist-close")
    page.get_by_role("button", name="Close and next").press("Enter")

    expect(page.get_by_text("Done.", exact=True)).to_be_visible()
    assert Item.objects.get(pk=worklist.pk).state == State.CLOSED
    expect(page.get_by_role("link", name="Do not accept")).to_be_visible()
    looks_right(page, "worklist-handed")


PAGES = {
    "queues": "/queues/",
    "my-work": "/queues/mine/",
    "list": "/queues/cob-denials/?item={item}",
    "item": "/queues/items/{item}/",
    "exceptions": "/queues/exceptions/",
    "exception": "/queues/exceptions/log/",
    "hand-offs": "/queues/hand-offs/",
    "repeats": "/queues/repeats/",
    "settings": "/settings/queues/",
    "setting": "/settings/queues/close/?queue=cob-denials",
    "weekdays": "/settings/queues/weekdays/",
}
SCREENS = {
    "desk": (1366, 768, "light"),
    "dark": (1366, 768, "dark"),
    "tablet": (1024, 768, "light"),
    "telephone": (420, 900, "dark"),
    "upright": (820, 1180, "dark"),
}


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS.values(), ids=SCREENS)
def test_every_page_of_the_queues_fits_each_screen(
    page, sign_in_at, sol, worklist, looks_right, width, height, scheme, request
):
    sign_in_at(page, sol)
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    for name, address in PAGES.items():
        page.goto(address.format(item=worklist.pk))
        looks_right(page, f"{name}-{request.node.callspec.id}")
    page.goto("/settings/queues/")
    expect(page.get_by_role("navigation", name="Main").locator("[aria-current]")).to_have_text("Settings")
