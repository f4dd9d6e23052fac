"""The case a verdict is asked for: what rows and facts say about a patient on one day, in the contract's own shape.

Nothing is filled in. A column or a fact nobody gave is absent; "goes on" is null; every path that was filled says who
told us. Columns win over facts of the same path: the fact then only says who told us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cob.coverage.catalogue import NULL_MEANS_NEVER
from cob.coverage.models import MEDICARE_KINDS, Coverage, Fact
from cob.patients.models import Patient, RelatedPerson

PATIENT = "P"


@dataclass(frozen=True, slots=True)
class NeedsKind:
    """No case yet: nobody has said what these coverages are, and every rule starts from that."""

    coverages: tuple[Coverage, ...]

    @property
    def path(self) -> str:
        """The fact to ask for first."""
        return f"coverages.{self.coverages[0].pk}.kind"

    @property
    def ask(self) -> str:
        """The question, as it is put to the patient."""
        return f"What kind of plan is {self.coverages[0].payer}?"


@dataclass(frozen=True, slots=True)
class CaseOnFile:
    """A case, who told us each fact in it (path → "patient, 03/02/2026, by telephone"), and what the ids are called."""

    case: dict[str, Any]
    sources: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def case_for(
    patient: Patient, service_on: date, *, claim: Mapping[str, Any] | None = None, known_at: datetime | None = None
) -> CaseOnFile | NeedsKind:
    """The case for one day of service.

    `claim` holds what a claim says of the visit in the contract's words (`related_to`, `service`, `category`); it wins
    over what was told. `known_at` leaves out facts told later, for the sources of a verdict already on file.
    """
    coverages = list(patient.coverages.select_related("payer", "employer"))
    nameless = tuple(row for row in coverages if not row.kind)
    if nameless:
        return NeedsKind(nameless)
    facts = patient.facts.filter(told_at__lte=known_at) if known_at else patient.facts.all()
    held = facts.as_of(service_on).values()
    return _Assembly(patient, service_on, coverages, list(patient.people.all()), held).case(claim or {})


def case_from(
    patient: Patient, day: date, *, coverages: list[Coverage], people: list[RelatedPerson], facts: Iterable[Fact]
) -> dict[str, Any]:
    """The same from rows already read, for lists of patients: what was told of Medicare is in it without a card too,
    and a coverage of unknown kind is in it without one. To be looked at, not to be determined.
    """
    return _Assembly(patient, day, coverages, people, facts, has_medicare=True).case({}).case


class _Assembly:
    """One case being put together."""

    def __init__(
        self,
        patient: Patient,
        day: date,
        coverages: list[Coverage],
        people: list[RelatedPerson],
        held: Iterable[Fact],
        *,
        has_medicare: bool = False,
    ) -> None:
        self.patient, self.day, self.coverages, self.people = patient, day, coverages, people
        self.has_medicare = has_medicare or any(row.kind in MEDICARE_KINDS for row in coverages)
        self.facts = sorted(
            (fact for fact in held if _is_about(fact, day)),
            key=lambda fact: (fact.true_from or date.min, fact.told_at),
        )
        self.sources: dict[str, str] = {}
        self.body: dict[str, Any] = {}

    def case(self, claim: Mapping[str, Any]) -> CaseOnFile:
        """Columns first, then facts, then what the claim says."""
        names = payer_names(self.coverages)
        self.body = {
            "id": str(self.patient.pk),
            "claim": {"dos": self.day.isoformat()},
            "patient": PATIENT,
            "people": {PATIENT: {"birth_date": self.patient.birth_on.isoformat()}}
            | {str(row.pk): _person(row) for row in self.people},
            "coverages": [_coverage(row, names[str(row.pk)]) for row in self.coverages],
        }
        if self.has_medicare:
            self.body["medicare"] = {}
        self._say_who_gave_columns()
        fixed = set(self.sources)
        for fact in self.facts:
            self._put(fact, fixed)
        self._sizes_of_employers()
        self.body["claim"] |= {name: value for name, value in claim.items() if value is not None and name != "dos"}
        if self.body["claim"].get("related_to") == ["none"]:
            self.body.pop("accident", None)
        return CaseOnFile(self.body, self.sources, names | people_names(self.people))

    def _say_who_gave_columns(self) -> None:
        self.sources[f"people.{PATIENT}.birth_date"] = _told("registration", self.patient.created_at)
        for person in self.people:
            for name in self.body["people"][str(person.pk)]:
                self.sources[f"people.{person.pk}.{name}"] = "patient’s chart"
        for row, entry in zip(self.coverages, self.body["coverages"], strict=True):
            said = _told(row.verified_how, row.verified_on) if row.verified_on else _told(row.source, row.created_at)
            self.sources |= {f"coverages.{row.pk}.{name}": said for name in entry if name not in ("id", "payer")}

    def _put(self, fact: Fact, fixed: set[str]) -> None:
        """Set one fact into the JSON where its owner is in the case; null takes the path out again."""
        *way, last = fact.path.split(".")
        node = self._owner(way)
        if node is None:
            return
        said = _told(fact.told_by, fact.told_at, fact.told_how)
        if fact.path in fixed:
            if fact.value is not None and _as_json(fact) == node.get(last):
                self.sources[fact.path] = said
            return
        for path in [path for path in self.sources if path == fact.path or path.startswith(f"{fact.path}.")]:
            del self.sources[path]
        if fact.value is None:
            node.pop(last, None)
            return
        node[last] = _as_json(fact)
        self.sources[fact.path] = said
        if isinstance(node[last], dict):
            self.sources |= {f"{fact.path}.{name}": said for name in node[last]}

    def _owner(self, way: list[str]) -> dict[str, Any] | None:
        """The JSON object a path ends in, made on the way; None when the case has no such coverage, person or card."""
        node: dict[str, Any] | None = self.body
        if way[:1] == ["coverages"] and len(way) > 1:
            node = next((entry for entry in self.body["coverages"] if entry["id"] == way[1]), None)
            way = way[2:]
        elif way[:1] == ["people"] and len(way) > 1:
            node = self.body["people"].get(way[1])
            way = way[2:]
        elif way[:1] == ["medicare"] and "medicare" not in self.body:
            return None
        for step in way:
            if node is None:
                return None
            if not isinstance(node.get(step), dict):
                node[step] = {}
            node = node[step]
        return node

    def _sizes_of_employers(self) -> None:
        """An employer's size, asked once for everybody who works there, where the coverage has none of its own."""
        for row, entry in zip(self.coverages, self.body["coverages"], strict=True):
            employer = row.employer
            if employer is None or not employer.size_band or entry.get("employer", {}).get("size"):
                continue
            # An answer speaks of its own year and the year before, as the law's two years do, and goes on from there.
            if employer.size_as_of and self.day.year >= employer.size_as_of.year - 1:
                entry.setdefault("employer", {})["size"] = employer.size_band
                path = f"coverages.{row.pk}.employer.size"
                self.sources[path] = _told(employer.size_told_by, employer.size_as_of, "for everybody who works there")


def payer_names(coverages: list[Coverage]) -> dict[str, str]:
    """Coverage id → the payer's name, told apart by plan or member id where one payer covers twice."""
    names = [str(row.payer) for row in coverages]
    told_apart = {}
    for row, name in zip(coverages, names, strict=True):
        mark = row.plan_name or (f"…{row.member_id[-4:]}" if row.member_id else "")
        told_apart[str(row.pk)] = f"{name} ({mark})" if names.count(name) > 1 and mark else name
    return told_apart


def people_names(people: list[RelatedPerson]) -> dict[str, str]:
    """People key → what the person is called."""
    return {PATIENT: "the patient"} | {str(row.pk): str(row) for row in people}


def _is_about(fact: Fact, day: date) -> bool:
    """What was told about one visit holds on its day alone; without a day it is a standing answer."""
    return not fact.path.startswith("claim.") or fact.true_from in (None, day)


def _person(row: RelatedPerson) -> dict[str, Any]:
    columns = {
        "birth_date": row.birth_on.isoformat() if row.birth_on else "",
        "birth_month_day": row.birth_month_day if not row.birth_on else "",
        "relation": row.relation,
        "spouse": str(row.spouse_of_id or ""),
    }
    return {name: value for name, value in columns.items() if value}


def _coverage(row: Coverage, name: str) -> dict[str, Any]:
    subscriber = PATIENT if row.relationship == "self" else str(row.subscriber_id or "")
    columns = {
        "id": str(row.pk),
        "payer": name,
        "kind": row.kind,
        "subscriber": subscriber,
        "relationship": row.relationship,
        "effective": row.effective_on.isoformat() if row.effective_on else "",
        "last_covered_day": row.ended_on.isoformat() if row.ended_on else "",
    }
    entry: dict[str, Any] = {name: value for name, value in columns.items() if value}
    if row.open_ended:
        entry["last_covered_day"] = None
    if not row.enrolled:
        entry["enrolled"] = False
    return entry


def _as_json(fact: Fact) -> Any:
    return None if fact.value == "never" and NULL_MEANS_NEVER.fullmatch(fact.path) else fact.value


def _told(by: str, on: date | datetime | None, how: str = "") -> str:
    """Who told us, when and how, in one line."""
    if isinstance(on, datetime):
        on = timezone.localtime(on).date()
    return ", ".join(part for part in (by, f"{on:%m/%d/%Y}" if on else "", how) if part)
