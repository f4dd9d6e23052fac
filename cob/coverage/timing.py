"""Days that cannot be: after today for what must have happened, before a birth, an end before its beginning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from cob.coverage import catalogue
from cob.coverage.catalogue import Way
from cob.coverage.models import Coverage
from cob.patients.models import Patient

OF_THE_PATIENT = ("medicare.", "accident.")


def misplaced(patient: Patient, path: str, value: Any, beside: Mapping[str, Any] = MappingProxyType({})) -> str:
    """What is wrong with when something is said to be, in words; empty when nothing is. The value has its shape;
    `beside` is what is told together with it, and counts before what is on file.
    """
    entry = catalogue.entry(path)
    if entry is None or value is None or value == "never":
        return ""
    if entry.way is Way.PART:
        return _part(value, patient, path)
    if entry.way is not Way.DAY:
        return ""
    day = date.fromisoformat(value)
    return _too_late(day, entry) or _too_early(day, patient, path) or _against_the_other_end(day, patient, path, beside)


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


def _part(value: dict[str, str | None], patient: Patient, path: str) -> str:
    begins, ends = value.get("from"), value.get("to")
    backward = "it cannot end before it begins" if begins and ends and ends < begins else ""
    return backward or (_too_early(date.fromisoformat(begins), patient, path) if begins else "")


def _against_the_other_end(day: date, patient: Patient, path: str, beside: Mapping[str, Any]) -> str:
    owner, key = catalogue.owner_and_key(path)
    if path in _BEGINNING or path in _END:
        return _against_the_other_fact(day, patient, path, beside)
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
_END = {begins: ends for ends, begins in _BEGINNING.items()}


def _against_the_other_fact(day: date, patient: Patient, path: str, beside: Mapping[str, Any]) -> str:
    other = _BEGINNING.get(path) or _END[path]
    told = beside[other] if other in beside else _told(patient.facts.as_of(timezone.localdate()), other)
    that = _day(told)
    if that is None:
        return ""
    if other in _END and day < that:
        return f"it cannot end before it begins on {that:%m/%d/%Y}"
    return f"it cannot begin after it ends on {that:%m/%d/%Y}" if other in _BEGINNING and day > that else ""


def _day(told: Any) -> date | None:
    """A day as it is told; None for "never", for nothing, and for what is refused as no day."""
    try:
        return date.fromisoformat(told)
    except (TypeError, ValueError):
        return None


def _told(held: dict[str, Any], path: str) -> str:
    """A day on file under its own path, or inside the part it belongs to."""
    if path in held:
        return held[path].value or ""
    part, _, name = path.rpartition(".")
    whole = held[part].value if part in held else None
    return (whole.get(name) or "") if isinstance(whole, dict) else ""
