"""Patients and coverages out of claims: found where the signs agree, put on file where nobody like that is there.

All look-ups of a chunk of claims are one query a kind. What the desk has entered is never overwritten by a file; only
what was empty is filled.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from claims.exchange.bulk import Bulk
from claims.exchange.parties import Payers
from cob.accounts.models import Site
from cob.coverage.models import Coverage, Payer
from cob.patients.models import Patient, RelatedPerson, Relation, squash
from cob.x12.parts import Address, Party
from cob.x12.t837p import Claim837P, Subscriber

SOURCE = "837P file"
SELF = "18"
# SBR02 and PAT01 as far as they are certain: 20 and 21 say nothing, G8 is anybody.
RELATIONSHIPS = {SELF: "self", "01": "spouse", "19": "child", "53": "domestic_partner"}
_SUBSCRIBER_IS = {"spouse": Relation.SPOUSE, "domestic_partner": Relation.DOMESTIC_PARTNER}


@dataclass(frozen=True, slots=True)
class Person:
    """The patient of a claim, wherever in it they stand."""

    party: Party
    born_on: date
    sex: str
    address: Address
    chart_number: str
    own_member_ids: tuple[str, ...]
    member_ids: tuple[str, ...]

    @property
    def name(self) -> tuple[str, str]:
        """As it is searched."""
        return squash(self.party.name)[:60], squash(self.party.first)[:35]


def person_of(claim: Claim837P) -> Person:
    """Who was treated. A claim without a birth date does not pass the check."""
    who = claim.patient or claim.subscriber
    if who.born_on is None:
        raise ValueError("this claim was not checked: the patient has no birth date")
    every = [(claim.subscriber, claim.patient is None)]
    every += [(other.subscriber, other.subscriber.relationship == SELF) for other in claim.other_coverages]
    ids = [(squash(s.party.id)[:30], own) for s, own in every if s.party.id]
    return Person(
        party=who.party,
        born_on=who.born_on,
        sex=who.sex if who.sex in {"F", "M"} else "U",
        address=who.address,
        chart_number=claim.medical_record_number[:20],
        own_member_ids=tuple(i for i, own in ids if own),
        member_ids=tuple(i for i, _ in ids),
    )


@dataclass(slots=True)
class People:
    """Patients and coverages of one chunk of claims; `flush` writes what is new."""

    payers: Payers
    new_patients: list[Patient] = field(default_factory=list)
    new_people: list[RelatedPerson] = field(default_factory=list)
    new_coverages: list[Coverage] = field(default_factory=list)
    _by_member: dict[tuple[uuid.UUID, str, date], list[Patient]] = field(default_factory=dict)
    _by_name: dict[tuple[uuid.UUID, tuple[str, str], date], list[Patient]] = field(default_factory=dict)
    _by_chart: dict[tuple[uuid.UUID, str], Patient] = field(default_factory=dict)
    _coverages: dict[uuid.UUID, list[Coverage]] = field(default_factory=dict)
    _people: dict[uuid.UUID, list[RelatedPerson]] = field(default_factory=dict)

    def look_up(self, wanted: Sequence[tuple[Site, Person]]) -> None:
        """Three queries, however many claims: by member id, by name and birth date, and the charts' numbers."""
        sites = {site.pk for site, _ in wanted}
        births = {person.born_on for _, person in wanted}
        members = {i for _, person in wanted for i in person.member_ids}
        covered = Coverage.objects.filter(
            search_member__in=members, patient__site__in=sites, patient__birth_on__in=births
        ).select_related("patient")
        for coverage in covered:
            self._learn_member(coverage.patient, coverage.search_member)
        lasts = {person.name[0] for _, person in wanted}
        for patient in Patient.objects.filter(site__in=sites, birth_on__in=births, search_last__in=lasts):
            self._learn_name(patient)
        charts = {person.chart_number for _, person in wanted if person.chart_number}
        charts |= {generated_chart(site, person) for site, person in wanted}
        for patient in Patient.objects.filter(site__in=sites, chart_number__in=charts):
            self._by_chart.setdefault((patient.site_id, patient.chart_number.upper()), patient)
        known = {p.pk for found in (*self._by_member.values(), *self._by_name.values()) for p in found}
        known |= {p.pk for p in self._by_chart.values()}
        for coverage in Coverage.objects.filter(patient__in=known):
            self._coverages.setdefault(coverage.patient_id, []).append(coverage)
        for related in RelatedPerson.objects.filter(patient__in=known):
            self._people.setdefault(related.patient_id, []).append(related)

    def patient(self, site: Site, person: Person) -> tuple[Patient, bool]:
        """The patient on file, or a new one (True)."""
        found = self._found(site, person)
        if found is None:
            return self._new_patient(site, person), True
        self._fill(found, person)
        return found, False

    def _found(self, site: Site, person: Person) -> Patient | None:
        """Their own member id and birth date; else a family's id, birth date and first name (twins share the rest);
        else name, birth date and sex; else the chart number and birth date. Two that fit are none."""
        signs: list[list[Patient]] = []
        for member in person.own_member_ids:
            signs.append(self._by_member.get((site.pk, member, person.born_on), []))
        for member in person.member_ids:
            family = self._by_member.get((site.pk, member, person.born_on), [])
            signs.append([p for p in family if p.search_first == person.name[1]])
        named = self._by_name.get((site.pk, person.name, person.born_on), [])
        signs.append([p for p in named if p.sex == person.sex or "U" in (p.sex, person.sex)])
        chart = self._by_chart.get((site.pk, person.chart_number.upper()))
        signs.append([chart] if chart and person.chart_number and chart.birth_on == person.born_on else [])
        for found in signs:
            if len({p.pk for p in found}) == 1:
                return found[0]
        return None

    def _new_patient(self, site: Site, person: Person) -> Patient:
        chart = person.chart_number
        if not chart or (site.pk, chart.upper()) in self._by_chart:
            chart = self._free_chart(site, person)
        patient = Patient(
            site=site,
            chart_number=chart,
            last_name=person.party.name[:60],
            first_name=person.party.first[:35],
            middle_name=person.party.middle[:25],
            birth_on=person.born_on,
            sex=person.sex,
            search_last=person.name[0],
            search_first=person.name[1],
            **_where(person.address),
        )
        self.new_patients.append(patient)
        self._learn_name(patient)
        self._by_chart[site.pk, chart.upper()] = patient
        return patient

    def _free_chart(self, site: Site, person: Person) -> str:
        """A number of our own, the same again should the import be repeated."""
        chart, attempt = generated_chart(site, person), 1
        while (site.pk, chart) in self._by_chart:
            attempt += 1
            chart = f"{generated_chart(site, person)}-{attempt}"
        return chart

    def _fill(self, patient: Patient, person: Person) -> None:
        given = _where(person.address) if not patient.address else {}
        given |= {"sex": person.sex} if patient.sex == "U" and person.sex != "U" else {}
        given |= {"middle_name": person.party.middle[:25]} if not patient.middle_name else {}
        changed = [name for name, value in given.items() if value and getattr(patient, name) != value]
        for name in changed:
            setattr(patient, name, given[name])
        if changed and not patient._state.adding:
            patient.save(update_fields=changed)

    def coverage(self, patient: Patient, payer: Payer, who: Subscriber, relationship_code: str) -> Coverage:
        """This payer's coverage with that member id, filled where it was empty, or a new one."""
        member = squash(who.party.id)[:30]
        found = [c for c in self._coverages.get(patient.pk, []) if c.payer_id == payer.pk]
        coverage = next((c for c in found if c.search_member == member), None)
        if coverage is None and len(found) == 1 and not found[0].search_member:
            coverage = found[0]
        if coverage is None:
            return self._new_coverage(patient, payer, who, relationship_code)
        relationship = RELATIONSHIPS.get(relationship_code, "")
        given = {
            "member_id": who.party.id[:30],
            "group_number": who.group_number[:30],
            "plan_name": who.plan_name[:80],
            "relationship": relationship if coverage.subscriber_id or relationship == "self" else "",
            "kind": payer.kind,
        }
        changed = [name for name, value in given.items() if value and not getattr(coverage, name)]
        for name in changed:
            setattr(coverage, name, given[name])
        if changed and not coverage._state.adding:
            coverage.save(update_fields=[*changed, "search_member"])
        return coverage

    def _new_coverage(self, patient: Patient, payer: Payer, who: Subscriber, code: str) -> Coverage:
        relationship = RELATIONSHIPS.get(code, "")
        coverage = Coverage(
            patient=patient,
            payer=payer,
            kind=payer.kind,
            plan_name=who.plan_name[:80],
            member_id=who.party.id[:30],
            search_member=squash(who.party.id)[:30],
            group_number=who.group_number[:30],
            subscriber=None if relationship == "self" else self._subscriber(patient, who, relationship),
            relationship=relationship,
            source=SOURCE,
        )
        self.new_coverages.append(coverage)
        self._coverages.setdefault(patient.pk, []).append(coverage)
        self._learn_member(patient, coverage.search_member)
        return coverage

    def _subscriber(self, patient: Patient, who: Subscriber, relationship: str) -> RelatedPerson | None:
        if not who.party.name:
            return None
        named = squash(who.party.name), squash(who.party.first)
        around = self._people.setdefault(patient.pk, [])
        for person in around:
            if (squash(person.last_name), squash(person.first_name)) == named:
                return person
        person = RelatedPerson(
            patient=patient,
            last_name=who.party.name[:60],
            first_name=who.party.first[:35],
            relation=_SUBSCRIBER_IS.get(relationship, ""),
            birth_on=who.born_on,
            sex=who.sex[:1],
            **_where(who.address),
        )
        self.new_people.append(person)
        around.append(person)
        return person

    def flush(self, bulk: Bulk) -> None:
        """Write what is new, patients first."""
        bulk.insert(self.new_patients)
        bulk.insert(self.new_people)
        bulk.insert(self.new_coverages)
        self.new_patients, self.new_people, self.new_coverages = [], [], []

    def _learn_member(self, patient: Patient, member: str) -> None:
        known = self._by_member.setdefault((patient.site_id, member, patient.birth_on), [])
        if member and patient not in known:
            known.append(patient)

    def _learn_name(self, patient: Patient) -> None:
        key = (patient.site_id, (patient.search_last, patient.search_first), patient.birth_on)
        known = self._by_name.setdefault(key, [])
        if patient not in known:
            known.append(patient)


def generated_chart(site: Site, person: Person) -> str:
    """F- and eight letters that follow from who it is."""
    said = "|".join((str(site.pk), *person.name, person.born_on.isoformat(), person.sex))
    return "F-" + hashlib.sha256(said.encode()).hexdigest()[:8].upper()


def _where(address: Address) -> dict[str, str]:
    return {
        "address": address.line1[:80],
        "city": address.city[:40],
        "state": address.state[:2],
        "zip_code": address.postal_code[:9],
    }


def every_subscriber(claim: Claim837P) -> Iterable[tuple[Subscriber, str, Party, str]]:
    """The destination's subscriber and each other payer's: who, relationship, payer, filing code."""
    relationship = claim.patient.relationship if claim.patient else claim.subscriber.relationship
    yield claim.subscriber, relationship, claim.payer.party, claim.subscriber.filing_code
    for other in claim.other_coverages:
        if other.payer:
            yield other.subscriber, other.subscriber.relationship, other.payer.party, other.subscriber.filing_code
