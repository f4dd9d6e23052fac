"""Finding a patient and entering one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.once import fingerprint, once_field, refuse_unseen, seen_field
from cob.one_line import OneLine
from cob.patients.models import Patient, squash
from cob.patients.search import typed_date
from cob.typed_day import LATEST, TypedDay

if TYPE_CHECKING:
    _PatientModelForm = forms.ModelForm[Patient]
else:
    _PatientModelForm = forms.ModelForm

TYPED = forms.DateInput(
    attrs={"placeholder": "mm/dd/yyyy", "autocomplete": "off", "inputmode": "numeric", "size": "11"}, format="%m/%d/%Y"
)
PHONE_LENGTH = 15


class SearchForm(forms.Form):
    """Words in any order."""

    q = OneLine(
        label="Find a patient", max_length=120, error_messages={"required": "Type a name, a birth date or a number."}
    )

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"].strip()
        if not any(typed_date(word) or len(squash(word)) > 1 for word in words.replace(",", " ").split()):
            raise forms.ValidationError("Type at least two letters, a birth date (mm/dd/yyyy) or a number.")
        return words


class PatientForm(_PatientModelForm):
    """A patient, as the chart has it."""

    birth_on = TypedDay(label="Date of birth", widget=TYPED)
    next_visit_on = TypedDay(label="Next visit", widget=TYPED, required=False)

    died_on = TypedDay(label="Date of death", widget=TYPED, required=False)
    # Longer than what is kept: a browser cuts off what does not fit, and a number without its end is another number.
    phone = forms.CharField(label="Phone", max_length=40, required=False)
    zip_code = forms.CharField(label="ZIP code", max_length=20, required=False)
    once, seen = once_field(), seen_field()

    class Meta:
        model = Patient
        fields = (
            "site", "chart_number", "last_name", "first_name", "middle_name", "birth_on", "sex", "phone", "address",
            "city", "state", "zip_code", "next_visit_on", "comes_weekly", "marital_status", "employment_status",
            "died_on",
        )  # fmt: skip
        field_classes: ClassVar = dict.fromkeys(("chart_number", "last_name", "first_name", "middle_name"), OneLine)
        labels = {"chart_number": "Chart number", "comes_weekly": "Comes every week"}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = fingerprint(self.instance)
        sites = Site.objects.filter(pk__in=user.site_ids())
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["site"].empty_label = None  # type: ignore[attr-defined]
        for name in ("marital_status", "employment_status"):
            field = cast(forms.ChoiceField, self.fields[name])
            known = cast("list[tuple[str, str]]", field.choices)
            field.choices = [("", "Not asked"), *((key, word) for key, word in known if key)]
        if len(user.site_ids()) == 1:
            self.fields["site"].widget = forms.HiddenInput()
            self.initial.setdefault("site", user.site_ids()[0])

    def clean_birth_on(self) -> Any:
        born = self.cleaned_data["birth_on"]
        today = timezone.localdate()
        if born > today:
            raise forms.ValidationError("The date of birth is in the future.")
        if today.year - born.year > 125:
            raise forms.ValidationError("Check the year of birth.")
        return born

    def clean_next_visit_on(self) -> Any:
        visit, born = self.cleaned_data["next_visit_on"], self.cleaned_data.get("birth_on")
        if visit and born and visit < born:
            raise forms.ValidationError("The next visit is before the date of birth. Check both.")
        if visit and visit > LATEST:
            raise forms.ValidationError("Check the year.")
        return visit

    def clean_died_on(self) -> Any:
        died, born = self.cleaned_data["died_on"], self.cleaned_data.get("birth_on")
        if died and died > timezone.localdate():
            raise forms.ValidationError("The date of death is in the future.")
        if died and born and died < born:
            raise forms.ValidationError("The date of death is before the date of birth. Check both.")
        return died

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"].strip().upper()
        if state and not (len(state) == 2 and state.isascii() and state.isalpha()):
            raise forms.ValidationError("Write the state as two letters, such as IL.")
        return state

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        kept = text if len(text) <= PHONE_LENGTH else re.sub(r"[^0-9+x]", "", text.lower().replace("ext", "x"))
        if len(kept) > PHONE_LENGTH:
            raise forms.ValidationError("Write one telephone number; with its extension at most 14 digits are kept.")
        return kept

    def clean_zip_code(self) -> str:
        digits: str = self.cleaned_data["zip_code"].replace("-", "").strip()
        if digits and not (digits.isdecimal() and digits.isascii() and len(digits) in (5, 9)):
            raise forms.ValidationError("A ZIP code has 5 or 9 digits.")
        return digits

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuse_unseen(self)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Whether a chart number is taken is the action's to say: it says whose and what to do."""
        return {*super()._get_validation_exclusions(), "chart_number"}  # type: ignore[misc]

    def columns(self) -> dict[str, Any]:
        """What an action sets."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("site", "once", "seen")}
