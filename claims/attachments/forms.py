"""What somebody says of a document when it is brought, enclosed or withdrawn."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from claims.documents import BYTES_MAX
from claims.models import Attachment, AttachmentKind, Claim, ClaimPayer, Report, Transmission
from claims.models.claim import PayerState
from cob.coverage.inputs import DayField
from cob.coverage.models import Coverage
from cob.patients.models import Patient


class BringForm(forms.Form):
    """A document from somebody's machine."""

    file = forms.FileField(
        label="Document",
        help_text=f"PDF, JPEG, PNG or TIFF, up to {BYTES_MAX // 1024 // 1024} MiB.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/tiff"}),
        error_messages={"required": "Choose the document.", "empty": "The document is empty. Scan it again."},
    )
    kind = forms.ChoiceField(
        label="What it is",
        choices=[("", "Choose"), *AttachmentKind.choices],
        error_messages={"required": "Say what it is."},
    )
    coverage = forms.ModelChoiceField(
        Coverage.objects.none(), label="About the coverage", required=False, empty_label="None in particular"
    )
    about = forms.CharField(label="In your words", max_length=120, required=False)
    dated_on = DayField(label="Date on it", required=False, is_past=True)
    is_alone = forms.BooleanField(
        label="It shows nobody but this patient", required=False, help_text="An EOB must not."
    )
    item = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Coverage]", self.fields["coverage"])
        field.queryset = Coverage.objects.filter(patient=patient).select_related("payer")


class EncloseForm(forms.Form):
    """Which document the claim to which payer names, and how it gets there."""

    attachment = forms.ModelChoiceField(
        Attachment.objects.none(), label="Document", error_messages={"required": "Choose the document."}
    )
    payer = forms.ModelChoiceField(
        ClaimPayer.objects.none(), label="Goes to", error_messages={"required": "Choose the payer."}
    )
    report = forms.ChoiceField(label="As", choices=Report.choices)
    transmission = forms.ChoiceField(
        label="How", choices=Transmission.choices, help_text="Medicare waits 7 days for a fax, 10 for mail."
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        documents = cast("forms.ModelChoiceField[Attachment]", self.fields["attachment"])
        documents.queryset = Attachment.objects.shown().filter(patient=claim.patient_id)
        payers = cast("forms.ModelChoiceField[ClaimPayer]", self.fields["payer"])
        payers.queryset = claim.payers.exclude(state=PayerState.NOT_BILLABLE).select_related("payer")


class WithdrawForm(forms.Form):
    """Why nobody is to see a document any more."""

    because = forms.CharField(
        label="Why",
        max_length=200,
        help_text="It shows another patient, say. The bytes and who saw them stay on file.",
        error_messages={"required": "Say why, so that somebody else understands it later."},
    )
