"""Documents that go with a claim: named on it to one payer alone, faxed under a cover, and listed with the work."""

from __future__ import annotations

from contextlib import closing

import pypdfium2 as pdfium
import pytest
from django.urls import reverse

from claims.attachments import actions
from claims.attachments.actions import About, AttachmentRefused
from claims.models import Enclosure, Report, Transmission
from claims.packets.making import make
from claims.submissions.folder import open_folder
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims import stories
from tests.claims.documents import bring, pdf
from tests.claims.edi_samples import file_837p
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory
from tests.x12.validator import assert_valid

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(main, ben):
    with acting(ben):
        return stories.secondary(main)


# --- with a claim ---------------------------------------------------------------------------------------------------


def enclosed(claim, row, by, rank=2, transmission=Transmission.FAX):
    with acting(by):
        return actions.enclose(
            attachment=row, payer=claim.payers.get(rank=rank), report=Report.EOB, transmission=transmission, by=by
        )


@pytest.mark.parametrize("transmission", list(Transmission))
def test_an_enclosed_document_is_named_on_the_claim_to_that_payer_alone(claim, ana, ben, transmission):
    row, _ = bring(claim.patient, pdf(), ana)
    made = enclosed(claim, row, ben, transmission=transmission)
    sent = open_folder(claim).projected(2)

    (pwk,) = sent.attachments
    number = "" if transmission == "AA" else made.control_number
    assert (pwk.report_type, pwk.transmission, pwk.control_number) == ("EB", transmission.value, number)
    assert not open_folder(claim).projected(1).attachments
    data = file_837p(sent)
    assert (f"PWK*EB*{transmission.value}***AC*{number}~" if number else "PWK*EB*AA~") in data.decode()
    assert_valid(data)


def test_what_is_taken_out_is_named_no_more_and_its_number_never_comes_back(claim, ana, ben, client):
    row, _ = bring(claim.patient, pdf(), ana)
    first = enclosed(claim, row, ben)
    client.force_login(ben)
    client.post(reverse("claims:enclosure-take-out", args=[first.pk]))
    assert not open_folder(claim).projected(2).attachments
    second = enclosed(claim, row, ben)

    assert first.control_number != second.control_number


def test_of_two_who_enclose_the_same_one_is_told(claim, ana, ben):
    row, _ = bring(claim.patient, pdf(), ana)
    enclosed(claim, row, ben)

    with pytest.raises(AttachmentRefused, match="goes with the claim to Northern Benefit already"):
        enclosed(claim, row, ben)


def test_a_claim_names_ten_documents_and_no_more(claim, ana, ben):
    rows = [bring(claim.patient, pdf(1, f"N{n}"), ana)[0] for n in range(11)]
    for row in rows[:10]:
        enclosed(claim, row, ben)

    with pytest.raises(AttachmentRefused, match="up to 10"):
        enclosed(claim, rows[10], ben)
    assert Enclosure.objects.count() == 10


def test_a_document_of_another_patient_is_never_enclosed(claim, main, ana, ben):
    with acting(ana):
        other = PatientFactory(site=main)
    row, _ = bring(other, pdf(), ana)

    with pytest.raises(AttachmentRefused, match="another patient"):
        enclosed(claim, row, ben)


def test_a_biller_encloses_on_the_page(claim, ana, ben, client):
    row, _ = bring(claim.patient, pdf(), ana, about=About(claims=[claim]))
    client.force_login(ben)
    form = {"attachment": row.pk, "payer": claim.payers.get(rank=2).pk, "report": "EB", "transmission": "BM"}
    client.post(reverse("claims:claim-enclose", args=[claim.pk]), form)
    page = client.get(reverse("claims:claim-page", args=[claim.pk])).content.decode()

    assert f"by mail, number {Enclosure.objects.get().control_number}" in page


# --- the cover of a fax ---------------------------------------------------------------------------------------------


def words_of(data):
    """The text of a PDF's only page."""
    with closing(pdfium.PdfDocument(data)) as document:
        (page,) = document
        return page.get_textpage().get_text_bounded()


def cover(made):
    return reverse("claims:enclosure-cover", args=[made.pk])


@pytest.mark.parametrize(("transmission", "fax"), [(Transmission.FAX, True), (Transmission.MAIL, False)])
def test_the_cover_names_the_number_the_payer_and_the_claim_and_hardly_the_patient(
    claim, ana, ben, client, transmission, fax
):
    row, _ = bring(claim.patient, pdf(3), ana)
    made = enclosed(claim, row, ben, transmission=transmission)
    client.force_login(ben)
    answer = client.get(cover(made))

    said = words_of(answer.content)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    for word in (made.control_number, "Northern Benefit", claim.control_number, "PWK01 EB", "4, with this one"):
        assert word in said
    patient = claim.patient
    member = claim.payers.get(rank=2).coverage.member_id
    assert ("Fax number" in said) == fax
    assert f"{patient.first_name[0]}. {patient.last_name[0]}." in said
    for secret in (patient.last_name, f"{patient.birth_on:%m/%d/%Y}", member):
        assert secret not in said
    assert Event.objects.filter(verb="downloaded", subject_id=str(made.pk)).count() == 1


@pytest.mark.parametrize("transmission", [Transmission.ELECTRONIC, Transmission.ON_REQUEST])
def test_what_goes_another_way_has_no_cover(claim, ana, ben, client, transmission):
    row, _ = bring(claim.patient, pdf(), ana)
    client.force_login(ben)

    assert client.get(cover(enclosed(claim, row, ben, transmission=transmission))).status_code == 404


def test_a_cover_of_another_site_is_not_there_and_one_taken_out_neither(claim, ana, ben, kit, client):
    row, _ = bring(claim.patient, pdf(), ana)
    made = enclosed(claim, row, ben)
    client.force_login(kit)
    assert client.get(cover(made)).status_code == 404

    with acting(ben):
        actions.take_out(enclosure=made, by=ben)
    client.force_login(ben)
    assert client.get(cover(made)).status_code == 404


# --- on the item ----------------------------------------------------------------------------------------------------


def test_an_item_lists_what_was_brought_while_working_on_it_what_is_about_its_claim_and_its_packets(
    claim, ana, ben, client
):
    with acting(ben):
        item = ItemFactory(claim=claim, patient=claim.patient, site=claim.site)
    bring(claim.patient, pdf(1, "A"), ana, about=About(item=item.pk), words="Letter from the queue")
    row, _ = bring(claim.patient, pdf(1, "B"), ana, about=About(claims=[claim]), words="EOB of the claim")
    bring(claim.patient, pdf(1, "C"), ana, words="About nothing here")
    made = enclosed(claim, row, ben)
    with acting(ben):
        packet = make(claim=claim, by=ben, parts=["adjudication"])
    client.force_login(ben)

    page = client.get(reverse("workqueues:item-page", args=[item.pk])).content.decode()

    assert [words in page for words in ("Letter from the queue", "EOB of the claim", "About nothing here")] == [
        True, True, False,
    ]  # fmt: skip
    assert f"by fax, number {made.control_number}" in page
    assert reverse("claims:packet-file", args=[packet.pk]) in page


def test_an_item_about_no_patient_lists_no_document_of_anybody(claim, main, ana, ben, client):
    with acting(ben):
        item = ItemFactory(claim=None, patient=None, site=main)
    bring(claim.patient, pdf(1, "A"), ana, about=About(item=item.pk), words="Letter of Nora")
    client.force_login(ben)

    page = client.get(reverse("workqueues:item-page", args=[item.pk]))

    assert (page.status_code, "Letter of Nora" in page.content.decode()) == (200, False)
