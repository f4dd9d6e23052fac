"""A refund: proposed, decided by a second person, sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.patient_billing import refunding
from claims.patient_billing.forms import ReasonForm, RefundSentForm
from claims.patient_billing.laying import standing_payments
from claims.patient_billing.models import RefundState
from claims.patient_billing.reading import pictures_of
from claims.patient_billing.views.forming import Sheet, answered, tried
from claims.patient_billing.views.lookups import payment_or_404, refund_or_404
from claims.views.lookups import claim_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.cents import dollars

NOBODY_ELSE = "It goes back to the patient who paid it; it is never laid on another patient’s account."


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.TAKE_PAYMENTS)
def refund_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Propose to give back what was paid beyond the share of a claim."""
    claim = claim_or_404(request.user, pk)
    record_view("claim before a refund", [claim.patient_id], site_id=claim.site_id)
    credit = refunding.credits_of(pictures_of([claim]).values()).get(claim.pk, 0)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="Why it goes back")
    back = reverse("billing:account", args=[claim.patient_id])
    heading = f"Refund ${dollars(credit)} of claim {claim.control_number}"
    sheet = Sheet(heading, "Propose the refund", claim.patient, back,
                  lede=NOBODY_ELSE if credit else "There is nothing to give back on this claim now.")  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: refunding.propose(claim=claim, reason=told["because"], by=request.user),
        refusals=refunding.RefundRefused,
        done="The refund waits for a second person’s approval.",
        then=lambda rows: reverse("billing:refund-page", args=[rows[0].pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.TAKE_PAYMENTS)
def refund_free(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Propose to give back what of a payment lies on no claim."""
    payment = payment_or_404(request.user, pk)
    record_view("payment before a refund", [payment.patient_id], site_id=payment.site_id)
    free = next((one.free_cents for one in standing_payments([payment.patient_id]) if one.payment == payment), 0)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="Why it goes back")
    back = reverse("billing:payment-page", args=[payment.pk])
    sheet = Sheet(f"Refund ${dollars(free)} of receipt {payment.receipt}", "Propose the refund", payment.patient, back,
                  lede=NOBODY_ELSE)  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: refunding.propose_free(payment=payment, reason=told["because"], by=request.user),
        refusals=refunding.RefundRefused,
        done="The refund waits for a second person’s approval.",
        then=lambda row: reverse("billing:refund-page", args=[row.pk]),
    )


@require_safe
@may(Permission.VIEW_CLAIMS)
def refund_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Where one refund stands, and what can be done with it."""
    refund = refund_or_404(request.user, pk)
    record_view("refund", [refund.patient_id], site_id=refund.site_id)
    waits = refund.state in (RefundState.PROPOSED, RefundState.APPROVED)
    context = {
        "refund": refund,
        "is_mine": refund.proposed_by_id == request.user.pk,
        "against": refunding.against(refund) if waits else "",
    }
    return render(request, "billing/refund.html", context)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.APPROVE_REFUND)
def refund_approve(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The second person's yes."""
    refund = refund_or_404(request.user, pk)
    return tried(
        request,
        lambda: refunding.approve(refund=refund, by=request.user),
        reverse("billing:refund-page", args=[pk]),
        refusals=refunding.RefundRefused,
        done="Approved. It can be sent now.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.APPROVE_REFUND)
def refund_refuse(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The second person's no."""
    refund = refund_or_404(request.user, pk)
    record_view("refund", [refund.patient_id], site_id=refund.site_id)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="Why not")
    sheet = Sheet(f"Do not refund ${dollars(refund.amount_cents)}", "Refuse it", refund.patient,
                  reverse("billing:refund-page", args=[pk]), lede=refund.reason)  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: refunding.refuse(refund=refund, because=told["because"], by=request.user),
        refusals=refunding.RefundRefused,
        done="Refused; the money stays a credit of the patient.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.TAKE_PAYMENTS)
def refund_send(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Say how it went out."""
    refund = refund_or_404(request.user, pk)
    record_view("refund", [refund.patient_id], site_id=refund.site_id)
    start = {"method": refund.payment.method, "sent_on": timezone.localdate()}
    form = RefundSentForm(request.POST if request.method == "POST" else None, initial=start)
    sheet = Sheet(f"${dollars(refund.amount_cents)} went back", "Keep it", refund.patient,
                  reverse("billing:refund-page", args=[pk]))  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: refunding.send(
            refund=refund, method=told["method"], reference=told["reference"], on=told["sent_on"]
        ),
        refusals=refunding.RefundRefused,
        done="The refund is sent.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.TAKE_PAYMENTS)
def refund_back(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Approved, and not sent after all."""
    refund = refund_or_404(request.user, pk)
    record_view("refund", [refund.patient_id], site_id=refund.site_id)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="Why it does not go out")
    sheet = Sheet(f"Do not send ${dollars(refund.amount_cents)}", "Take it back", refund.patient,
                  reverse("billing:refund-page", args=[pk]), lede=refund.reason, tone="danger")  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: refunding.take_back(refund=refund, because=told["because"], by=request.user),
        refusals=refunding.RefundRefused,
        done="Taken back; the money stays a credit of the patient.",
    )
