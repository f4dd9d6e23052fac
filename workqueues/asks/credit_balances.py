"""Too much was paid on a claim, and it has not gone back yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from claims.models import Credit
from workqueues.asks import denials, patient_credits
from workqueues.asks.asking import Ask, Found, Scope, joined

SLUG, SUBJECT = "credit-balances", "claims.credit"


def _rows(scope: Scope) -> QuerySet[Credit]:
    rows: QuerySet[Credit] = Credit.objects.order_by()
    return scope.of(rows)


def found(scope: Scope, today: date) -> Iterator[Found]:
    yield from denials.owned_by(SLUG, scope)
    rows = _rows(scope).filter(settled_on=None, no_credit_because="").select_related("claim", "payer")
    for row in rows.defer("claim__content").iterator(chunk_size=2000):
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id,
            reason=f"{row.because} {_by_when(row)}"[:300],
            codes=(row.kind,),
            amount_cents=row.amount_cents or row.most_cents,
            limit_on=row.due_on,
            since=row.found_on,
            has_legal_clock=bool(row.due_on and (row.due_on - today).days <= 30),
        )


def _by_when(row: Credit) -> str:
    return f"Give it back to {row.payer} by {row.due_on:%m/%d/%Y}." if row.due_on else f"It belongs to {row.payer}."


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = Credit.objects.filter(pk__in=ids).values_list("pk", "settled_because", "no_credit_because")
    said = {pk: settled or (f"No credit: {why}" if why else "It is settled.") for pk, settled, why in rows}
    return denials.gone(ids) | said


ASK = joined(Ask(found=found, gone=gone), patient_credits.ASK)
