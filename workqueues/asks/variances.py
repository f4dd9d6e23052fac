"""A payer paid less than its terms and our contract say, by more than the difference we let pass.

What it paid too much is a credit, and work of the credit balances.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from django.db.models import F, QuerySet

from claims.models import ExpectedPayment
from cob.cents import dollars
from workqueues.asks import denials
from workqueues.asks.asking import Ask, Found, Scope, joined

SUBJECT = "claims.claimpayer"
FIRST_STEP = "Hold the answer against plan and contract, then dispute it."


def _rows(scope: Scope) -> QuerySet[ExpectedPayment]:
    rows = ExpectedPayment.objects.order_by()
    return scope.of(rows, "claim_payer__claim__patient")


def found(scope: Scope, _today: date) -> Iterator[Found]:
    rows = _rows(scope).filter(difference_cents__lt=-F("tolerance_cents"), claim_payer__claim__is_void=False)
    rows = rows.select_related("claim_payer__claim", "claim_payer__payer").defer("claim_payer__claim__content")
    for row in rows.iterator(chunk_size=2000):
        payer, claim = row.claim_payer.payer, row.claim_payer.claim
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.claim_payer_id,
            patient_id=claim.patient_id,
            claim_id=claim.pk,
            payer_id=payer.pk,
            site_id=claim.site_id,
            reason=f"{payer} paid {dollars(row.paid_cents)}, {_words(row)}.",
            codes=("underpaid",),
            next_action=FIRST_STEP,
            amount_cents=-row.difference_cents,
            since=row.answered_on,
        )


def _words(row: ExpectedPayment) -> str:
    end = "at least " if row.low_cents != row.high_cents else ""
    return f"{dollars(-row.difference_cents)} less than the {end}{dollars(row.low_cents)} expected"


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict.fromkeys(ids, "What was paid and what was expected agree now, or the answer was taken back.")


ASK = joined(denials.of("appeals"), Ask(found=found, gone=gone))
