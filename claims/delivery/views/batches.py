"""Claims whose turn it is, the button that sends them, and every file that left with how far it is."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from claims.delivery import queries
from claims.delivery.models import DeliveryState, OutgoingFile
from claims.delivery.sending import try_now
from claims.delivery.tasks import BATCHES
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.models import record
from cob.audit.reads import record_view
from cob.jobs.actions import open_job

PAGE = 25


@require_safe
@may(Permission.VIEW_CLAIMS)
def batch_list(request: DeskRequest) -> HttpResponse:
    """What waits to be sent, what the last run left, and the files that left."""
    user = request.user
    sites = None if user.sees_all_sites else user.site_ids()
    run = queries.last_run(user)
    left = queries.held_back(run, user)
    record_view("claims held back", {one.claim.patient_id for one in left})
    context = {
        "turns": queries.turns(sites, timezone.localdate()),
        "run": run,
        "left": left,
        "troubled": list(queries.troubled(user)[:20]),
        "page": Paginator(queries.files_sent(user), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "delivery/batches.html", context)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def batch_make(request: DeskRequest) -> HttpResponse:
    """Send everything whose turn it is at this person's sites; of two presses the second follows the first."""
    sites = request.user.site_ids()
    if queries.is_under_way(sites):
        messages.info(request, "Somebody started it already. This page shows what came of it.")
    else:
        only = request.user.sites.first() if len(sites) == 1 else None
        open_job(BATCHES, by=request.user, site=only, sites=[str(pk) for pk in sites])
        messages.success(request, "The claims are being looked at and sent. This page shows what came of it.")
    return redirect("delivery:batch-list")


@require_safe
@may(Permission.VIEW_CLAIMS)
def batch_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One file: what is inside, how it was delivered, what was heard."""
    file = _file_or_404(request, pk)
    page = Paginator(queries.inside(file), PAGE).get_page(request.GET.get("page"))
    record_view("claims of a batch", {row.claim.patient_id for row in page}, site_id=file.site_id)
    context = {"file": file, "delivery": file.delivery, "page": page, "heard": queries.heard(file)}
    return render(request, "delivery/batch.html", context)


@require_POST
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def batch_try(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Somebody has seen to what was wrong: one try now."""
    file = _file_or_404(request, pk)
    found = try_now(file.pk)
    if found is not None and found.state == DeliveryState.DELIVERED:
        messages.success(request, f"{file.name} is delivered.")
    elif found is not None:
        messages.warning(request, found.trouble)
    else:
        messages.info(request, "It is delivered already, or being delivered now.")
    return redirect("delivery:batch-page", file.pk)


@require_safe
@may(Permission.VIEW_CLAIMS, Permission.SUBMIT_CLAIMS)
def batch_file(request: DeskRequest, pk: UUID) -> FileResponse:
    """The whole file as it left; taking it out of the desk is on the trail."""
    file = _file_or_404(request, pk)
    record("downloaded", file, patients=queries.patients_in(file), site_id=file.site_id)
    return FileResponse(
        file.kept.open("rb"), as_attachment=True, filename=file.name, content_type="application/edi-x12"
    )


def _file_or_404(request: DeskRequest, pk: UUID) -> OutgoingFile:
    found: OutgoingFile = get_object_or_404(queries.files_sent(request.user), pk=pk)
    return found
