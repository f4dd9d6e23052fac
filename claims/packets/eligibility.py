"""The eligibility part of a packet: of each payer on the claim the answers that speak of the day of service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from claims.packets.blocks import Block, Facts, Items, Words
from claims.submissions.folder import Folder
from cob.coverage.eligibility import failures, wording
from cob.coverage.eligibility.offers import offers_of
from cob.coverage.eligibility.page import state_of
from cob.coverage.models import Coverage, EligibilityAnswer
from cob.ui.words import day

MOST_OF_A_PAYER = 3


def eligibility(folder: Folder) -> Iterator[Block]:
    """Every payer in order; of one never asked, that it was not."""
    claim = folder.claim
    coverages = list(Coverage.objects.filter(patient=claim.patient_id).select_related("payer"))
    answers: dict[UUID | None, list[EligibilityAnswer]] = defaultdict(list)
    held = EligibilityAnswer.objects.filter(coverage__in=[row.coverage_id for row in folder.rows])
    for answer in held.select_related("coverage__payer").newest_first():
        answers[answer.coverage_id].append(answer)
    for row in folder.rows:
        yield Words(f"{row.payer}, member {row.coverage.member_id or 'id not known'}", is_head=True)
        chosen = _about(answers[row.coverage_id], claim.service_from, claim.service_to)
        if not chosen:
            yield Words(f"{row.payer} has answered no question about this coverage (271).")
        for answer in chosen:
            yield from _answer(answer, coverages, claim.service_from)


def _about(answers: list[EligibilityAnswer], first: date, last: date) -> list[EligibilityAnswer]:
    """Those asked about the days of service; else the newest, whose dates may still include them."""
    on_day = [answer for answer in answers if first <= answer.service_on <= last]
    return (on_day or answers)[:MOST_OF_A_PAYER]


def _answer(answer: EligibilityAnswer, coverages: list[Coverage], served_on: date) -> Iterator[Block]:
    says, _ = state_of(answer)
    asked = day(answer.service_on)
    if answer.service_on != served_on:
        asked += f"; the day of service is {day(served_on)}"
    yield Facts(
        [
            ("Answered", day(answer.answered_on)),
            ("Asked about", asked),
            ("Trace number", answer.trace),
            ("Person named", answer.person_named),
            ("Member id named", answer.member_id),
            ("Says", says),
        ]
    )
    if answer.is_failed:
        why, _ = failures.in_words(answer.hints)
        yield Words(f"The question was not answered: {why} This does not mean that there is no coverage.")
        return
    told = [
        ". ".join(filter(None, (wording.title(offer).rstrip("."), wording.details(offer), wording.source(offer))))
        for offer in offers_of([answer], coverages, (), {})
    ]
    if told:
        yield Items(told)
