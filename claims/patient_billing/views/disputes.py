"""A patient's dispute: log it, look after it, close it with its cause."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.models import Claim
from claims.patient_billing import disputing
from claims.patient_billing.forms import DisputeCloseForm, DisputeForm, ReasonForm
from claims.patient_billing.models import Cause, Dispute, Statement
from claims.patient_billing.views.forming import Sheet, answered, tried
from claims.patient_billing.views.lookups import dispute_or_404, patient_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.patients.models import Patient


def _statement(request: DeskRequest, patient: Patient) -> Statement | None:
    """The statement it is about, when one leads here."""
    named = request.GET.get("statement", "")
    try:
        return get_object_or_404(Statement, pk=UUID(named), patient=patient) if named else None
    except ValueError as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.WORK_ITEMS)
def dispute_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Log what the patient says; what it is about is held at once."""
    patient = patient_or_404(request.user, pk)
    record_view("dispute form", [patient.pk], site_id=patient.site_id)
    statement = _statement(request, patient)
    claims = Claim.objects.filter(patient=patient, is_void=False).order_by("-service_from")
    if statement:
        claims = claims.filter(statements__statement=statement)
    form = DisputeForm(request.POST if request.method == "POST" else None, claims=claims)

    def keep(told: dict[str, Any]) -> Dispute:
        return disputing.open_dispute(
            patient=patient,
            statement=statement,
            claim=told["about"],
            text=told["text"],
            told_by=told["told_by"],
            told_how=told["told_how"],
            received_on=told["received_on"],
            cause=told["cause"],
            by=request.user,
            once=told["once"],
        )

    about = f"About statement {statement.number} of {statement.issued_on:%m/%d/%Y}. " if statement else ""
    sheet = Sheet("The patient says it is wrong", "Log the dispute", patient, reverse("billing:account", args=[pk]),
                  lede=f"{about}No statement goes out for it until it is closed.")  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        keep,
        refusals=disputing.DisputeRefused,
        done="The dispute is logged and its claims are held.",
        then=lambda row: reverse("billing:dispute-page", args=[row.pk]),
    )


@require_safe
@may(Permission.VIEW_CLAIMS)
def dispute_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One dispute: what was said, what was done, how long it may take."""
    dispute = dispute_or_404(request.user, pk)
    record_view("dispute", [dispute.patient_id], site_id=dispute.site_id)
    context = {
        "dispute": dispute,
        "notes": dispute.notes.select_related("by"),
        "days_left": (dispute.due_on - timezone.localdate()).days,
    }
    return render(request, "billing/dispute.html", context)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.WORK_ITEMS)
def dispute_take(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Make it mine."""
    dispute = dispute_or_404(request.user, pk)
    return tried(
        request,
        lambda: disputing.take_over(dispute=dispute, by=request.user),
        reverse("billing:dispute-page", args=[pk]),
        refusals=disputing.DisputeRefused,
        done="It is yours now.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.WORK_ITEMS)
def dispute_note(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Write down what was said or done."""
    dispute = dispute_or_404(request.user, pk)
    record_view("dispute", [dispute.patient_id], site_id=dispute.site_id)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="What was said or done")
    sheet = Sheet("Note on the dispute", "Keep the note", dispute.patient, reverse("billing:dispute-page", args=[pk]))
    return answered(
        request,
        form,
        sheet,
        lambda told: disputing.note(dispute=dispute, text=told["because"], by=request.user),
        refusals=disputing.DisputeRefused,
        done="Kept.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.WORK_ITEMS)
def dispute_close(request: DeskRequest, pk: UUID) -> HttpResponse:
    """End it with its cause and outcome."""
    dispute = dispute_or_404(request.user, pk)
    record_view("dispute", [dispute.patient_id], site_id=dispute.site_id)
    cause = "" if dispute.cause == Cause.UNKNOWN else dispute.cause
    form = DisputeCloseForm(request.POST if request.method == "POST" else None, initial={"cause": cause})
    sheet = Sheet("Close the dispute", "Close it", dispute.patient, reverse("billing:dispute-page", args=[pk]),
                  lede=dispute.text)  # fmt: skip
    return answered(
        request,
        form,
        sheet,
        lambda told: disputing.close(
            dispute=dispute, cause=told["cause"], outcome=told["outcome"], text=told["text"], by=request.user
        ),
        refusals=disputing.DisputeRefused,
        done="The dispute is closed.",
    )
