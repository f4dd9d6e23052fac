"""Documents: recognised by what they are, kept once, and shown as pixels to who may see them."""

from __future__ import annotations

import io
import uuid
from datetime import date
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.db.transaction import atomic
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from claims.attachments import actions, queries
from claims.attachments.actions import About, AttachmentRefused
from claims.models import Attachment, AttachmentKind, AttachmentLink, Report, Transmission
from claims.submissions.folder import open_folder
from cob.audit.acting import acting
from cob.audit.models import Event, EventPatient
from tests.claims import stories
from tests.claims.documents import bring, pdf, picture
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
EOB, LETTER = AttachmentKind.EOB, AttachmentKind.LETTER
ACTIVE = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def claim(main, ben):
    with acting(ben):
        return stories.secondary(main)


# --- brought --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "media", "pages"),
    [
        (pdf(2), "pdf", 2),
        (picture("JPEG"), "jpeg", 1),
        (picture("PNG"), "png", 1),
        (picture("TIFF", pages=3), "tiff", 3),
    ],
    ids=["pdf", "jpeg", "png", "tiff"],
)
def test_the_kind_and_the_pages_are_found_from_the_contents(claim, ana, data, media, pages):
    row, is_new = bring(claim.patient, data, ana)

    assert (row.media, row.pages, is_new, row.size) == (media, pages, True, len(data))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (ACTIVE, "neither a PDF nor a"),
        (b"GIF89a" + b"\0" * 99, "neither a PDF nor a"),
        (b"MZ" + b"\0" * 99, "neither a PDF nor a"),
        (pdf()[:200], "damaged or locked"),
        (pdf(password="secret"), "damaged or locked"),
        (b"\x89PNG\r\n\x1a\n" + ACTIVE, "cannot be opened"),
    ],
    ids=["empty", "a web page", "a GIF", "a program", "cut off", "locked", "a web page that says it is a picture"],
)
def test_anything_else_is_refused_with_what_to_do_and_nothing_kept(claim, ana, data, why):
    with pytest.raises(AttachmentRefused, match=why) as refused:
        bring(claim.patient, data, ana)

    assert refused.value.field == "file"
    assert not Attachment.objects.exists()
    assert not default_storage.exists("attachments")


@pytest.mark.parametrize(("limit", "is_taken"), [(len(picture()), True), (len(picture()) - 1, False)])
def test_a_document_up_to_the_limit_is_taken(claim, ana, monkeypatch, limit, is_taken):
    monkeypatch.setattr("claims.documents.BYTES_MAX", limit)
    if is_taken:
        bring(claim.patient, picture(), ana)
        return
    with pytest.raises(AttachmentRefused, match="larger than"):
        bring(claim.patient, picture(), ana)


def test_it_is_kept_under_a_name_that_says_nothing(claim, ana):
    row, _ = bring(claim.patient, pdf(), ana)

    assert row.kept.name == f"attachments/{row.sha256[:2]}/{row.sha256}.pdf"
    assert Path(default_storage.path(row.kept.name)).stat().st_mode & 0o077 == 0


def test_the_same_bytes_are_one_document_of_a_patient_and_gain_a_link(claim, ana):
    cover = claim.payers.get(rank=1).coverage
    first, _ = bring(claim.patient, pdf(), ana, about=About(coverages=[cover]))
    again, is_new = bring(claim.patient, pdf(), ana, about=About(coverages=[cover], claims=[claim]))

    assert (again, is_new, Attachment.objects.count()) == (first, False, 1)
    assert [(x.coverage, x.claim) for x in first.links.all()] == [(cover, None), (None, claim)]


def test_the_same_bytes_of_two_patients_are_two_documents_and_one_file(claim, main, ana):
    with acting(ana):
        other = PatientFactory(site=main)
    first, _ = bring(claim.patient, pdf(), ana)
    second, is_new = bring(other, pdf(), ana)

    assert (is_new, second.kept.name) == (True, first.kept.name)


@pytest.mark.parametrize("is_alone", [True, False])
def test_an_eob_must_show_nobody_else(claim, ana, is_alone):
    if is_alone:
        bring(claim.patient, pdf(), ana, kind=EOB, is_alone=True)
        return
    with pytest.raises(AttachmentRefused, match="shows nobody else") as refused:
        bring(claim.patient, pdf(), ana, kind=EOB)
    assert refused.value.field == "is_alone"


def test_a_document_is_linked_to_nothing_of_another_patient(claim, main, ana):
    with acting(ana):
        other = PatientFactory(site=main)
    with pytest.raises(AttachmentRefused, match="its own patient"):
        bring(other, pdf(), ana, about=About(claims=[claim]))

    assert not Attachment.objects.exists()


def test_a_link_stays_as_written(claim, ana):
    bring(claim.patient, pdf(), ana, about=About(claims=[claim]))

    with pytest.raises(DatabaseError), atomic(), acting(ana):
        AttachmentLink.objects.update(by=ana)


def test_a_claim_shows_its_own_documents_and_those_of_its_coverages(claim, ana):
    cover = claim.payers.get(rank=2).coverage
    bring(claim.patient, picture(), ana, about=About(coverages=[cover]))
    bring(claim.patient, pdf(), ana, about=About(claims=[claim]), kind=LETTER)
    bring(claim.patient, pdf(1, "UNRELATED"), ana)

    assert {row.kind for row in queries.of_claim(claim)} == {"card", "letter"}
    assert queries.of_patient(claim.patient).count() == 3


# --- seen -----------------------------------------------------------------------------------------------------------


def test_pages_are_pixels_the_original_is_only_saved_and_every_look_is_on_the_trail(claim, ana, client):
    row, _ = bring(claim.patient, picture("TIFF", pages=2), ana)
    client.force_login(ana)
    shown = client.get(reverse("claims:attachment-picture", args=[row.pk, 2]))
    saved = client.get(reverse("claims:attachment-original", args=[row.pk]))

    assert shown["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(shown.content)).getpixel((5, 5)) == (250, 250, 249)
    assert saved["Content-Disposition"] == f'attachment; filename="document-{row.pk.hex[:8]}.tiff"'
    assert b"".join(saved.streaming_content) == picture("TIFF", pages=2)
    for answer in (shown, saved):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "no-store" in answer["Cache-Control"]
    seen = Event.objects.filter(subject_id=str(row.pk), verb__in=["saw", "downloaded"])
    assert sorted(seen.values_list("verb", flat=True)) == ["downloaded", "saw"]
    assert set(EventPatient.objects.filter(event__in=seen).values_list("patient_id", flat=True)) == {row.patient_id}


@pytest.mark.parametrize("page", [0, 3])
def test_a_page_that_is_not_there_is_not_found(claim, ana, client, page):
    row, _ = bring(claim.patient, pdf(2), ana)
    client.force_login(ana)

    assert client.get(f"/documents/{row.pk}/{page}/").status_code == 404


def test_another_site_sees_no_trace_of_a_document(claim, ana, kit, client):
    row, _ = bring(claim.patient, pdf(), ana)
    client.force_login(kit)
    places = [
        reverse("claims:attachment-page", args=[row.pk]),
        reverse("claims:attachment-picture", args=[row.pk, 1]),
        reverse("claims:attachment-original", args=[row.pk]),
        reverse("claims:document-list", args=[claim.patient_id]),
        reverse("claims:claim-attach", args=[claim.pk]),
        reverse("claims:claim-enclose", args=[claim.pk]),
    ]

    assert {client.get(place).status_code for place in places} == {404}
    assert client.post(reverse("claims:attachment-withdraw", args=[row.pk]), {"because": "x"}).status_code == 404


def test_a_withdrawn_document_is_shown_to_nobody_and_named_no_more(claim, ana, ben, client):
    row, _ = bring(claim.patient, pdf(), ana)
    with acting(ben):
        actions.enclose(
            attachment=row, payer=claim.payers.get(rank=2), report=Report.EOB, transmission=Transmission.FAX, by=ben
        )
    client.force_login(ana)
    client.post(reverse("claims:attachment-withdraw", args=[row.pk]), {"because": "Shows the brother."})

    assert client.get(reverse("claims:attachment-page", args=[row.pk])).status_code == 404
    assert not open_folder(claim).projected(2).attachments
    assert default_storage.exists(row.kept.name)
    _, is_new = bring(claim.patient, pdf(), ana)
    assert is_new


def test_a_withdrawal_says_why(claim, ana, client):
    row, _ = bring(claim.patient, pdf(), ana)
    client.force_login(ana)
    refused = client.post(reverse("claims:attachment-withdraw", args=[row.pk]), {"because": " "})

    assert refused.status_code == 422
    assert Attachment.objects.shown().exists()


def test_one_document_costs_as_many_queries_as_ten(claim, ana, client):
    client.force_login(ana)

    def asked():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("claims:document-list", args=[claim.patient_id]))
        return len(seen)

    bring(claim.patient, pdf(1, "A"), ana, about=About(claims=[claim]))
    asked()
    one = asked()
    for n in range(9):
        bring(claim.patient, pdf(1, f"B{n}"), ana, about=About(claims=[claim]))

    assert asked() == one


# --- on the pages ---------------------------------------------------------------------------------------------------


def upload(data=None, name="Oakes Nora card.exe"):
    return SimpleUploadedFile(name, pdf() if data is None else data, content_type="text/html")


@pytest.mark.parametrize("address", ["claim-attach", "patient-attach"])
def test_a_document_is_brought_from_either_page_without_a_script(claim, ana, client, address):
    client.force_login(ana)
    pk = claim.pk if address == "claim-attach" else claim.patient_id
    cover = claim.payers.get(rank=1).coverage
    form = {"file": upload(), "kind": "card", "coverage": str(cover.pk), "about": "Front", "dated_on": "01/02/2026"}
    kept = client.post(reverse(f"claims:{address}", args=[pk]), form)

    row = Attachment.objects.get()
    assert kept["Location"] == reverse("claims:attachment-page", args=[row.pk])
    assert (row.about, row.dated_on, row.kind) == ("Front", date(2026, 1, 2), "card")
    assert {(x.coverage_id, x.claim_id) for x in row.links.all()} == (
        {(cover.pk, None), (None, claim.pk)} if address == "claim-attach" else {(cover.pk, None)}
    )
    assert "exe" not in row.kept.name
    page = client.get(kept["Location"]).content.decode()
    assert reverse("claims:attachment-picture", args=[row.pk, 2]) in page


def test_a_bad_upload_names_its_field(claim, ana, client):
    client.force_login(ana)
    answer = client.post(reverse("claims:claim-attach", args=[claim.pk]), {"file": upload(ACTIVE), "kind": "card"})

    assert answer.status_code == 422
    assert "neither a PDF nor a JPEG, PNG or TIFF picture" in answer.content.decode()


def test_a_document_brought_while_working_belongs_to_that_work(claim, ana, client):
    client.force_login(ana)
    work = "9b2f6f62-7c43-4d8e-9a41-0d6d6a2e8c11"
    client.post(reverse("claims:claim-attach", args=[claim.pk]), {"file": upload(), "kind": "card", "item": work})

    assert queries.of_item(work).get() == Attachment.objects.get()


def test_work_about_one_patient_lists_no_document_of_another(claim, main, ana):
    work = uuid.uuid4()
    with acting(ana):
        other = PatientFactory(site=main)
    bring(other, pdf(), ana, about=About(item=work))

    assert list(queries.of_item(work, claim, claim.patient_id)) == []
    assert queries.of_item(work, None, other.pk).count() == 1
