"""Ben's day: two files in, one claim refused and one to be sent on; he sends it, and the item goes by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from claims.models import Claim, Submission
from cob.audit.acting import acting
from cob.coverage import actions as coverage
from cob.coverage.models import Determination
from cob.x12.read837p import parse_837p
from tests.claims.edi_samples import ACME, BETA, also, answer, claim, file_835, file_837p, service, svc, transaction
from tests.factories.coverage import PayerFactory
from tests.x12.validator import assert_valid
from workqueues.models import Evidence, Item, State

SERVED = timezone.localdate() - timedelta(days=21)
EARLIER = SERVED - timedelta(days=7)  # a day of its own, so that nothing is determined for the other
PAID = timezone.localdate() - timedelta(days=1)


def claims_sent():
    """PCN1 to Acme with the husband's plan at Beta behind it; PCN2, of another day, to Acme alone."""
    beta = also()
    party = replace(beta.subscriber.party, first="TOM")
    husbands = replace(beta, subscriber=replace(beta.subscriber, relationship="01", party=party))
    both = claim("PCN1", service(1, on=SERVED), service(2, "36415", 30_00, on=SERVED), other_coverages=(husbands,))
    return file_837p(both, claim("PCN2", service(on=EARLIER)), sent=SERVED)


def answers():
    """PCN1: $80.00 and $22.50 paid, $20.00 left; PCN2: refused, another payer comes first (CO-22)."""
    paid = answer(
        "PCN1",
        svc(("CO-45", 50_00), ("PR-2", 20_00), on=SERVED),
        svc(("CO-45", 7_50), code="36415", charge=30_00, number=2, on=SERVED),
    )
    refused = answer("PCN2", svc(("CO-22", 150_00), on=EARLIER), status="4", number="ICN2")
    return file_835(transaction(paid, refused, paid=PAID), made=PAID)


@pytest.fixture
def practice(main, ben, settings, tmp_path):
    """Both payers are known to be employer plans; files leave into a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    with acting(ben):
        for edi_id, name in (ACME, BETA):
            PayerFactory(name=name.title(), edi_id=edi_id)


def bring(page, name, data, work):
    """Through the import page, and what the worker does with it."""
    page.goto("/import/")
    upload = {"name": name, "mimeType": "application/edi-x12", "buffer": data}
    page.get_by_label("Drop files here, or choose them").set_input_files(upload)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="1 file received.")).to_be_visible()
    work()
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name))


def front_desk_knows_the_plans(patient, ana):
    """Both plans in force since 2020, from jobs of today."""
    with acting(ana):
        for row in patient.coverages.all():
            since = {"effective_on": SERVED.replace(year=2020, day=1), "open_ended": True}
            coverage.change_coverage(coverage=row, by=ana, **since)
            told = {"continuation": "none", "work_status": "active"}
            facts = {f"coverages.{row.pk}.{path}": value for path, value in told.items()}
            coverage.tell_facts(patient=patient, facts=facts, told_by="Patient", told_how="in person", by=ana)


def test_files_come_in_and_say_what_they_brought(page, sign_in_at, ben, practice, work, looks_right):
    sign_in_at(page, ben)
    looks_right(page, "biller-my-work")
    row = bring(page, "visits.837", claims_sent(), work)
    expect(row).to_contain_text("Stored")  # the row looks by itself while the import runs
    expect(row).to_contain_text("2 created")
    row = bring(page, "acme.835", answers(), work)
    expect(row).to_contain_text("Posted")
    expect(row).to_contain_text("2 claims")
    expect(row).to_contain_text("1 denial")
    looks_right(page, "biller-import")

    page.get_by_role("link", name="acme.835").click()
    expect(page.get_by_role("row").filter(has_text="EFT1")).to_contain_text("102.50")
    expect(page.get_by_role("link", name=re.compile("Secondary submission"))).to_contain_text("1")
    looks_right(page, "biller-file")
    page.get_by_role("link", name=re.compile("Cob denials", re.I)).click()
    item = page.locator("[data-row]")
    expect(item).to_have_count(1)
    expect(item).to_contain_text("Acme Health refused")
    expect(item).to_contain_text("PCN2")
    looks_right(page, "biller-denials")
    item.get_by_role("link").click()
    page.wait_for_url("**/queues/cob-denials/?item=*")
    page.get_by_role("heading", level=2).get_by_role("link").click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    expect(page.get_by_text("CO-22").first).to_be_visible()
    looks_right(page, "biller-denial-item")


def test_a_claim_shows_line_by_line_what_was_posted(page, sign_in_at, ben, practice, work, looks_right):
    sign_in_at(page, ben)
    bring(page, "visits.837", claims_sent(), work)
    bring(page, "acme.835", answers(), work)

    page.goto("/claims/")
    looks_right(page, "biller-claims")
    page.get_by_label(re.compile("number", re.I)).fill("pcn1")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("PCN1")
    lines = page.locator("table.lines > tbody")
    expect(lines).to_have_count(2)
    for line, posted in ((lines.nth(0), ["80.00", "50.00", "20.00"]), (lines.nth(1), ["22.50", "7.50"])):
        line.locator("summary").click()
        entries = line.locator("details tbody tr")
        expect(entries).to_have_count(len(posted))
        assert sorted(entries.locator("td.number").all_inner_texts()) == sorted(posted)
        expect(entries.filter(has_text="CO-45")).to_have_count(1)
    looks_right(page, "biller-claim")


def test_an_item_is_taken_its_claim_sent_and_the_item_goes_by_itself(
    page, sign_in_at, ana, ben, practice, work, looks_right
):
    sign_in_at(page, ben)
    bring(page, "visits.837", claims_sent(), work)
    bring(page, "acme.835", answers(), work)
    sent = Claim.objects.get(control_number="PCN1")
    front_desk_knows_the_plans(sent.patient, ana)
    item = Item.objects.get(queue="secondary-submission")

    page.goto("/queues/secondary-submission/")
    looks_right(page, "biller-secondary")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/queues/secondary-submission/?item={item.pk}")
    page.get_by_role("heading", level=2).get_by_role("link").press("Enter")
    page.wait_for_url(f"**/queues/items/{item.pk}/")
    page.get_by_role("button", name="Take", exact=True).press("Enter")
    expect(page.get_by_text("It is yours.")).to_be_visible()
    looks_right(page, "biller-item")
    assert Item.objects.get(pk=item.pk).owner == ben

    page.get_by_role("link", name="Send the claim").click()
    expect(page.get_by_text("Nobody has determined who pays first")).to_be_visible()
    expect(page.get_by_role("button", name="Send now")).to_have_count(0)
    looks_right(page, "biller-not-sent")
    page.get_by_role("link", name="Back to the claim").click()
    expect(page.get_by_role("button", name=f"Determine it for {SERVED:%m/%d/%Y}")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name=f"Go there for {SERVED:%m/%d/%Y}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("DOE")
    expect(page.get_by_label("Day of service")).to_have_value(f"{SERVED:%m/%d/%Y}")
    looks_right(page, "biller-order")
    page.get_by_role("button", name="Put on file as it is").click()
    expect(page.locator("ol.steps > li").first).to_contain_text("Acme Health")
    assert Determination.objects.current().get(patient=sent.patient, service_on=SERVED).status == "determined"

    page.goto(f"/queues/items/{item.pk}/")
    page.get_by_role("link", name="Send the claim").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Beta Life")
    expect(page.get_by_text("102.50").first).to_be_visible()
    looks_right(page, "biller-send")
    page.get_by_role("button", name=re.compile("^Send (now|all the same)$")).click()
    expect(page.get_by_text(re.compile("Sent to Beta Life under interchange"))).to_be_visible()
    looks_right(page, "biller-sent")
    with Submission.objects.get(claim=sent, kept__gt="").kept.open("rb") as kept:
        data = kept.read()
    assert_valid(data)
    assert parse_837p(data)[0].claims[0].other_coverages[0].paid_cents == 102_50

    page.goto(f"/queues/items/{item.pk}/")
    expect(page.get_by_text("The claim was sent to Beta Life.").first).to_be_visible()
    expect(page.get_by_text("Closed itself.")).to_be_visible()
    looks_right(page, "biller-closed")
    assert Item.objects.get(pk=item.pk).state == State.CLOSED


def test_a_denial_closes_only_with_proof(page, sign_in_at, ben, practice, work, looks_right):
    sign_in_at(page, ben)
    bring(page, "visits.837", claims_sent(), work)
    bring(page, "acme.835", answers(), work)
    item = Item.objects.get(queue="cob-denials")

    page.goto("/queues/cob-denials/")
    page.get_by_role("button", name="Take the next item").click()
    page.wait_for_url(f"**/queues/items/{item.pk}/")
    page.get_by_role("link", name="Close", exact=True).click()
    close(page)
    expect(page.get_by_role("alert")).to_contain_text("closes only with proof")
    looks_right(page, "biller-close-refused")
    page.get_by_role("link", name="Add proof").click()
    page.get_by_label("What it is").select_option(label="Acceptance of the claim (277CA)")
    page.get_by_label("Where it can be found").fill("277CA of today, 4711")
    looks_right(page, "biller-proof")
    page.get_by_role("button", name="Save proof").click()
    page.get_by_role("link", name="Close", exact=True).click()
    close(page)

    expect(page.get_by_text("Done.", exact=True)).to_be_visible()
    closed = Item.objects.get(pk=item.pk)
    assert (closed.state, closed.closed_by, closed.root_cause) == (State.CLOSED, ben, "payer_file_stale")
    assert Evidence.objects.get(item=item).reference == "277CA of today, 4711"


def close(page):
    page.get_by_label("How it ended").select_option(label="Sent to the payer")
    page.get_by_label("Root cause").select_option(label="Payer's file out of date")
    page.get_by_label("In a sentence").fill("Acme corrected its file and took the claim again.")
    page.get_by_role("button", name="Close", exact=True).click()
