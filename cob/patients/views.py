"""Find a patient, enter one, change one. What is typed to find a patient never stands in an address."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from cob.accounts.access import DeskRequest, may
from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.patients import actions, queries
from cob.patients.forms import PatientForm, SearchForm
from cob.patients.models import Patient

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.VIEW_PATIENTS)
def search(request: DeskRequest) -> HttpResponse:
    """The one patient found is opened; several are listed; before a search, those seen today."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        recent = queries.seen_today(request.user)
        record_view("patients seen today", [row.pk for row in recent])
        status = REFUSED if form.is_bound else 200
        return render(request, "patients/search.html", {"form": form, "recent": recent}, status=status)
    rows = queries.found(request.user, form.cleaned_data["q"])
    if len(rows) == 1:
        return redirect("patients:patient-page", rows[0].pk)
    shown = rows[: queries.SHOWN]
    record_view("patient search", [row.pk for row in shown])
    context = {"form": form, "rows": shown, "has_more": len(rows) > len(shown), "is_result": True}
    return render(request, "patients/search.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def patient_new(request: DeskRequest) -> HttpResponse:
    """Enter a patient; the page of the new patient follows."""
    form = PatientForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            patient = _entered(request.user, form)
        except actions.ChartNumberTaken as taken:
            form.add_error("chart_number", str(taken))
        else:
            messages.success(request, "The patient is on file. Add every card the patient carries.")
            return redirect("patients:patient-page", patient.pk)
    context = {"form": form, "patient": None}
    return render(request, "patients/form.html", context, status=REFUSED if form.is_bound else 200)


def _entered(user: User, form: PatientForm) -> Patient:
    """The patient of a valid form; sent again, the patient it made, as it says now. Raises ChartNumberTaken.

    With another chart number it is about somebody else, whatever page it was typed over.
    """
    once = form.cleaned_data["once"] or uuid4()
    made = Patient.objects.visible_to(user).filter(pk=once).first()
    if made and made.chart_number == form.cleaned_data["chart_number"]:
        return actions.change_patient(patient=made, by=user, **form.columns())
    return actions.add_patient(site=form.cleaned_data["site"], by=user, pk=uuid4() if made else once, **form.columns())


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS)
def patient_edit(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Change what the chart says; what it said stays on the trail."""
    patient = get_object_or_404(Patient.objects.visible_to(request.user).select_related("site"), pk=pk)
    record_view("patient form", [patient.pk], site_id=patient.site_id)
    form = PatientForm(request.POST if request.method == "POST" else None, instance=patient, user=request.user)
    form.fields["site"].disabled = True
    if form.is_valid():
        try:
            actions.change_patient(patient=patient, by=request.user, **form.columns())
        except actions.ChartNumberTaken as taken:
            form.add_error("chart_number", str(taken))
        else:
            messages.success(request, "Saved.")
            return redirect("patients:patient-page", patient.pk)
    context = {"form": form, "patient": patient}
    return render(request, "patients/form.html", context, status=REFUSED if form.is_bound else 200)
