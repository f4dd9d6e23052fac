"""An answer nothing placed is placed by a person, once, and the original stays."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from claims.models import EdiFile
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage.eligibility import hand
from cob.coverage.models import (
    EligibilityAnswer,
)
from tests.claims.eligibility.asked import ACME, BETA, offer
from tests.factories.coverage import CoverageFactory
from tests.factories.patients import PatientFactory
from tests.x12.eligibility import about, file_271

pytestmark = pytest.mark.django_db


def test_an_answer_nothing_placed_is_placed_by_a_person_and_the_original_stays(jane, ana, unplaced):
    with acting(ana):
        placed = hand.place(answer=unplaced, coverage=jane.acme, by=ana)

    unplaced.refresh_from_db()
    assert (unplaced.patient, placed.patient, placed.placed_by, placed.hints) == (None, jane, ana, unplaced.hints)
    assert offer(jane).said.payer == "BETA MUTUAL"
    assert Event.objects.filter(verb="eligibility answered").latest("pk").patients.get().patient_id == jane.pk


def test_what_a_payer_answered_stays_as_written_placed_or_not(jane, ana, unplaced):
    with acting(ana):
        hand.place(answer=unplaced, coverage=jane.acme, by=ana)
        with pytest.raises(DatabaseError), transaction.atomic():
            EligibilityAnswer.objects.filter(patient=None).update(member_id="other")
        with pytest.raises(DatabaseError), transaction.atomic():
            EligibilityAnswer.objects.filter(patient=jane).update(member_id="other")


def test_of_two_who_place_one_answer_the_second_is_told_who_was_quicker(jane, ana, unplaced):
    with acting(ana):
        hand.place(answer=unplaced, coverage=jane.acme, by=ana)
        with pytest.raises(hand.CannotPlace, match="Ana Arroyo placed it a moment ago"):
            hand.place(answer=unplaced, coverage=jane.acme, by=ana)


def test_an_answer_about_somebody_else_is_never_placed(main, ana, unplaced):
    with acting(ana):
        other = PatientFactory(site=main, birth_on=date(1999, 1, 1))
        cover = CoverageFactory(patient=other, member_id="OTHER")
        with pytest.raises(hand.CannotPlace, match="The member id and the date of birth are another person’s"):
            hand.place(answer=unplaced, coverage=cover, by=ana)


def test_the_same_file_again_offers_nothing_to_place_any_more(jane, ana, bring, unplaced):
    with acting(ana):
        hand.place(answer=unplaced, coverage=jane.acme, by=ana)
    result = bring(file_271(about(BETA, trace="X", member="NEW1"), payer=ACME) + b"\n", "b.271")

    assert result["eligibility"] == {"already_known": 1}


def test_somebody_finds_the_patient_and_says_whose_answer_it_is(jane, ben, unplaced, sign_in):
    desk, url = sign_in(ben), reverse("claims:eligibility-place", args=[unplaced.pk])
    file_url = reverse("claims:file-page", args=[unplaced.source_file])
    assert url in desk.get(file_url).content.decode()
    found = desk.post(url, {"q": "doe"}).content.decode()
    kept = desk.post(url, {"coverage": str(jane.acme.pk)})

    assert "Doe, Jane" in found
    assert "The member id" in found
    assert kept["Location"] == f"{reverse('patients:patient-page', args=[jane.pk])}#eligibility"
    assert "It is placed already" in desk.get(url).content.decode()
    assert url not in desk.get(file_url).content.decode()


@pytest.mark.parametrize("coverage", ["no-id", "9b2f6f62-7c43-4d8e-9a41-0d6d6a2e8c11"])
def test_a_coverage_that_is_not_there_is_not_found(jane, ana, unplaced, sign_in, coverage):
    with acting(ana):
        EdiFile.objects.get().sites.add(jane.site)
    answer = sign_in(ana).post(reverse("claims:eligibility-place", args=[unplaced.pk]), {"coverage": coverage})

    assert answer.status_code == 404


def test_another_site_cannot_place_it(jane, ana, kit, unplaced, sign_in):
    with acting(ana):
        EdiFile.objects.get().sites.add(jane.site)

    assert sign_in(kit).get(reverse("claims:eligibility-place", args=[unplaced.pk])).status_code == 404
