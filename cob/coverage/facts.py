"""Facts are told, never edited: a correction is a later row, and what is a column of a row is written there as well."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage import catalogue
from cob.coverage.cases import PATIENT
from cob.coverage.catalogue import Way
from cob.coverage.models import Coverage, Fact, Kind
from cob.coverage.timing import misplaced
from cob.patients.models import Patient, RelatedPerson


class BadFact(ValueError):
    """A fact that cannot be kept: names the path, what was expected, and what to do."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{catalogue.label(path)}: {message}")
        self.path = path
        self.message = message

    @property
    def sentence(self) -> str:
        """What is wrong, as it stands under the field."""
        return f"{self.message[0].upper()}{self.message[1:]}."


def tell_facts(
    *,
    patient: Patient,
    facts: Mapping[str, Any],
    told_by: str,
    told_how: str = "",
    true_from: date | None = None,
    for_day: date | None = None,
    by: User | None,
) -> list[Fact]:
    """Keep what somebody told, by contract path; null takes an earlier answer back. Raises BadFact.

    Without `true_from` an answer replaces the one that holds on `for_day` (today), over the same stretch of time. Known
    again is not told again: a value equal to the one on file makes no row.
    """
    if not told_by.strip():
        raise BadFact(next(iter(facts), ""), "say who told us")
    for path, value in facts.items():
        check(patient, path, value, facts)
    with transaction.atomic():
        held = patient.facts.as_of(true_from or for_day or timezone.localdate())
        new = [
            Fact(
                patient=patient,
                path=path,
                value=value,
                true_from=true_from or (held[path].true_from if path in held else None),
                told_by=told_by.strip()[:80],
                told_how=told_how.strip()[:80],
                recorded_by=by,
            )
            for path, value in facts.items()
            if not (path in held and held[path].value == value) and not (path not in held and value is None)
        ]
        with doing("facts told"):
            Fact.objects.bulk_create(new)
        for fact in new:
            _write_column(patient, fact)
    return new


def tell_fact(
    *,
    patient: Patient,
    path: str,
    value: Any,
    told_by: str,
    told_how: str = "",
    true_from: date | None = None,
    for_day: date | None = None,
    by: User | None,
) -> Fact | None:
    """One fact; None when it was on file already."""
    new = tell_facts(
        patient=patient,
        facts={path: value},
        told_by=told_by,
        told_how=told_how,
        true_from=true_from,
        for_day=for_day,
        by=by,
    )
    return new[0] if new else None


def check(patient: Patient, path: str, value: Any, beside: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Raise BadFact unless the path is one the rules read, of this patient, and the value one it can have, also
    `beside` what is told together with it.
    """
    entry = catalogue.entry(path)
    owner, _ = catalogue.owner_and_key(path)
    if entry is None or not _is_ours(patient, path, owner):
        raise BadFact(path, "there is no such fact about this patient")
    if value is None or (value == "never" and (entry.never or entry.way is Way.PART)):
        return
    problem = _PROBLEMS[entry.way](value, patient, entry) or misplaced(patient, path, value, beside)
    if problem:
        raise BadFact(path, problem)


def _is_ours(patient: Patient, path: str, owner: str) -> bool:
    if not owner or (path.startswith("people.") and owner == PATIENT):
        return True
    rows = patient.coverages if path.startswith("coverages.") else patient.people
    return _is_uuid(owner) and rows.filter(pk=owner).exists()


def _is_uuid(text: object) -> bool:
    try:
        uuid.UUID(str(text))
    except ValueError:
        return False
    return True


def _day(value: Any, *_: Any) -> str:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return "expected a date"
    return ""


def _month(value: Any, *_: Any) -> str:
    return _day(f"{value}-01") and "expected a month"


def _month_day(value: Any, *_: Any) -> str:
    return _day(f"2024-{value}") and "expected a month and a day, such as 03-15"


def _part(value: Any, *_: Any) -> str:
    if not isinstance(value, dict) or not set(value) <= {"from", "to"}:
        return "expected when it began and ended"
    return next((problem for day in value.values() if day is not None and (problem := _day(day))), "")


def _basis(value: Any, *_: Any) -> str:
    if not isinstance(value, dict) or not set(value) <= {"age", "disability", "esrd"}:
        return "expected age, disability or kidney failure"
    return next((problem for month in value.values() if month is not None and (problem := _day(f"{month}-01"))), "")


def _person(value: Any, patient: Patient, _entry: Any) -> str:
    if value in (PATIENT, "equal", "none") or (_is_uuid(value) and patient.people.filter(pk=value).exists()):
        return ""
    return "expected one of the people on file; add the person first"


def _coverage(value: Any, patient: Patient, _entry: Any) -> str:
    known = _is_uuid(value) and patient.coverages.filter(pk=value).exists()
    return "" if known else "expected one of the coverages on file; add it first"


def _one_of(value: Any, _patient: Any, entry: catalogue.Entry) -> str:
    return "" if value in dict(entry.choices) else "expected one of the answers offered"


def _some_of(value: Any, _patient: Any, entry: catalogue.Entry) -> str:
    if not isinstance(value, list) or not value or not set(value) <= set(dict(entry.choices)):
        return "expected one or more of the answers offered"
    return "“none” goes with no other answer" if "none" in value and len(value) > 1 else ""


_PROBLEMS = {
    Way.YES_NO: lambda value, *_: "" if isinstance(value, bool) else "expected yes or no",
    Way.ONE_OF: _one_of,
    Way.SOME_OF: _some_of,
    Way.DAY: _day,
    Way.MONTH: _month,
    Way.MONTH_DAY: _month_day,
    Way.STATE: lambda value, *_: "" if isinstance(value, str) and len(value) == 2 else "expected a state such as IL",
    Way.DOLLARS: lambda value, *_: "" if isinstance(value, int) and value >= 0 else "expected an amount of 0 or more",
    Way.PERSON: _person,
    Way.COVERAGE: _coverage,
    Way.PART: _part,
    Way.BASIS: _basis,
}


def _write_column(patient: Patient, fact: Fact) -> None:
    """Keep row and fact the same where the fact is a column, so that there is one truth."""
    owner, key = catalogue.owner_and_key(fact.path)
    if not owner or owner == PATIENT or (fact.value is None and key not in _EMPTIED):
        return
    if fact.path.startswith("coverages.") and key in _COVERAGE_COLUMNS:
        coverage = patient.coverages.get(pk=owner)
        before = _columns(coverage)
        _COVERAGE_COLUMNS[key](coverage, fact.value)
        if _columns(coverage) != before:
            refuse_backward(coverage, key)
            with doing("coverage changed"):
                coverage.save()
    if fact.path.startswith("people.") and key in _PERSON_COLUMNS:
        person = patient.people.get(pk=owner)
        _PERSON_COLUMNS[key](person, fact.value)
        person.save()


def refuse_backward(row: Coverage, key: str = "last_covered_day") -> None:
    """Raise BadFact for a coverage that would end before it begins; `key` is the date that was given last."""
    if row.effective_on is None or row.ended_on is None or row.effective_on <= row.ended_on:
        return
    path = f"coverages.{row.pk}.{key}"
    if key == "effective":
        raise BadFact(path, f"it ended on {row.ended_on:%m/%d/%Y}, before this day; check both dates")
    raise BadFact(path, f"it begins on {row.effective_on:%m/%d/%Y}, after this day; it cannot end before it begins")


def _columns(row: Coverage) -> dict[str, Any]:
    return {item.attname: getattr(row, item.attname) for item in row._meta.concrete_fields}


def _set_kind(row: Coverage, value: Any) -> None:
    row.kind = Kind(value) if value else ""


def _set_subscriber(row: Coverage, value: Any) -> None:
    row.subscriber_id = None if value == PATIENT else uuid.UUID(value)
    if value == PATIENT:
        row.relationship = "self"
    elif row.relationship == "self":
        row.relationship = ""


def _set_relationship(row: Coverage, value: Any) -> None:
    row.relationship = value or ""
    if value == "self":
        row.subscriber = None


def _set_enrolled(row: Coverage, value: Any) -> None:
    row.enrolled = value


def _set_effective(row: Coverage, value: Any) -> None:
    row.effective_on = date.fromisoformat(value) if value else None


def _set_last_day(row: Coverage, value: Any) -> None:
    row.open_ended = value == "never"
    row.ended_on = None if row.open_ended or value is None else date.fromisoformat(value)


def _set_birth_date(row: RelatedPerson, value: Any) -> None:
    row.birth_on = date.fromisoformat(value)


def _set_birthday(row: RelatedPerson, value: Any) -> None:
    row.birth_month_day = value


def _set_relation(row: RelatedPerson, value: Any) -> None:
    row.relation = value


def _set_spouse(row: RelatedPerson, value: Any) -> None:
    row.spouse_of_id = None if value == PATIENT else uuid.UUID(value)


# Columns an answer taken back leaves empty: not known again. Whose plan it is stays until somebody says anew.
_EMPTIED = frozenset({"kind", "relationship", "effective", "last_covered_day"})
_COVERAGE_COLUMNS = {
    "kind": _set_kind,
    "subscriber": _set_subscriber,
    "relationship": _set_relationship,
    "enrolled": _set_enrolled,
    "effective": _set_effective,
    "last_covered_day": _set_last_day,
}
_PERSON_COLUMNS = {
    "people.birth_date": _set_birth_date,
    "people.birth_month_day": _set_birthday,
    "people.relation": _set_relation,
    "people.spouse": _set_spouse,
}
