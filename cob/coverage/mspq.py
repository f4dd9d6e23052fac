"""Medicare's questionnaire: its six parts read from the facts on file, and what is still to be asked.

The parts follow Medicare's model (MSP Manual, chapter 3, section 20.2.1) in our own words. Who pays first is not worked
out here: it is what the determination says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cob.coverage import catalogue
from cob.coverage.cases import CaseOnFile, NeedsKind, case_for
from cob.coverage.knowing import who_could_know
from cob.coverage.models import Coverage, Fact, Kind, NotKnown
from cob.coverage.models.fact import OF_ONE_VISIT
from cob.coverage.questionnaires import GROUP
from cob.coverage.wording import say
from cob.patients.models import Patient
from cob.rules.frontdesk.aging import medicare_age_begins
from cob.rules.frontdesk.medicare import OVER
from cob.rules.frontdesk.picture import CONTINUED, COUPLES, patient_is

# Said of one visit only.
OF_THE_VISIT = frozenset({"claim.related_to"}) | OF_ONE_VISIT
ACCIDENTS = frozenset({"auto", "other_accident", "liability"})
DIVORCED = "divorced_spouse"
SPOUSES = COUPLES | {DIVORCED}  # a divorced one's job counts at 65 like a spouse's (42 CFR 411.172(a)(3)(ii))
ENDED = ("retired", "terminated", "severance", "deceased")
MSP_TYPES = {
    "12": "Working aged: a group plan through current work",
    "13": "Kidney failure: a group plan within the coordination period",
    "14": "No-fault insurance",
    "15": "Workers’ compensation",
    "16": "Public Health Service or another federal agency",
    "41": "Black Lung program",
    "42": "Veterans Affairs",
    "43": "Disabled: a large group plan through current work",
    "47": "Liability insurance",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One question of a part: its answer and who gave it, or that nobody knows, or that it is still open."""

    ask: str
    path: str = ""
    answer: str = ""
    source: str = ""
    is_not_known: bool = False
    value: Any = None

    @property
    def is_open(self) -> bool:
        """Whether nobody was asked yet."""
        return not self.answer

    @property
    def who_could_know(self) -> str:
        """Whom to ask where the patient does not know."""
        return who_could_know(self.path)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its lines, or why it does not apply."""

    number: str
    title: str
    lines: tuple[Line, ...] = ()
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Mspq:
    """The questionnaire as it stands for one day."""

    patient: Patient
    day: date
    parts: tuple[Part, ...] = ()
    has_medicare: bool = False
    is_advantage: bool = False
    needs_kind: NeedsKind | None = None
    # Payers the answers name that no coverage on file stands for.
    missing: tuple[str, ...] = ()

    @property
    def lines(self) -> list[Line]:
        """All lines that apply, in order."""
        return [line for part in self.parts for line in part.lines]

    @property
    def open(self) -> list[Line]:
        """What nobody was asked yet, each fact once."""
        return list({line.path: line for line in self.lines if line.is_open}.values())

    @property
    def is_complete(self) -> bool:
        """Whether it can be filed."""
        return self.has_medicare and self.needs_kind is None and not self.open and not self.missing

    def as_json(self) -> list[dict[str, Any]]:
        """The parts as they are kept and printed."""
        return [
            {
                "part": part.number,
                "title": part.title,
                "left_out": part.left_out,
                "lines": [{"ask": one.ask, "answer": one.answer, "source": one.source} for one in part.lines],
            }
            for part in self.parts
        ]


def mspq_for(patient: Patient, day: date) -> Mspq:
    """The six parts for one day of service, from what is on file."""
    found = case_for(patient, day)
    if isinstance(found, NeedsKind):
        return Mspq(patient, day, needs_kind=found)
    kinds = {entry["kind"] for entry in found.case["coverages"] if _in_force(entry, day)}
    if not kinds & {Kind.MEDICARE, Kind.MEDICARE_ADVANTAGE}:
        return Mspq(patient, day)
    return _Reading(patient, day, found).questionnaire(is_advantage=Kind.MEDICARE_ADVANTAGE in kinds)


def _in_force(entry: Mapping[str, Any], day: date) -> bool:
    begins, ends = entry.get("effective") or "", entry.get("last_covered_day") or "9999"
    return entry.get("enrolled", True) and begins <= day.isoformat() <= ends


@dataclass
class _Reading:
    """One questionnaire being read from a case."""

    patient: Patient
    day: date
    on_file: CaseOnFile
    facts: dict[str, Fact] = field(default_factory=dict)
    not_known: dict[str, NotKnown] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = self.patient.facts.as_of(self.day)
        asked = self.patient.not_known.filter(service_on=self.day).order_by("asked_at")
        self.not_known = {row.path: row for row in asked}
        self.plans = list(self._coverages(*GROUP))

    def questionnaire(self, *, is_advantage: bool) -> Mspq:
        parts = (self._one(), self._two(), self._three(), self._four(), self._five(), self._six())
        missing = tuple(self._missing())
        return Mspq(self.patient, self.day, parts, True, is_advantage, missing=missing)

    # --- lines -------------------------------------------------------------------------------------------------------

    def _line(self, ask: str, path: str) -> Line:
        """The answer on file under a path; else that it is not known, or open."""
        value = self._value(path)
        if value not in (None, {}):
            return Line(ask, path, say(path, value, self.on_file.names), self._source(path), value=value)
        if row := self.not_known.get(path):
            said = f"{row.told_by}, {row.asked_at:%m/%d/%Y}"
            return Line(ask, path, "Not known", f"asked: {said}. Could know: {who_could_know(path)}", is_not_known=True)
        return Line(ask, path)

    def _said(self, ask: str, answer: str, path: str) -> Line:
        """An answer that follows from the fact under a path."""
        return Line(ask, answer=answer, source=self._source(path))

    def _value(self, path: str) -> Any:
        if path.startswith("msp."):
            fact = self.facts.get(path)
            is_about = fact is not None and (path not in OF_THE_VISIT or fact.true_from == self.day)
            return fact.value if fact and is_about else None
        node: Any = self.on_file.case
        owner, _ = catalogue.owner_and_key(path)
        steps = path.split(".")
        if owner and path.startswith("coverages."):
            node, steps = next(entry for entry in self.on_file.case["coverages"] if entry["id"] == owner), steps[2:]
        for step in steps:
            node = node.get(step) if isinstance(node, dict) else None
        return node

    def _source(self, path: str) -> str:
        if path.startswith("msp.") and (fact := self.facts.get(path)):
            return ", ".join(filter(None, (fact.told_by, f"{fact.told_at:%m/%d/%Y}", fact.told_how)))
        return self.on_file.sources.get(path, "")

    def _coverages(self, *kinds: Kind) -> Iterator[dict[str, Any]]:
        return (
            entry for entry in self.on_file.case["coverages"] if entry["kind"] in kinds and _in_force(entry, self.day)
        )

    def _payers(self, ask: str, *kinds: Kind) -> Line:
        rows = list(self._coverages(*kinds))
        if not rows:
            return Line(ask, answer="None on file", source="coverages on file")
        cards = {str(row.pk): row for row in self.patient.coverages.select_related("employer")}
        said = [", ".join((row["payer"], *_card(cards[row["id"]]))) for row in rows]
        return Line(ask, answer="; ".join(said), source=self._source(f"coverages.{rows[0]['id']}.kind"))

    # --- parts -------------------------------------------------------------------------------------------------------

    @property
    def _related(self) -> list[str] | None:
        value: list[str] | None = self._value("claim.related_to")
        return value

    def _one(self) -> Part:
        lines = [self._line("What is today’s visit because of?", "claim.related_to")]
        related = self._related
        if related is not None:
            lung = "Yes" if "black_lung" in related else "No"
            work = "Yes" if "work" in related else "No"
            lines.append(self._said("Care of a lung disease from coal mining (Black Lung)?", lung, "claim.related_to"))
            lines += [self._payers("Black Lung program", Kind.BLACK_LUNG)] if lung == "Yes" else []
            lines.append(self._said("An injury or illness from work?", work, "claim.related_to"))
            lines += self._at_work() if work == "Yes" else []
        if grants := list(self._coverages(Kind.FEDERAL_GRANT)):
            path = f"coverages.{grants[0]['id']}.kind"
            lines.append(self._said("Does a government research program pay for this care?", "Yes", path))
        else:
            lines.append(self._line("Does a government research program pay for this care?", "msp.research_program"))
        lines.append(self._line("Did the VA send the patient here, and does it pay for this care?", "va.authorised"))
        return Part("I", "Work, Black Lung, research, Veterans Affairs", tuple(lines))

    def _at_work(self) -> list[Line]:
        return [
            self._line("When did it happen?", "accident.date"),
            self._payers("Workers’ compensation carrier, claim number and employer", Kind.WORKERS_COMP),
            self._line("How does the compensation claim stand?", "accident.workers_comp.status"),
        ]

    def _two(self) -> Part:
        title = "Another accident"
        related = self._related
        if related is None:
            return Part("II", title, left_out="It waits for what the visit is because of, in part I.")
        is_accident = bool(set(related) & ACCIDENTS)
        ask = "Because of another accident, a vehicle or somebody’s fault?"
        lines = [self._said(ask, "Yes" if is_accident else "No", "claim.related_to")]
        if is_accident:
            lines += [
                self._line("When did it happen?", "accident.date"),
                self._no_fault(),
                self._payers("Liability insurer and claim number", Kind.LIABILITY),
                self._line("Is a claim or lawsuit open against somebody?", "accident.liability.status"),
            ]
        return Part("II", title, tuple(lines))

    def _no_fault(self) -> Line:
        """Whose policy it is, or whether there is one: that nobody entered a card does not say that there is none."""
        if list(self._coverages(Kind.NO_FAULT, Kind.MEDPAY)):
            return self._payers("No-fault or medical-payments insurer and claim number", Kind.NO_FAULT, Kind.MEDPAY)
        return self._line("Does a no-fault or medical-payments policy cover it (of the car, the home)?", "msp.no_fault")

    def _three(self) -> Part:
        line = self._line("Why does the patient have Medicare?", "medicare.basis")
        return Part("III", "Why the patient has Medicare", (line,))

    @property
    def _bases(self) -> frozenset[str]:
        """From 65 on Medicare held for a disability is held for age: other employers count, and other relatives."""
        told = frozenset(self._value("medicare.basis") or ())
        is_65 = "disability" in told and self.day >= medicare_age_begins(self.patient.birth_on)
        return told | {"age"} if is_65 else told

    def _left_out(self, number: str, title: str, why: str) -> Part:
        return Part(number, title, left_out=why if self._bases else "It waits for part III.")

    def _four(self) -> Part:
        title = "Medicare because of age"
        if "age" not in self._bases:
            return self._left_out("IV", title, "Medicare is not because of age.")
        plans = [entry for entry in self.plans if self._whose(entry) in ("own", "spouse")]
        return Part("IV", title, (*self._works("own"), *self._works("spouse"), *self._group_plans(plans, "20")))

    def _five(self) -> Part:
        title, bases = "Medicare because of disability", self._bases
        if "disability" not in bases or "age" in bases:
            why = (
                "Medicare is because of age now: part IV."
                if "disability" in bases
                else "It is not because of disability."
            )
            return self._left_out("V", title, why)
        lines = (*self._works("own"), *self._works("spouse"), *self._works("family"))
        return Part("V", title, (*lines, *self._group_plans(self.plans, "100")))

    def _six(self) -> Part:
        title, bases = "Medicare because of kidney failure", self._bases
        if "esrd" not in bases:
            return self._left_out("VI", title, "Medicare is not because of kidney failure.")
        lines = [
            *self._group_plans(self.plans, ""),
            self._line("When was the kidney transplant?", "medicare.esrd.transplant"),
            self._line("When did regular dialysis begin?", "medicare.esrd.first_dialysis"),
            self._line("When did training for home dialysis begin?", "medicare.esrd.self_training_start"),
        ]
        if len(bases) > 1:
            ask = "Before the kidney failure, did Medicare pay first and {payer} second?"
            own = "coverages.{id}.paid_after_medicare_before_esrd"
            lines += [self._line(ask.format(**plan), own.format(**plan)) for plan in self.plans]
        return Part("VI", title, tuple(lines))

    def _works(self, whose: str) -> list[Line]:
        """Whether somebody works now: as told for the plan of that job, else asked for itself."""
        ask, path, since = _WORKS[whose]
        mine = [entry for entry in self.plans if self._whose(entry) == whose]
        lines = []
        for plan in mine:
            own = f"coverages.{plan['id']}.employment."
            of_plan = _DIVORCED_WORKS if self._patient_is(plan) == DIVORCED else ask
            status = self._line(f"{of_plan} ({plan['payer']})", f"{own}status")
            lines.append(status)
            if status.value in ENDED:
                lines.append(self._line(f"Last day of that work? ({plan['payer']})", f"{own}last_day"))
        if mine:
            return lines
        works = self._line(ask, path)
        is_over = since and works.value in (False, "no")
        return [works, self._line("Retired on which day?", since)] if is_over else [works]

    def _group_plans(self, plans: Sequence[Mapping[str, Any]], least: str) -> list[Line]:
        """The plans through a job, or that there is none; with `least`, how large each one's employer is."""
        ask = "Covered by a group plan through a job, the patient’s own or a relative’s, present or former?"
        if not plans and not self.plans:
            return [self._line(ask, "msp.group_plan")]
        if not plans:
            others = ", ".join(plan["payer"] for plan in self.plans)
            return [Line(ask, answer=f"Not through the patient or spouse; {others} is a relative’s", source="on file")]
        names = ", ".join(plan["payer"] for plan in plans)
        lines = [Line(ask, answer=f"Yes: {names}", source=self._source(f"coverages.{plans[0]['id']}.kind"))]
        return lines + [self._size(plan, least) for plan in plans if least and self._may_be_current(plan)]

    def _size(self, plan: Mapping[str, Any], least: str) -> Line:
        name = "largest_member" if plan["kind"] == Kind.UNION else "size"
        ask = f"Has the employer behind {plan['payer']} {least} or more employees?"
        return self._line(ask, f"coverages.{plan['id']}.employer.{name}")

    def _may_be_current(self, plan: Mapping[str, Any]) -> bool:
        """Of a plan that is no current work's, nobody need ask how large the employer is."""
        is_over = plan.get("employment", {}).get("status") in OVER
        return not is_over and plan.get("continuation") not in CONTINUED

    def _patient_is(self, plan: Mapping[str, Any]) -> str:
        """What the patient is to the subscriber; nothing where nobody said."""
        person = self.on_file.case["people"].get(plan.get("subscriber"), {})
        return patient_is(plan.get("relationship", ""), person.get("relation", ""))

    def _whose(self, plan: Mapping[str, Any]) -> str:
        """Whose job a group plan comes from. Nobody said: taken as the patient's own, so that it is asked about."""
        relationship = self._patient_is(plan) or "self"
        return "own" if relationship == "self" else "spouse" if relationship in SPOUSES else "family"

    def _missing(self) -> Iterator[str]:
        if self._value("va.authorised") is True and not list(self._coverages(Kind.VA)):
            yield "Veterans Affairs"
        if self._value("msp.group_plan") is True and not self.plans:
            yield "the group plan"
        if self._value("msp.research_program") is True and not list(self._coverages(Kind.FEDERAL_GRANT)):
            yield "the research program (as a federal grant)"
        yield from self._missing_for_accident(set(self._related or ()))

    def _missing_for_accident(self, related: set[str]) -> Iterator[str]:
        """Comp that has not refused, a policy, a claim against somebody. A card whose days are over stands for one."""
        on_file = {entry["kind"] for entry in self.on_file.case["coverages"]}
        comp, claim = self._value("accident.workers_comp.status"), self._value("accident.liability.status")
        is_accident = bool(related & ACCIDENTS)
        if "work" in related and comp not in (None, "denied") and Kind.WORKERS_COMP not in on_file:
            yield "the workers’ compensation carrier"
        if is_accident and self._no_fault().value is True:
            yield "the no-fault or medical-payments insurer"
        if is_accident and claim not in (None, "none") and Kind.LIABILITY not in on_file:
            yield "the liability insurer"
        if "black_lung" in related and not list(self._coverages(Kind.BLACK_LUNG)):
            yield "the Black Lung program"


_WORKS = {
    "own": ("Does the patient work now?", "msp.patient_works", "msp.patient_retired_on"),
    "spouse": ("Does the husband or wife work now?", "msp.spouse_works", "msp.spouse_retired_on"),
    "family": ("Does another family member’s job cover the patient?", "msp.family_works", ""),
}
_DIVORCED_WORKS = "Does the divorced husband or wife work now?"


def _card(row: Coverage) -> Iterator[str]:
    """What the form wants beside the payer’s name: the number; the employer of an injury at work; Black Lung’s days."""
    if row.member_id:
        yield f"number {row.member_id}"
    if row.kind == Kind.WORKERS_COMP and row.employer:
        yield f"employer {row.employer}"
    if row.kind == Kind.BLACK_LUNG and row.effective_on:
        yield f"from {row.effective_on:%m/%d/%Y}" + (f" to {row.ended_on:%m/%d/%Y}" if row.ended_on else "")
