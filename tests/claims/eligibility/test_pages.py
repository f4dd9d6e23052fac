"""The pages and buttons of eligibility."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import EdiFile
from cob.coverage.eligibility.reading import offers_to
from cob.coverage.models import (
    Coverage,
    OfferReply,
)
from tests.claims.eligibility.asked import ACME, BETA, answers, asked, offer
from tests.x12.eligibility import about, file_271

pytestmark = pytest.mark.django_db


def test_putting_the_other_payer_on_file_goes_through_the_coverage_form(jane, ana, bring, sign_in):
    asked(jane, ana)
    answers(bring, BETA.replace("R**30", "R**30*12") + "~REF*IG*POL7", trace="COB9000000010001")
    desk, found = sign_in(ana), next(iter(offers_to(jane)))
    url = f"{reverse('coverage:coverage-new', args=[jane.pk])}?offer={found.answer.pk}.{found.nth}"

    kinds = desk.get(url)
    filled = desk.post(url, {"kind": "employer"})
    form = filled.context["form"]
    assert kinds.context["form"]["kind"].value() == "employer"
    assert form["payer_name"].value() == "BETA MUTUAL"
    assert form["told_how"].value() == "271"
    saved = desk.post(
        url,
        {
            "kind": "employer", "payer_name": "Beta Mutual", "payer_id": "BETA1", "member_id": "POL7",
            "effective_on": "01/01/2026", "subscriber": "P", "told_by": "Acme Health", "told_how": "271",
        },
    )  # fmt: skip

    assert saved.status_code == 302
    added = Coverage.objects.exclude(pk=jane.acme.pk).get()
    assert (added.payer.edi_id, added.effective_on, added.source) == ("BETA1", date(2026, 1, 1), "Acme Health, 271")
    reply = OfferReply.objects.get()
    assert (reply.reply, reply.put_on_file, reply.by) == ("on_file", added, ana)
    assert offer(jane, found.said.hint).has_word  # the order it shows is still to be kept


def test_the_files_page_shows_what_could_not_be_placed_first_with_the_reason(jane, ana, ben, bring, sign_in):
    asked(jane, ana)
    people = about(BETA, trace="COB9000000010001"), about(BETA, trace="X", last="STRAY", member="NOBODY")
    bring(file_271(*people, payer=ACME), "a.271")

    page = sign_in(ben).get(reverse("claims:file-page", args=[EdiFile.objects.get().pk])).content.decode()

    assert "No coverage on file has its member id together with its date of birth." in page
    assert page.index("STRAY") < page.index("Doe, Jane")


def test_buttons_answer_and_refuse_in_words(jane, ana, kit, bring, sign_in):
    asked(jane, ana)
    answers(bring, BETA, trace="COB9000000010001")
    found, desk = offer(jane), sign_in(ana)
    url = reverse("coverage:offer-reply", args=[jane.pk, found.answer.pk, found.nth])

    assert "Choose one of the buttons" in desk.post(url, {"reply": "nonsense"}, follow=True).content.decode()
    assert "through the form" in desk.post(url, {"reply": "on_file"}, follow=True).content.decode()
    page = desk.post(url, {"reply": "ask"}, follow=True).content.decode()
    assert "Ask the patient" in page
    assert "names BETA MUTUAL as primary" in page
    assert desk.post(url.replace("/0/", "/9/")).status_code == 404
    assert sign_in(kit).post(url, {"reply": "not_so"}).status_code == 404


def test_a_patients_page_costs_the_same_for_one_answer_and_for_many(jane, ana, bring, sign_in):
    asked(jane, ana)
    answers(bring, BETA, trace="COB9000000010001")
    desk, url = sign_in(ana), reverse("patients:patient-page", args=[jane.pk])
    desk.get(url)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            desk.get(url)
        return len(seen)

    before = cost()
    for number in range(2, 6):
        asked(jane, ana)
        answers(bring, BETA, trace=f"COB90000000{number}0001", name=f"{number}.271")

    assert cost() == before
