"""The same desk where scripts do not run: sign in, find a patient, take an item, bring a file."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from claims.models import Claim
from cob.audit.acting import acting
from tests.claims.edi_samples import claim, file_837p
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory
from workqueues.models import Item, State


@pytest.fixture
def scripts():
    return False


@pytest.fixture
def item(main):
    with acting("test task"):
        return ItemFactory(patient=PatientFactory(site=main, last_name="Abel", first_name="Ann"))


def test_a_patient_is_found(page, sign_in_at, ben, item, picture):
    sign_in_at(page, ben)
    page.get_by_role("banner").get_by_label("Find a patient").fill("abel")
    page.get_by_role("banner").get_by_label("Find a patient").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Abel, Ann")
    expect(page).to_have_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))
    picture(page, "plain-patient")


def test_an_item_is_taken_noted_and_handed_over(page, sign_in_at, ben, dee, item, picture):
    sign_in_at(page, ben)
    page.goto("/queues/")
    page.get_by_role("link", name="COB denials", exact=True).click()
    page.locator("[data-row]").get_by_role("link").click()
    page.get_by_role("heading", level=2).get_by_role("link").click()
    page.get_by_role("button", name="Take", exact=True).click()
    expect(page.get_by_text("It is yours.")).to_be_visible()
    page.get_by_role("link", name="Add a note").click()
    page.get_by_label("Note").fill("Card shows another plan.")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("Card shows another plan.").first).to_be_visible()
    picture(page, "plain-item")
    page.get_by_role("link", name="Hand over").click()
    page.get_by_label("To").select_option(label="Dee Dutta")
    page.get_by_label("What should they know?").fill("Ask for the other card.")
    page.get_by_role("button", name="Hand over", exact=True).click()

    moved = Item.objects.get(pk=item.pk)
    assert (moved.owner, moved.state) == (dee, State.ASSIGNED)


def test_several_are_taken_at_once(page, sign_in_at, ben, item, main):
    with acting("test task"):
        ItemFactory(patient=PatientFactory(site=main, last_name="Bond"))
    sign_in_at(page, ben)
    page.goto("/queues/cob-denials/")

    for box in page.locator("[data-row]").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Take", exact=True).click()

    expect(page.get_by_text("You took 2 items.")).to_be_visible()
    assert Item.objects.filter(owner=ben).count() == 2


def test_a_file_is_brought_and_the_page_looks_again_by_itself(page, sign_in_at, ben, work, picture):
    sign_in_at(page, ben)
    page.goto("/import/")
    upload = {"name": "visits.837", "mimeType": "application/edi-x12", "buffer": file_837p(claim("PCN1"))}
    page.get_by_label("Drop files here, or choose them").set_input_files(upload)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 file received.")).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="visits.837"))
    expect(row).to_contain_text("waiting for its turn")
    work()

    expect(row).to_contain_text("Stored")
    picture(page, "plain-import")
    assert Claim.objects.get().control_number == "PCN1"
