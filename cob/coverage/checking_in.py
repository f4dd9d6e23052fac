"""The check-in page: four questions on one screen, then whatever a yes leads to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage import checkins
from cob.coverage.answers import WordsField, YesNo
from cob.coverage.cases import payer_names
from cob.coverage.catalogue import RELATED, Choices
from cob.coverage.checkins import EVENTS, NEW_CARD, QUESTIONS, AskedMeanwhile, steps_after
from cob.coverage.inputs import AHEAD, DayField
from cob.coverage.interviewing import REFUSED, lead_on
from cob.coverage.lookups import patient_or_404
from cob.coverage.models import CheckIn
from cob.coverage.questionnaires import HOW, WHO
from cob.coverage.visits import Visit, visit_of
from cob.patients.models import Patient

NOT_ANSWERED = "Answer yes or no."


def _yes_no(name: str) -> YesNo:
    ask, hint = QUESTIONS[name]
    messages = {"required": NOT_ANSWERED, "invalid_choice": NOT_ANSWERED}
    return YesNo(label=ask, help_text=hint, widget=forms.RadioSelect, error_messages=messages)


def _which(label: str, choices: Choices) -> WordsField:
    return WordsField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False)


class CheckInForm(forms.Form):
    """Four times yes or no; with a yes, which."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    known = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    has_cards = _yes_no("cards")
    cards = _which("Which?", ())
    has_other = _yes_no("other")
    has_events = _yes_no("events")
    events = _which("What happened?", tuple((key, event.label) for key, event in EVENTS.items()))
    events_on = DayField(label="When, about", required=False, help_text="What was told before that day is asked again.")
    has_accident = _yes_no("accident")
    accident = _which("Because of what?", RELATED[1:])
    told_by = forms.CharField(label="Answered by", max_length=80, error_messages={"required": WHO})
    told_how = forms.ChoiceField(label="How", choices=[(how, how.capitalize()) for how in HOW])

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, patient: Patient, coverages: Mapping[str, str]
    ) -> None:
        no_to_all = {f"has_{name}": "false" for name in QUESTIONS}
        if data is not None and "nothing_changed" in data:
            data = {name: data.get(name) for name in ("once", "known", "told_by", "told_how")} | no_to_all
        super().__init__(data, initial={"once": uuid.uuid4(), "known": checkins.seen(patient), "told_by": "Patient"})
        self.patient, self.has_coverages = patient, bool(coverages)
        cards = [(pk, f"{name}: changed or ended") for pk, name in coverages.items()]
        cards.insert(0, (NEW_CARD, "A card that is not on file"))
        cast(forms.MultipleChoiceField, self.fields["cards"]).choices = cards

    def asked_meanwhile(self, told: AskedMeanwhile) -> None:
        """Say so; sent again, the answers count."""
        self.add_error(None, str(told))
        sent = cast(QueryDict, self.data).copy()
        sent["known"] = checkins.seen(self.patient)
        self.data = sent

    def clean_events_on(self) -> date | None:
        day: date | None = self.cleaned_data["events_on"]
        if day and not self.patient.birth_on <= day <= timezone.localdate() + AHEAD:
            raise forms.ValidationError("Give a day after the patient’s birth and at most a year from now.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("has_cards") and not self.has_coverages:
            cleaned["cards"] = [NEW_CARD]
        missing = {"cards": "Tick which card.", "events": "Tick what happened.", "accident": "Tick what it was."}
        for name, said in missing.items():
            if cleaned.get(f"has_{name}") and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, said)
        if cleaned.get("has_events") and not cleaned.get("events_on") and "events_on" not in self.errors:
            self.add_error("events_on", "Write the day as mm/dd/yyyy; about is enough.")
        return cleaned

    def answers(self) -> dict[str, Any]:
        """The answers as they are kept; what was ticked under a no is no answer."""
        said = self.cleaned_data
        given = {name: said[name] if said[f"has_{name}"] else [] for name in ("cards", "events", "accident")}
        on = said["events_on"].isoformat() if given["events"] else ""
        return given | {"other": said["has_other"], "events": [{"event": one, "on": on} for one in given["events"]]}

    def questions(self) -> list[tuple[forms.BoundField, list[forms.BoundField]]]:
        """Each question with what a yes asks for."""
        more = {
            "cards": ("cards",) if self.has_coverages else (),
            "other": (),
            "events": ("events", "events_on"),
            "accident": ("accident",),
        }
        return [(self[f"has_{name}"], [self[one] for one in names]) for name, names in more.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS, Permission.DETERMINE)
def check_in(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What changed since the last visit; the answer is on file, also when it is "nothing"."""
    patient = patient_or_404(request.user, pk)
    visit = visit_of(request, patient)
    record_view("check-in", [patient.pk], site_id=patient.site_id)
    names = payer_names(list(patient.coverages.select_related("payer")))
    form = CheckInForm(request.POST if request.method == "POST" else None, patient=patient, coverages=names)
    if form.is_valid() and (row := _kept(request, visit, form)):
        messages.success(request, "Nothing changed: noted for this visit." if row.is_unchanged else "Checked in.")
        return lead_on(request, patient)
    context = {"patient": patient, "form": form, "day": visit.on, "names": list(names.values())}
    return render(request, "coverage/check_in.html", context, status=REFUSED if form.is_bound else 200)


def _kept(request: DeskRequest, visit: Visit, form: CheckInForm) -> CheckIn | None:
    """Put it on file; None when a colleague was first, with that in the form."""
    patient, said = form.patient, form.cleaned_data
    before = patient.checkins.filter(pk=said["once"]).first()
    who = {"told_by": said["told_by"], "told_how": said["told_how"], "by": request.user}
    try:
        row = checkins.check_in(
            patient=patient, service_on=visit.on, answers=form.answers(), pk=said["once"], known=said["known"], **who
        )
    except AskedMeanwhile as told:
        form.asked_meanwhile(told)
        return None
    if row != before:
        visit.plan(steps_after(patient, row.answers))
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@may(Permission.EDIT_PATIENTS, Permission.DETERMINE)
def check_in_step(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One step of check-in is done, or not needed after all."""
    patient = patient_or_404(request.user, pk)
    if request.method == "POST":
        Visit(request.session, patient).done(request.POST.get("step", ""))
    return redirect("patients:patient-page", patient.pk)
