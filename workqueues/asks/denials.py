"""A payer refused for a reason of coordination, and nothing has ended it yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet

from denials.models import COB, Denial, Status
from denials.queries import desk_code_book
from workqueues.asks.asking import Ask, Found, Scope

SUBJECT = "denials.denial"
SLUG = "cob-denials"


def _rows(scope: Scope) -> QuerySet[Denial]:
    rows = Denial.objects.order_by()
    return rows if scope.patients is None else rows.filter(claim__patient__in=scope.patients)


def found(scope: Scope, _today: date) -> Iterator[Found]:
    from workqueues.queues import QUEUES

    # A claim sits in one queue: what another queue owns is that queue's as soon as it is worked here.
    others = [queue.slug for queue in QUEUES if queue.slug != SLUG]
    yield from _found(_rows(scope).filter(Q(family=COB) | Q(queue=SLUG)).exclude(queue__in=others))


def owned_by(slug: str, scope: Scope) -> Iterator[Found]:
    """The open denials that belong to another queue than that of coordination."""
    yield from _found(_rows(scope).filter(queue=slug))


def _found(rows: QuerySet[Denial]) -> Iterator[Found]:
    categories = desk_code_book().categories
    mine = rows.filter(status=Status.OPEN).select_related("payer", "claim").defer("claim__content")
    for denial in mine.iterator(chunk_size=2000):
        category = categories.get(denial.category)
        yield Found(
            subject_type=SUBJECT,
            subject_id=denial.pk,
            patient_id=denial.claim.patient_id,
            claim_id=denial.claim_id,
            payer_id=denial.payer_id,
            site_id=denial.site_id,
            reason=f"{denial.payer} refused: {category.label if category else denial.category}.",
            codes=tuple(denial.codes),
            amount_cents=denial.at_risk_cents,
            limit_on=denial.limit_on,
            since=denial.answered_on,
            attempt=denial.attempt,
        )


def subjects(scope: Scope) -> tuple[QuerySet[Denial], ...]:
    return () if scope.patients is None else (_rows(scope).values("pk"),)  # type: ignore[return-value]


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = Denial.objects.filter(pk__in=ids).values_list("pk", "resolution")
    return {pk: resolution or "Another queue works it." for pk, resolution in rows}


ASK = Ask(found=found, subjects=subjects, gone=gone)
