"""Asking what Medicare's questionnaire lacks, and filing it: an immutable record with the verdict as its result."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage import actions, catalogue
from cob.coverage.actions import BadFact
from cob.coverage.answers import answer_field
from cob.coverage.asked import next_msp_due_on
from cob.coverage.cases import payer_names, people_names
from cob.coverage.deciding import one_at_a_time
from cob.coverage.interview import outcomes, storable
from cob.coverage.models import MEDICARE_KINDS, Determination, MspQuestionnaire
from cob.coverage.mspq import MSP_TYPES, OF_THE_VISIT, Line, Mspq, mspq_for
from cob.coverage.questionnaires import HOW, WHO, Offered, field_name
from cob.coverage.wording import readable
from cob.patients.models import Patient


class NotComplete(ValueError):
    """Something was not asked yet, or an answer names a payer that is not on file."""

    def __init__(self, page: Mspq) -> None:
        super().__init__("The questionnaire cannot be filed yet: answer what is open, or say that it is not known.")
        self.page = page


class TellerForm(forms.Form):
    """Who answers, and how."""

    told_by = forms.CharField(label="Answered by", max_length=80, initial="Patient", error_messages={"required": WHO})
    told_how = forms.ChoiceField(label="How", choices=[(how, how.capitalize()) for how in HOW])


class FileForm(TellerForm):
    """Who answered the whole; `once` names the record, so that sent twice it is filed once."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)


class MspForm(TellerForm):
    """The questions still open, each with a box for "does not know"."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, lines: Iterable[Line], offered: Offered) -> None:
        super().__init__(data)
        self.lines = [line for line in lines if catalogue.entry(line.path)]
        for line in self.lines:
            name = field_name(line.path)
            field = answer_field(
                catalogue.ENTRIES[catalogue.owner_and_key(line.path)[1]], offered=offered.to(line.path), as_cards=True
            )
            field.label, field.required, field.initial = line.ask, False, line.value
            self.fields[name] = field
            self.fields[f"{name}-not_known"] = forms.BooleanField(label="Does not know", required=False)

    def pair(self, path: str) -> tuple[forms.BoundField, forms.BoundField] | None:
        """The fields of one question; None when it is not asked here."""
        name = field_name(path)
        return (self[name], self[f"{name}-not_known"]) if name in self.fields else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for line in self.lines:
            name = field_name(line.path)
            if cleaned.get(f"{name}-not_known") and cleaned.get(name) not in (None, ""):
                self.add_error(name, "Answer it, or tick “does not know”, not both.")
        return cleaned

    def said(self) -> dict[str, Any]:
        """What was answered, as it is kept, by path."""
        self.full_clean()
        given = {line.path: self.cleaned_data.get(field_name(line.path)) for line in self.lines}
        return {path: storable(path, value) for path, value in given.items() if value not in (None, "", [])}

    def save(self, patient: Patient, day: date, by: User) -> bool:
        """Keep what was answered and what is not known; False with the reason in the form."""
        said = self.cleaned_data
        who = {"patient": patient, "told_by": said["told_by"], "told_how": said["told_how"], "by": by}
        path = ""
        try:
            with transaction.atomic():
                for line in self.lines:
                    path = line.path
                    self._keep(path, said, day, who)
        except BadFact as bad:
            self.add_error(field_name(path), bad.sentence)
            return False
        return True

    def _keep(self, path: str, said: Mapping[str, Any], day: date, who: dict[str, Any]) -> None:
        value, name = said.get(field_name(path)), field_name(path)
        on: dict[str, Any] = {"true_from": day if path in OF_THE_VISIT else None, "for_day": day}
        if said.get(f"{name}-not_known"):
            actions.tell_fact(path=path, value=None, **on, **who)
            actions.note_not_known(path=path, service_on=day, **who)
        elif value is not None:
            actions.tell_fact(path=path, value=storable(path, value), **on, **who)


@dataclass(frozen=True, slots=True)
class Result:
    """What the determination says, as the questionnaire prints it."""

    status: str
    order: tuple[str, ...]
    because: str
    msp_type: str
    outcomes: tuple[tuple[str, list[str]], ...] = ()
    medicare: int | None = None  # Medicare's place; None: not in the order

    @property
    def type_said(self) -> str:
        """Why Medicare is not first; or that it is, or does not pay, or that the type is still open."""
        if self.msp_type:
            return f"{self.msp_type}: {MSP_TYPES[self.msp_type]}"
        if self.status in ("needs_facts", "cycle", "data_conflict"):
            return "Not settled yet"
        if self.medicare is None:
            return "None: Medicare does not pay on this day"
        return "None: Medicare is first" if self.medicare == 1 else "Not settled: Medicare is not first"


def result_of(determination: Determination) -> Result:
    """Who is first and why Medicare is not, read off a determination and never worked out again; the payers by the
    names they had.
    """
    names = payer_names(list(determination.patient.coverages.select_related("payer")))
    names |= people_names(list(determination.patient.people.all()))
    names |= {entry["id"]: said for entry in determination.case["coverages"] if (said := entry.get("payer"))}
    verdict = readable(determination.verdict, names)
    first = verdict["positions"][0]["because"] if verdict["positions"] else ""
    order = tuple(names.get(one, one) for one in determination.order)
    is_open = determination.status == "needs_facts"
    possible = outcomes(determination.verdict, names) if is_open else ()
    medicare = [entry["id"] for entry in determination.case["coverages"] if entry["kind"] in MEDICARE_KINDS]
    place = next((at for at, one in enumerate(determination.order, start=1) if one in medicare), None)
    return Result(determination.status, order, first, determination.verdict.get("msp_type") or "", possible, place)


def file_msp(
    *, patient: Patient, service_on: date, told_by: str, told_how: str = "", by: User, pk: uuid.UUID | None = None
) -> MspQuestionnaire:
    """File the questionnaire of one day, with the verdict put on file. Sent twice, or by two people with the same
    answers on one day, it is filed once.

    Raises NotComplete, KindUnknown, Malformed.
    """
    with transaction.atomic():
        one_at_a_time(patient)
        sent = MspQuestionnaire.objects.filter(pk=pk).first() if pk else None
        if sent is not None and sent.patient_id == patient.pk:
            found: MspQuestionnaire = sent
            return found
        page = mspq_for(patient, service_on)
        if not page.is_complete:
            raise NotComplete(page)
        determination = actions.determine(patient=patient, service_on=service_on, by=by)
        if (same := _filed_today(patient, service_on, page, determination)) is not None:
            return same
        row = MspQuestionnaire(
            pk=pk if pk and sent is None else uuid.uuid4(),
            patient=patient,
            service_on=service_on,
            answers=page.as_json(),
            determination=determination,
            told_by=told_by.strip()[:80],
            told_how=told_how.strip()[:80],
            asked_by=by,
            next_due_on=None if page.is_advantage else next_msp_due_on(timezone.localdate()),
        )
        with doing("filed questionnaire"):
            row.save(force_insert=True)
    return row


def _filed_today(patient: Patient, day: date, page: Mspq, result: Determination) -> MspQuestionnaire | None:
    """What a colleague filed today, if it is this very questionnaire."""
    filed = patient.mspquestionnaires.filter(service_on=day, determination=result).select_related("asked_by")
    last: MspQuestionnaire | None = filed.first()
    is_today = last is not None and timezone.localdate(last.asked_at) == timezone.localdate()
    return last if last is not None and is_today and last.answers == page.as_json() else None
