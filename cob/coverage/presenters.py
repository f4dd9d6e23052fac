"""What the patient page and the verdict page show: rows and verdicts turned into exactly the words on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cob.coverage import catalogue
from cob.coverage.ahead import Ahead, ahead, checks
from cob.coverage.cases import CaseOnFile, NeedsKind, case_for, payer_names, people_names
from cob.coverage.chosen import ChosenRow, chosen_rows
from cob.coverage.claim_codes import ClaimCodes, claim_codes
from cob.coverage.consequences import Consequence, consequences_of
from cob.coverage.deciding import AGAINST, current, is_outdated, rests_on
from cob.coverage.eligibility.page import Eligibility, eligibility
from cob.coverage.knowing import who_could_know
from cob.coverage.models import MEDICARE_KINDS, Coverage, Determination, Kind, OverrideEvidence
from cob.coverage.outlook import Outlook, outlook
from cob.coverage.payers_said import PayersSaid, payers_said
from cob.coverage.pictures import picture_of
from cob.coverage.rulebook import Malformed, verdict_on
from cob.coverage.sayings import tabs, telephone, zip_code
from cob.coverage.timeline import Timeline, timeline
from cob.coverage.trail import history
from cob.coverage.wording import readable, say
from cob.patients.models import Patient, RelatedPerson
from cob.rules.frontdesk.picture import CHILDREN


@dataclass(frozen=True, slots=True)
class Standing:
    """How the question "who pays first" stands for one day: answered, open, or not to be asked yet."""

    day: date
    verdict: dict[str, Any] | None = None
    case: dict[str, Any] | None = None
    names: dict[str, str] | None = None
    sources: dict[str, str] | None = None
    stored: Determination | None = None
    is_changed: bool = False  # what is on file is no longer what the stored verdict rests on
    needs_kind: NeedsKind | None = None
    problem: str = ""
    chosen: list[ChosenRow] = field(default_factory=list)
    differing: tuple[str, ...] = ()  # options on which the payers of this case do not agree

    @property
    def questions(self) -> int:
        """How many questions are open."""
        return 1 if self.needs_kind else len(self.verdict["questions"]) if self.verdict else 0

    @property
    def is_storable(self) -> bool:
        """A verdict that is not on file yet."""
        return self.verdict is not None and (self.stored is None or self.is_changed)


def standing(patient: Patient, day: date) -> Standing:
    """The verdict on file when nothing changed since; else what the rules say now."""
    stored = current(patient, day)
    found = case_for(patient, day)
    if isinstance(found, NeedsKind):
        return Standing(day, stored=stored, needs_kind=found)
    if not found.case["coverages"]:
        return Standing(day, stored=stored)
    if stored is not None and rests_on(stored, found.case):
        return _standing(day, stored.verdict, found, stored, is_changed=False)
    try:
        verdict = verdict_on(found.case)
    except Malformed as wrong:
        return Standing(day, stored=stored, problem=readable(str(wrong), found.names))
    return _standing(day, verdict, found, stored, is_changed=stored is not None)


def _standing(
    day: date, verdict: dict[str, Any], found: CaseOnFile, stored: Determination | None, *, is_changed: bool
) -> Standing:
    told, case = readable(verdict, found.names), readable(found.case, found.names)
    chosen = chosen_rows(found.case, found.sources)
    return Standing(
        day, told, case, found.names, found.sources, stored, is_changed, chosen=chosen, differing=found.notes
    )


def cards(
    coverages: list[Coverage], now: Standing, *, is_editable: bool, to_verify: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The coverage strip, in paying order; the rest behind, ended ones last. `to_verify` are ids due again."""
    today = timezone.localdate()
    order = now.verdict["order"] if now.verdict else []
    parts = medicare_parts(now.case or {})
    names = payer_names(coverages)
    rows = [
        _card(row, names[str(row.pk)], order, parts, is_editable, today) | {"is_stale": str(row.pk) in to_verify}
        for row in coverages
    ]
    return sorted(rows, key=lambda card: (card["rank"] or 99, not card["is_open"]))


def _card(row: Coverage, name: str, order: list[str], parts: str, is_editable: bool, today: date) -> dict[str, Any]:
    is_over = not row.enrolled or (row.ended_on is not None and row.ended_on < today)
    return {
        "rank": order.index(str(row.pk)) + 1 if str(row.pk) in order else None,
        "payer": name,
        "kind": row.get_kind_display() or "kind not known",
        "effective_on": row.effective_on,
        "ended_on": row.ended_on,
        "is_open": not is_over,
        "dates": _dates(row, parts),
        "place": "" if is_over or order else "Order open",
        "out": "" if row.enrolled else "Refused",
        "member_id": row.member_id,
        "verified_on": row.verified_on,
        "url": reverse("coverage:coverage-edit", args=[row.pk]) if is_editable else "",
    }


def medicare_parts(case: dict[str, Any]) -> str:
    """Since when the patient has Part A and Part B, as the case has it."""
    parts = case.get("medicare", {})
    said = []
    for letter in "ab":
        part = parts.get(f"part_{letter}")
        if part:
            begins = say(f"medicare.part_{letter}.from", part["from"], {}) if part.get("from") else "start not known"
            said.append(f"{letter.upper()} {begins}")
    return ", ".join(said) or "parts not known"


def _dates(row: Coverage, parts: str) -> str:
    if row.kind == Kind.MEDICARE:
        return parts
    begins = f"{row.effective_on:%m/%d/%Y}" if row.effective_on else "start not known"
    ends = "no end date" if row.open_ended else f"{row.ended_on:%m/%d/%Y}" if row.ended_on else "end not known"
    return f"{begins} – {ends}"


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact on file: about whom or what, what it says, and who told us."""

    about: str
    label: str
    value: str
    told_by: str
    told_how: str
    told_on: date
    true_from: date | None


def fact_rows(patient: Patient, day: date, names: dict[str, str]) -> list[FactRow]:
    """The facts that hold on the day, those about one coverage or person together."""
    held = [fact for fact in patient.facts.as_of(day).values() if fact.value is not None]
    rows = []
    for fact in held:
        owner, _ = catalogue.owner_and_key(fact.path)
        told_on = timezone.localtime(fact.told_at).date()
        value = say(fact.path, fact.value, names)
        rows.append(
            FactRow(
                about=names.get(owner, ""),
                label=catalogue.label(fact.path),
                value=value,
                told_by=fact.told_by,
                told_how=fact.told_how,
                told_on=told_on,
                true_from=fact.true_from,
            )
        )
    return sorted(rows, key=lambda row: (row.about, row.label))


@dataclass(frozen=True)
class PatientPage:
    """Everything on the page of one patient."""

    patient: Patient
    age: str
    day: date
    day_is: str
    standing: Standing
    coverages: list[Coverage]
    cards: list[dict[str, Any]]
    people: list[RelatedPerson]
    facts: list[FactRow]
    acts: list[dict[str, Any]]
    looks: list[dict[str, Any]]
    is_child: bool
    has_medicare: bool
    ahead: Ahead
    eligibility: Eligibility

    @cached_property
    def timeline(self) -> Timeline:
        """Who covers when."""
        now = self.standing
        watch, medicare = (now.verdict or {}).get("watch") or (), (now.case or {}).get("medicare") or {}
        return timeline(self.patient, self.coverages, self.day, watch, medicare)

    @cached_property
    def payers(self) -> PayersSaid:
        """What the payers said of this day."""
        now = self.standing
        stored = now.stored.pk if now.stored and not now.is_changed else None
        return payers_said(self.patient, self.day, now.verdict, now.names or {}, stored)

    @cached_property
    def consequences(self) -> list[Consequence]:
        """What hangs on this patient's order elsewhere."""
        return consequences_of(self.patient)

    @property
    def can_ask(self) -> bool:
        """Whether an interview would ask anything."""
        return self.standing.questions > 0


def patient_page(patient: Patient, day: date, *, is_editable: bool, shows_history: bool) -> PatientPage:
    """Read what the page shows; the number of queries does not grow with the rows."""
    now = standing(patient, day)
    coverages = list(patient.coverages.select_related("payer", "subscriber"))
    people = list(patient.people.select_related("spouse_of"))
    acts, looks = history(patient) if shows_history else ([], [])
    picture = picture_of(patient)
    due = {one for one, check in checks(picture).items() if check.is_due(picture.today)}
    return PatientPage(
        patient=patient,
        age=age(patient.birth_on, timezone.localdate()),
        day=day,
        day_is=_day_is(patient, day),
        standing=now,
        coverages=coverages,
        cards=cards(coverages, now, is_editable=is_editable, to_verify=due),
        people=people,
        facts=fact_rows(patient, day, payer_names(coverages) | people_names(people)),
        acts=acts,
        looks=looks,
        is_child=any(row.patient_is in CHILDREN for row in coverages),
        has_medicare=any(row.kind in MEDICARE_KINDS for row in coverages),
        ahead=ahead(patient, picture, is_editable=is_editable),
        eligibility=eligibility(patient),
    )


def age(born: date, today: date) -> str:
    """Age in years, in months below two."""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return f"{months // 12} years" if months >= 24 else f"{max(months, 0)} months"


def _day_is(patient: Patient, day: date) -> str:
    if day == timezone.localdate():
        return "today"
    return "next visit" if day == patient.next_visit_on else "chosen day"


@dataclass(frozen=True)
class VerdictPage:
    """A determination on file with all it rests on."""

    determination: Determination
    verdict: dict[str, Any]
    case: dict[str, Any]
    names: dict[str, str]
    sources: dict[str, str]
    later: Determination | None
    codes: ClaimCodes
    chosen: list[ChosenRow]
    differing: tuple[str, ...]
    style: str = ""

    @property
    def is_outdated(self) -> bool:
        """Whether it still counts for its day although what it was made on has changed since."""
        return self.later is None and is_outdated(self.determination)

    @cached_property
    def payers(self) -> PayersSaid:
        """What the payers said of this day, held against this verdict."""
        found = self.determination
        return payers_said(found.patient, found.service_on, found.verdict, self.names, found.pk)

    @cached_property
    def consequences(self) -> list[Consequence]:
        """What hangs on this patient's order elsewhere."""
        return consequences_of(self.determination.patient)

    @property
    def against(self) -> list[dict[str, str]]:
        """The rules of federal law this order goes against, as the person confirmed."""
        return [note for note in self.verdict["notes"] if note["text"].startswith(AGAINST)]

    @property
    def evidence(self) -> list[OverrideEvidence]:
        """What an order decided by a person stands on."""
        return list(self.determination.evidences.all()) if self.determination.decided_how == "person" else []

    @property
    def outlook(self) -> Outlook:
        """What would change it, by asking the rules again."""
        return outlook(self.determination.case, self.determination.verdict)

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The card and the texts made of it."""
        return tabs(self.determination, self.style)

    @property
    def telephone(self) -> str:
        """The practice's number as people write it."""
        return telephone(self.determination.patient.site.phone)

    @property
    def contact(self) -> str:
        """Whom the patient calls."""
        site = self.determination.patient.site
        return f"{site} at {self.telephone}" if self.telephone else f"{site}"

    @property
    def to_read_out(self) -> list[tuple[str, str]]:
        """What the script for the telephone leaves blank, to be read from the screen."""
        patient = self.determination.patient
        who = [("Practice", str(patient.site)), ("NPI", patient.site.npi), ("Patient", str(patient))]
        held = {str(row.pk): row.member_id for row in patient.coverages.all()}
        cards = [(f"Member ID, {name}", held.get(one) or "not on file") for one, name in self.coverages.items()]
        return [*who, ("Date of birth", f"{patient.birth_on:%m/%d/%Y}"), *cards]

    @property
    def address(self) -> str:
        """Where the practice is, in one line."""
        site = self.determination.patient.site
        town = " ".join(part for part in (site.state, zip_code(site.zip_code)) if part)
        return ", ".join(part for part in (site.address, site.city, town) if part)

    @property
    def coverages(self) -> dict[str, str]:
        """Coverage id → name, those in the order first."""
        ids = [entry["id"] for entry in self.determination.case["coverages"]]
        ranked = sorted(ids, key=lambda one: self.verdict["order"].index(one) if one in self.verdict["order"] else 99)
        return {one: self.names.get(one, one) for one in ranked}

    @property
    def follow_ups(self) -> list[tuple[str, str]]:
        """What is still open, and who could know."""
        return [(entry["ask"], who_could_know(entry["fact"])) for entry in self.verdict["questions"]]

    @property
    def plans(self) -> list[dict[str, str]]:
        """The coverages asked about, as the case has them."""
        by_id = {entry["id"]: entry for entry in self.determination.case["coverages"]}
        return [_plan(by_id[one], name, self.sources) for one, name in self.coverages.items()]


def _plan(entry: dict[str, Any], name: str, sources: dict[str, str]) -> dict[str, str]:
    own = f"coverages.{entry['id']}."
    kind = say(f"{own}kind", entry["kind"], {})
    begins = say(f"{own}effective", entry["effective"], {}) if entry.get("effective") else "start not known"
    ends = "end not known"
    if "last_covered_day" in entry:
        ends = say(f"{own}last_covered_day", entry["last_covered_day"] or "never", {})
    dates = "by part" if entry["kind"] == Kind.MEDICARE else f"{begins} – {ends.lower()}"
    return {"payer": name, "kind": kind, "dates": dates, "source": sources.get(f"{own}kind", "")}


def verdict_page(determination: Determination, style: str = "") -> VerdictPage:
    """The verdict as it was, with the sources that were on file then."""
    patient = determination.patient
    then = case_for(patient, determination.service_on, known_at=determination.decided_at)
    sources = then.sources if isinstance(then, CaseOnFile) else {}
    names = {entry["id"]: entry.get("payer", "") for entry in determination.case["coverages"]}
    names |= people_names(list(patient.people.all()))
    later = Determination.objects.filter(supersedes=determination).select_related("decided_by").first()
    return VerdictPage(
        determination=determination,
        verdict=readable(determination.verdict, names),
        case=readable(determination.case, names),
        names=names,
        sources=sources,
        later=later,
        codes=claim_codes(determination, names),
        chosen=chosen_rows(determination.case, sources),
        differing=then.notes if isinstance(then, CaseOnFile) else (),
        style=style,
    )
