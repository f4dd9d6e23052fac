"""Take a payment, look at its receipt, take a mistake back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from claims.models import Claim
from claims.patient_billing import paying
from claims.patient_billing.forms import LayForm, PaymentForm, ReasonForm
from claims.patient_billing.holding import concerned
from claims.patient_billing.laying import standing_payments
from claims.patient_billing.models import PatientPayment
from claims.patient_billing.standing import ClaimStanding, standings
from claims.patient_billing.views.forming import Sheet, answered
from claims.patient_billing.views.lookups import patient_or_404, payment_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.cents import dollars
from cob.patients.models import Patient


def _owing(patient: Patient) -> list[ClaimStanding]:
    claims = Claim.objects.filter(concerned(), patient=patient, is_void=False).select_related("patient", "site")
    return [one for one in standings(claims.order_by("service_from", "control_number")) if one.due_cents]


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.TAKE_PAYMENTS)
def payment_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Keep what the patient paid, and what for."""
    patient = patient_or_404(request.user, pk)
    record_view("payment form", [patient.pk], site_id=patient.site_id)
    form = PaymentForm(request.POST if request.method == "POST" else None, owing=_owing(patient))

    def take(told: dict[str, Any]) -> PatientPayment:
        return paying.take(
            patient=patient,
            amount_cents=told["amount"],
            method=told["method"],
            received_on=told["received_on"],
            reference=told["reference"],
            service_on=told["service_on"],
            claims=form.amounts(),
            kind="prepayment" if told["service_on"] else "payment",
            by=request.user,
            once=told["once"],
        )

    sheet = Sheet("Payment", "Keep the payment", patient, reverse("billing:account", args=[patient.pk]))
    return answered(
        request,
        form,
        sheet,
        take,
        refusals=paying.PaymentRefused,
        done="The payment is kept; here is its receipt.",
        then=lambda row: reverse("billing:payment-page", args=[row.pk]),
        template="billing/payment_form.html",
    )


def _free(payment: PatientPayment) -> int:
    return next((one.free_cents for one in standing_payments([payment.patient_id]) if one.payment == payment), 0)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.TAKE_PAYMENTS)
def payment_lay(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Lay money that lies on no claim on one; what is owed longest is offered first."""
    payment = payment_or_404(request.user, pk)
    record_view("payment before laying", [payment.patient_id], site_id=payment.site_id)
    free, owing = _free(payment), _owing(payment.patient)
    start = {"claim": owing[0].claim, "amount": dollars(min(free, owing[0].due_cents))} if owing else {}
    claims = Claim.objects.filter(patient=payment.patient_id, is_void=False)
    claims = claims.order_by("-service_from", "control_number")
    form = LayForm(request.POST if request.method == "POST" else None, claims=claims, initial=start)
    owed = "; ".join(f"{one.claim.service_from:%m/%d/%Y} ${dollars(one.due_cents)}" for one in owing)
    says = f"Owed: {owed}." if owed else "Nothing is owed now."
    sheet = Sheet(f"Lay money of receipt {payment.receipt} on a claim", "Lay it on the claim", payment.patient,
                  reverse("billing:payment-page", args=[pk]),
                  lede=f"${dollars(free)} lies on no claim. {says}")  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: paying.lay(
            payment=payment, claim=told["claim"], amount_cents=told["amount"], by=request.user, once=told["once"]
        ),
        refusals=paying.PaymentRefused,
        done="It lies on the claim now.",
    )


@require_safe
@may(Permission.VIEW_CLAIMS)
def payment_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The receipt: what was paid, how, and for what."""
    payment = payment_or_404(request.user, pk)
    record_view("payment", [payment.patient_id], site_id=payment.site_id)
    free = _free(payment)
    context = {
        "payment": payment,
        "laid": payment.allocations.select_related("claim"),
        "refunds": payment.refunds.select_related("proposed_by", "decided_by"),
        "free_cents": free,
        "reversal": PatientPayment.objects.filter(reverses=payment).select_related("taken_by").first(),
    }
    return render(request, "billing/payment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.POST_PAYMENTS)
def payment_reverse(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Mirror a payment that was a mistake or bounced."""
    payment = payment_or_404(request.user, pk)
    record_view("payment", [payment.patient_id], site_id=payment.site_id)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="Why it is taken back")
    back = reverse("billing:payment-page", args=[payment.pk])
    sheet = Sheet(f"Take receipt {payment.receipt} back", "Take it back", payment.patient, back, tone="danger",
                  lede="A second receipt over the same amount below zero is kept; nothing is deleted.")  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: paying.reverse(payment=payment, reason=told["because"], by=request.user),
        refusals=paying.PaymentRefused,
        done="The payment was taken back.",
    )
