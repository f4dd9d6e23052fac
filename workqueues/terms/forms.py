"""The form that sets one value from a day on; its field follows the kind of the value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.accounts.roles import ROLES
from cob.cents import NotDollars, dollars, parse_dollars
from cob.coverage.inputs import DayField
from cob.typed_day import DAY_FORMATS
from workqueues.terms.specs import WAYS, WEEKDAYS, WORKERS, Spec


class DollarsField(forms.Field):
    """An amount as people write it; cents to the program."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        try:
            return parse_dollars(value) if value else None
        except NotDollars as bad:
            raise ValidationError(f"{str(bad)[0].upper()}{str(bad)[1:]}.") from bad

    def prepare_value(self, value: Any) -> Any:
        return dollars(value) if isinstance(value, int) else value


class DatesField(forms.Field):
    """Days, one a line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> list[str]:
        return [self._day(text) for text in str(value or "").replace(",", "\n").split("\n") if text.strip()]

    def _day(self, text: str) -> str:
        for form in DAY_FORMATS:
            try:
                return datetime.strptime(text.strip(), form).date().isoformat()  # noqa: DTZ007  a day without a clock
            except ValueError:
                continue
        raise ValidationError(f"“{text.strip()[:20]}” is no day. Write each as mm/dd/yyyy.")

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(datetime.fromisoformat(day).strftime("%m/%d/%Y") for day in value)


class StartsField(forms.Field):
    """Numbers, one after the other."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> list[int]:
        parts = str(value or "").replace(",", " ").split()
        if not all(part.isdecimal() and len(part) < 5 for part in parts):
            raise ValidationError("Give whole numbers below 10,000 with blanks between them, such as 0 3 6 11.")
        return [int(part) for part in parts]

    def prepare_value(self, value: Any) -> Any:
        return " ".join(map(str, value)) if isinstance(value, list) else value


class ChosenNumbers(forms.TypedMultipleChoiceField):
    """Ticked numbers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, widget=forms.CheckboxSelectMultiple, **kwargs)


def _people() -> list[tuple[str, str]]:
    return [(str(user.pk), str(user)) for user in User.objects.filter(is_active=True)]


FIELDS: dict[str, Callable[[Spec], forms.Field]] = {
    "count": lambda spec: forms.IntegerField(label=spec.unit.capitalize() or "Number", required=False),
    "cents": lambda _spec: DollarsField(label="Dollars", required=False),
    "role": lambda _spec: forms.ChoiceField(
        label="Role", required=False, choices=[(role.value, ROLES[role].label) for role in WORKERS]
    ),
    "way": lambda _spec: forms.ChoiceField(label="How", required=False, choices=list(WAYS.items())),
    "person": lambda _spec: forms.ChoiceField(label="Who", required=False, choices=[("", "Nobody"), *_people()]),
    "people": lambda _spec: forms.MultipleChoiceField(
        label="Who", required=False, choices=_people(), widget=forms.CheckboxSelectMultiple
    ),
    "weekdays": lambda _spec: ChosenNumbers(label="Days", required=False, choices=list(enumerate(WEEKDAYS))),
    "dates": lambda spec: DatesField(
        label="Days", required=False, widget=forms.Textarea(attrs={"rows": 6}), help_text=spec.hint
    ),
    "starts": lambda spec: StartsField(label="First days", required=False, help_text=spec.hint),
    "yes_no": lambda _spec: forms.TypedChoiceField(
        label="Kept", required=False, coerce=lambda text: text == "True", choices=[("True", "Yes"), ("False", "No")]
    ),
}


class TermForm(forms.Form):
    """One value, from when, and why."""

    effective_on = DayField(label="From", error_messages={"required": "Give the first day, as mm/dd/yyyy."})
    because = forms.CharField(
        label="Why", max_length=200, error_messages={"required": "Say why, so that somebody later understands it."}
    )
    withdraw = forms.BooleanField(label="Go back to the built-in value instead", required=False)

    def __init__(self, data: Any = None, *, spec: Spec, value: Any) -> None:
        super().__init__(data, initial={"effective_on": timezone.localdate(), "value": value})
        self.spec = spec
        self.fields["value"] = FIELDS[spec.kind](spec)
        if spec.of == "site":
            self.fields["site"] = forms.ModelChoiceField(
                Site.objects.all(), label="Site", required=False, empty_label="All sites without their own"
            )
        self.order_fields(["site", "value", "effective_on", "because", "withdraw"])

    def told(self) -> dict[str, Any]:
        """What `set_term` is asked to keep."""
        said = self.cleaned_data
        value = None if said["withdraw"] or said["value"] == "" else said["value"]
        if value is None and not said["withdraw"] and self.spec.kind in ("count", "cents"):
            value = ""  # left empty: the catalogue says what is expected
        kept = {"value": value, "effective_on": said["effective_on"], "because": said["because"]}
        return kept | ({"site": said["site"]} if "site" in self.fields else {})
