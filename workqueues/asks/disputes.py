"""A patient says that what is asked of them is wrong, and nobody has answered yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from claims.patient_billing.models import Dispute
from claims.patient_billing.models.dispute import Cause
from workqueues.asks.asking import Ask, Found, Scope

SUBJECT = "patient_billing.dispute"


def _rows(scope: Scope) -> QuerySet[Dispute]:
    rows = Dispute.objects.order_by()
    return scope.of(rows, "patient")


def found(scope: Scope, _today: date) -> Iterator[Found]:
    for row in _rows(scope).filter(closed_at=None).select_related("statement").iterator(chunk_size=2000):
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.patient_id,
            claim_id=row.claim_id,
            site_id=row.site_id,
            reason=f"The patient disputes it: {row.get_cause_display().lower()}.",
            codes=(row.cause,),
            amount_cents=row.statement.amount_cents if row.statement else 0,
            since=row.received_on,
            attempt=row.attempt,
            # Whoever is protected from billing and was sent a bill is harmed now.
            is_harmful=row.cause == Cause.PROTECTED,
        )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = Dispute.objects.filter(pk__in=ids)
    return {row.pk: f"Closed: {row.get_outcome_display().lower()}." for row in rows if row.closed_at}


ASK = Ask(found=found, gone=gone)
