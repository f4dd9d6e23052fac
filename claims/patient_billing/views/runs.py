"""Statements for many: who gets one and who does not, before; and how it went, afterwards."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from claims.patient_billing.forms import RunForm
from claims.patient_billing.models import StatementRun
from claims.patient_billing.statements.running import EVERY_DAYS, RunRefused, candidates, left_out, start
from claims.patient_billing.statements.sending import drafts
from cob.accounts.access import DeskRequest, may
from cob.accounts.models import Site
from cob.accounts.roles import Permission
from cob.audit.reads import record_view

PAGE = 50
REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_CLAIMS, Permission.SEND_STATEMENTS)
def run_new(request: DeskRequest) -> HttpResponse:
    """The preview, and the button that starts it."""
    mine = Site.objects.filter(pk__in=request.user.site_ids())
    form = RunForm(request.POST or request.GET or None, sites=mine)
    site = form.cleaned_data["site"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("billing:run-page", start(by=request.user, site=site).pk)
        except RunRefused as refused:
            form.add_error(None, str(refused))
    sites, today = [site.pk] if site else list(request.user.site_ids()), timezone.localdate()
    gets = Paginator(candidates(sites, today), PAGE).get_page(request.GET.get("gets"))
    waits = Paginator(left_out(sites, today), PAGE).get_page(request.GET.get("waits"))
    said = drafts([p.pk for p in gets] + [p.pk for p in waits])
    record_view("statement run preview", list(said))
    context = {
        "form": form,
        "gets": gets,
        "waits": waits,
        "gets_rows": [(p, said[p.pk]) for p in gets],
        "waits_rows": [
            (p, said[p.pk].why_not or f"A statement went out in the last {EVERY_DAYS} days.") for p in waits
        ],
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "billing/run_new.html", context, status=status)


@require_safe
@may(Permission.VIEW_CLAIMS, Permission.SEND_STATEMENTS)
def run_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """How far it is, and what it did for whom."""
    runs = StatementRun.objects.select_related("asked_by", "site", "job")
    if not request.user.sees_all_sites:
        runs = runs.filter(Q(site__in=request.user.site_ids()) | Q(asked_by=request.user))
    run = get_object_or_404(runs, pk=pk)
    rows = run.results.filter(patient__site__in=request.user.site_ids()).select_related("patient", "statement")
    page = Paginator(rows.order_by("statement", "patient"), PAGE).get_page(request.GET.get("page"))
    record_view("statement run", [row.patient_id for row in page])
    sent = rows.filter(statement__isnull=False).count()
    context = {"run": run, "page_obj": page, "sent": sent, "not_sent": page.paginator.count - sent}
    return render(request, "billing/run.html", context)
