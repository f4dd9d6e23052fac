"""Somebody waits for the patient: a payer for an answer, or we for money that a payer sent to the patient."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from claims.models import Adjudication, ReportedAdjustment
from workqueues.asks import denials
from workqueues.asks.asking import Ask, Found, Scope, joined

SLUG, SUBJECT = "patient-outreach", "claims.adjudication"
# CARC 100: payment made to patient/insured/responsible party.
PAID_TO_PATIENT = "100"
ASK_FOR_IT = "Ask the patient for the payer's payment and its EOB."


def _answers(scope: Scope) -> QuerySet[Any]:
    """Answers that paid the patient, on claims where money is still open."""
    said = ReportedAdjustment.objects.filter(reason=PAID_TO_PATIENT).order_by()
    rows = Adjudication.objects.filter(pk__in=said.values("adjudication"), claim__is_void=False).order_by()
    rows = scope.of(rows)
    taken_back = Adjudication.objects.filter(reverses=OuterRef("pk")).order_by()
    return rows.filter(~Exists(taken_back), remittance__withdrawn_at=None).exclude(status="22")


def found(scope: Scope, _today: date) -> Iterator[Found]:
    rows = _answers(scope).select_related("claim", "remittance__payer").defer("content", "claim__content")
    sent = _sent_to_patient(rows)
    for row in rows.iterator(chunk_size=2000):
        still_open = row.claim.insurer_open_cents + row.claim.patient_cents
        if still_open <= 0:
            continue
        payer = row.remittance.payer
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=payer.pk,
            site_id=row.claim.site_id,
            reason=f"{payer} paid the patient. {ASK_FOR_IT}",
            codes=("paid_to_patient",),
            next_action=ASK_FOR_IT,
            amount_cents=min(sent.get(row.pk, 0), still_open) or still_open,
            since=row.answered_on,
        )


def _sent_to_patient(rows: QuerySet[Any]) -> dict[uuid.UUID, int]:
    """What each answer says went to the patient, in cents."""
    said = ReportedAdjustment.objects.filter(reason=PAID_TO_PATIENT, adjudication__in=rows.values("pk")).order_by()
    return dict(said.values_list("adjudication").annotate(cents=Sum("amount_cents")))


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    known = Adjudication.objects.filter(pk__in=ids).values_list("pk", flat=True)
    return dict.fromkeys(known, "Nothing is open on the claim any more, or the payer took its answer back.")


ASK = joined(Ask(found=found, gone=gone), denials.of(SLUG))
