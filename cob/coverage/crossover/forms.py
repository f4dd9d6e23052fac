"""The form that keeps how a payer's copies come from a day on."""

from __future__ import annotations

from typing import Any

from django import forms

from cob.coverage.crossover.actions import LONGEST_CHECK, LONGEST_WAIT, Said
from cob.coverage.crossover.on_file import CHECK_BUSINESS_DAYS, WAIT_DAYS
from cob.coverage.inputs import DayField
from cob.coverage.models import CrossoverTerms, Payer, Way


class CrossoverForm(forms.Form):
    """What comes by itself, how the payer before knows of it, and how long it is waited for."""

    sender = forms.ModelChoiceField(
        Payer.objects.order_by("name"), label="From", required=False, empty_label="Every payer before it"
    )
    is_on = forms.ChoiceField(
        label="Its copy comes by itself",
        choices=[("yes", "Yes"), ("no", "No: we send every claim")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the copy comes by itself."},
    )
    way = forms.ChoiceField(
        label="How", required=False, choices=[("", "Choose"), *Way.choices], help_text="Empty where none comes."
    )
    coba_id = forms.CharField(
        label="COBA or Medigap id",
        required=False,
        max_length=5,
        help_text="Five digits; 55000 to 59999 stands on the claim to Medicare.",
    )
    is_announced = forms.ChoiceField(
        label="The remittance says so",
        choices=[("yes", "Yes, by status, carrier or remark"), ("no", "No: wait for a copy of every claim it pays")],
        initial="yes",
    )
    check_business_days = forms.IntegerField(
        label="Ask the payer after, business days", min_value=1, max_value=LONGEST_CHECK, initial=CHECK_BUSINESS_DAYS
    )
    wait_days = forms.IntegerField(
        label="Send nothing for, days", min_value=0, max_value=LONGEST_WAIT, initial=WAIT_DAYS,
        help_text="Calendar days from the remittance; never shorter than the line above.",
    )  # fmt: skip
    refuses_early = forms.BooleanField(label="It rejects what comes earlier", required=False)
    effective_on = DayField(
        label="From day of service",
        error_messages={"required": "Give the first day of service it holds for, as mm/dd/yyyy."},
    )
    source = forms.CharField(
        label="Where it stands",
        max_length=200,
        help_text="COBA contact list, payer bulletin, provider manual and page, call with reference.",
        error_messages={"required": "Say where it stands, so that somebody else can check."},
    )

    def kept(self) -> Said:
        """What goes on file."""
        said = self.cleaned_data
        return Said(
            is_on=said["is_on"] == "yes",
            way=said["way"],
            coba_id=said["coba_id"].strip(),
            is_announced=said["is_announced"] == "yes",
            check_business_days=said["check_business_days"],
            wait_days=said["wait_days"],
            refuses_early=said["refuses_early"],
        )


def initial_of(row: CrossoverTerms | None) -> dict[str, Any]:
    """What holds, so that a change starts from it."""
    if row is None:
        return {}
    names = ("way", "coba_id", "check_business_days", "wait_days", "refuses_early")
    words = {True: "yes", False: "no"}
    return {name: getattr(row, name) for name in names} | {
        "is_on": words[row.is_on],
        "is_announced": words[row.is_announced],
        "sender": row.sender_id,
    }
