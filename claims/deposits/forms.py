"""Shape of what is typed about deposits; no rule is here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from claims.deposits.bank_csv import EARLIEST, FIELDS, TOO_MUCH
from claims.forms import DollarsField, SiteForm
from cob.x12.fields import LARGEST_CENTS

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_LABELS = {
    "date": "Day",
    "amount": "Amount or credit",
    "debit": "Debit, if it has its own column",
    "trace": "Trace or check number",
    "payer": "Who paid, or the description",
}


class DepositForm(SiteForm):
    """One deposit as the bank's statement has it."""

    deposited_on = forms.DateField(label="Bank’s day", widget=_DAY)
    amount = DollarsField(label="Amount")
    trace = forms.CharField(label="Trace or check number", max_length=50, required=False)
    payer_said = forms.CharField(label="Who paid, in the bank’s words", max_length=120, required=False)
    is_another = forms.BooleanField(label="It is another deposit of the same day, amount and trace", required=False)

    def clean_deposited_on(self) -> Any:
        day = self.cleaned_data["deposited_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        # A browser takes a year typed as 26 for the year 26.
        if day < EARLIEST:
            raise forms.ValidationError(f"Check the year: it is before {EARLIEST.year}.")
        return day

    def clean_amount(self) -> Any:
        cents = self.cleaned_data["amount"]
        if cents is not None and cents <= 0:
            raise forms.ValidationError("A deposit is money in: more than zero.")
        if cents is not None and cents > LARGEST_CENTS:
            raise forms.ValidationError(TOO_MUCH)
        return cents


class BankFileForm(SiteForm):
    """The export of one site's account."""

    file = forms.FileField(
        label="Export of the account",
        help_text="CSV with a line for each movement; which column is what is asked next.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        error_messages={"required": "Choose the file the bank gave you."},
    )


class MappingForm(forms.Form):
    """Which column of the export is what."""

    without_wrong = forms.BooleanField(label="Leave out the lines that cannot be read", required=False)

    def __init__(self, columns: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(n), column or f"Column {n + 1}") for n, column in enumerate(columns)]
        for name in FIELDS:
            needed = name in ("date", "amount")
            first = ("", "Choose a column" if needed else "None")
            self.fields[name] = forms.ChoiceField(label=_LABELS[name], choices=[first, *choices], required=needed)
        self.order_fields([*FIELDS, "without_wrong"])


class CloseForm(forms.Form):
    """Closing a day."""

    explanation = forms.CharField(label="What explains the difference", max_length=300, required=False)
