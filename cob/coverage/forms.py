"""The forms of the capture screens: shape of input only; what follows from it is an action's business."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from cob.coverage.catalogue import RELATIONS, RELATIONSHIPS, SIZES
from cob.coverage.inputs import DayField, DayOrNever
from cob.coverage.models import Coverage, Kind, Payer
from cob.coverage.questionnaires import GROUP, HOW, FactsForm, Offered, facts_for_kind
from cob.ids import clean_mbi, is_mbi
from cob.once import fingerprint, once_field, refuse_unseen, seen_field
from cob.one_line import OneLine
from cob.patients.models import SEXES, Patient, RelatedPerson

if TYPE_CHECKING:
    _PersonModelForm = forms.ModelForm[RelatedPerson]
else:
    _PersonModelForm = forms.ModelForm

NEW_PERSON = "new"
SEX = [("", "Not asked"), *SEXES]
PERSON = ("person_first", "person_last", "person_relation", "person_birth_on")
OWN_NAME_ONLY = (
    Kind.MEDICARE, Kind.MEDICARE_ADVANTAGE, Kind.MEDICAID, Kind.CHIP, Kind.VA, Kind.IHS, Kind.RYAN_WHITE, Kind.TITLE_V,
    Kind.CRIME_VICTIM, Kind.WTC, Kind.WIC, Kind.PACE, Kind.FEDERAL_GRANT, Kind.BLACK_LUNG,
)  # fmt: skip
KIND_GROUPS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("From a job, own or a relative’s", (Kind.EMPLOYER, Kind.UNION, Kind.FEHB, Kind.GOVERNMENT, Kind.HRA, Kind.TRIBAL)),
    ("Bought by the patient or family", (Kind.INDIVIDUAL, Kind.STUDENT, Kind.MEDIGAP)),
    (
        "Public program",
        (Kind.MEDICARE, Kind.MEDICARE_ADVANTAGE, Kind.MEDICAID, Kind.CHIP, Kind.PACE, Kind.IHS, Kind.RYAN_WHITE,
         Kind.TITLE_V, Kind.WIC, Kind.SCHOOL, Kind.FEDERAL_GRANT),
    ),
    ("Military and veterans", (Kind.TRICARE, Kind.TRICARE_SUPPLEMENT, Kind.CHAMPVA, Kind.CHAMPVA_SUPPLEMENT, Kind.VA)),
    (
        "Because of an accident, injury or crime",
        (Kind.WORKERS_COMP, Kind.NO_FAULT, Kind.MEDPAY, Kind.LIABILITY, Kind.BLACK_LUNG, Kind.WTC, Kind.CRIME_VICTIM),
    ),
    (
        "Pays beside insurance",
        (Kind.ACCIDENT_ONLY, Kind.FIXED_INDEMNITY, Kind.SPECIFIED_DISEASE, Kind.SHARING, Kind.DISCOUNT),
    ),
)  # fmt: skip


def kind_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """All kinds, grouped by where a plan comes from."""
    return [(title, [(kind.value, str(kind.label)) for kind in kinds]) for title, kinds in KIND_GROUPS]


class KindForm(forms.Form):
    """First step: what kind of plan it is decides what else is asked."""

    kind = forms.ChoiceField(
        label="What kind of plan is it?", choices=kind_choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of plan."},
    )  # fmt: skip


class CoverageForm(FactsForm):
    """Second step: the plan, its dates, whose it is, and the facts a plan of this kind brings along."""

    payer = forms.ModelChoiceField(Payer.objects.none(), label="Payer", required=False, empty_label="Choose a payer")
    payer_name = OneLine(label="Payer not in the list", max_length=80, required=False)
    payer_id = OneLine(
        label="Its payer id", max_length=20, required=False, help_text="Electronic payer id, on the back of the card."
    )
    plan_name = OneLine(label="Plan name", max_length=80, required=False)
    member_id = OneLine(label="Member id", max_length=30, required=False)
    group_number = OneLine(label="Group number", max_length=30, required=False)
    effective_on = DayField(label="In force from", required=False)
    ends = DayOrNever("No end date", label="Last covered day", required=False)
    is_refused = forms.BooleanField(label="Offered but refused: the patient never signed up", required=False)
    subscriber = forms.ChoiceField(label="In whose name", required=False)
    relationship = forms.ChoiceField(
        label="Patient is the subscriber’s",
        required=False,
        choices=[("", "Same person, or not known"), *RELATIONSHIPS[1:]],
    )
    person_first = OneLine(label="First name", max_length=35, required=False)
    person_last = OneLine(label="Last name", max_length=60, required=False)
    person_relation = forms.ChoiceField(
        label="Is the patient’s", required=False, choices=[("", "Not known"), *RELATIONS]
    )
    person_birth_on = DayField(label="Date of birth", required=False, is_past=True)
    employer_name = OneLine(label="Employer", max_length=80, required=False)
    employer_size = forms.ChoiceField(
        label="How many people work for this employer", required=False, choices=[("", "Not known"), *SIZES],
        help_text="All locations, full and part time. Kept for everybody who works there.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    once = once_field()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kind: str,
        held: Mapping[str, Any],
        offered: Offered,
        coverage: Coverage | None = None,
        **kwargs: Any,
    ) -> None:
        self.kind, self.coverage = kind, coverage
        paths = [path for path in facts_for_kind(kind) if path != "coverage.employer.size" or path in held]
        super().__init__(data, paths=paths, held=held, offered=offered, **kwargs)
        self.fields["payer"].queryset = Payer.objects.all()  # type: ignore[attr-defined]
        if data is None:
            self.fields["payer"].widget.attrs["autofocus"] = True
        people = [(key, name) for key, name in offered.people if key != "P"]
        self.fields["subscriber"].choices = [  # type: ignore[attr-defined]
            ("", "Not known"), ("P", "The patient"), *people, (NEW_PERSON, "Somebody not listed yet"),
        ]  # fmt: skip
        for name in self._not_for_this_kind():
            del self.fields[name]

    def _not_for_this_kind(self) -> list[str]:
        names = ["subscriber", "relationship", *PERSON] if self.kind in OWN_NAME_ONLY else []
        if self.kind == Kind.MEDICARE:
            names += ["effective_on", "ends", "is_refused", "group_number", "plan_name"]
        return names if self.kind in GROUP else [*names, "employer_name", "employer_size"]

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(Kind(self.kind).label)

    def clean_member_id(self) -> str:
        number: str = self.cleaned_data["member_id"].strip()
        if number and self.kind == Kind.MEDICARE and not is_mbi(number):
            raise ValidationError("A Medicare number has 11 letters and digits, such as 1EG4-TE5-MK73. Check the card.")
        return clean_mbi(number) if self.kind == Kind.MEDICARE else number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("payer") and not (cleaned.get("payer_name") and cleaned.get("payer_id")):
            self.add_error("payer", "Choose the payer, or write its name and payer id.")
        elif cleaned.get("payer") and (cleaned.get("payer_name") or cleaned.get("payer_id")):
            self.add_error("payer", "Choose the payer from the list or write its name and id, not both.")
        begins, ends = cleaned.get("effective_on"), cleaned.get("ends")
        if begins and ends and ends != "never" and ends < begins.isoformat():
            self.add_error("ends", "It cannot end before it begins.")
        if cleaned.get("subscriber") == NEW_PERSON and not cleaned.get("person_last"):
            self.add_error("person_last", "Write the subscriber’s last name.")
        written = any(cleaned.get(name) for name in PERSON)
        if written and cleaned.get("subscriber") != NEW_PERSON and "subscriber" not in self.errors:
            self.add_error("subscriber", "Choose “Somebody not listed yet” for the new person below, or clear it.")
        if cleaned.get("subscriber") == "P" and cleaned.get("relationship"):
            self.add_error("relationship", "The patient is the subscriber; leave this empty.")
        return cleaned

    def sections(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """What is shown together: title, note, fields; sections without fields are left out."""
        own = {name: self[name] for name in self.fields if "__" not in name}

        def pick(*names: str) -> list[forms.BoundField]:
            return [own[name] for name in names if name in own]

        facts = self.facts
        terms = [bound for bound in facts if bound.name.endswith(("coordination", "funding", "state", "changed_only"))]
        found = [
            ("Plan", "", pick("payer", "payer_name", "payer_id", "plan_name", "member_id", "group_number")),
            ("Dates", "", pick("effective_on", "ends", "is_refused")),
            ("Whose plan it is", "", pick("subscriber", "relationship")),
            (
                "New person",
                "Only when “Somebody not listed yet” is chosen.",
                pick(*PERSON),
            ),
            ("Employer", "", pick("employer_name", "employer_size")),
            ("What decides the order", "Leave empty what nobody knows.", [b for b in facts if b not in terms]),
            ("Terms of the plan", "Only when the payer told you.", terms),
        ]
        return [section for section in found if section[2]]


class PersonForm(_PersonModelForm):
    """Somebody beside the patient."""

    birth_on = DayField(label="Date of birth", required=False, is_past=True)
    birth_month_day = forms.CharField(
        label="Or only the birthday", required=False, help_text="mm/dd, if the year is not known."
    )
    sex = forms.ChoiceField(label="Sex", required=False, choices=SEX)
    told_by = forms.CharField(label="Told by", max_length=80, initial="Patient")
    told_how = forms.ChoiceField(label="How", choices=[(how, how.capitalize()) for how in HOW])
    once, seen = once_field(), seen_field()

    class Meta:
        model = RelatedPerson
        fields = ("first_name", "last_name", "relation", "spouse_of", "birth_on", "birth_month_day", "sex")
        field_classes: ClassVar = dict.fromkeys(("first_name", "last_name"), OneLine)
        labels = {"relation": "Is the patient’s", "spouse_of": "Married to"}
        help_texts = {"relation": "", "spouse_of": "Needed for a step-parent.", "birth_month_day": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = fingerprint(self.instance)
        self.fields["relation"].choices = [("", "Not known"), *RELATIONS]  # type: ignore[attr-defined]
        others = self.instance.patient.people.exclude(pk=self.instance.pk)
        self.fields["spouse_of"].queryset = others  # type: ignore[attr-defined]
        self.fields["spouse_of"].empty_label = "Nobody on file"  # type: ignore[attr-defined]
        if self.instance.birth_month_day:
            self.initial["birth_month_day"] = self.instance.birth_month_day.replace("-", "/")

    def clean_birth_month_day(self) -> str:
        from cob.coverage.answers import MonthDayField

        return MonthDayField(required=False).clean(self.cleaned_data["birth_month_day"]) or ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        born, birthday = cleaned.get("birth_on"), cleaned.get("birth_month_day")
        if born and birthday and f"{born:%m-%d}" != birthday:
            self.add_error("birth_month_day", f"The date of birth says {born:%m/%d}. Correct one, or leave this empty.")
        refuse_unseen(self)
        return cleaned

    def columns(self) -> dict[str, Any]:
        """What an action sets."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class VerifyForm(forms.Form):
    """How a coverage was confirmed with the payer."""

    METHODS = ("Call to the payer", "Payer portal", "Eligibility answer (271)", "Letter from the payer")

    method = forms.ChoiceField(
        label="How",
        choices=[("", "Choose"), *((name, name) for name in METHODS)],
        error_messages={"required": "Choose how it was verified."},
    )
    reference = forms.CharField(
        label="Reference",
        max_length=55,
        help_text="Call reference, trace number or date of the letter.",
        error_messages={"required": "Give the reference, so that somebody else can check."},
    )


class VisitDayForm(forms.Form):
    """The day of service the order is asked for."""

    service_on = DayField(label="Day of service")

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patient = patient

    def clean_service_on(self) -> date:
        day: date = self.cleaned_data["service_on"]
        if day < self.patient.birth_on:
            raise ValidationError(f"That day is before the patient’s birth, {self.patient.birth_on:%m/%d/%Y}.")
        return day
