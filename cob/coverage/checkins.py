"""The short form of each visit: four questions, what a yes leads to, and which answers on file it makes uncertain.

An event takes back what was told before it, from its day on: the interview then asks again what matters, and the days
before the event stay as they were.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage import catalogue
from cob.coverage.deciding import one_at_a_time
from cob.coverage.facts import tell_fact, tell_facts
from cob.coverage.models import MEDICARE_KINDS, CheckIn, Coverage
from cob.coverage.questionnaires import GROUP
from cob.coverage.steps import EDIT
from cob.patients.models import Patient
from cob.rules.frontdesk.picture import CHILDREN

NEW_CARD = "new"
QUESTIONS: dict[str, tuple[str, str]] = {
    "cards": (
        "Is there a new card, or has a plan on file changed or ended?",
        "Look at every card. A new number, group or date counts.",
    ),
    "other": (
        "Is there any other health coverage that is not on file?",
        "Through a husband, wife or parent, a second job, a former job or COBRA, school, the marketplace, Medicare, "
        "Medicaid, TRICARE or the VA.",
    ),
    "events": (
        "Has anything changed in job or family since the last visit, or will it soon?",
        "A job, a marriage, a divorce, a birth, a move, a 26th or 65th birthday.",
    ),
    "accident": (
        "Is today’s visit because of an accident, something at work, a crime, or something somebody else caused?",
        "Then another insurer may have to pay for this care.",
    ),
}
JOB_FACTS = ("employment", "work_status", "continuation", "continuation_was")
CHILD_FACTS = (
    "child.parents_living_together",
    "child.custodial_parent",
    "child.decree.terms",
    "child.decree.responsible_parent",
)
OWN, RELATIVE = "own", "relative"


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happened: whose jobs and which facts it makes uncertain, which pages it leads to."""

    label: str
    jobs: str = ""  # whose plans: own, a relative's
    facts: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    looks_at: Collection[str] = ()  # coverages the patient has as this


SPOUSE_FACTS = ("msp.spouse_works", "msp.spouse_retired_on", "msp.group_plan")
EVENTS: dict[str, LifeEvent] = {
    "own_job": LifeEvent(
        "The patient’s job began, changed or ended",
        jobs=OWN,
        facts=("msp.patient_works", "msp.patient_retired_on", "msp.group_plan"),
    ),
    "relative_job": LifeEvent(
        "The job of a husband, wife or parent began, changed or ended",
        jobs=RELATIVE,
        facts=(*SPOUSE_FACTS, "msp.family_works"),
    ),
    "marriage": LifeEvent("Marriage", facts=("child.parents_living_together", *SPOUSE_FACTS)),
    "separation": LifeEvent(
        "Divorce or separation",
        facts=(*CHILD_FACTS, *SPOUSE_FACTS),
        looks_at=("spouse", "common_law_spouse", "domestic_partner", "stepchild"),
    ),
    "court_order": LifeEvent("A court order about custody or health care", facts=CHILD_FACTS),
    "birth": LifeEvent("Birth or adoption of a child"),
    "death": LifeEvent("Somebody in whose name a plan is has died", jobs=RELATIVE, facts=SPOUSE_FACTS),
    "move": LifeEvent("Move to another address", steps=("patient",)),
    "age_26": LifeEvent("26th birthday", facts=("child.disabled_dependent",), looks_at=CHILDREN),
    "age_65": LifeEvent("65th birthday, or Medicare began or changed", steps=("medicare",)),
}


class AskedMeanwhile(ValueError):
    """Somebody checked the patient in after this form was opened."""

    def __init__(self, row: CheckIn) -> None:
        said = in_words(row)
        super().__init__(f"{row.asked_by} checked this patient in meanwhile: {said}. If your answers hold, send again.")


def seen(patient: Patient) -> str:
    """What a form knows of earlier check-ins: equal as long as nobody has checked the patient in."""
    last = patient.checkins.first()
    return str(last.pk) if last else "none"


def check_in(
    *,
    patient: Patient,
    service_on: date,
    answers: Mapping[str, Any],
    told_by: str,
    told_how: str = "",
    by: User,
    pk: uuid.UUID | None = None,
    known: str = "",
) -> CheckIn:
    """Keep the answers of one visit and let them count. Sent twice under one id they are kept once, unless they differ.

    `known` is what `seen` said when the form was opened. Raises AskedMeanwhile, BadFact.
    """
    who: dict[str, Any] = {"told_by": told_by, "told_how": told_how, "by": by}
    with transaction.atomic():
        one_at_a_time(patient)
        if pk and (before := CheckIn.objects.filter(pk=pk).first()):
            if (before.patient_id, before.answers) == (patient.pk, dict(answers)):
                found: CheckIn = before
                return found
            pk = None
        last: CheckIn | None = patient.checkins.select_related("asked_by").first()
        if known and last is not None and known != seen(patient):
            raise AskedMeanwhile(last)
        row = CheckIn(
            pk=pk or uuid.uuid4(),
            patient=patient,
            service_on=service_on,
            answers=dict(answers),
            told_by=told_by.strip()[:80],
            told_how=told_how.strip()[:80],
            asked_by=by,
        )
        with doing("checked in"):
            row.save(force_insert=True)
        related = answers["accident"] or ["none"]
        tell_fact(patient=patient, path="claim.related_to", value=related, true_from=service_on, **who)
        for happened in answers["events"]:
            paths = unsettled_by(patient, happened["event"])
            on = date.fromisoformat(happened["on"])
            tell_facts(patient=patient, facts=dict.fromkeys(paths), true_from=on, **who)
    return row


def in_words(row: CheckIn) -> str:
    """The answers of a short form, in one line."""
    answers = row.answers
    said = [
        "a card is new or changed" if answers.get("cards") else "",
        "other coverage" if answers.get("other") else "",
        *(EVENTS[one["event"]].label.lower() for one in answers.get("events", []) if one["event"] in EVENTS),
        "an accident or injury" if answers.get("accident") else "",
    ]
    return ", ".join(filter(None, said)) or "nothing changed"


def unsettled_by(patient: Patient, event: str) -> list[str]:
    """The paths on file that an event makes uncertain."""
    happened = EVENTS[event]
    rows = patient.coverages.filter(kind__in=GROUP).select_related("subscriber") if happened.jobs else []
    jobs = {str(row.pk) for row in rows if _may_be(row, happened.jobs)}
    told = set(patient.facts.values_list("path", flat=True))
    return sorted(path for path in told if path in happened.facts or _is_of_job(path, jobs))


def steps_after(patient: Patient, answers: Mapping[str, Any]) -> list[str]:
    """The pages a yes leads to, in the order of the questions, each once."""
    rows = list(patient.coverages.select_related("subscriber"))
    cards: list[str] = answers["cards"]
    steps = [f"{EDIT}:{pk}" for pk in cards if pk != NEW_CARD]
    steps += ["coverage-new:card"] if NEW_CARD in cards else []
    steps += ["coverage-new:other"] if answers["other"] else []
    for happened in answers["events"]:
        steps += _steps_of(EVENTS[happened["event"]], rows)
    steps += ["accident"] if answers["accident"] else []
    return list(dict.fromkeys(steps))


def _steps_of(event: LifeEvent, rows: Iterable[Coverage]) -> list[str]:
    rows = list(rows)
    looks = [f"{EDIT}:{row.pk}" for row in rows if row.patient_is in event.looks_at]
    has_medicare = any(row.kind in MEDICARE_KINDS for row in rows)
    pages = ["coverage-new:medicare" if step == "medicare" and not has_medicare else step for step in event.steps]
    return [*looks, *pages]


def _may_be(row: Coverage, whose: str) -> bool:
    """Whether a plan is the patient's own or a relative's; one of which nobody said may be either."""
    return not row.patient_is or (row.patient_is == "self") == (whose == OWN)


def _is_of_job(path: str, coverages: set[str]) -> bool:
    owner, key = catalogue.owner_and_key(path)
    return owner in coverages and key.partition(".")[0] in JOB_FACTS
