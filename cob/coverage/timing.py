"""Days that cannot be: after today for what must have happened, before a birth, an end before its beginning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from cob.coverage import catalogue
from cob.coverage.catalogue import Way
from cob.coverage.models import Coverage
from cob.patients.models import Patient

OF_THE_PATIENT = ("medicare.", "accident.")


def misplaced(patient: Patient, path: str, value: Any) -> str:
    """What is wrong with when something is said to be, in words; empty when nothing is. The value has its shape."""
    entry = catalogue.entry(path)
    if entry is None or value is None or value == "never":
        return ""
    if entry.way is Way.PART:
        return _part(value)
    if entry.way is not Way.DAY:
        return ""
    day = date.fromisoformat(value)
    return _too_late(day, entry) or _too_early(day, patient, path) or _against_the_other_end(day, patient, path)


def not_after_today(day: date) -> str:
    """The sentence for a day that has not come; empty for one that has."""
    today = timezone.localdate()
    return f"expected a day up to today, {today:%m/%d/%Y}; {day:%m/%d/%Y} has not come" if day > today else ""


def _too_late(day: date, entry: catalogue.Entry) -> str:
    return not_after_today(day) if entry.is_past else ""


def _too_early(day: date, patient: Patient, path: str) -> str:
    if path.startswith(OF_THE_PATIENT) and day < patient.birth_on:
        return f"expected a day after the patient’s birth, {patient.birth_on:%m/%d/%Y}"
    return ""


def _part(value: dict[str, str | None]) -> str:
    begins, ends = value.get("from"), value.get("to")
    return "it cannot end before it begins" if begins and ends and ends < begins else ""


def _against_the_other_end(day: date, patient: Patient, path: str) -> str:
    owner, key = catalogue.owner_and_key(path)
    if key == "medicare.esrd.dialysis_end" or path.startswith("medicare.part_"):
        return _against_the_other_fact(day, patient, path)
    look = _OTHER_END.get(key) if path.startswith("coverages.") else None
    row = patient.coverages.filter(pk=owner).first() if look else None
    return look(day, row) if look and row else ""


def _ends(day: date, row: Coverage) -> str:
    if row.effective_on and day < row.effective_on:
        return f"it cannot end before it begins on {row.effective_on:%m/%d/%Y}"
    return ""


def _begins(day: date, row: Coverage) -> str:
    if row.ended_on and day > row.ended_on:
        return f"it cannot begin after it ends on {row.ended_on:%m/%d/%Y}"
    return ""


_OTHER_END: dict[str, Callable[[date, Coverage], str]] = {"effective": _begins, "last_covered_day": _ends}
# A day told as a fact → the fact that must not come after it.
_BEGINNING = {
    "medicare.esrd.dialysis_end": "medicare.esrd.first_dialysis",
    "medicare.part_a.to": "medicare.part_a.from",
    "medicare.part_b.to": "medicare.part_b.from",
}


def _against_the_other_fact(day: date, patient: Patient, path: str) -> str:
    if path not in _BEGINNING:
        return ""
    held = patient.facts.as_of(timezone.localdate())
    beginning = _told(held, _BEGINNING[path])
    if beginning and beginning != "never" and day < date.fromisoformat(beginning):
        return f"it cannot end before it begins on {date.fromisoformat(beginning):%m/%d/%Y}"
    return ""


def _told(held: dict[str, Any], path: str) -> str:
    """A day on file under its own path, or inside the part it belongs to."""
    if path in held:
        return held[path].value or ""
    part, _, name = path.rpartition(".")
    whole = held[part].value if part in held else None
    return (whole.get(name) or "") if isinstance(whole, dict) else ""
