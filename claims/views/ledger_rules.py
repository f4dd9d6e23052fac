"""The rules of the ledger for managers: what each says, what breaks it since when, and a look on demand."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from claims.ledger_check import start_look
from claims.presenters.ledger_rules import look_now, rule_rows
from claims.queries import breaches_seen_by
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.accounts.sessions import asked_by_itself
from cob.audit.reads import record_view

PAGE = 50
STOP_POLLING = 286


@require_safe
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS)
def ledger_rules(request: DeskRequest) -> HttpResponse:
    """All eighteen rules, and what is broken now."""
    rows = breaches_seen_by(request.user)
    wanted = request.GET.get("rule", "")
    found = rows.filter(rule=int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 3 else rows
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    record_view("ledger rules", [row.claim.patient_id for row in page if row.claim])
    look = look_now()
    rules = rule_rows(rows, has_looked=look.last is not None)
    context = {
        "rules": rules,
        "page_obj": page,
        "breaches": [(row, next(rule for rule in rules if rule.rule.number == row.rule)) for row in page],
        "is_filtered": bool(wanted),
        "look": look,
        "may_start": request.user.has_perm(Permission.RUN_JOBS),
    }
    return render(request, "claims/ledger_rules.html", context)


@require_POST
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS, Permission.RUN_JOBS)
def ledger_rules_start(request: DeskRequest) -> HttpResponse:
    """Look now; a look that runs already is followed instead of doubled."""
    if start_look(by=request.user):
        messages.success(request, "The look at the ledger starts. This page follows it.")
    else:
        messages.info(request, "The ledger is being looked at already. This page follows it.")
    return redirect("claims:ledger-rules")


@require_safe
@asked_by_itself
@may(Permission.VIEW_KPIS, Permission.VIEW_CLAIMS)
def ledger_rules_progress(request: DeskRequest) -> HttpResponse:
    """How far it is, asked every second; when it is over the whole page is shown anew."""
    look = look_now()
    status = 200 if look.is_running else STOP_POLLING
    answer = render(request, "claims/ledger_rules.html#progress", {"look": look}, status=status)
    if not look.is_running:
        answer["HX-Refresh"] = "true"
    return answer
