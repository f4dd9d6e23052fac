"""Scans: recognised by what they are, shown as pixels, masked for good."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from claims.models import ClaimPage, EobScan
from claims.paper import actions
from claims.paper.scans import ScanRefused, keep_scan, masked_png, page_png
from cob.audit.acting import acting
from cob.audit.models import Event, EventPatient
from tests.factories.claims import ClaimFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db


def picture(kind="PNG", size=(400, 500), colour=(255, 255, 255)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def pdf(pages=2):
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=(612, 792))
    for n in range(pages):
        paper.drawString(72, 700, f"EXPLANATION OF BENEFITS {n}")
        paper.showPage()
    paper.save()
    return out.getvalue()


def keep(data, site, by, name="eob.pdf"):
    with acting(by):
        return keep_scan(name, io.BytesIO(data), site=site, by=by)


@pytest.mark.parametrize(
    ("data", "kind", "pages"),
    [(pdf(2), "pdf", 2), (picture("JPEG"), "jpeg", 1), (picture("PNG"), "png", 1)],
    ids=["pdf", "jpeg", "png"],
)
def test_the_kind_is_found_from_the_contents(main, cast, data, kind, pages):
    scan, is_new = keep(data, main, cast["pat"], "whatever.exe")

    assert (scan.kind, scan.pages, is_new) == (kind, pages, True)
    shown = Image.open(io.BytesIO(page_png(scan, pages)))
    assert shown.format == "PNG"
    assert max(shown.size) <= 1_900


def test_the_same_document_is_one_row_at_a_site_and_another_at_the_next(main, north, cast):
    document = pdf()
    first, _ = keep(document, main, cast["pat"])
    again, is_new = keep(document, main, cast["pat"], "copy.pdf")

    assert (again, is_new) == (first, False)
    assert keep(document, north, cast["pat"])[1] is True


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"GIF89a....", "neither a PDF nor a JPEG or PNG"),
        (b"<svg onload=alert(1)>", "neither a PDF nor a JPEG or PNG"),
        (b"%PDF-1.7 torn", "damaged or locked"),
        (b"\x89PNG\r\n\x1a\nnothing", "cannot be opened"),
        (picture("PNG")[:-200], "damaged"),
    ],
    ids=["empty", "gif", "svg", "torn pdf", "torn png", "cut png"],
)
def test_what_is_no_scan_is_refused_and_not_kept(main, cast, data, words):
    with pytest.raises(ScanRefused, match=words):
        keep(data, main, cast["pat"])

    assert not EobScan.objects.exists()


def test_a_file_above_the_limit_is_refused(main, cast, monkeypatch):
    monkeypatch.setattr("claims.documents.BYTES_MAX", 100)

    with pytest.raises(ScanRefused, match="larger than"):
        keep(picture(), main, cast["pat"])


def test_a_mask_is_burnt_in_and_everything_beside_it_stays(main, cast):
    scan, _ = keep(picture(colour=(200, 10, 10)), main, cast["pat"])

    copy = Image.open(io.BytesIO(masked_png(scan, 1, [(1000, 2000, 3000, 1000)])))

    inside = [(int(copy.width * x), int(copy.height * y)) for x, y in ((0.1, 0.2), (0.25, 0.25), (0.399, 0.299))]
    outside = [(int(copy.width * x), int(copy.height * y)) for x, y in ((0.09, 0.25), (0.25, 0.31), (0.42, 0.25))]
    assert {copy.getpixel(at) for at in inside} == {(0, 0, 0)}
    assert {copy.getpixel(at) for at in outside} == {(200, 10, 10)}


@pytest.mark.parametrize("mask", [(0, 0, 0, 10), (-1, 0, 5, 5), (9000, 0, 1001, 10), (0, 9999, 10, 2)])
def test_a_rectangle_must_lie_on_the_page(main, cast, mask):
    scan, _ = keep(picture(), main, cast["pat"])
    with acting(cast["pat"]):
        claim = ClaimFactory(patient=PatientFactory(site=main))
        with pytest.raises(actions.EobRefused, match="is not on the page"):
            actions.attach_page(scan=scan, page=1, claim=claim, masks=[mask], is_alone=False, by=cast["pat"])


class TestAttached:
    @pytest.fixture
    def page(self, main, cast):
        scan, _ = keep(picture(colour=(255, 255, 255)), main, cast["pat"])
        with acting(cast["pat"]):
            claim = ClaimFactory(patient=PatientFactory(site=main))
            return actions.attach_page(
                scan=scan, page=1, claim=claim, masks=[(0, 5000, 10000, 5000)], is_alone=False, by=cast["pat"]
            )

    def url(self, page):
        return f"/claims/pages/{page.pk}/"

    def test_whoever_may_see_the_claim_sees_the_masked_copy_and_only_posters_the_original(self, page, cast, sign_in):
        front_desk = sign_in(cast["ana"])

        shown = front_desk.get(self.url(page))
        original = front_desk.get(f"/remittances/scans/{page.scan_id}/1/")

        assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
        assert "no-store" in shown["Cache-Control"]
        assert original.status_code == 403
        copy = Image.open(io.BytesIO(shown.content))
        assert copy.getpixel((10, copy.height - 10)) == (0, 0, 0)
        assert copy.getpixel((10, 10)) == (255, 255, 255)
        saw = Event.objects.get(verb="saw", subject_type="EOB page")
        assert EventPatient.objects.get(event=saw).patient_id == page.claim.patient_id

    def test_attached_twice_it_is_there_once_and_again_after_it_was_taken_off(self, page, cast):
        def attach(masks):
            told = {"scan": page.scan, "page": page.page, "claim": page.claim, "is_alone": False, "by": cast["pat"]}
            with acting(cast["pat"]):
                return actions.attach_page(masks=masks, **told)

        assert attach(page.masks) == page
        assert attach([(0, 0, 100, 100)]) != page
        with acting(cast["pat"]):
            actions.withdraw_page(page=page, by=cast["pat"])

        assert attach(page.masks) != page

    def test_another_site_finds_neither(self, page, kit, cast, sign_in, north):
        assert sign_in(kit).get(self.url(page)).status_code == 404
        cast["pat"].sites.set([north])
        client = sign_in(cast["pat"])
        assert client.get(self.url(page)).status_code == 404
        assert client.get(f"/remittances/scans/{page.scan_id}/1/").status_code == 404
        assert client.get(f"/remittances/scans/{page.scan_id}/1/mask/").status_code == 404

    def test_taken_off_it_is_shown_to_nobody(self, page, cast, sign_in):
        client = sign_in(cast["pat"])
        assert "Page 1 of" in client.get(f"/claims/{page.claim_id}/").content.decode()

        client.post(self.url(page) + "withdraw/")

        assert client.get(self.url(page)).status_code == 404
        assert "Page 1 of" not in client.get(f"/claims/{page.claim_id}/").content.decode()

    def test_an_unmasked_page_needs_somebody_who_says_that_it_shows_nobody_else(self, page, cast, sign_in):
        client = sign_in(cast["pat"])
        address = f"/remittances/scans/{page.scan_id}/1/mask/"
        number = page.claim.control_number

        refused = client.post(address, {"number": number, "attach": "1"})
        taken = client.post(address, {"number": number, "attach": "1", "is_alone": "on"})

        assert (refused.status_code, taken.status_code) == (422, 302)
        assert "Mask what shows other patients" in refused.content.decode()
        assert ClaimPage.objects.filter(is_alone=True).count() == 1

    def test_the_page_is_looked_at_before_it_is_attached(self, page, cast, sign_in):
        client = sign_in(cast["pat"])
        rows = {"m0-left": "10", "m0-top": "10%", "m0-width": "20.5", "m0-height": "5"}

        shown = client.post(f"/remittances/scans/{page.scan_id}/1/mask/", rows).content.decode()
        wrong = client.post(f"/remittances/scans/{page.scan_id}/1/mask/", rows | {"m0-left": "ten"})

        assert "data:image/png;base64," in shown
        assert 'value="20.5"' in shown
        assert (wrong.status_code, "Rectangle 1" in wrong.content.decode()) == (422, True)
