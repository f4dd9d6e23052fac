"""What somebody types about a copy, and which copies are listed."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.crossover.queries import STANDS
from claims.models import Heard
from cob.coverage.inputs import DayField
from cob.coverage.models import Payer

_TYPED = (Heard.NOT_ON_FILE, Heard.ON_FILE, Heard.LETTER)


class HeardForm(forms.Form):
    """A letter, or what the payer said when it was asked."""

    heard = forms.ChoiceField(
        label="What was heard",
        choices=[(one.value, one.label) for one in _TYPED],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what was heard."},
    )
    told_on = DayField(label="On", is_past=True, error_messages={"required": "Give the day, as mm/dd/yyyy."})
    reference = forms.CharField(
        label="Reference",
        max_length=80,
        help_text="Call reference, portal page, or date and number of the letter.",
        error_messages={"required": "Give the reference, so that somebody else can check."},
    )
    code = forms.CharField(label="Error code of the letter", max_length=20, required=False)
    words = forms.CharField(label="In its words", max_length=300, required=False)


class SpanForm(forms.Form):
    """Copies handed on in a span of days."""

    since = DayField(label="Handed on from")
    until = DayField(label="until")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first.")
        return said


class CopiesForm(SpanForm):
    """Copies of one payer that stand in one way; both may be left open."""

    since = DayField(label="Handed on from", required=False)
    until = DayField(label="until", required=False)
    payer = forms.ModelChoiceField(Payer.objects.order_by("name"), required=False, empty_label="Every payer")
    stands = forms.ChoiceField(
        label="Stands", required=False, choices=[("", "In any way"), *((k, v[0]) for k, v in STANDS.items())]
    )
