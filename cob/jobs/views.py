"""The jobs page: what ran, when, how long, how far, what failed and why; and running it again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.accounts.sessions import asked_by_itself
from cob.jobs import actions, presenters, sweep
from cob.jobs.kinds import KINDS
from cob.jobs.models import Job, State

PAGE_ROWS = 50
STOP_POLLING = 286  # what htmx takes for "do not ask again"


@require_safe
@may(Permission.VIEW_JOBS)
def job_list(request: DeskRequest) -> HttpResponse:
    """Newest first, by state if asked."""
    state = request.GET.get("state", "")
    jobs = Job.objects.visible_to(request.user).select_related("by", "site")
    jobs = jobs.filter(state=state) if state in set(State) else jobs
    page = Paginator(jobs, PAGE_ROWS).get_page(request.GET.get("page"))
    tabs = [_tab(label, value, is_current=state == value) for value, label in [("", "All"), *State.choices]]
    warning = presenters.silence(sweep.last_swept(), timezone.now())
    context = {"page": page, "rows": presenters.present(page), "tabs": tabs, "warning": warning}
    return render(request, "jobs/list.html", context)


def _tab(label: str, value: str, *, is_current: bool) -> dict[str, object]:
    return {"label": label, "url": f"?state={value}" if value else "?", "is_current": is_current, "count": None}


@require_safe
@may(Permission.VIEW_JOBS)
def job_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One job; while it runs, the middle of the page asks for itself every second."""
    return render(request, "jobs/page.html", _shown(request, _job(request, pk)))


@require_safe
@asked_by_itself
@may(Permission.VIEW_JOBS)
def job_progress(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The part that changes; the status tells htmx to stop when the job is over."""
    job = _job(request, pk)
    status = STOP_POLLING if job.is_over else 200
    return render(request, "jobs/page.html#progress", _shown(request, job), status=status)


def _shown(request: DeskRequest, job: Job) -> dict[str, object]:
    can_repeat = job.is_over and job.kind in KINDS and request.user.has_perm(Permission.RUN_JOBS)
    return {"job": presenters.present([job])[0], "can_repeat": can_repeat}


@require_POST
@may(Permission.RUN_JOBS)
def job_again(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The same work anew; one that is not over is shown instead of being doubled."""
    job = _job(request, pk)
    if not job.is_over:
        messages.warning(request, f"{job.title} is not over yet.")
        return redirect("jobs:job-page", job.pk)
    if job.kind not in KINDS:
        messages.error(request, f"No program here knows how to do '{job.kind}' any more.")
        return redirect("jobs:job-page", job.pk)
    try:
        again = actions.run_again(job=job, by=request.user)
    except actions.UnderWay as already:
        messages.warning(request, str(already))
        again = already.job
    return redirect("jobs:job-page", again.pk)


def _job(request: DeskRequest, pk: UUID) -> Job:
    job: Job = get_object_or_404(Job.objects.visible_to(request.user).select_related("by", "site"), pk=pk)
    return job
