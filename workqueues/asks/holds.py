"""Statements held whose day has come, or that wait for a person rather than for a payer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from claims.patient_billing.grounds import CUSTOMS
from claims.patient_billing.models import Ground, StatementHold
from workqueues.asks.asking import Ask, Found, Scope

SUBJECT = "patient_billing.statementhold"
LONG_DAYS = 60
AT_ONCE = [ground for ground, custom in CUSTOMS.items() if custom.is_work]
# Disputes have a queue of their own.
NOT_HERE = [Ground.DISPUTE]


def _rows(scope: Scope) -> QuerySet[StatementHold]:
    rows = StatementHold.objects.order_by()
    return scope.of(rows)


def found(scope: Scope, today: date) -> Iterator[Found]:
    due = (
        _rows(scope)
        .filter(lifted_at=None)
        .exclude(ground__in=NOT_HERE)
        .filter(Q(expires_on__lte=today) | Q(ground__in=AT_ONCE))
    )
    rows = due.filter(claim__is_void=False).select_related("claim").defer("claim__content")
    for hold in rows.iterator(chunk_size=2000):
        has_come = hold.expires_on <= today
        yield Found(
            subject_type=SUBJECT,
            subject_id=hold.pk,
            patient_id=hold.claim.patient_id,
            claim_id=hold.claim_id,
            site_id=hold.claim.site_id,
            reason=f"Statement held: {hold.because}"[:300],
            codes=(hold.ground, "expired") if has_come else (hold.ground,),
            amount_cents=max(hold.claim.patient_cents, 0),
            needed_on=hold.opened_on + timedelta(days=LONG_DAYS),
            since=hold.expires_on if has_come and hold.ground not in AT_ONCE else hold.opened_on,
        )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = StatementHold.objects.filter(pk__in=ids).values_list("pk", "lifted_because")
    return {pk: because or "It may wait longer." for pk, because in rows}


ASK = Ask(found=found, gone=gone)
