"""Tomorrow's visits are asked about, the payers answer, and what one tells goes on file by one button."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from claims.exchange import import_file, receive
from cob.audit.acting import acting
from cob.coverage.models import EligibilityAnswer, Inquiry
from cob.dates import add_business_days
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory
from tests.x12.eligibility import about, file_271

COBRA = "EB*1**30*CO"


@pytest.fixture
def jane(main, ana, settings, tmp_path):
    """Comes on the next business day; nobody has asked her payer for long."""
    settings.DATA_DIR = tmp_path
    visit = add_business_days(timezone.localdate(), 1)
    with acting(ana):
        patient = PatientFactory(
            site=main, last_name="Doe", first_name="Jane", birth_on=date(1980, 5, 14), next_visit_on=visit
        )
        patient.acme = CoverageFactory(patient=patient, member_id="MEM1")
    return patient


def payer_answers(by, said, name):
    """The 271 to the only question asked."""
    trace = Inquiry.objects.get().trace
    data = file_271(about(said, trace=trace), payer=("ACME HEALTH", "60054"))
    data = data.replace(b"20260302", f"{timezone.localdate():%Y%m%d}".encode())
    with acting(by):
        import_file(receive(name, BytesIO(data), by=by)[0])


def test_from_tomorrows_visits_to_an_offer_confirmed(page, sign_in_at, work, ana, ben, jane, looks_right):
    sign_in_at(page, ana)
    page.goto("/eligibility/")
    expect(page.get_by_text("Not asked yet", exact=True)).to_be_visible()
    looks_right(page, "eligibility-before")
    page.get_by_role("button", name="Ask 1 payer now").click()
    work()
    page.reload()
    expect(page.get_by_text("No answer yet", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Everybody due was asked")).to_be_disabled()

    payer_answers(ben, COBRA, "a.271")
    page.reload()
    expect(page.get_by_text("Tells of more", exact=True)).to_be_visible()
    looks_right(page, "eligibility-answered")
    page.get_by_role("link", name="Doe, Jane").click()
    section = page.locator("#eligibility")
    expect(section).to_contain_text("COBRA continuation")
    looks_right(page, "eligibility-offer")
    section.get_by_role("button", name="Put COBRA on file").click()
    expect(page.get_by_text("Put on file, as told by the payer.")).to_be_visible()
    expect(page.locator("#eligibility")).not_to_contain_text("Put COBRA on file")
    looks_right(page, "eligibility-confirmed")

    assert jane.facts.get(path=f"coverages.{jane.acme.pk}.continuation").value == "cobra"
    assert EligibilityAnswer.objects.get().replies.get().by == ana
