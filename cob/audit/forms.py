"""What may be asked of the trail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from django.core.cache import cache

from cob.accounts.models import User
from cob.audit.models import Audited, Event
from cob.audit.presenters import noun
from cob.audit.queries import A_TASK, Asked

VERBS_KEPT_SECONDS = 300


def known_verbs() -> list[str]:
    """The verbs there are, as suggestions; collecting them reads an index, so it is done every five minutes only."""
    verbs: list[str] | None = cache.get("audit-verbs")
    if verbs is None:
        verbs = sorted(Event.objects.order_by().values_list("verb", flat=True).distinct())
        cache.set("audit-verbs", verbs, VERBS_KEPT_SECONDS)
    return verbs


def _subjects() -> list[tuple[str, str]]:
    labels = [model._meta.label_lower for model in apps.get_models() if issubclass(model, Audited)]
    labels += ["accounts.user", "accounts.site", "accounts.apikey", "jobs.job"]
    return [("", "Any"), *sorted(((label, noun(label)) for label in labels), key=lambda pair: pair[1])]


class HistoryForm(forms.Form):
    """Each field narrows the trail; all are optional."""

    person = forms.ChoiceField(required=False)
    verb = forms.CharField(
        required=False, max_length=60, label="Did what", widget=forms.TextInput(attrs={"list": "verbs"})
    )
    subject_type = forms.ChoiceField(required=False, label="To what")
    subject_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    patient = forms.UUIDField(
        required=False,
        label="Patient id",
        help_text="From the address of the patient’s page.",
        error_messages={"invalid": "A patient id is 36 characters with four dashes, as in the patient page’s address."},
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.all() if reader.sees_all_sites else User.objects.filter(sites__in=reader.site_ids())
        choices = [("", "Anybody"), (A_TASK, "The desk itself")]
        choices += [(str(person.pk), str(person)) for person in people.distinct()]
        for name, known in (("person", choices), ("subject_type", _subjects())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
            field.choices = known

    def asked(self) -> Asked:
        """The question, of what was filled in rightly."""
        told = getattr(self, "cleaned_data", {})
        person = told.get("person") or None
        return Asked(
            person=UUID(person) if person and person != A_TASK else person,
            verb=told.get("verb", ""),
            subject_type=told.get("subject_type", ""),
            subject_id=str(told.get("subject_id") or ""),
            day=told.get("day"),
            patient=told.get("patient"),
        )
