"""Pat's paper EOB: typed beside its scan by keyboard alone to zero, looked at, posted; then a page masked."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from claims.exchange import import_file, receive
from claims.models import Claim, ClaimPage, PaperEob, Remittance
from cob.audit.acting import acting
from tests.claims.edi_samples import also, claim, file_837p, service

NAME = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
SERVED = timezone.localdate() - timedelta(days=30)
PAID = timezone.localdate() - timedelta(days=2)


def scanned():
    """A page that shows two patients."""
    page = Image.new("RGB", (850, 1100), "white")
    pen = ImageDraw.Draw(page)
    pen.text((60, 60), "ACME HEALTH  EXPLANATION OF BENEFITS  CHECK 4711  AMOUNT 102.50", fill="black")
    pen.text((60, 300), "JANE DOE  PCN1  99213  150.00  ALLOWED 100.00  COINS 20.00  PAID 80.00", fill="black")
    pen.text((60, 340), "                36415   30.00  ALLOWED  22.50               PAID 22.50", fill="black")
    pen.text((60, 700), "MARY ROE  OTHER PATIENT", fill="black")
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def on_file(main, ben):
    data = file_837p(
        claim("PCN1", service(1, on=SERVED), service(2, "36415", 30_00, on=SERVED), other_coverages=(also(),)),
        sent=SERVED,
    )
    with acting(ben):
        import_file(receive("claims.837", io.BytesIO(data), by=ben)[0])
    return Claim.objects.get()


def tab_to(page, label, most=60):
    """Tab on until the field of that name has the focus: nothing is clicked."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(NAME) == label:
            return
    raise AssertionError(f"Tab does not reach {label}")


def type_day(page, day):
    page.keyboard.type(f"{day:%m%d%Y}")


def test_from_scan_to_ledger_by_keyboard_alone(page, sign_in_at, cast, on_file, looks_right):
    sign_in_at(page, cast["pat"])
    page.goto("/remittances/paper/")
    page.get_by_label(re.compile("Scan of the EOB")).set_input_files(
        {"name": "acme.png", "mimeType": "image/png", "buffer": scanned()}
    )
    page.get_by_role("button", name="Begin").press("Enter")
    page.wait_for_url(re.compile("/remittances/paper/[0-9a-f-]{36}/"))
    expect(page.get_by_alt_text("Page 1 of the scanned EOB")).to_be_visible()
    looks_right(page, "paper-begun")

    tab_to(page, "Payer")
    page.keyboard.type("Acme")
    tab_to(page, "Check or transfer number", 1)
    page.keyboard.type("4711")
    tab_to(page, "Paid on", 1)
    type_day(page, PAID)
    tab_to(page, "Amount", 4)
    page.keyboard.type("102.50")
    tab_to(page, "Group for above allowed")
    page.keyboard.type("CO")
    tab_to(page, "Reason for above allowed", 1)
    page.keyboard.type("45")
    tab_to(page, "Group for the coinsurance")
    page.keyboard.type("PR")
    page.locator("#add-claim").focus()
    page.keyboard.type("doe")
    tab_to(page, "Find", 1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Add claim PCN1")).to_be_focused()
    looks_right(page, "paper-found")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Allowed", exact=True).first).to_be_focused()
    for label, text in (("Coinsurance", "20"), ("Paid", "80")):
        if label == "Coinsurance":
            page.keyboard.type("100")
        tab_to(page, label, 4)
        page.keyboard.type(text)
    tab_to(page, "Allowed")
    expect(page.locator("#difference")).to_contain_text("22.50 not explained")  # it follows while one types
    page.keyboard.type("22.50")
    tab_to(page, "Paid", 5)
    page.keyboard.type("22.50")
    page.keyboard.press("Tab")
    expect(page.locator("#difference")).to_contain_text("comes to zero")
    page.evaluate("scrollTo(0, 0)")  # what the bar that stays in view lies over is reached by scrolling
    looks_right(page, "paper-typed")

    page.get_by_role("button", name="Look before posting").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What would be posted")
    expect(page.get_by_role("row").filter(has_text="PCN1")).to_contain_text("102.50")
    looks_right(page, "paper-preview")
    assert not Remittance.objects.exists()
    page.keyboard.press("Enter")  # the button to post has the focus
    expect(page.get_by_text("typed from paper by Pat Price")).to_be_visible()
    looks_right(page, "paper-posted")

    on_file.refresh_from_db()
    assert (on_file.paid_cents, on_file.written_off_cents, on_file.insurer_open_cents) == (102_50, 57_50, 20_00)
    assert PaperEob.objects.get().posted_by == cast["pat"]


def test_the_other_patient_is_masked_before_the_page_goes_to_the_claim(page, sign_in_at, cast, on_file, looks_right):
    from claims.paper.scans import keep_scan

    with acting(cast["pat"]):
        scan, _ = keep_scan("acme.png", io.BytesIO(scanned()), site=on_file.site, by=cast["pat"])
    sign_in_at(page, cast["pat"])
    page.goto(f"/remittances/scans/{scan.pk}/1/mask/")
    box = page.locator("[data-mask]").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] * 0.6)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] * 0.7)
    page.mouse.up()
    expect(page.locator("input[name=m0-width]")).not_to_have_value("")
    page.get_by_role("button", name="Show the masked page").click()
    expect(page.get_by_alt_text("The page as it would be attached")).to_be_visible()
    looks_right(page, "paper-masked")
    page.get_by_label(re.compile("Claim number")).fill("PCN1")
    page.get_by_role("button", name="Attach to the claim").click()

    expect(page.get_by_role("link", name="Page 1 of acme.png")).to_be_visible()
    with ClaimPage.objects.get().kept.open("rb") as kept:
        copy = Image.open(kept).convert("RGB")
    assert copy.getpixel((copy.width // 2, int(copy.height * 0.65))) == (0, 0, 0)
    assert copy.getpixel((copy.width // 2, int(copy.height * 0.5))) == (255, 255, 255)
