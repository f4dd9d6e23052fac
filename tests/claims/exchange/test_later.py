"""An answer without a claim keeps its money in sight and is posted when the claim is known, once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.exchange import AlreadyMatched, match_later
from claims.models import AdjudicatedLine, Adjudication, Claim, ClaimPayer, Posting
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims.edi_samples import answer, claim, file_835, file_837p, svc, taken_back, transaction

pytestmark = pytest.mark.django_db
STRANGE = answer("9988", svc(("CO-45", 50_00), ("PR-2", 20_00)), last="DOEE", first="JAYNE")


def unmatched(made):
    return replace(made, patient=replace(made.patient, id="UNKNOWN"))


def test_an_unmatched_answer_keeps_its_money_and_posts_nothing(bring):
    bring(file_837p(claim()))
    result = bring(file_835(unmatched(STRANGE)))

    row = Adjudication.objects.get()
    assert (row.claim, row.paid_cents, row.posted_at) == (None, 80_00, None)
    assert result["transactions"][0]["unmatched"] == 1
    assert Posting.objects.count() == 0


def test_matched_by_a_person_it_is_posted_with_the_trail_naming_them(bring, ben):
    bring(file_837p(claim()))
    bring(file_835(unmatched(STRANGE)))
    with acting(ben):
        row = match_later(Adjudication.objects.get(), Claim.objects.get(), ben)

    found = Claim.objects.get()
    assert (found.paid_cents, found.written_off_cents, found.patient_cents) == (80_00, 50_00, 20_00)
    assert (row.claim, row.claim_payer, row.posted_at is not None) == (found, ClaimPayer.objects.get(), True)
    assert row.matched_how == "matched by Ben Baker"
    assert AdjudicatedLine.objects.get().line == found.lines.get()
    (event,) = Event.objects.filter(
        verb="adjudication matched", subject_type="claims.adjudication", after__has_key="how"
    )
    assert (event.actor_id, [p.patient_id for p in event.patients.all()]) == (ben.pk, [found.patient_id])


def test_the_second_person_is_told_who_was_first(bring, ben, sol):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(file_835(unmatched(STRANGE)))
    seen_by_both = Adjudication.objects.get()
    with acting(ben):
        match_later(seen_by_both, Claim.objects.get(control_number="PCN1"), ben)
    with acting(sol), pytest.raises(AlreadyMatched, match=r"PCN1.*Ben Baker"):
        match_later(seen_by_both, Claim.objects.get(control_number="PCN2"), sol)

    assert Claim.objects.get(control_number="PCN2").paid_cents == 0


def test_a_claim_that_comes_after_its_answer_finds_it_waiting(bring):
    bring(file_835(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))))
    result = bring(file_837p(claim()))

    assert result["claims"]["answers_matched"] == 1
    assert Claim.objects.get().patient_cents == 20_00


def test_files_in_the_wrong_order_end_as_in_the_right_one(bring):
    first = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))
    better = answer("PCN1", svc(("CO-45", 40_00), ("PR-2", 22_00)), number="ICN2")
    bring(file_835(first))
    bring(file_835(transaction(taken_back(first), better, trace="EFT2")))
    bring(file_837p(claim()))

    found = Claim.objects.get()
    assert (found.paid_cents, found.written_off_cents, found.patient_cents) == (88_00, 40_00, 22_00)


def test_a_number_alone_does_not_match_a_waiting_answer(bring):
    strange = unmatched(answer("PCN1", svc(("CO-45", 50_00), charge=149_99), last="ROE", first="MARY"))
    bring(file_835(strange))
    bring(file_837p(claim()))

    assert Adjudication.objects.get().claim is None
