"""The proof packet: one PDF with its contents, only of this claim, kept as it was made and on the trail."""

from __future__ import annotations

import hashlib
import io
from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.db.transaction import atomic
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from claims import actions
from claims.attachments.actions import About, bring
from claims.models import Acknowledgement, AttachmentKind, EdiFile, ProofPacket, Recoupment
from claims.packets.making import PacketRefused, make
from claims.paper import actions as paper
from claims.paper.scans import keep_scan
from cob.audit.acting import acting
from cob.audit.models import Event, EventPatient
from cob.coverage.actions import determine, tell_facts
from cob.coverage.models import EligibilityAnswer
from tests.claims import stories
from tests.claims.documents import pdf, picture
from tests.claims.stories import TODAY
from tests.factories.claims import AdjudicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def claim(main, ben):
    """Lakeside has answered, Northern was sent the claim, and its front end took it."""
    with acting(ben):
        patient = stories.nora(main)
        first = stories.coverage(patient, stories.LAKESIDE, "LH5550101", group_number="G-100")
        her_husbands = {"subscriber": stories.husband(patient), "relationship": "spouse"}
        second = stories.coverage(patient, stories.NORTHERN, "NP300200", group_number="G-900", **her_husbands)
        row = stories.claim_of(patient, [first, second])
        stories.answer(row, 1, stories.VISIT, stories.DRAW)
        at_work = {"employment.status": "working", "work_status": "active", "continuation": "none"}
        facts = {f"coverages.{one.pk}.{path}": said for one in (first, second) for path, said in at_work.items()}
        tell_facts(patient=patient, facts=facts, told_by="Patient", told_how="by telephone", by=ben)
        determine(patient=patient, service_on=stories.DAY, by=ben)
        sent = actions.send_claim(claim=row, rank=2, by=ben)
        file = EdiFile.objects.create(
            name="a.277", sha256="a" * 64, size=1, kind="277CA", kept="edi/none", outcome="stored"
        )
        Acknowledgement.objects.create(
            file=file, position=9, kind="277CA", level="claim", claim=row, submission=sent, said="accepted",
            codes=["A2:20:PR"], in_words="Accepted for processing.", answers_to=row.control_number, on=TODAY,
        )  # fmt: skip
        type(sent).objects.filter(pk=sent.pk).update(accepted_on=TODAY)
    return row


def answered(claim, rank=1, **changes):
    """A 271 of the payer in that place."""
    place = claim.payers.get(rank=rank)
    fields = {
        "patient": claim.patient,
        "coverage": place.coverage,
        "payer": place.payer,
        "payer_named": place.payer.name.upper(),
        "person_named": "OAKES, NORA",
        "trace": "COB9000000010001",
        "answered_on": date(2026, 1, 10),
        "service_on": claim.service_from,
        "source_file": claim.pk,
        "position": rank,
        "fingerprint": f"{rank:064d}",
        "is_active": True,
    }
    return EligibilityAnswer.objects.create(**fields | changes)


def made(claim, by, **more):
    with acting(by):
        return make(claim=claim, by=by, **more)


def text_of(row):
    """Every page as text, blanks and line ends as one blank."""
    with row.kept.open("rb") as source:
        return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(source.read())).pages]


def test_it_holds_each_proof_with_the_page_it_begins_on(claim, ana, ben):
    with acting(ana):
        answered(claim)
        bring(
            patient=claim.patient, stream=io.BytesIO(pdf(2, "CARD")), kind=AttachmentKind.CARD,
            about=About(claims=[claim]), words="Card, both sides", by=ana,
        )  # fmt: skip
    row = made(claim, ben)
    pages = text_of(row)

    assert [part["name"] for part in row.parts] == ["eligibility", "order", "adjudication", "filing", "documents"]
    assert row.pages == len(pages)
    for part in row.parts:
        assert part["title"] in pages[part["page"] - 1]
        assert f"{part['page']} {part['title']}" in pages[0]  # the number is drawn before its line
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, start=1))


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("eligibility", "Lakeside Health, member LH5550101"),
        ("eligibility", "Trace number COB9000000010001"),
        ("eligibility", "Northern Benefit has answered no question about this coverage (271)."),
        ("order", "the payers stand in this order under the rules of coordination of benefits"),
        ("order", "Claim number: BSC-1001. Our contact: Main Street, (217) 555-0100."),
        ("adjudication", "Lakeside Health, processed as primary"),
        ("adjudication", "CO-45 $30.00"),
        ("adjudication", "PR-2 $20.00 (coinsurance)"),
        ("filing", "Interchange control number 000000001"),
        ("filing", "Accepted 02/20/2026"),
        ("filing", "277CA Accepted A2:20:PR"),
    ],
)
def test_each_part_says_what_is_on_file(claim, ana, ben, part, words):
    with acting(ana):
        answered(claim)
    (only,) = (row := made(claim, ben, parts=[part])).parts

    assert only["name"] == part
    assert words in " ".join(text_of(row))


def test_other_patients_of_the_same_payment_are_left_out_and_counted(claim, main, ben):
    with acting(ben):
        given = claim.adjudications.get().remittance
        other = stories.nora(main, chart_number="N2", last_name="Zweig", first_name="Otto")
        held = stories.coverage(other, stories.LAKESIDE, "LH777")
        theirs = stories.claim_of(other, [held], number="BSC-2002")
        stories.answer(theirs, 1, stories.VISIT, stories.DRAW, remittance=given, position=2)
    told = " ".join(text_of(made(claim, ben)))

    assert "1 other claim of this payment left out" in told
    assert "BSC-2002" not in told
    assert "Zweig" not in told


def test_a_payment_that_takes_back_and_corrects_this_claim_leaves_no_other_claim_out(claim, ben):
    with acting(ben):
        given = stories.answer(claim, 1, stories.VISIT, stories.DRAW, status="22").remittance
        stories.answer(claim, 1, stories.VISIT, stories.DRAW, remittance=given, position=2)

    assert "left out" not in " ".join(text_of(made(claim, ben)))


def test_an_answer_that_a_letter_took_back_does_not_stand_as_the_payers_word(claim, ben):
    with acting(ben):
        answer = claim.adjudications.get()
        Recoupment.objects.create(
            claim=claim, payer=answer.remittance.payer, answer=answer, amount_cents=1, ground="other", reference="D1",
            letter_on=date(2026, 2, 15), received_on=date(2026, 2, 16),
        )  # fmt: skip

    assert "by letter of 02/15/2026" in " ".join(text_of(made(claim, ben)))


def test_a_claim_answered_twice_in_a_payment_and_one_we_do_not_know_are_each_one_left_out(claim, main, ben):
    with acting(ben):
        given = claim.adjudications.get().remittance
        other = stories.nora(main, chart_number="N2", last_name="Zweig", first_name="Otto")
        theirs = stories.claim_of(other, [stories.coverage(other, stories.LAKESIDE, "LH777")], number="BSC-2002")
        for place, status in ((2, "22"), (3, "1")):
            stories.answer(theirs, 1, stories.VISIT, stories.DRAW, remittance=given, position=place, status=status)
        AdjudicationFactory(remittance=given, claim=None, claim_payer=None, control_number="STRANGE", position=4)

    assert "2 other claims of this payment left out" in " ".join(text_of(made(claim, ben)))


def test_an_eob_page_goes_in_as_it_was_masked(claim, ben, cast):
    with acting(cast["pat"]):
        scan, _ = keep_scan("eob.png", io.BytesIO(picture()), site=claim.site, by=cast["pat"])
        paper.attach_page(scan=scan, page=1, claim=claim, masks=[(0, 0, 5000, 5000)], is_alone=False, by=cast["pat"])
    row = made(claim, ben, parts=["adjudication"])
    with row.kept.open("rb") as source:
        pictures = [p.image for page in PdfReader(io.BytesIO(source.read())).pages for p in page.images]

    assert "Paper EOB, page 1; other patients are masked." in " ".join(text_of(row))
    assert max(pictures[0].convert("RGB").getpixel((50, 50))) < 10


def test_it_is_kept_as_it_was_made_and_stays_so(claim, ben):
    row = made(claim, ben)
    with row.kept.open("rb") as source:
        data = source.read()

    assert (row.sha256, row.size, row.by) == (hashlib.sha256(data).hexdigest(), len(data), ben)
    assert claim.control_number not in row.kept.name
    event = Event.objects.get(verb="packet made")
    assert EventPatient.objects.get(event=event).patient_id == claim.patient_id
    with pytest.raises(DatabaseError), atomic(), acting(ben):
        ProofPacket.objects.update(pages=1)


@pytest.mark.parametrize(("limit", "is_made"), [(2, True), (1, False)])
def test_too_many_pages_of_documents_are_refused_with_what_to_do(claim, ana, ben, monkeypatch, limit, is_made):
    monkeypatch.setattr("claims.packets.making.MOST_PICTURES", limit)
    with acting(ana):
        bring(
            patient=claim.patient, stream=io.BytesIO(pdf(2)), kind=AttachmentKind.CARD,
            about=About(claims=[claim]), by=ana,
        )  # fmt: skip
    if is_made:
        assert made(claim, ben).pages
        return
    with pytest.raises(PacketRefused, match="have 2 pages; a packet takes up to 1"):
        made(claim, ben)
    assert not ProofPacket.objects.exists()


def test_a_name_that_the_built_in_fonts_do_not_know_breaks_nothing(claim, ben):
    with acting(ben):
        claim.patient.last_name = "Łukasz <b>&"
        claim.patient.save()

    assert "Lukasz <b>&" in text_of(made(claim, ben))[0]


def test_one_button_makes_it_and_gives_it(claim, ben, client):
    client.force_login(ben)
    pressed = client.post(reverse("claims:packet-new", args=[claim.pk]))
    row = ProofPacket.objects.get()
    given = client.get(pressed["Location"])
    data = b"".join(given.streaming_content)

    assert pressed["Location"] == reverse("claims:packet-file", args=[row.pk])
    assert given["Content-Type"] == "application/pdf"
    assert hashlib.sha256(data).hexdigest() == row.sha256
    assert Event.objects.filter(verb="downloaded", subject_id=str(row.pk)).exists()
    page = client.get(reverse("claims:claim-page", args=[claim.pk])).content.decode()
    assert reverse("claims:packet-file", args=[row.pk]) in page


def test_only_the_parts_ticked_are_in_it(claim, ben, client):
    client.force_login(ben)
    client.post(reverse("claims:packet-new", args=[claim.pk]), {"parts": ["filing", "order", "nonsense"]})

    assert [part["name"] for part in ProofPacket.objects.get().parts] == ["order", "filing"]


def test_another_site_neither_makes_nor_sees_one(claim, ben, kit, client):
    row = made(claim, ben)
    client.force_login(kit)

    assert client.post(reverse("claims:packet-new", args=[claim.pk])).status_code == 404
    assert client.get(reverse("claims:packet-file", args=[row.pk])).status_code == 404


def test_the_auditor_reads_it_and_makes_none(claim, ben, ira, client):
    row = made(claim, ben)
    client.force_login(ira)

    given = client.get(reverse("claims:packet-file", args=[row.pk]))
    assert b"".join(given.streaming_content).startswith(b"%PDF-")  # read to its end, which closes the file
    assert given.status_code == 200
    assert client.post(reverse("claims:packet-new", args=[claim.pk])).status_code == 403


def test_one_answer_of_a_payer_costs_as_many_queries_as_three(claim, ben):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            made(claim, ben)
        return len(seen)

    with acting(ben):
        answered(claim)
    asked()
    one = asked()
    with acting(ben):
        for n in (5, 6):
            answered(claim, position=n, fingerprint=f"{n:064d}", trace=f"T{n}")
            stories.answer(claim, 1, stories.VISIT, stories.DRAW, number=f"LHP{n}")

    assert asked() == one
