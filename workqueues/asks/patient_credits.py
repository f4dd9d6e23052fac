"""Money of patients that goes back: paid beyond a final share, or approved as a refund and not sent yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from claims.models import Claim
from claims.patient_billing.models import Allocation, PatientRefund, RefundState
from claims.patient_billing.reading import pictures_of
from claims.patient_billing.refunding import credits_of
from cob.cents import dollars
from workqueues.asks.asking import Ask, Found, Scope

# One credit a claim: its id is the claim's.
SUBJECT = "patient_billing.credit"
CHUNK = 300
KEPT_AT_MOST = timedelta(days=30)


def _paid(scope: Scope) -> QuerySet[Claim]:
    laid = Allocation.objects.filter(claim=OuterRef("pk")).order_by()
    rows = Claim.objects.filter(Exists(laid)).order_by("pk")
    return scope.of(rows, "patient")


def _waiting(scope: Scope) -> QuerySet[PatientRefund]:
    rows = PatientRefund.objects.filter(state__in=[RefundState.PROPOSED, RefundState.APPROVED]).order_by()
    return scope.of(rows)


def found(scope: Scope, today: date) -> Iterator[Found]:
    waiting = {refund.claim_id: refund for refund in _waiting(scope)}
    claims = _paid(scope).select_related("patient", "site").prefetch_related("payers").iterator(chunk_size=CHUNK)
    while part := list(islice(claims, CHUNK)):
        credits = credits_of(pictures_of(part).values())
        for claim in part:
            refund = waiting.get(claim.pk)
            if claim.pk in credits:
                yield _found(claim, credits[claim.pk], "goes back: propose the refund", today)
            elif refund is not None:
                step = "was approved: send it" if refund.state == RefundState.APPROVED else "waits for approval"
                yield _found(claim, refund.amount_cents, step, today)


def _found(claim: Claim, cents: int, step: str, today: date) -> Found:
    last = max((payer.answered_on for payer in claim.payers.all() if payer.answered_on), default=today)
    return Found(
        subject_type=SUBJECT,
        subject_id=claim.pk,
        patient_id=claim.patient_id,
        claim_id=claim.pk,
        site_id=claim.site_id,
        reason=f"${dollars(cents)} the patient paid too much {step}.",
        codes=("patient_credit",),
        amount_cents=cents,
        needed_on=last + KEPT_AT_MOST,
        since=last,
    )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict.fromkeys(ids, "The money went back, or it is no credit any more.")


ASK = Ask(found=found, gone=gone)
