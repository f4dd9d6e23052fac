"""Tomorrow's visits asked about: the list, the button, and one patient's payers asked at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.eligibility import visits
from claims.eligibility.sending import ask
from claims.models import EdiFile
from claims.presenters.eligibility import counts, visit_rows
from cob.accounts.access import DeskRequest, may
from cob.accounts.models import Site
from cob.accounts.roles import Permission
from cob.accounts.sessions import asked_by_itself
from cob.audit.reads import record_view
from cob.coverage.eligibility import hand
from cob.coverage.models import Coverage, EligibilityAnswer
from cob.jobs.models import Job, State
from cob.jobs.progress import seen
from cob.patients.models import Patient
from cob.uuids import is_id

PAGE = 50
MOST_FOUND = 20
STOP_POLLING = 286


@require_safe
@may(Permission.VIEW_PATIENTS)
def eligibility(request: DeskRequest) -> HttpResponse:
    """What was asked about the coming visits, what was answered, and what failed."""
    today = timezone.localdate()
    sites = None if request.user.sees_all_sites else request.user.site_ids()
    rows = visit_rows(visits.planned(sites, today))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    record_view("eligibility of visits", {row.plan.coverage.patient_id for row in page})
    context = {
        "page": page,
        "counts": counts(rows),
        "to_ask": sum(row.plan.may_ask for row in rows),
        "today": today,
        "last": visits.last_day(today),
        "run": _run(request),
    }
    return render(request, "claims/eligibility.html", context)


@require_POST
@may(Permission.EDIT_PATIENTS)
def eligibility_check(request: DeskRequest) -> HttpResponse:
    """Ask about every visit until the next business day at this person's sites."""
    sites = list(Site.objects.filter(pk__in=request.user.site_ids()))
    visits.start(by=request.user, sites=sites)
    messages.success(request, "The payers are being asked. This page follows it.")
    return redirect("claims:eligibility")


@require_safe
@asked_by_itself
@may(Permission.VIEW_PATIENTS)
def eligibility_progress(request: DeskRequest) -> HttpResponse:
    """How far this person's run is; asked every second until it is over."""
    run = _run(request)
    status = 200 if run and not run["job"].is_over else STOP_POLLING
    return render(request, "claims/eligibility.html#run", {"run": run}, status=status)


@require_POST
@may(Permission.EDIT_PATIENTS)
def eligibility_ask(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Ask every payer of one patient about the next visit, or today."""
    patient = get_object_or_404(Patient.objects.visible_to(request.user).select_related("site"), pk=pk)
    today = timezone.localdate()
    on = patient.next_visit_on if patient.next_visit_on and patient.next_visit_on >= today else today
    rows = Coverage.objects.filter(patient=patient).in_force(on).select_related("patient__site", "payer", "subscriber")
    asked = ask(list(rows), on, by=request.user, send=True)
    for refusal in asked.refused:
        messages.warning(request, f"Not asked: {refusal}")
    if asked.questions:
        count = len(asked.questions)
        messages.success(request, f"Asked {count} payer{'s' if count > 1 else ''} about {on:%m/%d/%Y}.")
    elif asked.meanwhile:
        messages.info(request, "Somebody asked the same a moment ago. No payer was asked twice.")
    elif not asked.refused:
        messages.warning(request, f"Nobody to ask: no coverage on file is in force on {on:%m/%d/%Y}.")
    return redirect(f"{reverse('patients:patient-page', args=[patient.pk])}#eligibility")


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_PATIENTS, Permission.EDIT_PATIENTS)
def eligibility_place(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Say whose an answer is that nothing placed: find the patient, then choose the coverage."""
    files = EdiFile.objects.visible_to(request.user).values("pk")
    answer = get_object_or_404(EligibilityAnswer.objects.filter(patient=None, source_file__in=files), pk=pk)
    words = request.POST.get("q", "").strip()
    if request.method == "POST" and (chosen := request.POST.get("coverage", "")):
        mine = Coverage.objects.visible_to(request.user).select_related("patient__site", "payer")
        coverage = get_object_or_404(mine, pk=chosen) if is_id(chosen) else None
        if coverage is None:
            raise Http404
        try:
            row = hand.place(answer=answer, coverage=coverage, by=request.user)
        except hand.CannotPlace as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, "Placed. What it tells stands on the chart, to be confirmed.")
            return redirect(f"{reverse('patients:patient-page', args=[row.patient_id])}#eligibility")
    return _place_page(request, answer, words)


def _place_page(request: DeskRequest, answer: EligibilityAnswer, words: str) -> HttpResponse:
    found = list(Coverage.objects.none())
    if words:
        patients = Patient.objects.visible_to(request.user).matching(words).values("pk")[:MOST_FOUND]
        rows = Coverage.objects.filter(patient__in=list(patients.values_list("pk", flat=True)))
        found = list(rows.select_related("patient__site", "payer").order_by("patient__search_last", "created_at"))
    record_view("coverages to place an answer", {row.patient_id for row in found})
    context = {
        "answer": answer,
        "is_placed": EligibilityAnswer.objects.filter(placed_from=answer).exists(),
        "words": words,
        "rows": [(row, hand.difference(answer, row)) for row in found],
    }
    return render(request, "claims/eligibility_place.html", context)


def _run(request: DeskRequest) -> dict[str, Any] | None:
    """This person's last run, else the clock's last one."""
    job = Job.objects.visible_to(request.user).filter(kind=visits.JOB).order_by("-created_at").first()
    if job is None:
        return None
    said = seen(job.pk) if job.state == State.RUNNING else {}
    return {
        "job": job,
        "done": said.get("done", job.done),
        "total": said.get("total", job.total) or 1,
        "doing": said.get("what") or "waiting for its turn",
        "by": job.by or "the clock",
    }
