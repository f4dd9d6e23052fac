"""Form fields that speak the determination contract: what a person fills in comes out as the contract's JSON.

Dates are written mm/dd/yyyy. An empty field is a fact nobody knows; "has not happened" is an answer of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cob.cents import NotDollars, dollars, parse_dollars
from cob.coverage.catalogue import Choices, Entry, Way
from cob.coverage.inputs import NOT_KNOWN, BasisField, DayField, DayOrNever, PartField, as_day, as_month


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
        return as_month(str(value)) if str(value or "").strip() else None


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
        if text and not (len(text) == 2 and text.isascii() and text.isalpha()):
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
        return as_day(value) or value

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day.isoformat() if isinstance(day, date) else None


def _with_not_known(field: YesNo) -> YesNo:
    field.choices = [("true", "Yes"), ("false", "No"), ("", NOT_KNOWN)]
    return field
