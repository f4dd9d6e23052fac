"""What the desk does with coverages, people, facts and verdicts: one verb, one author, one transaction, one event.

Nothing is deleted: a coverage ends, a fact is told anew, a verdict is superseded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cob import once
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import Event
from cob.coverage.deciding import (
    BadOverride,
    BreaksLaw,
    Evidence,
    KindUnknown,
    Superseded,
    determine,
    override,
    preview,
)
from cob.coverage.facts import BadFact, refuse_backward, tell_fact, tell_facts
from cob.coverage.models import Coverage, Employer, NotKnown, Payer
from cob.coverage.verifying import BadVerification, record_verification
from cob.patients.models import Patient, RelatedPerson, squash

__all__ = [
    "BadFact",
    "BadOverride",
    "BadVerification",
    "BreaksLaw",
    "ChangedMeanwhile",
    "Evidence",
    "KindUnknown",
    "Superseded",
    "Told",
    "add_coverage",
    "add_person",
    "change_coverage",
    "change_person",
    "determine",
    "employer_named",
    "end_coverage",
    "note_not_known",
    "override",
    "payer_named",
    "preview",
    "record_verification",
    "tell_fact",
    "tell_facts",
    "verify_coverage",
]


class ChangedMeanwhile(ValueError):
    """Somebody saved this coverage after the form was opened."""

    def __init__(self, who: str) -> None:
        super().__init__(f"{who} changed this coverage while you were writing. Look at it again, then change it.")


@dataclass(frozen=True, slots=True)
class Told:
    """Facts given together, and by whom: contract paths, with `coverage.` standing for the coverage being saved.
    `visit_on`: the visit they were given at, for which alone what is said of a visit holds.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    how: str = ""
    true_from: date | None = None
    visit_on: date | None = None


def add_coverage(*, patient: Patient, by: User | None, told: Told | None = None, **columns: Any) -> Coverage:
    """A plan somebody showed or named. `columns` are the coverage's own. Raises BadFact."""
    with transaction.atomic():
        coverage = Coverage(patient=patient, **columns)
        refuse_backward(coverage)
        with doing("coverage changed"):
            coverage.save()
        _tell(coverage, told, by)
    return coverage


def change_coverage(
    *, coverage: Coverage, by: User | None, seen: str = "", told: Told | None = None, **columns: Any
) -> Coverage:
    """Set columns and tell facts; old values stay on the trail. `seen` is the `fingerprint` the form was opened with.

    Raises ChangedMeanwhile when the coverage is no longer what was seen, BadFact.
    """
    with transaction.atomic():
        row: Coverage = Coverage.objects.select_for_update(of=("self",)).get(pk=coverage.pk)
        if seen and seen != fingerprint(row):
            raise ChangedMeanwhile(_last_author(row))
        before, card = fingerprint(row), _card(row)
        for name, value in columns.items():
            setattr(row, name, value)
        if fingerprint(row) != before:
            refuse_backward(row)
            if _card(row) != card:  # what a payer confirmed was the other card
                row.verified_on, row.verified_by, row.verified_how = None, None, ""
            with doing("coverage changed"):
                row.save()
        _tell(row, told, by)
        row.refresh_from_db()
    return row


def _card(row: Coverage) -> tuple[UUID, str]:
    """Whose card it is and its number, however that is spaced."""
    return row.payer_id, squash(row.member_id)


def end_coverage(*, coverage: Coverage, last_day: date, by: User | None, told_by: str, told_how: str = "") -> Coverage:
    """The last covered day is known: the coverage ends, it is not deleted. Raises BadFact."""
    tell_fact(
        patient=coverage.patient,
        path=f"coverages.{coverage.pk}.last_covered_day",
        value=last_day.isoformat(),
        told_by=told_by,
        told_how=told_how,
        by=by,
    )
    coverage.refresh_from_db()
    return coverage


def verify_coverage(*, coverage: Coverage, method: str, reference: str, by: User, on: date | None = None) -> Coverage:
    """The payer itself confirmed it, `on` that day or today. Raises BadFact without a method or a reference."""
    method, reference = method.strip(), reference.strip()
    if not method:
        raise BadFact("verified", "say how it was verified")
    if not reference:
        raise BadFact("verified", "give the reference: call number, trace number, letter date")
    coverage.verified_on, coverage.verified_by = on or timezone.localdate(), by
    coverage.verified_how = f"{method}, {reference}"[:80]
    with doing("verified"):
        coverage.save(update_fields=["verified_on", "verified_by", "verified_how"])
    return coverage


def note_not_known(
    *, patient: Patient, service_on: date, path: str, told_by: str, told_how: str = "", by: User
) -> NotKnown:
    """Somebody was asked and does not know: who, when, for which visit. No fact comes of it."""
    with doing("asked, not known"):
        asked: NotKnown = NotKnown.objects.create(
            patient=patient,
            service_on=service_on,
            path=path,
            told_by=told_by.strip()[:80],
            told_how=told_how.strip()[:80],
            asked_by=by,
        )
    return asked


def add_person(*, patient: Patient, by: User | None, told_by: str, told_how: str = "", **columns: Any) -> RelatedPerson:
    """Somebody who holds coverage or decides about a child; what is said of them is on file as facts."""
    with transaction.atomic():
        person: RelatedPerson = RelatedPerson.objects.create(patient=patient, **columns)
        _tell_person(person, told_by, told_how, by)
    return person


def change_person(
    *, person: RelatedPerson, by: User | None, told_by: str, told_how: str = "", **columns: Any
) -> RelatedPerson:
    """Set columns and tell the facts among them."""
    with transaction.atomic():
        for name, value in columns.items():
            setattr(person, name, value)
        person.save()
        _tell_person(person, told_by, told_how, by)
    return person


def employer_named(name: str, *, size_band: str = "", told_by: str = "") -> Employer | None:
    """The employer of that name, made when new; a size is kept with who told it and when."""
    name = name.strip()
    if not squash(name):
        return None
    employer, _ = Employer.objects.get_or_create(search_name=squash(name)[:80], defaults={"name": name[:80]})
    if size_band and size_band != employer.size_band:
        employer.size_band, employer.size_as_of = size_band, timezone.localdate()
        employer.size_told_by = told_by[:80] or "patient"
        with doing("employer size told"):
            employer.save()
    found: Employer = employer
    return found


def payer_named(name: str, edi_id: str) -> Payer:
    """The payer with that id, made when new."""
    payer, _ = Payer.objects.get_or_create(edi_id=edi_id.strip().upper()[:20], defaults={"name": name.strip()[:80]})
    found: Payer = payer
    return found


def fingerprint(coverage: Coverage) -> str:
    """What a form saw of a coverage: equal as long as nobody saved another value."""
    return once.fingerprint(coverage, but=("verified",))


def _last_author(coverage: Coverage) -> str:
    event = Event.objects.filter(subject_type="coverage.coverage", subject_id=str(coverage.pk)).first()
    return event.actor_name if event else "Somebody"


def _tell(coverage: Coverage, told: Told | None, by: User | None) -> None:
    if told is None or not told.facts:
        return
    own = f"coverages.{coverage.pk}."
    visit = {path: value for path, value in told.facts.items() if path.startswith("claim.")}
    rest = {
        own + path.removeprefix("coverage.") if path.startswith("coverage.") else path: value
        for path, value in told.facts.items()
        if path not in visit
    }
    for facts, since in ((visit, told.visit_on), (rest, told.true_from)):
        if facts:
            tell_facts(
                patient=coverage.patient, facts=facts, told_by=told.by, told_how=told.how, true_from=since, by=by
            )


def _tell_person(person: RelatedPerson, told_by: str, told_how: str, by: User | None) -> None:
    said = {
        "birth_date": person.birth_on.isoformat() if person.birth_on else None,
        "birth_month_day": person.birth_month_day or None,
        "relation": person.relation or None,
        "spouse": str(person.spouse_of_id) if person.spouse_of_id else None,
    }
    facts = {f"people.{person.pk}.{name}": value for name, value in said.items()}
    tell_facts(patient=person.patient, facts=facts, told_by=told_by, told_how=told_how, by=by)
