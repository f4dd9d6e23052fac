"""Money of patients that goes back: paid beyond a final share, or proposed as a refund and not sent yet."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import DateField, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from claims.models import Claim, Submission
from claims.patient_billing.models import Allocation, PatientRefund, RefundState
from claims.patient_billing.reading import pictures_of
from claims.patient_billing.refunding import credits_of
from cob.cents import dollars
from workqueues.asks.asking import Ask, Found, Scope

# One credit a claim: its id is the claim's. Money that lay on no claim goes back by its refund.
SUBJECT, FREE = "patient_billing.credit", "patient_billing.patientrefund"
CHUNK = 300
KEPT_AT_MOST = timedelta(days=30)


def _paid(scope: Scope) -> QuerySet[Any]:
    """Claims on which patients' money lies, with the days on which it, or a void, may have made it too much."""
    laid = Allocation.objects.filter(claim=OuterRef("pk"), amount_cents__gt=0).order_by("-payment__received_on")
    voided = Submission.objects.filter(claim=OuterRef("pk"), frequency="8").order_by("-sent_at")
    rows: QuerySet[Any] = Claim.objects.filter(Exists(laid.order_by())).order_by("pk")
    rows = rows.annotate(
        paid_on=Subquery(laid.values("payment__received_on")[:1]),
        voided_on=Subquery(voided.values("sent_at__date")[:1], output_field=DateField()),
    )
    return scope.of(rows, "patient")


def _waiting(scope: Scope) -> QuerySet[PatientRefund]:
    rows = PatientRefund.objects.filter(state__in=[RefundState.PROPOSED, RefundState.APPROVED]).order_by("proposed_at")
    return scope.of(rows)


def found(scope: Scope, today: date) -> Iterator[Found]:
    waiting: defaultdict[uuid.UUID | None, list[PatientRefund]] = defaultdict(list)
    for refund in _waiting(scope).select_related("payment"):
        waiting[refund.claim_id].append(refund)
    yield from map(_free, waiting.pop(None, ()))
    claims = _paid(scope).select_related("patient", "site").prefetch_related("payers").iterator(chunk_size=CHUNK)
    while part := list(islice(claims, CHUNK)):
        credits = credits_of(pictures_of(part).values())
        for claim in part:
            if claim.pk in credits:
                yield _found(claim, credits[claim.pk], "goes back: propose the refund", today)
            elif claim.pk in waiting:
                yield _found(claim, *_step(waiting[claim.pk]), today)


def _step(refunds: Sequence[PatientRefund]) -> tuple[int, str]:
    """One credit may go back out of several payments: how much has which step before it, the last step first."""
    approved = [refund for refund in refunds if refund.state == RefundState.APPROVED]
    step = "was approved: send it" if approved else "waits for approval"
    return sum(refund.amount_cents for refund in approved or refunds), step


def _found(claim: Any, cents: int, step: str, today: date) -> Found:
    last = max(_days(claim), default=today)
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


def _days(claim: Any) -> Iterable[date]:
    """It is too much from the last answer on, or from what was paid or voided after it."""
    return filter(None, (*(payer.answered_on for payer in claim.payers.all()), claim.paid_on, claim.voided_on))


def _free(refund: PatientRefund) -> Found:
    cents, step = _step([refund])
    since = timezone.localdate(refund.proposed_at)
    return Found(
        subject_type=FREE,
        subject_id=refund.pk,
        patient_id=refund.patient_id,
        site_id=refund.site_id,
        reason=f"${dollars(cents)} of receipt {refund.payment.receipt}, which lie on no claim: the refund {step}.",
        codes=("patient_credit",),
        amount_cents=cents,
        needed_on=since + KEPT_AT_MOST,
        since=since,
    )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict.fromkeys(ids, "The money went back, its refund was given up, or it is no credit any more.")


ASK = Ask(found=found, gone=gone)
