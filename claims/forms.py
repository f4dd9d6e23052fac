"""Shape of what is asked of claims, files and remittances; no rule is here."""

from __future__ import annotations

from typing import Any

from django import forms

from claims.models.claim import PayerState
from cob.coverage.models import Payer

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_RANKS = [("", "Any place"), ("1", "Primary"), ("2", "Secondary"), ("3", "Tertiary")]


class _Span(forms.Form):
    """A payer and a span of days, all optional; wrong values are left out rather than argued about."""

    payer = forms.ModelChoiceField(Payer.objects.all(), required=False, empty_label="Any payer")
    since = forms.DateField(label="From", required=False, widget=_DAY)
    until = forms.DateField(label="To", required=False, widget=_DAY)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "This is before the first day.")
        return cleaned


class ClaimFilter(_Span):
    """What the claim list is narrowed to."""

    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *PayerState.choices])
    rank = forms.ChoiceField(label="Place", required=False, choices=_RANKS)

    field_order = ("payer", "rank", "state", "since", "until", "patient")


class NumberForm(forms.Form):
    """A claim number, ours or a payer's. It is posted, so that it stands in no address."""

    number = forms.CharField(
        label="Claim number", max_length=50, error_messages={"required": "Type a claim number, ours or the payer's."}
    )


class RemittanceFilter(_Span):
    """What the remittance list is narrowed to."""

    unmatched = forms.BooleanField(label="With unmatched claims", required=False)

    field_order = ("payer", "since", "until", "unmatched")


class MatchForm(forms.Form):
    """Words that find the claim an answer belongs to. Posted, for they name a patient."""

    q = forms.CharField(
        label="Claim number, patient, birth date or member id",
        max_length=120,
        error_messages={"required": "Type a claim number, a name, a birth date or a member id."},
    )


class UploadForm(forms.Form):
    """The files to import; the files themselves are checked one by one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Declared here because the name is also that of a form's uploads, which the type checker knows.
        self.fields["files"] = forms.Field(label="Files", required=False, widget=forms.FileInput(attrs={"id": "files"}))


class SendForm(forms.Form):
    """How the claim is sent to a payer that has answered before."""

    frequency = forms.ChoiceField(
        label="Send as", choices=[("7", "Replacement of the claim they answered (7)"), ("8", "Void it (8)")]
    )
