"""Dates, moments and facts as people at the desk write and say them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

MISSING = "—"  # an empty cell that says it is empty
BANDS = {"<20": "fewer than 20", "20-99": "20 to 99", "100+": "100 or more"}
LABELS = {
    "claim.dos": "Date of service",
    "claim.related_to": "Related to an accident or work",
    "employment.status": "Job status",
    "employment.last_day": "Last day at work",
    "employer.size": "Employees at the employer",
    "employer.largest_member": "Employees at the largest employer in the plan",
    "work_status": "Subscriber’s standing",
    "relationship": "Patient is the subscriber’s",
    "effective": "In force from",
    "last_covered_day": "Last covered day",
    "kind": "Kind of plan",
    "continuation": "Continuation (COBRA, state)",
    "patient_covered_since": "Patient covered since",
    "subscriber_covered_since": "Subscriber covered since",
    "birth_date": "Date of birth",
    "birth_month_day": "Birthday",
    "child.parents_living_together": "Parents live together",
    "child.custodial_parent": "Parent with custody",
    "child.decree.terms": "Court decree",
    "medicare.part_a": "Medicare Part A",
    "medicare.part_b": "Medicare Part B",
    "medicare.basis.age": "Medicare by age from",
    "medicare.basis.disability": "Medicare by disability from",
    "medicare.basis.esrd": "Medicare by kidney failure from",
}
ACRONYMS = {
    "esrd": "ESRD", "ssdi": "SSDI", "qmb": "QMB", "cobra": "COBRA", "fehb": "FEHB", "chip": "CHIP", "va": "VA",
    "tricare": "TRICARE", "champva": "CHAMPVA", "hra": "HRA", "ihs": "IHS", "wtc": "WTC", "pace": "PACE", "tcc": "TCC",
}  # fmt: skip


def day(value: date | datetime | None) -> str:
    """A date as the trade writes it: 03/10/2026."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value:%m/%d/%Y}"


def moment(value: datetime | None) -> str:
    """A moment on the practice's clock: 03/10/2026 2:05 PM."""
    if value is None:
        return MISSING
    value = _local(value)
    return f"{value:%m/%d/%Y} {value.hour % 12 or 12}:{value:%M %p}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def fact_label(path: str, names: Mapping[str, str]) -> str:
    """A fact's path in words: `coverages.A.employer.size` → "Employees at the employer"."""
    rest = _without_owner(path, names)
    if label := LABELS.get(path) or LABELS.get(rest):
        return label
    return _spoken(rest.replace("employment.", "job: ").replace(".", " "))


def _without_owner(path: str, names: Mapping[str, str]) -> str:
    """The path without the collection and the id it starts with; ids may contain dots."""
    head, _, rest = path.partition(".")
    if head not in {"coverages", "people"}:
        return path
    owner = max((one for one in names if rest.startswith(f"{one}.")), key=len, default=rest.split(".")[0])
    return rest[len(owner) + 1 :]


def fact_value(value: object) -> str:
    """A fact's value in words: true → "yes", "20-99" → "20 to 99", "2026-03-10" → "03/10/2026"."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return ", ".join(fact_value(one) for one in value) or "none"
    text = str(value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return day(date.fromisoformat(text))
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return f"{text[5:]}/{text[:4]}"
    return BANDS.get(text) or _spoken(text, is_sentence=False)


def _spoken(text: str, *, is_sentence: bool = True) -> str:
    words = " ".join(ACRONYMS.get(word, word) for word in text.replace("_", " ").split())
    return words[:1].upper() + words[1:] if is_sentence else words
