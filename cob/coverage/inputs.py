"""Inputs for dates, and for answers made of several: a day or "not yet", a Medicare part, grounds with months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cob.coverage.catalogue import Choices
from cob.coverage.timing import not_after_today
from cob.typed_day import EARLIEST, LATEST, TypedDay

NOT_KNOWN = "Not known"
AHEAD = timedelta(days=366)  # how far ahead a change is told


class DayInput(forms.DateInput):
    """A date typed by hand: faster than a picker and the same on every machine."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # Room for the blanks that come along when a day is pasted: a browser cuts off what does not fit, from its end.
        look = {"placeholder": "mm/dd/yyyy", "autocomplete": "off", "maxlength": "20", "size": "11"}
        super().__init__(attrs=look | (attrs or {}), format="%m/%d/%Y")


class DayField(TypedDay):
    """A day as the desk writes it; `is_past`: one that has come."""

    widget = DayInput

    def __init__(self, *, is_past: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_past = is_past

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if isinstance(day, date) and not EARLIEST <= day <= LATEST:
            raise ValidationError("Check the year.")
        if self.is_past and isinstance(day, date) and (problem := not_after_today(day)):
            raise ValidationError(f"{problem[0].upper()}{problem[1:]}.")
        return day


class _Parted(forms.MultiValueField):
    """Several inputs that make one answer; what is wrong with one of them is said of the whole."""

    def __init__(self, fields: Sequence[forms.Field], widget: forms.MultiWidget, **kwargs: Any) -> None:
        super().__init__(fields=fields, widget=widget, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> Any:
        # A box left empty says False, which counts as filled in to Django; nothing filled in is no answer all the same.
        answer = super().clean(value)
        if self.required and answer is None:
            raise ValidationError(self.error_messages["required"], code="required")
        return answer


class DayOrNeverInput(forms.MultiWidget):
    """A day beside a box for "it has not happened"."""

    template_name = "coverage/widgets/day_or_never.html"

    def __init__(self, never: str, attrs: dict[str, Any] | None = None) -> None:
        self.never = never
        super().__init__([DayInput({"aria-label": "Date, mm/dd/yyyy"}), forms.CheckboxInput()], attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [None, True] if value == "never" else [as_day(value), False]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"never": self.never}


class DayOrNever(_Parted):
    """A day, "never", or nothing known."""

    def __init__(self, never: str, **kwargs: Any) -> None:
        fields = [DayField(required=False), forms.BooleanField(required=False)]
        super().__init__(fields, DayOrNeverInput(never), **kwargs)

    def compress(self, data_list: list[Any]) -> str | None:
        day, never = data_list or (None, False)
        if day and never:
            raise ValidationError("Give the date or tick the box, not both.")
        return "never" if never else day.isoformat() if day else None


PART_STANDS: Choices = (
    ("", NOT_KNOWN),
    ("open", "Has it, no end date"),
    ("ended", "Had it, has ended"),
    ("has", "Has it, end not known"),
    ("never", "Never enrolled"),
)


class PartInput(forms.MultiWidget):
    """How somebody stands with a Medicare part, and its dates."""

    template_name = "coverage/widgets/part.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        stands = forms.Select({"aria-label": "Standing"}, choices=PART_STANDS)
        super().__init__([stands, DayInput(), DayInput()], attrs)

    def decompress(self, value: Any) -> list[Any]:
        if value == "never":
            return ["never", None, None]
        if not isinstance(value, dict):
            return ["", None, None]
        stands = "has" if "to" not in value else "ended" if value["to"] else "open"
        return [stands, as_day(value.get("from")), as_day(value.get("to"))]


class PartField(_Parted):
    """A Medicare part: its span, "never", or nothing known."""

    def __init__(self, **kwargs: Any) -> None:
        fields = [
            forms.ChoiceField(choices=PART_STANDS, required=False),
            DayField(required=False),
            DayField(required=False),
        ]
        super().__init__(fields, PartInput(), **kwargs)

    def compress(self, data_list: list[Any]) -> Any:
        stands, begins, ends = data_list or ("", None, None)
        if stands in ("", "never") and (begins or ends):
            raise ValidationError("With a date, say that the patient has or had it.")
        if stands == "ended" and not ends:
            raise ValidationError("Give the day it ended.")
        if stands != "ended" and ends:
            raise ValidationError("With an end date, say that it has ended.")
        if begins and ends and ends < begins:
            raise ValidationError("It cannot end before it begins.")
        if stands in ("", "never"):
            return stands or None
        part: dict[str, Any] = {"from": begins.isoformat()} if begins else {}
        return part if stands == "has" else part | {"to": ends.isoformat() if ends else None}


BASES: Choices = (("age", "Age 65"), ("disability", "Disability"), ("esrd", "Kidney failure"))


class BasisInput(forms.MultiWidget):
    """The grounds of entitlement, each with its first month."""

    template_name = "coverage/widgets/basis.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        month = {"placeholder": "mm/yyyy", "maxlength": "14", "size": "8", "autocomplete": "off"}
        super().__init__([w for _ in BASES for w in (forms.CheckboxInput(), forms.TextInput(month))], attrs)

    def decompress(self, value: Any) -> list[Any]:
        held = value if isinstance(value, dict) else {}
        months = [held.get(name) for name, _ in BASES]
        shown = [f"{month[5:]}/{month[:4]}" if month else "" for month in months]
        return [part for (name, _), month in zip(BASES, shown, strict=True) for part in (name in held, month)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        parts = context["widget"]["subwidgets"]
        context["bases"] = [
            {"label": label, "box": parts[2 * at], "month": parts[2 * at + 1]} for at, (_, label) in enumerate(BASES)
        ]
        return context


class BasisField(_Parted):
    """Why the patient has Medicare: each ground held, with its first month or null."""

    def __init__(self, **kwargs: Any) -> None:
        fields: list[forms.Field] = []
        for _ in BASES:
            fields += [forms.BooleanField(required=False), forms.CharField(required=False, max_length=14)]
        super().__init__(fields, BasisInput(), **kwargs)

    def compress(self, data_list: list[Any]) -> dict[str, str | None] | None:
        held: dict[str, str | None] = {}
        for at, (name, label) in enumerate(BASES):
            ticked, month = data_list[2 * at : 2 * at + 2] if data_list else (False, "")
            if month and not ticked:
                raise ValidationError(f"Tick “{label}” if the month belongs to it.")
            if ticked:
                held[name] = as_month(month) if month else None
        return held or None


def as_month(text: str) -> str:
    """`mm/yyyy` as the contract writes a month."""
    try:
        return f"{datetime.strptime(text.strip(), '%m/%Y'):%Y-%m}"  # noqa: DTZ007  a month, no moment
    except ValueError:
        raise ValidationError("Write the month as mm/yyyy, such as 06/2024.") from None


def as_day(value: Any) -> date | None:
    """A day the contract wrote; None for anything else."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
