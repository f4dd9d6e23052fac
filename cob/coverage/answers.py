"""Form fields that speak the determination contract: what a person fills in comes out as the contract's JSON.

Dates are written mm/dd/yyyy. An empty field is a fact nobody knows; "has not happened" is an answer of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cob.cents import NotDollars, dollars, parse_dollars
from cob.coverage.catalogue import Choices, Entry, Way

DAY_FORMATS = ["%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%m%d%Y"]
DAY_SAID = "Write the date as mm/dd/yyyy, such as 03/10/2026."
EARLIEST = date(1890, 1, 1)
LATEST = date(2199, 12, 31)
NOT_KNOWN = "Not known"


class DayInput(forms.DateInput):
    """A date typed by hand: faster than a picker and the same on every machine."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        look = {"placeholder": "mm/dd/yyyy", "autocomplete": "off", "maxlength": "10", "size": "11"}
        super().__init__(attrs=look | (attrs or {}), format="%m/%d/%Y")


class DayField(forms.DateField):
    """A day as the desk writes it."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=DAY_FORMATS, **kwargs)
        self.error_messages["invalid"] = DAY_SAID

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if isinstance(day, date) and not EARLIEST <= day <= LATEST:
            raise ValidationError("Check the year.")
        return day


class _Parted(forms.MultiValueField):
    """Several inputs that make one answer; what is wrong with one of them is said of the whole."""

    def __init__(self, fields: Sequence[forms.Field], widget: forms.MultiWidget, **kwargs: Any) -> None:
        super().__init__(fields=fields, widget=widget, require_all_fields=False, **kwargs)


class DayOrNeverInput(forms.MultiWidget):
    """A day beside a box for "it has not happened"."""

    template_name = "coverage/widgets/day_or_never.html"

    def __init__(self, never: str, attrs: dict[str, Any] | None = None) -> None:
        self.never = never
        super().__init__([DayInput({"aria-label": "Date, mm/dd/yyyy"}), forms.CheckboxInput()], attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [None, True] if value == "never" else [_as_day(value), False]

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
        return [stands, _as_day(value.get("from")), _as_day(value.get("to"))]


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
        month = {"placeholder": "mm/yyyy", "maxlength": "7", "size": "8", "autocomplete": "off"}
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
            fields += [forms.BooleanField(required=False), forms.CharField(required=False, max_length=7)]
        super().__init__(fields, BasisInput(), **kwargs)

    def compress(self, data_list: list[Any]) -> dict[str, str | None] | None:
        held: dict[str, str | None] = {}
        for at, (name, label) in enumerate(BASES):
            ticked, month = data_list[2 * at : 2 * at + 2] if data_list else (False, "")
            if month and not ticked:
                raise ValidationError(f"Tick “{label}” if the month belongs to it.")
            if ticked:
                held[name] = _month(month) if month else None
        return held or None


class YesNo(forms.TypedChoiceField):
    """Yes, no, or not known."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("true", "Yes"), ("false", "No")]
        super().__init__(choices=choices, coerce=lambda text: text == "true", empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


class MonthField(forms.CharField):
    """A month, written mm/yyyy."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value[5:]}/{value[:4]}" if isinstance(value, str) and value[4:5] == "-" else value

    def to_python(self, value: Any) -> Any:
        return _month(str(value)) if str(value or "").strip() else None


class MonthDayField(forms.CharField):
    """A month and a day, written mm/dd."""

    def prepare_value(self, value: Any) -> Any:
        return value.replace("-", "/") if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().replace("-", "/")
        if not text:
            return None
        try:
            return f"{datetime.strptime(f'2024/{text}', '%Y/%m/%d'):%m-%d}"  # noqa: DTZ007  a calendar day, no moment
        except ValueError:
            raise ValidationError("Write month and day as mm/dd, such as 03/15.") from None


class DollarsField(forms.CharField):
    """An amount in dollars; whole cents inside."""

    def prepare_value(self, value: Any) -> Any:
        return dollars(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return parse_dollars(text)
        except NotDollars as wrong:
            raise ValidationError(str(wrong)) from None


class WordField(forms.TypedChoiceField):
    """One word of the contract, or nothing known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)


class WordsField(forms.MultipleChoiceField):
    """Several words of the contract, or nothing known."""

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if "none" in words and len(words) > 1:
            raise ValidationError("“None of these” goes with no other answer.")
        return words or None


class StateField(forms.CharField):
    """Two letters."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().upper()
        if text and not (len(text) == 2 and text.isalpha()):
            raise ValidationError("Write the state as two letters, such as IL.")
        return text or None


def answer_field(entry: Entry, *, offered: Choices = (), as_cards: bool = False) -> forms.Field:
    """The field for a fact. `offered`: people or coverages to choose from; `as_cards`: all answers shown at once."""
    common: dict[str, Any] = {"label": entry.label, "required": as_cards, "help_text": entry.hint}
    if entry.way is Way.DAY:
        return DayOrNever(entry.never, **common) if entry.never else _IsoDay(**common)
    if entry.way in (Way.ONE_OF, Way.PERSON, Way.COVERAGE):
        choices = offered or entry.choices
        if as_cards:
            return WordField(choices=choices, widget=forms.RadioSelect, **common)
        return WordField(choices=[("", NOT_KNOWN), *choices], **common)
    if entry.way is Way.YES_NO:
        if as_cards:
            return YesNo(widget=forms.RadioSelect, **common)
        return _with_not_known(YesNo(widget=forms.RadioSelect, **common))
    if entry.way is Way.SOME_OF:
        return WordsField(choices=entry.choices, widget=forms.CheckboxSelectMultiple, **common)
    simple: dict[Way, type[forms.Field]] = {
        Way.MONTH: MonthField,
        Way.MONTH_DAY: MonthDayField,
        Way.STATE: StateField,
        Way.DOLLARS: DollarsField,
        Way.PART: PartField,
        Way.BASIS: BasisField,
    }
    return simple[entry.way](**common)


class _IsoDay(DayField):
    """A day that comes out as the contract writes it."""

    def prepare_value(self, value: Any) -> Any:
        return _as_day(value) or value

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day.isoformat() if isinstance(day, date) else None


def _with_not_known(field: YesNo) -> YesNo:
    field.choices = [("true", "Yes"), ("false", "No"), ("", NOT_KNOWN)]
    return field


def _month(text: str) -> str:
    try:
        return f"{datetime.strptime(text.strip(), '%m/%Y'):%Y-%m}"  # noqa: DTZ007  a month, no moment
    except ValueError:
        raise ValidationError("Write the month as mm/yyyy, such as 06/2024.") from None


def _as_day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
