"""Statements: the list, what one would say, the paper on the screen and as PDF."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.patient_billing.models import PatientPayment, Statement, StatementRun
from claims.patient_billing.statements.content import content_of
from claims.patient_billing.statements.sending import SHOWN_PAYMENTS, StatementRefused, drafts, issue
from claims.patient_billing.views.lookups import patient_or_404, statement_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view

PAGE = 50
REFUSED = 422


@require_safe
@may(Permission.VIEW_CLAIMS)
def statement_list(request: DeskRequest) -> HttpResponse:
    """Statements sent, newest first, and the runs that sent them."""
    rows = (
        Statement.objects.visible_to(request.user).select_related("patient", "issued_by", "corrects").defer("content")
    )
    page = Paginator(rows.order_by("-issued_on", "-number"), PAGE).get_page(request.GET.get("page"))
    record_view("statement list", [row.patient_id for row in page])
    runs = StatementRun.objects.select_related("asked_by", "site").order_by("-asked_at")
    mine = runs if request.user.sees_all_sites else runs.filter(site__in=request.user.site_ids())
    return render(request, "billing/statement_list.html", {"page_obj": page, "runs": mine[:5]})


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.SEND_STATEMENTS)
def statement_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What a statement would say now, and sending it. What is held is not on it, and says why."""
    patient = patient_or_404(request.user, pk)
    record_view("statement preview", [patient.pk], site_id=patient.site_id)
    status = 200
    if request.method == "POST":
        try:
            row = issue(patient=patient, by=request.user)
        except StatementRefused as refused:
            messages.error(request, f"Not sent. {refused}")
            status = REFUSED
        else:
            messages.success(request, f"Statement {row.number} is ready to print and post.")
            return redirect("billing:statement-page", row.pk)
    draft = drafts([patient.pk])[patient.pk]
    content = None
    if not draft.why_not:
        payments = PatientPayment.objects.filter(patient=patient, reverses=None, reversed_by=None)
        content = content_of(
            number="not sent yet",
            patient=patient,
            site=patient.site,
            ready=draft.ready,
            payments=list(payments[:SHOWN_PAYMENTS]),
            today=timezone.localdate(),
        )
    context = {"patient": patient, "draft": draft, "content": content}
    return render(request, "billing/statement_new.html", context, status=status)


@require_safe
@may(Permission.VIEW_CLAIMS)
def statement_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The statement as it was sent, ready to print."""
    row = statement_or_404(request.user, pk)
    record_view("statement", [row.patient_id], site_id=row.site_id)
    later = Statement.objects.filter(corrects=row).first()
    context = {"statement": row, "content": row.content, "patient": row.patient, "corrected_by": later}
    return render(request, "billing/statement.html", context)


@require_safe
@may(Permission.VIEW_CLAIMS)
def statement_pdf(request: DeskRequest, pk: UUID) -> FileResponse:
    """The kept PDF, byte for byte."""
    row = statement_or_404(request.user, pk)
    record_view("statement PDF", [row.patient_id], site_id=row.site_id)
    return FileResponse(row.pdf.open("rb"), content_type="application/pdf", filename=f"statement-{row.number}.pdf")


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.SEND_STATEMENTS)
def statement_correct(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Send one that replaces this."""
    row = statement_or_404(request.user, pk)
    try:
        new = issue(patient=row.patient, by=request.user, corrects=row)
    except StatementRefused as refused:
        messages.error(request, f"Not sent. {refused}")
        return redirect(reverse("billing:statement-page", args=[row.pk]))
    messages.success(request, f"Statement {new.number} replaces {row.number}.")
    return redirect("billing:statement-page", new.pk)
