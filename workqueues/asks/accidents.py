"""Care because of an accident or of work, and no accident payer has answered for it yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim, ClaimPayer
from claims.models.claim import PayerState
from cob.coverage.models import Fact
from cob.coverage.pictures import pictures_of
from cob.patients.models import Patient
from cob.rules.frontdesk.accidents import cause_of, is_answered, last_prompt_day
from cob.rules.frontdesk.picture import ACCIDENT, MEDICARE, Picture
from denials.models import Denial
from workqueues.asks import denials, flags
from workqueues.asks.asking import Ask, Found, Scope

SLUG, FLAG = "accident-liability", "ACCIDENT"
CLAIM, PATH = "claims.claim", "claim.related_to"
CHUNK = 500
ENDED = "The accident payer's answer is on file, or the care has nothing to do with an accident."


def _claims(scope: Scope) -> QuerySet[Claim]:
    """Open claims that say they are because of an accident, which no accident payer has answered."""
    rows = Claim.objects.filter(is_void=False, insurer_open_cents__gt=0).exclude(related_to=[])
    rows = scope.of(rows, "patient")
    answered = ClaimPayer.objects.filter(
        claim=OuterRef("pk"), coverage__kind__in=ACCIDENT, state__in=(PayerState.ADJUDICATED, PayerState.DENIED)
    ).order_by()
    # A refusal that this queue works is the item of its claim.
    refused = Denial.objects.open().filter(claim=OuterRef("pk"), queue=SLUG).order_by()
    ruled_out = _told(scope).filter(patient=OuterRef("patient"), true_from=OuterRef("service_from"), value=["none"])
    found: QuerySet[Claim] = rows.filter(~Exists(answered), ~Exists(refused), ~Exists(ruled_out)).order_by("pk")
    return found


def _told(scope: Scope) -> QuerySet[Fact]:
    """The last word on what each visit was for."""
    later = Fact.objects.filter(
        patient=OuterRef("patient"), path=PATH, true_from=OuterRef("true_from"), told_at__gt=OuterRef("told_at")
    ).order_by()
    rows = Fact.objects.filter(~Exists(later), path=PATH, true_from__isnull=False).order_by()
    return scope.of(rows, "patient")


def _visits(scope: Scope) -> QuerySet[Fact]:
    """Visits said to be because of an accident that no claim stands for yet."""
    billed = Claim.objects.filter(patient=OuterRef("patient"), service_from=OuterRef("true_from")).order_by()
    alive = Q(patient__died_on=None)
    return _told(scope).filter(~Exists(billed), alive).exclude(value=["none"]).order_by("pk")


def found(scope: Scope, today: date) -> Iterator[Found]:
    yield from denials.owned_by(SLUG, scope)
    for claim, picture in _pictured(_claims(scope).defer("content"), today):
        if one := _of_claim(claim, picture):
            yield one
    for fact, picture in _pictured(_visits(scope), today):
        if one := _of_visit(fact, picture):
            yield one


def _pictured(rows: QuerySet[Any], today: date) -> Iterator[tuple[Any, Picture]]:
    """Each row with its patient's picture, a few hundred rows at a time."""
    left = rows.select_related("patient").iterator(chunk_size=CHUNK)
    while part := list(islice(left, CHUNK)):
        patients: dict[uuid.UUID, Patient] = {row.patient_id: row.patient for row in part}
        pictures = pictures_of(patients.values(), today=today)
        yield from ((row, pictures[row.patient_id]) for row in part)


def _of_claim(claim: Claim, picture: Picture) -> Found | None:
    cause = cause_of(claim.related_to)
    if not cause or is_answered(picture, claim.related_to):
        return None
    return Found(
        subject_type=CLAIM,
        subject_id=claim.pk,
        patient_id=claim.patient_id,
        claim_id=claim.pk,
        site_id=claim.site_id,
        reason=f"Care because of {cause}; no accident payer has answered.",
        codes=tuple(claim.related_to),
        amount_cents=max(claim.insurer_open_cents, 0),
        needed_on=_day_120(picture, claim.related_to, claim.service_from),
        since=claim.billed_on,
    )


def _of_visit(fact: Fact, picture: Picture) -> Found | None:
    related = fact.value if isinstance(fact.value, list) else []
    cause = cause_of(related)
    if not cause or fact.true_from is None or is_answered(picture, related):
        return None
    return Found(
        subject_type=flags.SUBJECT,
        subject_id=flags.subject_id(fact.patient_id, f"{FLAG}::{fact.true_from.isoformat()}"),
        patient_id=fact.patient_id,
        site_id=fact.patient.site_id,
        reason=f"The visit on {fact.true_from:%m/%d/%Y} is because of {cause}; no accident payer has answered.",
        codes=(FLAG,),
        needed_on=_day_120(picture, related, fact.true_from),
    )


def _day_120(picture: Picture, related: Sequence[str], service_on: date) -> date | None:
    """Only Medicare waits by this count."""
    return last_prompt_day(picture, related, service_on) if picture.of(MEDICARE) else None


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict.fromkeys(ids, ENDED) | denials.gone(ids) | flags.gone(SLUG, ids)


ASK = Ask(found=found, gone=gone)
