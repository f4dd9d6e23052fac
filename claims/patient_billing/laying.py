"""Patients' money laid on claims: a prepayment finds the claim of its visit, a payment the claims it was made for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum, Value
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
    rows = _with_free().filter(patient__in=patients).order_by("received_on", "created_at")
    return [Standing(row, row.free) for row in rows]


def _with_free() -> Any:
    """Payments that stand, with what is `free` of each."""
    laid = Allocation.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    # What goes back from money on no claim; what goes back from a claim stays laid on it.
    back = PatientRefund.objects.live().filter(payment=OuterRef("pk"), claim=None).order_by().values("payment")
    taken = (Coalesce(Subquery(rows.annotate(cents=Sum("amount_cents")).values("cents")), 0) for rows in (laid, back))
    rows = PatientPayment.objects.filter(reverses=None, reversed_by=None)
    return rows.annotate(free=F("amount_cents") - sum(taken, Value(0)))


def paid_ahead() -> Any:
    """Payments of which something lies on no claim and waits for no visit: nothing more is asked for before it does."""
    return _with_free().filter(free__gt=0, service_on=None)


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
