"""The audit of payer order: start a run, watch it, see what it found, open its claims."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from claims.auditing import totals
from claims.auditing.forms import ScopeForm, WhatIfForm
from claims.auditing.running import KEPT, AlreadyRunning, start
from claims.models import OrderAudit, OrderAuditPart, OrderDifference
from claims.presenters.order_audit import CSV_HEAD, csv_row, lines
from claims.presenters.order_audit_run import run_page, run_rows, standing, supposed_in_words
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.accounts.sessions import asked_by_itself
from cob.audit.reads import record_view

PAGE = 50
REFUSED = 422
CSV_CHUNK = 500


@require_safe
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS)
def order_audit(request: DeskRequest) -> HttpResponse:
    """The runs there are, and the two forms that start one."""
    return _overview(request)


@require_POST
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS, Permission.RUN_JOBS)
def order_audit_start(request: DeskRequest) -> HttpResponse:
    """Start an audit, or one under a supposition."""
    is_what_if = request.POST.get("what") == "what_if"
    kind, prefix = (WhatIfForm, "what_if_%s") if is_what_if else (ScopeForm, "audit_%s")
    form = kind(request.POST, user=request.user, auto_id=prefix)
    if not form.is_valid():
        return _overview(request, form)
    said = form.cleaned_data
    asked = {"sites": form.sites(), "since": said["since"], "until": said["until"], "as_if": form.as_if()}
    try:
        run = start(by=request.user, **asked)
    except AlreadyRunning as already:
        messages.info(request, str(already))
        return redirect("claims:order-audit-run", already.run.pk)
    messages.success(request, "The audit runs. This page follows it.")
    return redirect("claims:order-audit-run", run.pk)


def _overview(request: DeskRequest, refused: ScopeForm | None = None) -> HttpResponse:
    is_what_if = isinstance(refused, WhatIfForm)
    context = {
        "scope": (None if is_what_if else refused) or ScopeForm(user=request.user, auto_id="audit_%s"),
        "what_if": refused if is_what_if else WhatIfForm(user=request.user, auto_id="what_if_%s"),
        "runs": run_rows(_runs(request), request.user),
        "may_start": request.user.has_perm(Permission.RUN_JOBS),
    }
    return render(request, "claims/order_audit.html", context, status=REFUSED if refused else 200)


def _runs(request: DeskRequest) -> list[OrderAudit]:
    columns = ("run_id", "counts", "done_at", "job__state")
    parts = Prefetch("parts", OrderAuditPart.objects.select_related("job").only(*columns))
    return list(
        OrderAudit.objects.visible_to(request.user).select_related("by").prefetch_related("sites", parts)[:KEPT]
    )


def _run_or_404(request: DeskRequest, pk: UUID) -> OrderAudit:
    runs = OrderAudit.objects.visible_to(request.user).select_related("by").prefetch_related("sites")
    run: OrderAudit = get_object_or_404(runs, pk=pk)
    return run


@require_safe
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS)
def order_audit_run(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What one run found, added up."""
    page = run_page(_run_or_404(request, pk), request.user)
    return render(request, "claims/order_audit_run.html", {"page": page, "standing": page.standing, "run": page.run})


@require_safe
@asked_by_itself
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS)
def order_audit_progress(request: DeskRequest, pk: UUID) -> HttpResponse:
    """How far it is, asked every second; when it is over the whole page is shown anew."""
    run = _run_or_404(request, pk)
    found = standing(run, request.user)
    answer = render(request, "claims/order_audit_run.html#progress", {"standing": found, "run": run})
    if found.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS)
def order_audit_claims(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The claims behind a figure."""
    run = _run_or_404(request, pk)
    rows = totals.narrowed(totals.seen_by(request.user, run), request.GET.dict())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    found = lines(list(page))
    record_view("order audit", [line.claim.patient_id for line in found])
    context = {"run": run, "page_obj": page, "lines": found, "wanted": request.GET, "has_filters": bool(request.GET)}
    context["supposed"] = [supposed_in_words(text) for text in run.as_if]
    return render(request, "claims/order_audit_claims.html", context)


class _Echo:
    """What the writer writes is what is sent."""

    def write(self, text: str) -> str:
        return text


@require_safe
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS)
def order_audit_csv(request: DeskRequest, pk: UUID) -> StreamingHttpResponse:
    """The same claims as a file, all of them, sent as they are read."""
    run = _run_or_404(request, pk)
    rows = totals.narrowed(totals.seen_by(request.user, run), {"kind": "all"} | request.GET.dict())
    record_view("order audit file", rows.order_by().values_list("claim__patient_id", flat=True).distinct())
    sent = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    sent["Content-Disposition"] = f'attachment; filename="order-audit-{run.asked_at:%Y-%m-%d}.csv"'
    return sent


def _csv(rows: QuerySet[OrderDifference]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(CSV_HEAD)
    held: list[OrderDifference] = []
    for row in rows.iterator(chunk_size=CSV_CHUNK):
        held.append(row)
        if len(held) == CSV_CHUNK:
            yield from (writer.writerow(csv_row(line)) for line in lines(held))
            held = []
    yield from (writer.writerow(csv_row(line)) for line in lines(held))
