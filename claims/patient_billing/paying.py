"""Take a patient's money and say what it was for; take a mistake back. Every payment has a receipt of its own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from claims.models import Claim
from claims.patient_billing.laying import lay_prepayments, standing_payments
from claims.patient_billing.models import Allocation, PatientPayment, PatientRefund
from cob.accounts.models import Site, User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.cents import dollars
from cob.patients.models import Patient
from cob.turns import Turn, wait_for

MOST_CENTS = 100_000_00


class PaymentRefused(ValueError):
    """A payment that cannot be kept, or not be taken back; says why."""


def take(
    *,
    patient: Patient,
    amount_cents: int,
    method: str,
    received_on: date,
    by: User | None,
    kind: str = "payment",
    reference: str = "",
    service_on: date | None = None,
    claims: Mapping[UUID, int] | None = None,
    once: UUID | None = None,
) -> PatientPayment:
    """Keep a payment; `claims` says how many cents are for which of the patient's claims. A prepayment names its visit
    instead and is laid on that claim when it is on file. `once` names the row, so that a form sent twice is one
    payment. Raises PaymentRefused."""
    laid = {claim: cents for claim, cents in (claims or {}).items() if cents}
    told = {
        "patient_id": patient.pk,
        "kind": kind,
        "method": method,
        "amount_cents": amount_cents,
        "received_on": received_on,
        "reference": reference.strip()[:60],
        "service_on": service_on,
    }
    with transaction.atomic(), doing("patient paid"):
        wait_for(Turn.RECEIPTS)
        if once and (before := _sent_before(once, told)):
            return before
        _check(patient, amount_cents, received_on, laid)
        row: PatientPayment = PatientPayment.objects.create(
            **told,
            pk=once or uuid.uuid4(),
            site_id=patient.site_id,
            receipt=next_number(PatientPayment, patient.site, "receipt", "R"),
            taken_by=by,
        )
        Allocation.objects.bulk_create(
            [Allocation(payment=row, claim_id=claim, amount_cents=cents, by=by) for claim, cents in laid.items()]
        )
        if service_on and not laid:
            lay_prepayments([patient.pk])
    return row


def _sent_before(once: UUID, told: Mapping[str, Any]) -> PatientPayment | None:
    row: PatientPayment | None = PatientPayment.objects.filter(pk=once).first()
    if row is not None and any(getattr(row, name) != value for name, value in told.items()):
        raise PaymentRefused(
            "This form was sent before and is kept as a receipt over something else. If that receipt is wrong, take it "
            "back; for another payment, open the form anew."
        )
    return row


def _check(patient: Patient, amount_cents: int, received_on: date, laid: Mapping[UUID, int]) -> None:
    if not 0 < amount_cents <= MOST_CENTS:
        raise PaymentRefused(f"The amount has to be more than 0 and at most ${dollars(MOST_CENTS)}.")
    if received_on > timezone.localdate():
        raise PaymentRefused("The day it was received has not come yet.")
    if any(cents < 0 for cents in laid.values()):
        raise PaymentRefused("An amount for a claim cannot be below zero.")
    if sum(laid.values()) > amount_cents:
        over = dollars(sum(laid.values()) - amount_cents)
        raise PaymentRefused(f"The amounts for the claims come to ${over} more than was paid.")
    own = set(Claim.objects.filter(pk__in=laid, patient=patient, is_void=False).values_list("pk", flat=True))
    if own != set(laid):
        raise PaymentRefused("A claim named is not this patient’s, or is void: money never goes to somebody else’s.")


def reverse(*, payment: PatientPayment, reason: str, by: User) -> PatientPayment:
    """Mirror a payment that was a mistake or came back unpaid, and what was laid of it. Raises PaymentRefused."""
    if not reason.strip():
        raise PaymentRefused("Say why: a bounced check, a wrong patient, a typing error.")
    with transaction.atomic(), doing("patient payment reversed", reason=reason):
        wait_for(Turn.RECEIPTS)
        Patient.objects.select_for_update().get(pk=payment.patient_id)
        if payment.reverses_id:
            raise PaymentRefused("This is a reversal itself. Take the payment again instead.")
        earlier = PatientPayment.objects.filter(reverses=payment).select_related("taken_by").first()
        if earlier:
            raise PaymentRefused(f"{earlier.taken_by} reversed it already, with receipt {earlier.receipt}.")
        if PatientRefund.objects.live().filter(payment=payment).exists():
            raise PaymentRefused("Part of it was refunded or is about to be. Settle that refund first.")
        row: PatientPayment = PatientPayment.objects.create(
            site_id=payment.site_id,
            patient_id=payment.patient_id,
            kind=payment.kind,
            method=payment.method,
            amount_cents=-payment.amount_cents,
            received_on=timezone.localdate(),
            receipt=next_number(PatientPayment, payment.site, "receipt", "R"),
            reverses=payment,
            reason=reason.strip()[:200],
            taken_by=by,
        )
        mirror = [
            Allocation(payment=row, claim_id=laid.claim_id, amount_cents=-laid.amount_cents, by=by)
            for laid in payment.allocations.all()
        ]
        Allocation.objects.bulk_create(mirror)
    return row


def lay(*, payment: PatientPayment, claim: Claim, amount_cents: int, by: User, once: UUID | None = None) -> Allocation:
    """Lay money that is on no claim yet on one of the same patient; `once` names the row, so that a form sent twice
    lays it once. Raises PaymentRefused."""
    with transaction.atomic(), doing("patient paid"):
        Patient.objects.select_for_update().get(pk=payment.patient_id)
        before: Allocation | None = Allocation.objects.filter(pk=once, payment=payment).first() if once else None
        if before:
            return before
        free = next((one.free_cents for one in standing_payments([payment.patient_id]) if one.payment == payment), 0)
        if claim.patient_id != payment.patient_id or claim.is_void:
            raise PaymentRefused("The claim is not this patient’s, or is void: money never goes to somebody else’s.")
        if not 0 < amount_cents <= free:
            raise PaymentRefused(f"Of receipt {payment.receipt} more than 0 and at most ${dollars(free)} can be laid.")
        row: Allocation = Allocation.objects.create(
            pk=once or uuid.uuid4(), payment=payment, claim=claim, amount_cents=amount_cents, by=by
        )
        record("patient paid", payment, patients=[payment.patient_id], site_id=payment.site_id)
    return row


def next_number(model: type[PatientPayment], site: Site, field: str, letter: str) -> str:
    """The next of a site's series, such as R000042; the caller waits its turn."""
    last = model.objects.filter(site=site).aggregate(last=Max(field))["last"]
    return f"{letter}{(int(last[len(letter) :]) if last else 0) + 1:06d}"
