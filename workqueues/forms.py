"""The shape of what people type about an item; whether it is allowed is the actions' to say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from cob.accounts.models import User
from workqueues.ending import can_write_off
from workqueues.models import Channel, ClosureCode, EvidenceKind, Item, Outcome, RootCause
from workqueues.moving import queue_of
from workqueues.queries import workers_for


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class ItemForm(forms.Form):
    """A form about one item."""

    def __init__(self, data: Any = None, *, item: Item, user: User) -> None:
        super().__init__(data)
        self.item, self.user = item, user
        self.about()

    def about(self) -> None:
        """Fit the fields to the item."""


def _words(label: str, *, rows: int = 3, required: bool = True, hint: str = "") -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=1000, widget=box, required=required, help_text=hint)


class HandOverForm(ItemForm):
    to = forms.ModelChoiceField(label="To", queryset=User.objects.none())
    note = _words("What should they know?", hint="What was done, what comes next.")

    def about(self) -> None:
        field = self.fields["to"]
        if isinstance(field, forms.ModelChoiceField):
            people = workers_for(self.item)
            field.queryset = people.exclude(pk=self.item.owner_id) if self.item.owner_id else people


class SetAsideForm(ItemForm):
    waiting_for = forms.CharField(label="Waiting for", max_length=120, help_text="A payer, the patient, a colleague.")
    until = forms.DateField(label="Until", widget=DayInput())

    def about(self) -> None:
        today, longest = timezone.localdate(), queue_of(self.item).waiting_days_max
        last = today + timedelta(days=longest)
        self.fields["until"].help_text = f"It returns that morning; {last:%m/%d/%Y} at the latest."
        self.fields["until"].widget.attrs |= {"min": f"{today + timedelta(days=1)}", "max": f"{last}"}


class CloseForm(ItemForm):
    code = forms.ChoiceField(label="How it ended", choices=[])
    root_cause = forms.ChoiceField(label="Root cause", choices=[("", "Choose"), *RootCause.choices])
    because = forms.CharField(label="In a sentence", max_length=300)

    def about(self) -> None:
        left_out = {ClosureCode.REASON_GONE.value}
        if EvidenceKind.APPROVED_WRITE_OFF not in queue_of(self.item).closes_with or not can_write_off(self.item):
            left_out.add(ClosureCode.WRITE_OFF.value)
        codes = [(value, label) for value, label in ClosureCode.choices if value not in left_out]
        field = self.fields["code"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose"), *codes]


class ReasonForm(ItemForm):
    """Opening again, or sending back."""

    reason = _words("Why?")


class NoteForm(ItemForm):
    text = _words("Note", rows=4)


class PlanForm(ItemForm):
    next_action = forms.CharField(label="Next step", max_length=200)
    on = forms.DateField(label="On", widget=DayInput(), required=False)

    def about(self) -> None:
        self.initial = {"next_action": self.item.next_action, "on": self.item.next_action_on}
        self.fields["on"].widget.attrs["min"] = f"{timezone.localdate()}"


class ContactForm(ItemForm):
    channel = forms.ChoiceField(label="How", choices=Channel.choices)
    party = forms.CharField(label="With whom", max_length=80, help_text="Payer or patient, and who answered.")
    outcome = forms.ChoiceField(label="Outcome", choices=Outcome.choices)
    reference = forms.CharField(label="Their reference", max_length=60, required=False)
    text = _words("What was said", required=False)


class EvidenceForm(ItemForm):
    kind = forms.ChoiceField(label="What it is", choices=[])
    reference = forms.CharField(
        label="Where it can be found",
        max_length=200,
        help_text="Claim number, document, determination, call reference.",
    )

    def about(self) -> None:
        takes = sorted(queue_of(self.item).closes_with - {EvidenceKind.APPROVED_WRITE_OFF})
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose"), *((kind, EvidenceKind(kind).label) for kind in takes)]
