"""The patient page, coverages, people and facts: may I, load, act, answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage import actions, asking, presenters, saving
from cob.coverage.eligibility.prefill import fill, offer_named
from cob.coverage.forms import CoverageForm, KindForm, PersonForm, VerifyForm, VisitDayForm
from cob.coverage.interview import offered_to
from cob.coverage.interviewing import lead_on
from cob.coverage.lookups import coverage_or_404, patient_or_404, person_or_404
from cob.coverage.questionnaires import (
    ACCIDENT_FACTS,
    CHILD_FACTS,
    MEDICARE_FACTS,
    ChildForm,
    FactsForm,
    field_name,
)
from cob.coverage.steps import EDIT
from cob.coverage.visits import Visit, visit_of
from cob.patients.models import Patient, RelatedPerson

REFUSED = 422


@require_safe
@may(Permission.VIEW_PATIENTS)
def patient_page(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Everything the desk knows about one patient, and who pays first for this visit."""
    patient = patient_or_404(request.user, pk)
    visit = Visit(request.session, patient)
    page = presenters.patient_page(
        patient,
        visit.on,
        is_editable=request.user.has_perm(Permission.EDIT_PATIENTS),
        shows_history=request.user.has_perm(Permission.VIEW_AUDIT),
    )
    record_view("patient page", [patient.pk], site_id=patient.site_id)
    asked = asking.of_patient(patient, visit, has_medicare=page.has_medicare)
    context = {
        "page": page,
        "asked": asked,
        "day_form": VisitDayForm(initial={"service_on": page.day}, patient=patient),
    }
    return render(request, "patients/page.html", context)


@require_POST
@may(Permission.VIEW_PATIENTS)
def visit_day(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Look at another day of service."""
    patient = patient_or_404(request.user, pk)
    form = VisitDayForm(request.POST, patient=patient)
    if form.is_valid():
        Visit(request.session, patient).choose(form.cleaned_data["service_on"])
    else:
        messages.error(request, f"Day of service: {form.errors['service_on'][0]}")
    return redirect("patients:patient-page", patient.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def coverage_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Choose the kind, then the fields for it; then straight to the question that matters."""
    patient = patient_or_404(request.user, pk)
    record_view("coverage form", [patient.pk], site_id=patient.site_id)
    offer = offer_named(patient, request.GET.get("offer", ""))
    step = KindForm(request.POST or None, initial={"kind": offer.kind} if offer else None)
    if not step.is_valid():
        status = REFUSED if request.method == "POST" else 200
        return render(request, "coverage/kind.html", {"patient": patient, "form": step}, status=status)
    kind = step.cleaned_data["kind"]
    filled = request.POST if "told_by" in request.POST else None
    day = visit_of(request, patient).on
    form = CoverageForm(filled, kind=kind, held=saving.held(patient, day), offered=offered_to(patient))
    if offer:
        fill(form, offer, patient)
    is_filled = filled is not None and form.is_valid()
    if is_filled and (saved := saving.save_offered(form, patient, day, request.user, offer)):
        messages.success(request, f"{saved.payer} is on file.")
        return lead_on(request, patient, done="coverage-new")
    return _coverage_form(request, patient, form, day)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def coverage_edit(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Change a coverage; what it was stays on the trail."""
    coverage = coverage_or_404(request.user, pk)
    patient = coverage.patient
    record_view("coverage form", [patient.pk], site_id=patient.site_id)
    if not coverage.kind:
        return redirect("coverage:ask", patient.pk)
    filled = request.POST if request.method == "POST" else None
    day = visit_of(request, patient).on
    form = saving.form_for(coverage, filled, offered_to(patient), day)
    if filled is not None and form.is_valid() and saving.save_coverage(form, patient, day, request.user):
        messages.success(request, "Saved.")
        return lead_on(request, patient, done=f"{EDIT}:{coverage.pk}")
    return _coverage_form(request, patient, form, day)


def _coverage_form(request: DeskRequest, patient: Patient, form: CoverageForm, day: date) -> HttpResponse:
    context = {"patient": patient, "form": form, "coverage": form.coverage, "verify_form": VerifyForm(), "day": day}
    return render(request, "coverage/form.html", context, status=REFUSED if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def coverage_verify(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The payer confirmed this coverage: how, and under which reference. Opened, it is the coverage: a refused form
    stands at this address.
    """
    coverage = coverage_or_404(request.user, pk)
    if request.method != "POST":
        return redirect("coverage:coverage-edit", coverage.pk)
    record_view("coverage form", [coverage.patient_id], site_id=coverage.patient.site_id)
    form = VerifyForm(request.POST)
    if not form.is_valid():
        day = Visit(request.session, coverage.patient).on
        main = saving.form_for(coverage, None, offered_to(coverage.patient), day)
        context = {"patient": coverage.patient, "form": main, "coverage": coverage, "verify_form": form, "day": day}
        return render(request, "coverage/form.html", context, status=REFUSED)
    actions.verify_coverage(coverage=coverage, by=request.user, **form.cleaned_data)
    messages.success(request, f"{coverage.payer} is verified as of today.")
    return redirect("patients:patient-page", coverage.patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def person_new(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Add somebody who holds coverage or decides about a child."""
    patient = patient_or_404(request.user, pk)
    return _person(request, RelatedPerson(patient=patient))


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def person_edit(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Change what is known of somebody."""
    return _person(request, person_or_404(request.user, pk))


def _person(request: DeskRequest, person: RelatedPerson) -> HttpResponse:
    patient = person.patient
    record_view("person form", [patient.pk], site_id=patient.site_id)
    form = PersonForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        saving.save_person(form, person, request.user)
        messages.success(request, f"{form.instance} is on file.")
        return redirect("patients:patient-page", patient.pk)
    status = REFUSED if form.is_bound else 200
    return render(request, "coverage/person.html", {"patient": patient, "form": form, "person": person}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def facts_medicare(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Parts, grounds and kidney dates."""
    groups = (("Card", MEDICARE_FACTS[:4]), ("Kidney failure", MEDICARE_FACTS[4:9]), ("Other", MEDICARE_FACTS[9:]))
    return _facts(request, pk, "Medicare", FactsForm, groups)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def facts_child(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Parents, custody and court order."""
    groups = (("Home", CHILD_FACTS[:2]), ("Court order and age", CHILD_FACTS[2:]))
    return _facts(request, pk, "Child", ChildForm, groups)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def facts_accident(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Whether this visit is because of an accident, and who answers for it."""
    groups = (
        ("What happened", ACCIDENT_FACTS[:3]),
        ("Workers’ compensation", ACCIDENT_FACTS[3:6]),
        ("Auto policy", ACCIDENT_FACTS[6:10]),
        ("Somebody else’s fault", ACCIDENT_FACTS[10:]),
    )
    return _facts(request, pk, "Accident", FactsForm, groups)


def _facts(
    request: DeskRequest, pk: UUID, title: str, shape: type[FactsForm], groups: Sequence[tuple[str, Sequence[str]]]
) -> HttpResponse:
    patient = patient_or_404(request.user, pk)
    day = visit_of(request, patient).on
    record_view(f"{title.lower()} facts", [patient.pk], site_id=patient.site_id)
    paths = [path for _, group in groups for path in group]
    filled = request.POST if request.method == "POST" else None
    form = shape(filled, paths=paths, held=saving.held(patient, day), offered=offered_to(patient))
    if form.is_valid() and saving.save_facts(form, patient, day, request.user):
        messages.success(request, "Kept.")
        return lead_on(request, patient, done=title.lower())
    shown = [(name, [form[field_name(path)] for path in group]) for name, group in groups]
    context: dict[str, Any] = {"patient": patient, "form": form, "title": title, "groups": shown, "day": day}
    return render(request, "coverage/facts.html", context, status=REFUSED if form.is_bound else 200)
