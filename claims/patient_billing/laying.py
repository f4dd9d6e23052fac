"""Patients' money laid on claims: a prepayment finds the claim of its visit, a payment the claims it was made for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce

from claims.models import Claim
from claims.patient_billing.models import Allocation, PatientPayment, PatientRefund
from cob.audit.acting import doing, person
from cob.patients.models import Patient


class Standing(NamedTuple):
    """A payment no reversal took back, and what of it lies on no claim and is not going back."""

    payment: PatientPayment
    free_cents: int


def standing_payments(patients: Collection[uuid.UUID]) -> list[Standing]:
    """Payments no reversal took back, oldest first."""
    rows = PatientPayment.objects.filter(patient__in=patients, reverses=None, reversed_by=None)
    laid = dict(
        Allocation.objects.filter(payment__in=rows.values("pk"))
        .order_by()
        .values_list("payment")
        .annotate(cents=Sum("amount_cents"))
    )
    # What goes back from money on no claim; what goes back from a claim stays laid on it.
    back = dict(
        PatientRefund.objects.live()
        .filter(payment__in=rows.values("pk"), claim=None)
        .order_by()
        .values_list("payment")
        .annotate(cents=Sum("amount_cents"))
    )
    ordered = rows.order_by("received_on", "created_at")
    return [Standing(row, row.amount_cents - laid.get(row.pk, 0) - back.get(row.pk, 0)) for row in ordered]


def paid_on(claims: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """What patients have paid on each claim: laid on it, less what went back or is about to."""
    ids = list(claims)
    paid: dict[uuid.UUID, int] = defaultdict(int)
    rows = Allocation.objects.filter(claim__in=ids).order_by().values_list("claim").annotate(cents=Sum("amount_cents"))
    for claim, cents in rows:
        paid[claim] += cents
    back = PatientRefund.objects.live().filter(claim__in=ids).order_by()
    for claim, cents in back.values_list("claim").annotate(cents=Sum("amount_cents")):
        paid[claim] -= cents
    return paid


def lay_prepayments(patients: Collection[uuid.UUID]) -> int:
    """Each prepayment on the claim of its visit, once that is on file; how many were laid."""
    some = PatientPayment.objects.filter(patient__in=patients, reverses=None, reversed_by=None).exclude(service_on=None)
    laid = Coalesce(Sum("allocations__amount_cents"), Value(0))
    waiting = some.annotate(laid=laid).filter(amount_cents__gt=F("laid")).order_by()
    concerned = set(waiting.values_list("patient", flat=True))
    if not concerned:
        return 0
    with transaction.atomic(), doing("prepayment laid on its claim"):
        list(Patient.objects.select_for_update().filter(pk__in=concerned).order_by("pk").values_list("pk"))
        claims: dict[tuple[uuid.UUID, object], Claim] = {}
        rows = Claim.objects.filter(patient__in=concerned, is_void=False).defer("content").order_by("-control_number")
        for claim in rows:
            claims[claim.patient_id, claim.service_from] = claim
        new = [
            Allocation(payment=row, claim=claim, amount_cents=free, by=person())
            for row, free in standing_payments(concerned)
            if free > 0 and row.service_on and (claim := claims.get((row.patient_id, row.service_on)))
        ]
        if new:
            Allocation.objects.bulk_create(new)
    return len(new)
