"""The pages of the interview and of the verdict on file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage import actions, presenters
from cob.coverage.actions import BadFact, KindUnknown
from cob.coverage.interview import (
    AnswerForm,
    Question,
    answer,
    conclude,
    next_question,
    not_known,
    offered_to,
)
from cob.coverage.lookups import determination_or_404, patient_or_404
from cob.coverage.rulebook import Malformed
from cob.coverage.visits import Visit
from cob.patients.models import Patient

REFUSED = 422


def lead_on(request: DeskRequest, patient: Patient) -> HttpResponse:
    """Where capture leads: to the open question, to the verdict put on file, or back to the patient."""
    back = redirect("patients:patient-page", patient.pk)
    if not request.user.has_perm(Permission.DETERMINE) or not patient.coverages.exists():
        return back
    try:
        found = conclude(patient, Visit(request.session, patient), request.user)
    except KindUnknown as unknown:
        messages.warning(request, f"No verdict yet. {unknown} Look at the card or call the payer.")
        return back
    except Malformed as wrong:
        messages.error(request, f"No verdict: what is on file contradicts itself. {wrong}")
        return back
    return redirect("coverage:determination-page", found.pk) if found else redirect("coverage:ask", patient.pk)


@require_safe
@may(Permission.EDIT_PATIENTS, Permission.DETERMINE)
def ask(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One question, the one that matters most."""
    patient = patient_or_404(request.user, pk)
    visit = Visit(request.session, patient)
    record_view("interview", [patient.pk], site_id=patient.site_id)
    try:
        question = next_question(patient, visit)
    except Malformed as wrong:
        messages.error(request, f"Nothing can be asked: what is on file contradicts itself. {wrong}")
        return redirect("patients:patient-page", patient.pk)
    form = question and AnswerForm(path=question.path, ask=question.ask, offered=offered_to(patient))
    return _ask_page(request, patient, visit, question, form or None)


@require_POST
@may(Permission.EDIT_PATIENTS, Permission.DETERMINE)
def answered(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The answer, or that the patient does not know; then the next question or the verdict."""
    patient = patient_or_404(request.user, pk)
    visit = Visit(request.session, patient)
    question = next_question(patient, visit)
    if question is None or question.path != request.POST.get("fact"):
        messages.info(request, "That question is settled. Here is where things stand now.")
        return lead_on(request, patient)
    if "not_known" in request.POST:
        not_known(patient, visit, question.path)
        return lead_on(request, patient)
    form = AnswerForm(request.POST, path=question.path, ask=question.ask, offered=offered_to(patient))
    if not (form.is_valid() and _kept(patient, visit, form, request)):
        return _ask_page(request, patient, visit, question, form)
    return lead_on(request, patient)


def _kept(patient: Patient, visit: Visit, form: AnswerForm, request: DeskRequest) -> bool:
    try:
        answer(patient, visit, form, request.user)
    except BadFact as bad:
        form.add_error("value", bad.message)
        return False
    return True


def _ask_page(
    request: DeskRequest, patient: Patient, visit: Visit, question: Question | None, form: AnswerForm | None
) -> HttpResponse:
    context = {"patient": patient, "question": question, "form": form, "day": visit.on, "skipped": len(visit.skipped)}
    return render(request, "coverage/ask.html", context, status=REFUSED if form and form.is_bound else 200)


@require_POST
@may(Permission.DETERMINE)
def store(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Put the verdict as it stands on file."""
    patient = patient_or_404(request.user, pk)
    visit = Visit(request.session, patient)
    try:
        found = actions.determine(patient=patient, service_on=visit.on, by=request.user)
    except (KindUnknown, Malformed) as wrong:
        messages.error(request, f"No verdict yet. {wrong}")
        return redirect("patients:patient-page", patient.pk)
    visit.finish()
    return redirect("coverage:determination-page", found.pk)


@require_safe
@may(Permission.VIEW_PATIENTS)
def determination_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A verdict on file, with everything it rests on; fit for paper."""
    determination = determination_or_404(request.user, pk)
    record_view("verdict", [determination.patient_id], site_id=determination.patient.site_id)
    return render(request, "coverage/determination.html", {"page": presenters.verdict_page(determination)})
