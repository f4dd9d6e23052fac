"""The invented population: each person, those around them, and the coverages their story gives them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from workqueues.demo.names import EMPLOYERS, FIRST_F, FIRST_M, LAST, STREETS
from workqueues.demo.payers import PAYERS, DemoPayer
from workqueues.demo.stories import STORIES, Plan, Story

CITIES = (("Springfield", "IL", "627010001"), ("Chatham", "IL", "626290001"), ("Decatur", "IL", "625210001"))


@dataclass(slots=True)
class DemoPerson:
    first: str
    last: str
    sex: str
    born_on: date
    role: str = "self"


@dataclass(slots=True)
class DemoCoverage:
    """A plan in force for one invented patient; `employer` is a name of `names.EMPLOYERS` or empty."""

    plan: Plan
    payer: DemoPayer
    member_id: str
    group_number: str
    holder: DemoPerson
    since: date
    employer: str = ""
    size: str = ""


@dataclass(slots=True)
class DemoPatient:
    """One invented patient. `visits_a_year` makes some come weekly and some once."""

    number: int
    story: Story
    person: DemoPerson
    site: int
    street: str
    city: tuple[str, str, str]
    phone: str
    people: dict[str, DemoPerson] = field(default_factory=dict)
    coverages: list[DemoCoverage] = field(default_factory=list)
    visits_a_year: int = 4

    @property
    def chart_number(self) -> str:
        return f"{'MNE'[self.site]}{10000 + self.number}"


def population(today: date, size: int, seed: int) -> list[DemoPatient]:
    """About `size` patients in the proportions of the stories; the same for the same day and seed."""
    rng = random.Random(seed)  # noqa: S311  invented people need no secrecy
    total = sum(story.weight for story in STORIES)
    stories = [story for story in STORIES for _ in range(max(1, round(story.weight * size / total)))]
    rng.shuffle(stories)
    return [_patient(rng, today, number, story) for number, story in enumerate(stories)]


def _patient(rng: random.Random, today: date, number: int, story: Story) -> DemoPatient:
    person = _person(rng, today, rng.randint(*story.ages), rng.choice(LAST))
    if story.turns:
        turns_on = today + timedelta(days=rng.randint(30, 85))
        person.born_on = date(turns_on.year - story.turns, turns_on.month, 15)
    patient = DemoPatient(
        number=number,
        story=story,
        person=person,
        site=rng.choices((0, 1, 2), (50, 30, 20))[0],
        street=f"{rng.randint(100, 9800)} {rng.choice(STREETS)} St",
        city=rng.choice(CITIES),
        phone=f"217555{rng.randint(100, 199):04}",
        visits_a_year=rng.choices((1, 2, 3, 6, 14), (20, 35, 25, 15, 5))[0],
    )
    for plan in story.plans:
        patient.coverages.append(_coverage(rng, today, patient, plan))
    return patient


def _person(rng: random.Random, today: date, age: int, last: str, role: str = "self", sex: str = "") -> DemoPerson:
    sex = sex or rng.choice("FM")
    born = today - timedelta(days=age * 365 + age // 4 + rng.randint(1, 364))
    return DemoPerson(rng.choice(FIRST_F if sex == "F" else FIRST_M), last, sex, born, role)


def _holder(rng: random.Random, today: date, patient: DemoPatient, plan: Plan) -> DemoPerson:
    if plan.holder == "self":
        return patient.person
    if plan.holder not in patient.people:
        age = max(20, (today - patient.person.born_on).days // 365 + (27 if plan.relationship == "child" else 0))
        sex = {"mother": "F", "father": "M"}.get(plan.holder, "M" if patient.person.sex == "F" else "F")
        last = patient.person.last if rng.random() < 0.8 else rng.choice(LAST)
        patient.people[plan.holder] = _person(rng, today, age, last, plan.holder, sex)
    return patient.people[plan.holder]


def _medicare_number(rng: random.Random) -> str:
    """The shape of a Medicare number (eleven places, letters that cannot be misread)."""
    kinds = {"9": "123456789", "0": "0123456789", "A": "ACDEFGHJKMNPQRTUVWXY"}
    return "".join(rng.choice(kinds[place]) for place in "9A00A00AA00")


def _coverage(rng: random.Random, today: date, patient: DemoPatient, plan: Plan) -> DemoCoverage:
    payer = PAYERS[plan.payer]
    size = str(plan.facts.get("employer.size", ""))
    works = "employment.status" in plan.facts
    employer = rng.choice([name for name, band in EMPLOYERS if band == size]) if works else ""
    since = today.replace(month=1, day=1) - timedelta(days=365 * rng.randint(2, 6))
    return DemoCoverage(
        plan=plan,
        payer=payer,
        member_id=_medicare_number(rng)
        if payer.kind == "medicare"
        else f"{payer.edi_id[:3]}{rng.randint(10**8, 10**9 - 1)}",
        group_number=f"{payer.edi_id[:2]}{rng.randint(1000, 9999)}" if works else "",
        holder=_holder(rng, today, patient, plan),
        since=since,
        employer=employer,
        size=size,
    )
