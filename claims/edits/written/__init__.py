"""Edits that staff write: conditions on named fields, compared and joined; data that is read, never code that runs."""

from __future__ import annotations

from claims.edits.written.conditions import (
    BadCondition,
    Condition,
    Groups,
    as_stored,
    checked,
    from_stored,
    holds,
    in_words,
)
from claims.edits.written.fields import COMPARISONS, FIELDS, Field, Is, Kind, Seen, SeenLine
from claims.edits.written.seeing import seen_in

__all__ = [
    "COMPARISONS",
    "FIELDS",
    "BadCondition",
    "Condition",
    "Field",
    "Groups",
    "Is",
    "Kind",
    "Seen",
    "SeenLine",
    "as_stored",
    "checked",
    "from_stored",
    "holds",
    "in_words",
    "seen_in",
]
