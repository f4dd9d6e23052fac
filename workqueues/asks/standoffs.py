"""Two payers each say that the other comes first: one problem of the claim, not two refusals."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from django.db.models import QuerySet

from denials.models import Denial, Status
from workqueues.asks import denials
from workqueues.asks.asking import Ask, Found, Scope, in_words

SLUG, SUBJECT = "both-deny", "claims.claim"
# From the day all know of each other: after it the plans are asked to pay in equal shares (MDL-120 §9.D, unconfirmed).
AGREE_DAYS = 30


def refusals(scope: Scope) -> QuerySet[Denial]:
    """The refusals of claims in a standoff, claim by claim, oldest first."""
    rows = denials.rows(scope).filter(denials.in_standoff())
    return rows.order_by("claim", "answered_on", "payer__name", "pk")


def found(scope: Scope, _today: date) -> Iterator[Found]:
    if not scope.has_denials:
        return
    rows = refusals(scope).select_related("payer", "claim").defer("claim__content").iterator(chunk_size=2000)
    for _, same in groupby(rows, key=lambda row: row.claim_id):
        told = list(same)
        if any(row.status == Status.OPEN for row in told):
            yield _of(told)


def _of(rows: list[Denial]) -> Found:
    """The clock runs from the answer that made it a standoff: since then every payer's word is on file."""
    claim, payers = rows[0].claim, list(dict.fromkeys(row.payer for row in rows))
    since = next(row.answered_on for row in rows if row.payer != rows[0].payer)
    return Found(
        subject_type=SUBJECT,
        subject_id=claim.pk,
        patient_id=claim.patient_id,
        claim_id=claim.pk,
        payer_id=payers[0].pk,
        site_id=claim.site_id,
        reason=f"{in_words([str(payer) for payer in payers])} each refused it: another payer comes first.",
        codes=tuple(dict.fromkeys(code for row in rows for code in row.codes)),
        next_action="Call both plans together, with the determination and each plan's answer at hand.",
        amount_cents=max(row.at_risk_cents for row in rows),
        limit_on=min((row.limit_on for row in rows if row.limit_on), default=None),
        needed_on=since + timedelta(days=AGREE_DAYS),
        since=since,
    )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Whatever ended the last refusal of the two."""
    rows = Denial.objects.filter(claim__in=ids, category__in=denials.NOT_FIRST).exclude(resolution="")
    ended = rows.order_by("resolved_on", "pk").values_list("claim", "resolution")
    return dict.fromkeys(ids, "Only one payer still says so.") | dict(ended)


ASK = Ask(found=found, gone=gone)
