"""The pages of the interview and of the verdict on file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage import actions, presenters
from cob.coverage.actions import BadFact, KindUnknown
from cob.coverage.asked import msp_due
from cob.coverage.interview import (
    AnswerForm,
    Question,
    answer,
    conclude,
    next_question,
    not_known,
    offered_to,
    question_for,
    settled_as,
)
from cob.coverage.knowing import who_could_know
from cob.coverage.lookups import determination_or_404, patient_or_404
from cob.coverage.models import Determination
from cob.coverage.rulebook import Malformed
from cob.coverage.steps import next_step
from cob.coverage.visits import Visit, visit_of
from cob.patients.models import Patient

REFUSED = 422


def lead_on(request: DeskRequest, patient: Patient, *, done: str = "") -> HttpResponse:
    """Where capture leads: to what check-in still asks for, to the open question, to the verdict, or to the patient."""
    visit = Visit(request.session, patient)
    visit.done(done)
    if step := next_step(patient, visit):
        return redirect(step.url)
    if not request.user.has_perm(Permission.DETERMINE) or not patient.coverages.exists():
        return redirect("patients:patient-page", patient.pk)
    return ask_on(request, patient, visit)


def ask_on(request: DeskRequest, patient: Patient, visit: Visit) -> HttpResponse:
    """To the open question, or to the verdict put on file when there is none."""
    back = redirect("patients:patient-page", patient.pk)
    was_asked = len(visit.asked)
    try:
        found = conclude(patient, visit, request.user)
    except KindUnknown as unknown:
        messages.warning(request, f"No verdict yet. {unknown} Look at the card or call the payer.")
        return back
    except Malformed as wrong:
        messages.error(request, f"No verdict: what is on file contradicts itself. {wrong}")
        return back
    if found is None:
        return redirect("coverage:ask", patient.pk)
    if was_asked:
        _say_the_end(request, found)
    return redirect("coverage:determination-page", found.pk)


def _say_the_end(request: DeskRequest, found: Determination) -> None:
    if found.is_settled:
        messages.success(request, "That was the last question. The verdict is on file.")
    else:
        messages.warning(request, "That was the last question the patient can answer. The verdict on file stays open.")


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
        return _contradicted(request, patient, wrong)
    form = question and AnswerForm(question=question, offered=offered_to(patient))
    return _ask_page(request, patient, visit, question, form or None)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS, Permission.DETERMINE)
def answered(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The answer, or that the patient does not know; then the next question or the verdict. Opened, it is the question:
    whoever signed in again lands here.
    """
    patient = patient_or_404(request.user, pk)
    visit = visit_of(request, patient)
    if request.method != "POST":
        return redirect("coverage:ask", patient.pk)
    try:
        question = question_for(patient, visit, request.POST.get("fact", ""), request.user)
    except Malformed as wrong:
        return _contradicted(request, patient, wrong)
    if question is None:
        said = settled_as(patient, visit, request.POST.get("fact", ""))
        messages.info(request, f"That question is settled. {said} Here is where things stand now.")
    elif "not_known" in request.POST:
        not_known(patient, visit, question, request.POST, request.user)
    else:
        form = AnswerForm(request.POST, question=question, offered=offered_to(patient))
        if not (form.is_valid() and _kept(patient, visit, question, form, request)):
            return _ask_page(request, patient, visit, question, form)
    return ask_on(request, patient, visit)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS, Permission.DETERMINE)
def back(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Ask the last question, or the one named, once more."""
    patient = patient_or_404(request.user, pk)
    if request.method == "POST":
        Visit(request.session, patient).go_back(request.POST.get("fact", ""))
    return redirect("coverage:ask", patient.pk)


def _contradicted(request: DeskRequest, patient: Patient, wrong: Malformed) -> HttpResponse:
    messages.error(request, f"Nothing can be asked: what is on file contradicts itself. {wrong}")
    return redirect("patients:patient-page", patient.pk)


def _kept(patient: Patient, visit: Visit, question: Question, form: AnswerForm, request: DeskRequest) -> bool:
    try:
        answer(patient, visit, question, form, request.user)
    except BadFact as bad:
        form.add_error("value", bad.sentence)
        return False
    return True


def _ask_page(
    request: DeskRequest, patient: Patient, visit: Visit, question: Question | None, form: AnswerForm | None
) -> HttpResponse:
    context = {
        "patient": patient,
        "question": question,
        "form": form,
        "day": visit.on,
        "not_known": [(entry, who_could_know(entry.path)) for entry in visit.asked if not entry.is_known],
        "can_go_back": bool(visit.asked),
    }
    return render(request, "coverage/ask.html", context, status=REFUSED if form and form.is_bound else 200)


@require_POST
@may(Permission.DETERMINE)
def store(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Put the verdict as it stands on file."""
    patient = patient_or_404(request.user, pk)
    visit = visit_of(request, patient)
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
    visit = Visit(request.session, determination.patient)
    due = msp_due([determination.patient_id]).get(determination.patient_id)
    can_ask = request.user.has_perm(Permission.EDIT_PATIENTS) and request.user.has_perm(Permission.DETERMINE)
    context = {
        "page": presenters.verdict_page(determination),
        "can_go_back": visit.can_go_back and visit.on == determination.service_on,
        "msp_is_due": can_ask and due is not None and due.is_due(timezone.localdate()),
    }
    return render(request, "coverage/determination.html", context)
