"""An event as a sentence: who did what to what, and, for those who may see patients, from what to what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from cob.audit.models import Event
from cob.audit.queries import NOBODY, Patients

SPOKEN = {
    "created": "added", "deleted": "removed", "changed": "changed", "saw": "opened",
    "payment terms set": "kept terms of", "contract set": "kept a contract in", "fees set": "kept",
    "option set": "set", "option withdrawn": "withdrew",
}  # fmt: skip
ALONE = {"signed in", "signed out", "sign-in refused"}  # a verb that is the whole sentence
# What is said of these holds no patient data, whoever reads it.
PLAIN_APPS = {"accounts", "jobs", "audit"}
PLAIN_ROWS = {"coverage.option", "coverage.planterms", "coverage.contract", "coverage.fee"}
TONES = {"sign-in refused": "warn", "deleted": "warn"}
NOTHING = "nothing"
VALUES_MAX = 12


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of the trail."""

    id: int
    at: datetime
    by: str
    text: str
    changes: tuple[str, ...]
    reason: str
    patients: Patients
    subject_type: str
    subject_id: str
    tone: str


def present(event: Event, patients: Patients = NOBODY, *, may_see_patients: bool) -> EventRow:
    """The event in words. Without the right to see patients, names of fields and no values."""
    model = _model(event.subject_type)
    is_plain = event.subject_type.partition(".")[0] in PLAIN_APPS or event.subject_type in PLAIN_ROWS
    shows_values = may_see_patients or is_plain
    return EventRow(
        id=event.pk,
        at=event.at,
        by=event.actor_name,
        text=_sentence(event, model),
        changes=_changes(event, model, shows_values=shows_values),
        reason=event.reason if shows_values else "",
        patients=patients,
        subject_type=event.subject_type if model else "",
        subject_id=event.subject_id,
        tone=TONES.get(event.verb, ""),
    )


def noun(subject_type: str) -> str:
    """What a subject is called: "coverage.coverage" → "coverage"; a page's name stays as it is."""
    model = _model(subject_type)
    return str(model._meta.verbose_name) if model else subject_type


def _sentence(event: Event, model: type[Model] | None) -> str:
    verb = SPOKEN.get(event.verb, event.verb)
    if event.verb in ALONE:
        return (
            f"{event.actor_name} {verb}" if event.verb != "sign-in refused" else f"Sign-in refused: {event.actor_name}"
        )
    count = (event.after or {}).get("count")
    thing = noun(event.subject_type)
    if model and isinstance(count, int):
        thing = f"{count} {model._meta.verbose_name_plural if count != 1 else thing}"
    return f"{event.actor_name} {verb} {thing}"


def _changes(event: Event, model: type[Model] | None, *, shows_values: bool) -> tuple[str, ...]:
    before, after = event.before or {}, event.after or {}
    names = [name for name in {**before, **after} if name not in ("rows", "count")]
    if not shows_values:
        told = [_field(model, name) for name in names]
        return (", ".join(told[:VALUES_MAX]),) if told else ()
    return tuple(_change(_field(model, name), name, before, after) for name in names[:VALUES_MAX])


def _change(label: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if name not in before:
        return f"{label}: {_value(after[name])}"
    if name not in after:
        return f"{label}: was {_value(before[name])}"
    return f"{label}: {_value(before[name])} → {_value(after[name])}"


def _field(model: type[Model] | None, name: str) -> str:
    try:
        words = str(model._meta.get_field(name).verbose_name) if model else name  # type: ignore[union-attr]
    except (FieldDoesNotExist, AttributeError):
        words = name
    return words.replace("_", " ")


def _value(value: object) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(one)}" for key, one in value.items())[:200]
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value[:VALUES_MAX]) or NOTHING
    text = str(value)
    if day := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
        return f"{day[2]}/{day[3]}/{day[1]}"
    return text[:200]


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None
