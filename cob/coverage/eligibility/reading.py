"""Answers and replies read for one patient or hundreds, in a number of queries that never grows."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.http import Http404

from cob.coverage.eligibility.offers import Offer, offers_of
from cob.coverage.models import Coverage, EligibilityAnswer, Fact, OfferReply
from cob.patients.models import Patient


def open_offers(
    coverages: Mapping[uuid.UUID, Sequence[Coverage]], facts: Mapping[uuid.UUID, Iterable[Fact]]
) -> defaultdict[uuid.UUID, list[Offer]]:
    """By patient, what was told and nobody has replied to. Two queries, one where no payer told anything."""
    found: defaultdict[uuid.UUID, list[Offer]] = defaultdict(list)
    told: defaultdict[uuid.UUID, list[EligibilityAnswer]] = defaultdict(list)
    held = {row.pk: row for rows in coverages.values() for row in rows}
    latest = EligibilityAnswer.objects.filter(patient__in=list(coverages), has_news=True).standing()
    for answer in latest.order_by("-answered_on", "-created_at"):
        if answer.coverage_id in held and answer.patient_id:
            answer.coverage = held[answer.coverage_id]
            told[answer.patient_id].append(answer)
    replies: defaultdict[uuid.UUID, list[OfferReply]] = defaultdict(list)
    if told:
        for reply in OfferReply.objects.filter(patient__in=list(told)):
            replies[reply.patient_id].append(reply)
    for patient, answers in told.items():
        known = {fact.path: fact.value for fact in facts.get(patient, ())}
        offers = offers_of(answers, coverages[patient], replies[patient], known)
        found[patient] = [offer for offer in offers if offer.is_open]
    return found


def offers_to(patient: Patient, answers: Iterable[EligibilityAnswer] | None = None) -> list[Offer]:
    """All offers of one patient's latest answers, settled ones among them."""
    coverages = list(patient.coverages.select_related("payer"))
    by_id = {row.pk: row for row in coverages}
    if answers is None:
        answers = patient.eligibility_answers.standing().order_by("-answered_on", "-created_at")
    rows = []
    for answer in answers:
        if answer.coverage_id in by_id:
            answer.coverage = by_id[answer.coverage_id]
            rows.append(answer)
    for coverage in coverages:
        coverage.patient = patient
    replies = list(patient.offer_replies.select_related("by")) if rows else []
    facts = {path: fact.value for path, fact in patient.facts.as_of(_latest_day(rows)).items()} if rows else {}
    return offers_of(rows, coverages, replies, facts)


def _latest_day(rows: list[EligibilityAnswer]) -> date:
    return max(row.service_on for row in rows)


def offer_or_404(patient: Patient, answer: UUID, nth: int) -> Offer:
    """One offer that still stands in the patient's latest answers."""
    for offer in offers_to(patient):
        if offer.answer.pk == answer and offer.nth == nth:
            return offer
    raise Http404
