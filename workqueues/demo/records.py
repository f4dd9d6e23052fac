"""What the invented front desk has typed in: payers, employers, patients, coverages, and the facts behind an order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cob.accounts.models import Site, User
from cob.coverage.models import CheckIn, Coverage, Employer, Fact, Payer
from cob.dates import add_months, first_day, month_of
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
            next_visit_on=_next_visit(demo, self.today),
            comes_weekly=demo.visits_a_year > 10,
            marital_status=_marital_status(demo, self.today),
            employment_status=_employment_status(demo, self.today),
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
        visit = _next_visit(demo, self.today)
        is_near = visit is not None and (visit - self.today).days <= 4
        # Most of those who come soon were checked in one batch this morning.
        age = 0 if is_near and demo.number % 4 else (demo.number * 7 + index * 31) % 105
        verified = self.today - timedelta(days=age)
        seen = demo.number % 23 != 0
        ends_on = (
            self.today + timedelta(days=demo.story.ends_in_days) if demo.story.ends_in_days and index == 0 else None
        )
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
            ended_on=ends_on,
            open_ended=ends_on is None,
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
        months = 36 if basis == "disability" else demo.story.kidney_month - 1
        start = first_day(month_of(today) - months)
    part = {"from": start.isoformat(), "to": None}
    facts: dict[str, Any] = {
        "medicare.part_a": part,
        "medicare.part_b": part,
        "medicare.premium_free_part_a": True,
        "medicare.basis": {basis: start.strftime("%Y-%m")},
        "medicare.retro_award_date": "never",
    }
    if basis == "esrd":
        dialysis = add_months(start, -3).isoformat()
        never = ("self_training_start", "transplant", "preop_admission", "dialysis_end")
        facts["medicare.esrd.first_dialysis"] = dialysis
        facts |= {f"medicare.esrd.{name}": "never" for name in never}
    return facts


def _next_visit(demo: DemoPatient, today: date) -> date | None:
    """One in three comes again within a fortnight."""
    return today + timedelta(days=demo.number // 3 % 14) if demo.number % 3 == 0 else None


def _marital_status(demo: DemoPatient, today: date) -> str:
    """As the chart has it; not asked of one in nine."""
    if demo.number % 9 == 0 or (today - demo.person.born_on).days < 16 * 365:
        return ""
    return "married" if "spouse" in demo.people else ("single", "single", "widowed", "divorced")[demo.number % 4]


def _employment_status(demo: DemoPatient, today: date) -> str:
    if demo.number % 11 == 0 or (today - demo.person.born_on).days < 16 * 365:
        return ""
    own = [cover.plan.facts.get("employment.status") for cover in demo.coverages if cover.plan.holder == "self"]
    if "working" in own:
        return "working"
    return "retired" if (today - demo.person.born_on).days > 66 * 365 else "not_working"


def captured(patients: Iterable[DemoPatient]) -> list[DemoPatient]:
    """Those the desk has typed in; the others exist only in files."""
    return [patient for patient in patients if patient.story.captured]
