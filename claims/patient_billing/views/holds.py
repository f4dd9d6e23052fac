"""What holds statements: the list, one hold with its history, placing, extending and lifting by hand."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from claims.patient_billing import holding
from claims.patient_billing.forms import ExtendForm, HoldForm, ReasonForm
from claims.patient_billing.models import Ground, StatementHold
from claims.patient_billing.views.forming import Sheet, answered
from claims.patient_billing.views.lookups import hold_or_404
from claims.views.lookups import claim_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission, Role
from cob.audit.reads import record_view

PAGE = 50


@require_safe
@may(Permission.VIEW_CLAIMS)
def hold_list(request: DeskRequest) -> HttpResponse:
    """Open holds, those first whose day has come; narrowed to one ground where the address names it."""
    ground = request.GET.get("ground", "")
    rows = StatementHold.objects.visible_to(request.user).open().filter(claim__is_void=False)
    if ground in Ground.values:
        rows = rows.filter(ground=ground)
    rows = rows.select_related("claim__patient", "claim__site", "owner").defer("claim__content")
    page = Paginator(rows.order_by("expires_on", "pk"), PAGE).get_page(request.GET.get("page"))
    record_view("statement holds", [hold.claim.patient_id for hold in page])
    context = {"page_obj": page, "grounds": Ground.choices, "ground": ground, "today": timezone.localdate()}
    return render(request, "billing/hold_list.html", context)


@require_safe
@may(Permission.VIEW_CLAIMS)
def hold_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One hold: why, who, until when, and everything that was done with it."""
    hold = hold_or_404(request.user, pk)
    record_view("statement hold", [hold.claim.patient_id], site_id=hold.claim.site_id)
    context = {
        "hold": hold,
        "claim": hold.claim,
        "changes": hold.changes.select_related("by"),
        "may_lift": hold.ground in holding.LIFTED_BY_HAND,
        "today": timezone.localdate(),
    }
    return render(request, "billing/hold.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.SEND_STATEMENTS)
def hold_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Hold a claim's statement by hand."""
    claim = claim_or_404(request.user, pk)
    record_view("claim before holding", [claim.patient_id], site_id=claim.site_id)
    form = HoldForm(request.POST if request.method == "POST" else None, label="Why it waits")
    back = reverse("claims:claim-page", args=[claim.pk])
    return answered(
        request,
        form,
        Sheet(f"Hold the statement of {claim.control_number}", "Hold it", claim.patient, back),
        lambda told: holding.place(
            claim=claim, because=told["because"], until=told["until"], role=Role(told["role"]), by=request.user
        ),
        refusals=holding.HoldRefused,
        done="Nothing of this claim is printed until the hold is lifted.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.SEND_STATEMENTS)
def hold_extend(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Let it wait until a later day."""
    hold = hold_or_404(request.user, pk)
    record_view("statement hold", [hold.claim.patient_id], site_id=hold.claim.site_id)
    form = ExtendForm(request.POST if request.method == "POST" else None, label="Why it has to wait longer")
    sheet = Sheet("Let it wait longer", "Extend it", hold.claim.patient, reverse("billing:hold-page", args=[hold.pk]),
                  lede=hold.because)  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: holding.extend(hold=hold, because=told["because"], until=told["until"], by=request.user),
        refusals=holding.HoldRefused,
        done="The hold is extended.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.SEND_STATEMENTS)
def hold_lift(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Let the claim out, with the reason."""
    hold = hold_or_404(request.user, pk)
    record_view("statement hold", [hold.claim.patient_id], site_id=hold.claim.site_id)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="Why it may go out")
    sheet = Sheet("Lift the hold", "Lift it", hold.claim.patient, reverse("billing:hold-page", args=[hold.pk]),
                  lede=hold.because)  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: holding.lift(hold=hold, because=told["because"], by=request.user),
        refusals=holding.HoldRefused,
        done="The hold is lifted.",
    )
