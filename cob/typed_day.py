"""A day typed by hand, the same on every page: in several ways of writing it, none of which may mean two days."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

DAY_FORMATS: Final = ["%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%m%d%Y"]
DAY_SAID: Final = "Write the date as mm/dd/yyyy, such as 03/10/2026."
EARLIEST, LATEST = date(1890, 1, 1), date(2199, 12, 31)


class TypedDay(forms.DateField):
    """A field for such a day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=DAY_FORMATS, **kwargs)
        self.error_messages["invalid"] = DAY_SAID

    def to_python(self, value: Any) -> Any:
        # Written without separators only all eight digits are one day: 1112026 may be January 11 or November 1.
        if isinstance(value, str) and value.strip().isdigit() and len(value.strip()) != 8:
            raise ValidationError(DAY_SAID)
        return super().to_python(value)
