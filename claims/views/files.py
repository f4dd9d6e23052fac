"""Bring files in, watch them being imported, and see what became of each."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import actions
from claims.exchange.previewing import preview_835
from claims.forms import UploadForm
from claims.presenters.files import file_page as shown
from claims.presenters.files import file_row, size_words
from claims.presenters.previews import preview_rows
from claims.queries import acknowledgements_of, eligibility_of, files_seen_by
from claims.views.lookups import file_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.models import Site
from cob.accounts.roles import Permission
from cob.accounts.sessions import asked_by_itself
from cob.audit.acting import doing
from cob.audit.reads import record_view
from cob.coverage.eligibility.page import state_of
from cob.x12.errors import X12Error
from cob.x12.sniff import sniff

REFUSED, STOP_POLLING = 422, 286
NEWEST = 50


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.IMPORT_FILES)
def import_page(request: DeskRequest) -> HttpResponse:
    """Drop files; below, the newest files with what became of them."""
    form = UploadForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        taken = _take_in(request, form)
        if taken and not form.errors:
            return redirect("claims:import")
    rows = [file_row(file) for file in files_seen_by(request.user)[:NEWEST]]
    context = {
        "form": form,
        "rows": rows,
        "is_running": any(row.is_running for row in rows),
        "limit": size_words(settings.UPLOAD_BYTES_MAX),
    }
    return render(request, "claims/import.html", context, status=REFUSED if form.errors else 200)


def _take_in(request: DeskRequest, form: UploadForm) -> int:
    """Keep what is X12 and small enough; the form says what was not, file by file. Returns how many were taken."""
    files = request.FILES.getlist("files")
    if not files:
        form.add_error("files", "Choose at least one file.")
    sites = list(Site.objects.filter(pk__in=request.user.site_ids())[:2])
    taken = 0
    for file in files:
        problem = _problem(file)
        if problem:
            form.add_error("files", problem)
            continue
        row, is_new = actions.take_in(
            name=file.name or "file",
            stream=file,
            by=request.user,
            site=sites[0] if len(sites) == 1 else None,
            wait="look" in request.POST and _is_835(file),
        )
        taken += 1
        if not is_new:
            messages.info(
                request, f"{file.name} is on file already: {row.get_outcome_display().lower()}. Nothing was done."
            )
    if taken:
        messages.success(request, f"{taken} file{'s' if taken > 1 else ''} received.")
    return taken


def _is_835(file: UploadedFile[bytes]) -> bool:
    """Only what pays is looked at before it is posted."""
    try:
        return sniff(file).kind == "835"
    finally:
        file.seek(0)


def _problem(file: UploadedFile[bytes]) -> str:
    """Why a file is not even kept; empty when it may be tried."""
    size = file.size or 0
    if not size:
        return f"{file.name} is empty. Save it again at its source."
    if size > settings.UPLOAD_BYTES_MAX:
        limit = size_words(settings.UPLOAD_BYTES_MAX)
        return f"{file.name} has {size_words(size)}; the limit is {limit}. Put it into the watched folder or split it."
    try:
        sniff(file)
    except X12Error as error:
        return f"{file.name} is not taken. {error}"
    finally:
        file.seek(0)
    return ""


@require_safe
@may(Permission.IMPORT_FILES)
def file_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One file: what it was, what became of it, and why."""
    file = file_or_404(request.user, pk)
    answers = acknowledgements_of(file, request.user)
    record_view("acknowledgements", {row.claim.patient_id for row in answers if row.claim})
    told = [(row, *state_of(row)) for row in eligibility_of(file, request.user)] if file.kind == "271" else []
    record_view("eligibility answers", {row.patient_id for row, *_ in told})
    context = {"page": shown(file, may_import=True), "answers": answers, "told": told}
    return render(request, "claims/file.html", context)


@require_safe
@asked_by_itself
@may(Permission.IMPORT_FILES)
def file_progress(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The file's row as it stands; asked every second until the import is over."""
    row = file_row(file_or_404(request.user, pk))
    return render(request, "claims/import.html#row", {"row": row}, status=200 if row.is_running else STOP_POLLING)


@require_safe
@may(Permission.IMPORT_FILES, Permission.VIEW_CLAIMS)
def file_preview(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What a remittance file that was not imported yet would post, claim by claim."""
    file = file_or_404(request.user, pk)
    if not file_row(file).is_waiting:
        return redirect("claims:file-page", file.pk)
    with doing("preview"), file.kept.open("rb") as source:
        preview = preview_835(file, source)
    file.refresh_from_db()
    record_view("remittance before posting", preview.patients)
    context = {"file": file, "preview": preview, "payments": preview_rows(preview, request.user)}
    return render(request, "claims/file_preview.html", context)


@require_POST
@may(Permission.IMPORT_FILES)
def file_again(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Import a file anew that was turned away."""
    file = file_or_404(request.user, pk)
    if actions.import_again(file=file, by=request.user):
        messages.success(request, "The import starts again.")
    else:
        messages.warning(request, "This file is being imported, or was imported, already.")
    return redirect("claims:file-page", file.pk)
