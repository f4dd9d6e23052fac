"""What a patient paid beyond their share goes back to them, and to nobody else's account; two people see to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from claims.models import Claim
from claims.patient_billing.laying import paid_on, standing_payments
from claims.patient_billing.models import Allocation, PatientPayment, PatientRefund, RefundState
from claims.patient_billing.picture import Picture
from claims.patient_billing.reading import pictures_of
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.cents import dollars
from cob.patients.models import Patient


class RefundRefused(ValueError):
    """A refund that cannot be proposed, approved or sent; says why."""


def credits_of(pictures: Iterable[Picture]) -> dict[uuid.UUID, int]:
    """By claim: what the patient has paid beyond a share that is final (13). Nothing as long as it may still change."""
    every = list(pictures)
    paid = paid_on(picture.claim.pk for picture in every)
    over = {picture.claim.pk: picture.over_cents(paid.get(picture.claim.pk, 0)) for picture in every}
    return {claim: cents for claim, cents in over.items() if cents}


def propose(*, claim: Claim, reason: str, by: User) -> list[PatientRefund]:
    """Propose to give back the whole credit of a claim, out of the payments laid on it, the latest first.

    Raises RefundRefused.
    """
    if not reason.strip():
        raise RefundRefused("Say why it goes back: the second person has only your words.")
    with transaction.atomic(), doing("refund proposed", reason=reason):
        Patient.objects.select_for_update().get(pk=claim.patient_id)
        fresh = Claim.objects.select_related("patient", "site").get(pk=claim.pk)
        credit = credits_of(pictures_of([fresh]).values()).get(claim.pk, 0)
        if not credit:
            raise RefundRefused("There is nothing to give back on this claim now, or a refund is on its way already.")
        return [_proposed(claim, row, cents, reason, by) for row, cents in _out_of(claim, credit)]


def propose_free(*, payment: PatientPayment, reason: str, by: User) -> PatientRefund:
    """Propose to give back what of a payment lies on no claim. Raises RefundRefused."""
    if not reason.strip():
        raise RefundRefused("Say why it goes back: the second person has only your words.")
    with transaction.atomic(), doing("refund proposed", reason=reason):
        Patient.objects.select_for_update().get(pk=payment.patient_id)
        free = next((one.free_cents for one in standing_payments([payment.patient_id]) if one.payment == payment), 0)
        if free <= 0:
            raise RefundRefused(f"Nothing of receipt {payment.receipt} is free: it lies on claims or went back.")
        return _proposed(None, payment, free, reason, by)


def _out_of(claim: Claim, credit: int) -> list[tuple[PatientPayment, int]]:
    """Which payments the credit goes back from."""
    laid: dict[PatientPayment, int] = {}
    rows = Allocation.objects.filter(claim=claim, payment__reverses=None, payment__reversed_by=None)
    for row in rows.select_related("payment").order_by("-payment__received_on", "-payment__created_at"):
        laid[row.payment] = laid.get(row.payment, 0) + row.amount_cents
    for back in PatientRefund.objects.live().filter(claim=claim).select_related("payment"):
        laid[back.payment] = laid.get(back.payment, 0) - back.amount_cents
    parts = []
    for payment, cents in laid.items():
        part = min(cents, credit)
        if part > 0:
            parts.append((payment, part))
            credit -= part
    return parts


def _proposed(claim: Claim | None, payment: PatientPayment, cents: int, reason: str, by: User) -> PatientRefund:
    row: PatientRefund = PatientRefund.objects.create(
        site_id=payment.site_id,
        patient_id=payment.patient_id,
        payment=payment,
        claim=claim,
        amount_cents=cents,
        reason=reason.strip()[:300],
        proposed_by=by,
    )
    return row


def approve(*, refund: PatientRefund, by: User) -> PatientRefund:
    """The second person's yes. Raises RefundRefused."""
    if refund.proposed_by_id == by.pk:
        raise RefundRefused("You proposed it: somebody else has to approve it.")
    if refund.state == RefundState.PROPOSED and (why := against(refund)):
        raise RefundRefused(why)
    return _decide(refund, RefundState.APPROVED, by, "")


def against(refund: PatientRefund) -> str:
    """Why it must not go out as things stand, and what to do; empty where nothing stands against it: without this
    refund its claim has a credit of as much. Money on no claim is the patient's in any case."""
    if refund.claim_id is None:
        return ""
    claim = Claim.objects.select_related("patient", "site").get(pk=refund.claim_id)
    paid = paid_on([claim.pk])[claim.pk] + refund.amount_cents
    if pictures_of([claim])[claim.pk].over_cents(paid) >= refund.amount_cents:
        return ""
    do = "Take it back" if refund.state == RefundState.APPROVED else "Refuse it"
    return (
        "The patient has not paid this too much any more: what is known of the claim has changed since it was "
        f"proposed. {do}; what is too much then can be proposed anew."
    )


def refuse(*, refund: PatientRefund, because: str, by: User) -> PatientRefund:
    """The second person's no; the money stays a credit. Raises RefundRefused."""
    if not because.strip():
        raise RefundRefused("Say why not: whoever proposed it has to know.")
    return _decide(refund, RefundState.REFUSED, by, because.strip()[:300])


def _decide(refund: PatientRefund, state: RefundState, by: User, because: str) -> PatientRefund:
    with transaction.atomic(), doing(f"refund {state}", reason=because):
        waiting = PatientRefund.objects.filter(pk=refund.pk, state=RefundState.PROPOSED)
        done = waiting.update(state=state, decided_by=by, decided_at=timezone.now(), decided_because=because)
    refund.refresh_from_db()
    if not done:
        raise RefundRefused(f"{refund.decided_by} was quicker: {refund.get_state_display().lower()}.")
    return refund


def send(*, refund: PatientRefund, method: str, reference: str, on: date) -> PatientRefund:
    """The money went out. Raises RefundRefused."""
    if on > timezone.localdate():
        raise RefundRefused("The day it went out has not come yet.")
    if refund.state == RefundState.APPROVED and (why := _too_early(refund, on) or against(refund)):
        raise RefundRefused(why)
    with transaction.atomic(), doing("refund sent"):
        approved = PatientRefund.objects.filter(pk=refund.pk, state=RefundState.APPROVED)
        done = approved.update(state=RefundState.SENT, method=method, reference=reference.strip()[:60], sent_on=on)
    refund.refresh_from_db()
    if not done:
        what = refund.get_state_display().lower()
        raise RefundRefused(
            f"It can be sent once it is approved; now it stands at “{what}” (${dollars(refund.amount_cents)})."
        )
    return refund


def _too_early(refund: PatientRefund, on: date) -> str:
    approved = timezone.localdate(refund.decided_at)
    return f"It was approved on {approved:%m/%d/%Y}, and cannot have gone out before." if on < approved else ""


def take_back(*, refund: PatientRefund, because: str, by: User) -> PatientRefund:
    """Approved, and not sent after all; the money stays a credit. Raises RefundRefused."""
    if not because.strip():
        raise RefundRefused("Say why it does not go out: two people have agreed to it.")
    with transaction.atomic(), doing("patient refund taken back", reason=because):
        done = PatientRefund.objects.filter(pk=refund.pk, state=RefundState.APPROVED).update(
            state=RefundState.WITHDRAWN,
            withdrawn_by=by,
            withdrawn_at=timezone.now(),
            withdrawn_because=because.strip()[:300],
        )
    refund.refresh_from_db()
    if not done:
        raise RefundRefused(f"Only what is approved and not sent can be taken back; now it stands at "
                            f"“{refund.get_state_display().lower()}”.")  # fmt: skip
    return refund
