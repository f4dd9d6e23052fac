"""Names and numbers as they are pasted: one line, without the marks nobody sees that documents and portals bring along.

A member id with a zero-width space in it looks right and matches nothing; a mark that turns the writing round turns the
rest of the page round too. Joiners stay: some scripts need them to spell a name.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms

_UNSEEN = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class OneLine(forms.CharField):
    """A text field for such a line."""

    def to_python(self, value: Any) -> Any:
        return " ".join(_UNSEEN.sub("", super().to_python(value) or "").split())


def past_a_form(text: str | None, most: int) -> str:
    """What was posted and no form field looks at: trimmed, and without the character that PostgreSQL keeps nowhere."""
    return (text or "").replace("\0", "").strip()[:most]
