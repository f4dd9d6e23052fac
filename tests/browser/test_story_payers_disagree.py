"""A payer says otherwise, a birthday was wrong, and a supervisor decides: each is seen at once and nothing is moved."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from claims.models import Claim, ClaimPayer
from cob.audit.acting import acting
from cob.coverage import actions
from cob.coverage.models import Coverage, Determination
from tests.factories.claims import PostingFactory
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PatientFactory

DAY = date(2026, 3, 10)
TOLD = {"employment.status": "working", "work_status": "active", "continuation": "none"}


@pytest.fixture
def theo(main, ana):
    """On both parents' plans, paid by his mother's first; the order is on file."""
    with acting(ana):
        patient = PatientFactory(site=main, last_name="Ames", first_name="Theo", birth_on=date(2015, 6, 1))
        plans = [
            _plan(patient, ana, "Harbor Health", "Ida", "mother", date(1985, 3, 2)),
            _plan(patient, ana, "Lakeside Mutual", "Otto", "father", date(1984, 9, 9)),
        ]
        home = {"child.parents_living_together": True, "child.decree.terms": "none"}
        actions.tell_facts(patient=patient, facts=home, told_by="mother", by=ana)
        for n, on in enumerate((DAY, date(2026, 2, 3))):
            _paid(patient, plans, f"C-{n}", on)
        CoverageFactory(
            patient=patient, payer=PayerFactory(name="Old Mutual", edi_id="OM"), effective_on=date(2019, 1, 1),
            ended_on=date(2019, 8, 31), open_ended=False,
        )  # fmt: skip
        actions.determine(patient=patient, service_on=DAY, by=ana)
    return patient


def _plan(patient, by, name, first, relation, born):
    person = actions.add_person(
        patient=patient, by=by, told_by="mother", last_name="Ames", first_name=first, relation=relation, birth_on=born
    )
    row = CoverageFactory(
        patient=patient, payer=PayerFactory(name=name, edi_id=name[:6].upper()), subscriber=person,
        relationship="child",
    )  # fmt: skip
    facts = {f"coverages.{row.pk}.{path}": value for path, value in TOLD.items()}
    actions.tell_facts(patient=patient, facts=facts, told_by="mother", by=by)
    return row


def _paid(patient, plans, number, on):
    claim = Claim.objects.create(
        site=patient.site, patient=patient, control_number=number, service_from=on, service_to=on, charge_cents=120_00,
        paid_cents=80_00, insurer_open_cents=40_00, content={}, billed_on=on,
    )  # fmt: skip
    for rank, row in enumerate(plans, start=1):
        state = "adjudicated" if rank == 1 else "expected"
        ClaimPayer.objects.create(claim=claim, coverage=row, payer=row.payer, rank=rank, state=state)
    PostingFactory(claim=claim, payer=plans[0].payer, rank=1, amount_cents=80_00)


def _sizes(page, picture, name):
    page.set_viewport_size({"width": 820, "height": 1180})
    picture(page, f"{name}-tablet", full_page=True)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.emulate_media(color_scheme="dark")
    picture(page, f"{name}-dark", full_page=True)
    page.emulate_media(color_scheme="light")


def test_a_payers_word_is_written_down_and_a_dispute_is_seen(page, sign_in_at, ana, theo, looks_right, picture):
    sign_in_at(page, ana)
    page.goto(f"/order/{Determination.objects.get().pk}/#payers")
    page.get_by_role("link", name="Record what Lakeside Mutual says").click()
    looks_right(page, "verification-empty")
    page.get_by_role("button", name="Keep what it said").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what the payer says of our order.")
    looks_right(page, "verification-refused")

    page.get_by_label("Shows another order").check()
    page.get_by_label("Place it shows for itself").select_option(label="Primary")
    page.get_by_label("In force on these days").select_option(label="Yes")
    page.get_by_label("How", exact=True).select_option(label="Call to the payer")
    page.get_by_label("Spoken with").fill("Ruth")
    page.get_by_label("Reference").fill("C-4711")
    page.get_by_label("Where the payer has it from").fill("Member’s questionnaire")
    page.get_by_label("Has all it needs since").fill("03/01/2026")
    page.get_by_role("button", name="Keep what it said").click()

    payers = page.locator("#payers")
    expect(payers).to_contain_text("Lakeside Mutual shows another order than ours.")
    expect(payers).to_contain_text("ask Harbor Health since when it has all it needs")
    expect(payers.get_by_role("row", name="Lakeside Mutual")).to_contain_text("Ruth")
    looks_right(page, "verdict-dispute")
    _sizes(page, picture, "verdict-dispute")
    assert Coverage.objects.get(payer__name="Lakeside Mutual").verified_how == "Call to the payer, C-4711"


def test_a_birthday_put_right_lists_the_paid_claims(page, sign_in_at, ana, theo, looks_right, picture):
    sign_in_at(page, ana)
    page.goto(f"/patients/{theo.pk}/")
    looks_right(page, "patient-before")
    page.get_by_role("complementary").get_by_role("link", name="Ida Ames").click()
    page.get_by_label("Date of birth").fill("12/02/1985")
    page.get_by_role("button", name="Save").click()

    page.goto(f"/patients/{theo.pk}/")
    expect(page.get_by_text("This changes the order of 2 claims.")).to_be_visible()
    looks_right(page, "patient-changed")
    _sizes(page, picture, "patient-changed")
    page.get_by_role("link", name="See what to do").click()

    row = page.get_by_role("row", name="C-0")
    expect(row).to_contain_text("Bill Lakeside Mutual first.")
    expect(row).to_contain_text("Harbor Health paid $80.00 in a place that is not its own.")
    looks_right(page, "changed-orders")
    _sizes(page, picture, "changed-orders")


def test_a_supervisor_against_federal_law_confirms_the_rule_by_name(page, sign_in_at, ana, sol, theo, looks_right):
    with acting(ana):
        CoverageFactory(
            patient=theo, payer=PayerFactory(name="State Medicaid", edi_id="MCD"), kind="medicaid",
            effective_on=date(2020, 1, 1),
        )  # fmt: skip
        row = actions.determine(patient=theo, service_on=DAY, by=ana)
    sign_in_at(page, sol)
    page.goto(f"/order/{row.pk}/override/")
    for payer, place in (("Harbor Health", "2"), ("Lakeside Mutual", "3"), ("State Medicaid", "1")):
        page.get_by_label(payer).select_option(place)
    page.get_by_label("Reason").fill("The state asked for it.")
    page.get_by_label("Evidence", exact=True).select_option(label="Letter from the payer")
    page.get_by_label("Reference", exact=True).fill("Letter 88")
    page.get_by_label("Of which day", exact=True).fill("03/01/2026")
    page.get_by_role("button", name="Put this order on file").click()

    expect(page.get_by_text("State Medicaid is put before Harbor Health, and federal law puts")).to_be_visible()
    looks_right(page, "override-law")
    page.get_by_label("I have read MCD-LAST").check()
    page.get_by_role("button", name="Put this order on file").click()

    expect(page.get_by_text("The order is overridden and on file.")).to_be_visible()
    expect(page.get_by_text("Against MCD-LAST")).to_be_visible()
    looks_right(page, "override-on-file")
