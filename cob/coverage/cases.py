"""The case a verdict is asked for: what rows and facts say about a patient on one day, in the contract's own shape.

Nothing is filled in. A column or a fact nobody gave is absent; "goes on" is null; every path that was filled says who
told us. Columns win over facts of the same path: the fact then only says who told us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cob.coverage.assembly import PATIENT, Assembly, Became, CardRow, PersonRow, as_json, holding
from cob.coverage.models import Coverage, Fact
from cob.coverage.options import OptionsOnFile
from cob.patients.models import Patient, RelatedPerson
from cob.rules.parameters import law

__all__ = ["PATIENT", "CaseOnFile", "NeedsKind", "case_for", "payer_names", "people_names"]


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
    """A case, who told us each fact in it (path → "patient, 03/02/2026, by telephone"), and what the ids are called.

    `notes` say where the choices of several payers could not be brought together.
    """

    case: dict[str, Any]
    sources: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def case_for(
    patient: Patient,
    service_on: date,
    *,
    claim: Mapping[str, Any] | None = None,
    known_at: datetime | None = None,
    options: OptionsOnFile | None = None,
) -> CaseOnFile | NeedsKind:
    """The case for one day of service.

    `claim` holds what a claim says of the visit in the contract's words (`related_to`, `service`, `category`); it wins
    over what was told. `known_at` leaves out what was told or chosen later, for the sources of a verdict already on
    file. `options` are the choices to put in, read once for many cases or supposed; else those on file.
    """
    return cases_for(patient, [(service_on, claim)], known_at=known_at, options=options)[0]


def cases_for(
    patient: Patient,
    asked: Iterable[tuple[date, Mapping[str, Any] | None]],
    *,
    known_at: datetime | None = None,
    options: OptionsOnFile | None = None,
) -> list[CaseOnFile | NeedsKind]:
    """The cases for many days of service, each with what its claim says: the rows are read once, not once a day."""
    asked = list(asked)
    coverages = list(patient.coverages.select_related("payer", "employer"))
    nameless = tuple(row for row in coverages if not row.kind)
    if nameless:
        return [NeedsKind(nameless)] * len(asked)
    people, facts = list(patient.people.all()), list(patient.facts.in_order(known_at))
    if options is None:
        options = OptionsOnFile.read(payers=[row.payer_id for row in coverages], known_at=known_at)
    return [_Told(patient, day, coverages, people, facts, known_at).case(claim or {}, options) for day, claim in asked]


def case_from(
    patient: Patient,
    day: date,
    *,
    coverages: list[Coverage],
    people: list[RelatedPerson],
    facts: list[Fact],
    options: OptionsOnFile,
) -> dict[str, Any]:
    """The same from rows already read, for lists of patients: what was told of Medicare is in it without a card too,
    and a coverage of unknown kind is in it without one. To be looked at, not to be determined.
    """
    told = _Told(patient, day, coverages, people, facts)
    told.made.body.setdefault("medicare", {})
    return told.case({}, options).case


class _Told:
    """One patient's case, and beside it who told us each fact in it."""

    def __init__(
        self,
        patient: Patient,
        day: date,
        coverages: list[Coverage],
        people: list[RelatedPerson],
        facts: list[Fact],
        known_at: datetime | None = None,
    ) -> None:
        self.patient, self.day, self.coverages, self.people = patient, day, coverages, people
        self.cards = [card_row(row) for row in coverages]
        self.made = Assembly(
            str(patient.pk),
            patient.birth_on.isoformat(),
            day.isoformat(),
            self.cards,
            [person_row(row) for row in people],
        )
        self.today, self.facts = timezone.localdate(known_at), facts
        self.sources: dict[str, str] = {}

    def case(self, claim: Mapping[str, Any], options: OptionsOnFile) -> CaseOnFile:
        """Columns first, then facts, then what the claim says, then what practice, payers and states chose."""
        names = payer_names(self.coverages)
        for row in self.coverages:
            self.made.cards[str(row.pk)]["payer"] = names[str(row.pk)]
        self._say_who_gave_columns()
        last_told = {fact.path: fact for fact in self.facts if fact.true_from is None or fact.true_from <= self.day}
        for path, value in holding([(fact.path, fact.value, fact.true_from) for fact in self.facts], self.day):
            self._say(last_told[path], self.made.put(path, value))
        employers = {str(row.pk): row.employer for row in self.coverages if row.employer}
        for pk in self.made.sizes_of_employers(self.cards, self.day.year):
            told = _told(employers[pk].size_told_by, employers[pk].size_as_of, "for everybody who works there")
            self.sources[f"coverages.{pk}.employer.size"] = told
        self.made.of_claim(claim)
        self._count_dispute()
        chosen = self._choose(options)
        return CaseOnFile(self.made.body, self.sources, names | people_names(self.people), chosen)

    def _choose(self, options: OptionsOnFile) -> tuple[str, ...]:
        state = self.patient.site.state if options.has_states else ""
        chosen, notes = self.made.choose(options, {row.id: row.payer for row in self.cards}, state)
        self.sources = chosen.sources | self.sources
        return tuple(notes)

    def _count_dispute(self) -> None:
        """The wait of a dispute runs on after the visit: once it is over, the question is asked as of that day."""
        said = self.made.body["claim"]
        since = said.get("plans_disagree_since", "never")
        if since == "never" or "as_of" in said:
            return
        wait = law("commercial.dispute.days", self.day)
        over = date.fromisoformat(since) + timedelta(days=wait + 1)
        if self.day < over <= self.today:
            said["as_of"] = over.isoformat()

    def _say_who_gave_columns(self) -> None:
        self.sources[f"people.{PATIENT}.birth_date"] = _told("registration", self.patient.created_at)
        for person in self.people:
            for name in self.made.people[str(person.pk)]:
                self.sources[f"people.{person.pk}.{name}"] = "patient’s chart"
        for row in self.coverages:
            said = _told(row.verified_how, row.verified_on) if row.verified_on else _told(row.source, row.created_at)
            given = self.made.cards[str(row.pk)]
            self.sources |= {f"coverages.{row.pk}.{name}": said for name in given if name not in ("id", "payer")}

    def _say(self, fact: Fact, became: Became) -> None:
        """Who told us a fact, by what became of it."""
        if became is Became.NOWHERE:
            return
        said = _told(fact.told_by, fact.told_at, fact.told_how)
        value = as_json(fact.path, fact.value)
        if became is Became.COLUMN:
            if fact.value is not None and value == self._column(fact.path):
                self.sources[fact.path] = said
            return
        for path in [path for path in self.sources if path == fact.path or path.startswith(f"{fact.path}.")]:
            del self.sources[path]
        if became is Became.SET:
            self.sources[fact.path] = said
            if isinstance(value, dict):
                self.sources |= {f"{fact.path}.{name}": said for name in value}

    def _column(self, path: str) -> Any:
        head, owner, name = path.split(".")
        return (self.made.cards if head == "coverages" else self.made.people)[owner].get(name)


def card_row(row: Coverage) -> CardRow:
    """A coverage as the assembly takes it."""
    employer = row.employer
    return CardRow(
        str(row.pk),
        row.kind,
        str(row.subscriber_id or ""),
        row.relationship,
        row.enrolled,
        row.effective_on,
        row.ended_on,
        row.open_ended,
        employer.size_band if employer else None,
        employer.size_as_of if employer else None,
        str(row.payer_id),
    )


def person_row(row: RelatedPerson) -> PersonRow:
    """Somebody beside the patient as the assembly takes them."""
    return PersonRow(str(row.pk), row.birth_on, row.birth_month_day, row.relation, str(row.spouse_of_id or ""))


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


def _told(by: str, on: date | datetime | None, how: str = "") -> str:
    """Who told us, when and how, in one line."""
    if isinstance(on, datetime):
        on = timezone.localtime(on).date()
    return ", ".join(part for part in (by, f"{on:%m/%d/%Y}" if on else "", how) if part)
