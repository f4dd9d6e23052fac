"""The form in which a payer's word is written down while it is still on the telephone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils import timezone

from cob.coverage.inputs import DayField
from cob.coverage.models import Method, Says

YES_NO = [("", "Not said"), ("yes", "Yes"), ("no", "No")]
PLACE = [("", "Not said"), ("1", "Primary"), ("2", "Secondary"), ("3", "Tertiary"), ("4", "After the third")]


class VerificationForm(forms.Form):
    """Shape only; whether the parts fit together is the action's business."""

    read = forms.UUIDField(widget=forms.HiddenInput, required=False)
    says = forms.ChoiceField(
        label="What does the payer say?",
        choices=Says.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the payer says of our order."},
    )
    own_position = forms.ChoiceField(label="Place it shows for itself", choices=PLACE, required=False)
    primary = forms.ChoiceField(label="Whom it shows as primary", required=False)
    primary_named = forms.CharField(
        label="Primary that is not on file here", max_length=80, required=False, help_text="The name the payer gives."
    )
    is_active = forms.ChoiceField(label="In force on these days", choices=YES_NO, required=False)
    shown_since = DayField(label="Shown since", required=False)
    shown_source = forms.CharField(
        label="Where the payer has it from",
        max_length=120,
        required=False,
        help_text="Member’s questionnaire, other plan, employer, claim.",
    )
    has_all_since = DayField(
        label="Has all it needs since",
        required=False,
        help_text="When plans disagree: the day it had everything it asked for.",
    )
    first_day = DayField(label="First day of service asked about")
    last_day = DayField(label="Last day", required=False, help_text="Empty: from then on.")
    method = forms.ChoiceField(
        label="How",
        choices=[("", "Choose"), *Method.choices],
        error_messages={"required": "Choose how the payer said it."},
    )
    spoken_with = forms.CharField(label="Spoken with", max_length=80, required=False, help_text="Name; for a call.")
    reference = forms.CharField(
        label="Reference",
        max_length=60,
        required=False,
        help_text="Call reference, portal confirmation, trace number (TRN). Not needed for a letter.",
    )
    said_on = DayField(label="Said on")
    note = forms.CharField(label="Note", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        day: date,
        coverages: Mapping[str, str],
        own: str,
        read: UUID | None = None,
    ) -> None:
        super().__init__(data, initial={"first_day": day, "said_on": timezone.localdate(), "read": read})
        choices = [(one, f"{name} (itself)" if one == own else name) for one, name in coverages.items()]
        cast(forms.ChoiceField, self.fields["primary"]).choices = [("", "Not said"), *choices]

    def said(self) -> dict[str, Any]:
        """The columns of a `Verification`, and which determination was on the screen."""
        told = dict(self.cleaned_data)
        place, active, primary = (told.pop(name) for name in ("own_position", "is_active", "primary"))
        return told | {
            "own_position": int(place) if place else None,
            "is_active": {"yes": True, "no": False}.get(active),
            "primary_id": UUID(primary) if primary else None,
        }
