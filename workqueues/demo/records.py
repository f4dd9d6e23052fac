"""What the invented front desk has typed in: payers, employers, patients, coverages, and the facts behind an order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cob.accounts.models import Site, User
from cob.coverage.models import CheckIn, Coverage, Employer, Fact, Payer
from cob.patients.models import Patient, RelatedPerson
from cob.rules.codes import filing
from workqueues.demo.names import EMPLOYERS
from workqueues.demo.payers import PAYERS
from workqueues.demo.people import DemoCoverage, DemoPatient


def payers() -> dict[str, Payer]:
    """The demo's payers by EDI id."""
    made = {}
    for demo in PAYERS.values():
        made[demo.edi_id], _ = Payer.objects.get_or_create(
            edi_id=demo.edi_id,
            defaults={
                "name": demo.name,
                "kind": demo.kind,
                "filing_indicator": "" if demo.filing == filing(demo.kind).code else demo.filing,
                "crosses_over": demo.crosses_over,
                "secondary_limit_days": demo.limit_days,
            },
        )
    return made


def employers(today: date) -> dict[str, Employer]:
    """The demo's employers by name; two were never asked how many people they employ."""
    made = {}
    for name, band in EMPLOYERS:
        asked = (
            {"size_band": band, "size_as_of": today - timedelta(days=300), "size_told_by": "the employer, phone"}
            if band
            else {}
        )
        made[name] = Employer.objects.create(name=name, **asked)
    return made


class FrontDesk:
    """Captures one patient after another; `told` and `asked` are written in bulk at the end."""

    def __init__(self, sites: list[Site], desk: User, today: date) -> None:
        self.sites, self.desk, self.today = sites, desk, today
        self.payers = payers()
        self.employers = employers(today)
        self.told: list[Fact] = []
        self.asked: list[CheckIn] = []

    def capture(self, demo: DemoPatient) -> Patient:
        """One patient with people, coverages and facts as somebody at the desk would have taken them."""
        city, state, zip_code = demo.city
        patient = Patient.objects.create(
            site=self.sites[demo.site],
            chart_number=demo.chart_number,
            last_name=demo.person.last,
            first_name=demo.person.first,
            birth_on=demo.person.born_on,
            sex=demo.person.sex,
            address=demo.street,
            city=city,
            state=state,
            zip_code=zip_code,
            phone=demo.phone,
            next_visit_on=self.today + timedelta(days=demo.number % 28) if demo.number % 5 == 0 else None,
        )
        people = {role: self._person(patient, demo, role) for role in demo.people}
        rows = {
            index: self._coverage(patient, demo, index, cover, people) for index, cover in enumerate(demo.coverages)
        }
        when = timezone.now() - timedelta(days=30 + demo.number % 300)
        for index, cover in enumerate(demo.coverages):
            self._coverage_facts(patient, rows[index], cover, when)
        self._patient_facts(patient, demo, people, when)
        if demo.number % 3:
            self._check_in(patient, timezone.now() - timedelta(days=demo.number % 130))
        return patient

    def write_facts(self) -> None:
        Fact.objects.bulk_create(self.told, batch_size=500)
        CheckIn.objects.bulk_create(self.asked, batch_size=500)
        self.told, self.asked = [], []

    def _check_in(self, patient: Patient, when: datetime) -> None:
        """Asked at the last visit, and nothing had changed."""
        self.asked.append(
            CheckIn(
                patient=patient,
                service_on=timezone.localtime(when).date(),
                answers={"cards": [], "other": False, "events": [], "accident": []},
                told_by="Patient",
                told_how="in person",
                asked_by=self.desk,
                asked_at=when,
            )
        )

    def _person(self, patient: Patient, demo: DemoPatient, role: str) -> RelatedPerson:
        person = demo.people[role]
        asked = f"people.{role}.birth_date" not in demo.story.unasked
        return RelatedPerson.objects.create(
            patient=patient,
            last_name=person.last,
            first_name=person.first,
            relation=role,
            birth_on=person.born_on if asked else None,
            sex=person.sex,
        )

    def _coverage(
        self, patient: Patient, demo: DemoPatient, index: int, cover: DemoCoverage, people: dict[str, RelatedPerson]
    ) -> Coverage:
        verified = self.today - timedelta(days=(demo.number * 7 + index * 31) % 105)
        seen = demo.number % 23 != 0
        return Coverage.objects.create(
            patient=patient,
            payer=self.payers[cover.payer.edi_id],
            kind=cover.payer.kind,
            member_id=cover.member_id,
            group_number=cover.group_number,
            subscriber=people.get(cover.plan.holder),
            relationship=cover.plan.relationship,
            employer=self.employers.get(cover.employer),
            effective_on=cover.since,
            open_ended=True,
            source="patient, card seen",
            verified_on=verified if seen else None,
            verified_by=self.desk if seen else None,
            verified_how=("271", "payer portal", f"call, reference {400000 + demo.number}")[demo.number % 3]
            if seen
            else "",
        )

    def _coverage_facts(self, patient: Patient, row: Coverage, cover: DemoCoverage, when: datetime) -> None:
        facts: dict[str, Any] = {key: value for key, value in cover.plan.facts.items() if key != "employer.size"}
        if cover.payer.kind in ("employer", "union_multiemployer", "government_employer", "individual"):
            facts["patient_covered_since"] = facts["subscriber_covered_since"] = cover.since.isoformat()
        for key, value in facts.items():
            self._tell(patient, f"coverages.{row.pk}.{key}", value, when)

    def _patient_facts(
        self, patient: Patient, demo: DemoPatient, people: dict[str, RelatedPerson], when: datetime
    ) -> None:
        for path, value in (demo.story.facts | _medicare(demo, self.today)).items():
            self._tell(patient, path, _with_ids(value, people), when)

    def _tell(self, patient: Patient, path: str, value: Any, when: datetime) -> None:
        self.told.append(
            Fact(
                patient=patient,
                path=path,
                value=value,
                told_by="patient",
                told_how="at check-in",
                told_at=when,
                recorded_by=self.desk,
            )
        )


def _with_ids(value: Any, people: dict[str, RelatedPerson]) -> Any:
    """The story says "mother"; the fact names her row."""
    if isinstance(value, dict):
        return {key: _with_ids(each, people) for key, each in value.items()}
    return str(people[value].pk) if isinstance(value, str) and value in people else value


def _medicare(demo: DemoPatient, today: date) -> dict[str, Any]:
    """Medicare since the month of the 65th birthday, or three years for disability, or a year of dialysis."""
    basis = demo.story.medicare
    if not basis:
        return {}
    if basis == "age":
        born = demo.person.born_on
        start = date(born.year + 65, born.month, 1)
    else:
        start = today.replace(day=1) - timedelta(days=365 * 3 if basis == "disability" else 300)
        start = start.replace(day=1)
    part = {"from": start.isoformat(), "to": None}
    facts: dict[str, Any] = {
        "medicare.part_a": part,
        "medicare.part_b": part,
        "medicare.premium_free_part_a": True,
        "medicare.basis": {basis: start.strftime("%Y-%m")},
        "medicare.retro_award_date": "never",
    }
    if basis == "esrd":
        dialysis = (start - timedelta(days=80)).isoformat()
        facts["medicare.esrd"] = {
            "first_dialysis": dialysis,
            "self_training_start": "never",
            "transplant": "never",
            "preop_admission": "never",
            "dialysis_end": "never",
        }
    return facts


def captured(patients: Iterable[DemoPatient]) -> list[DemoPatient]:
    """Those the desk has typed in; the others exist only in files."""
    return [patient for patient in patients if patient.story.captured]
