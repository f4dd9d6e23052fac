"""A claim marked as sent whose file does not leave: the payer has nothing, and the filing clock runs on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from claims.delivery.models import Delivery
from claims.delivery.sending import is_troubled
from claims.models import Submission
from workqueues.asks.asking import Ask, Found, Scope

SUBJECT = "claims.submission"


def _stuck(scope: Scope) -> QuerySet[Submission]:
    troubled = Delivery.objects.filter(is_troubled()).values("pk")
    rows: QuerySet[Submission] = Submission.objects.filter(sent_in__in=troubled, claim__is_void=False).order_by()
    return scope.of(rows)


def found(scope: Scope, _today: date) -> Iterator[Found]:
    rows = _stuck(scope).select_related("claim", "claim_payer__payer", "sent_in__delivery").defer("claim__content")
    for row in rows.iterator(chunk_size=2000):
        if row.sent_in is None:
            continue
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.claim_payer.payer_id,
            site_id=row.claim.site_id,
            reason=f"File {row.interchange} is not delivered: {row.sent_in.delivery.trouble}"[:300],
            codes=("not_delivered",),
            next_action="Put right what it names, then press Try now on the batch; the claim is not sent again.",
            amount_cents=max(row.claim.insurer_open_cents, 0),
            since=timezone.localdate(row.sent_at),
        )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = Submission.objects.filter(pk__in=ids).values_list("pk", flat=True)
    return dict.fromkeys(rows, "The file was delivered.")


ASK = Ask(found=found, gone=gone)
