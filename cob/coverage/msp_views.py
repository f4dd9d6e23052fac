"""The pages of Medicare's questionnaire: as it stands, filed, and on paper."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage.actions import KindUnknown
from cob.coverage.interview import offered_to
from cob.coverage.interviewing import REFUSED
from cob.coverage.lookups import patient_or_404, questionnaire_or_404
from cob.coverage.msp_filing import FileForm, MspForm, NotComplete, file_msp, result_of
from cob.coverage.mspq import Mspq, mspq_for
from cob.coverage.rulebook import Malformed
from cob.coverage.visits import visit_of
from cob.patients.models import Patient


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS, Permission.DETERMINE)
def msp(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The six parts as they stand; what is open can be answered, what is answered asked again."""
    patient = patient_or_404(request.user, pk)
    record_view("MSP questionnaire", [patient.pk], site_id=patient.site_id)
    page = mspq_for(patient, visit_of(request, patient).on)
    again = {*request.POST.getlist("again"), request.POST.get("reopen", "")}
    lines = [line for line in page.lines if line.path and (line.is_open or line.path in again)]
    is_sent = request.method == "POST" and "reopen" not in request.POST
    form = MspForm(request.POST if is_sent else None, lines=_once(lines), offered=offered_to(patient))
    if is_sent and form.is_valid() and form.save(patient, page.day, request.user):
        messages.success(request, "Kept.")
        for ask in _answered_meanwhile(request, page, form):
            messages.warning(request, f"Somebody answered this meanwhile, and your answer was not kept: {ask}")
        return redirect("coverage:msp", patient.pk)
    return _page(request, patient, page, form, FileForm(initial={"once": uuid.uuid4()}))


def _answered_meanwhile(request: DeskRequest, page: Mspq, form: MspForm) -> list[str]:
    """Questions this form answers otherwise than they are answered by now. The same again, as a form sent twice says
    it, is what is on file.
    """
    asked = {line.path for line in form.lines}
    late = _once([line for line in page.lines if line.path and line.path not in asked])
    sent = MspForm(request.POST, lines=late, offered=offered_to(page.patient)).said()
    return [line.ask for line in late if line.path in sent and sent[line.path] != line.value]


def _once(lines: list[Any]) -> list[Any]:
    return list({line.path: line for line in lines}.values())


def _page(request: DeskRequest, patient: Patient, page: Mspq, form: MspForm, file_form: FileForm) -> HttpResponse:
    shown: set[str] = set()
    parts = []
    for part in page.parts:
        rows = []
        for line in part.lines:
            rows.append((line, form.pair(line.path) if line.path not in shown else None, line.path in shown))
            shown |= {line.path} - {""}
        parts.append((part, rows))
    again = [line.path for line in form.lines if not line.is_open]
    context = {"patient": patient, "page": page, "parts": parts, "form": form, "file_form": file_form, "again": again}
    is_refused = form.is_bound or file_form.is_bound
    return render(request, "coverage/msp.html", context, status=REFUSED if is_refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS, Permission.DETERMINE)
def msp_file(request: DeskRequest, pk: UUID) -> HttpResponse:
    """File it: the answers, who gave them, and the verdict of the day as its result."""
    patient = patient_or_404(request.user, pk)
    if request.method != "POST":
        return redirect("coverage:msp", patient.pk)
    day = visit_of(request, patient).on
    form = FileForm(request.POST)
    if not form.is_valid():
        page = mspq_for(patient, day)
        return _page(request, patient, page, MspForm(lines=page.open, offered=offered_to(patient)), form)
    said = form.cleaned_data
    who = {"told_by": said["told_by"], "told_how": said["told_how"], "by": request.user}
    try:
        filed = file_msp(patient=patient, service_on=day, pk=said["once"], **who)
    except (NotComplete, KindUnknown) as wrong:
        messages.error(request, str(wrong))
        return redirect("coverage:msp", patient.pk)
    except Malformed as wrong:
        messages.error(request, f"Not filed: what is on file contradicts itself. {wrong}")
        return redirect("coverage:msp", patient.pk)
    if filed.pk != said["once"] and filed.asked_by != request.user:
        messages.info(request, f"{filed.asked_by} filed the same answers today. This is that questionnaire.")
    else:
        messages.success(request, "The questionnaire is filed.")
    return redirect("coverage:msp-filed", filed.pk)


@require_safe
@may(Permission.VIEW_PATIENTS)
def msp_filed(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One questionnaire as it was filed; fit for paper."""
    row = questionnaire_or_404(request.user, pk)
    record_view("filed questionnaire", [row.patient_id], site_id=row.patient.site_id)
    context = {"row": row, "patient": row.patient, "result": result_of(row.determination)}
    return render(request, "coverage/msp_filed.html", context)
