"""What is coming and what is missing, in the words and with the links the desk shows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from cob.patients.models import Patient
from cob.rules.frontdesk import (
    Asked,
    Due,
    Picture,
    Place,
    Raised,
    flags_for,
    form_due_on,
    missing_for,
    msp_due_on,
    next_check_on,
)

ACTIONS = {
    Place.PATIENT: "Open chart",
    Place.COVERAGE: "Open coverage",
    Place.NEW_COVERAGE: "Add coverage",
    Place.MEDICARE: "Medicare facts",
    Place.CHILD: "Parents and custody",
    Place.ACCIDENT: "Accident worksheet",
    Place.ASK: "Ask",
    Place.PERSON: "Open person",
    Place.OFFERS: "See what it tells",
}
ADDRESSES = {
    Place.PATIENT: "patients:patient-edit",
    Place.NEW_COVERAGE: "coverage:coverage-new",
    Place.MEDICARE: "coverage:facts-medicare",
    Place.CHILD: "coverage:facts-child",
    Place.ACCIDENT: "coverage:facts-accident",
    Place.ASK: "coverage:ask",
}


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One red flag on a page."""

    raised: Raised
    today: date
    url: str

    @property
    def action(self) -> str:
        return ACTIONS[self.raised.sign.place]

    @property
    def days(self) -> int | None:
        """Days until it is to be done by; below zero when late."""
        return (self.raised.sign.by - self.today).days if self.raised.sign.by else None


@dataclass(frozen=True, slots=True)
class MissingRow:
    """What one coverage, the chart, the order or the visit lacks."""

    whose: str
    labels: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something to verify or to ask again."""

    label: str
    due: Due
    is_due: bool
    url: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """The front desk's part of a patient page."""

    flags: list[FlagRow]
    missing: list[MissingRow]
    due: list[DueRow]
    day: date
    has_visit: bool
    is_checked: bool  # a checklist makes sense: there is a coverage

    @property
    def is_quiet(self) -> bool:
        """Everything is there, and nothing is due yet."""
        return self.is_checked and not (self.flags or self.missing or any(row.is_due for row in self.due))

    @property
    def count(self) -> int:
        """How many things are missing."""
        return sum(len(row.labels) for row in self.missing)


def ahead(patient: Patient, picture: Picture, *, is_editable: bool) -> Ahead:
    """What stands on the page of one patient; who may not change anything gets no links."""
    link = _Linker(patient, is_editable=is_editable)
    raised = flags_for(picture)
    return Ahead(
        flags=flag_rows(patient, picture, is_editable=is_editable),
        missing=[MissingRow(*row) for row in _missing(picture, link)],
        due=_due(picture, raised, link),
        day=picture.day,
        has_visit=picture.has_visit,
        is_checked=bool(picture.in_force),
    )


def flag_rows(patient: Patient, picture: Picture, *, is_editable: bool) -> list[FlagRow]:
    """The red flags alone, for `coverage/flags.html`."""
    link = _Linker(patient, is_editable=is_editable)
    return [FlagRow(one, picture.today, link(one.sign.place, one.sign.about)) for one in flags_for(picture)]


class _Linker:
    """Where something is entered; nowhere for readers."""

    def __init__(self, patient: Patient, *, is_editable: bool) -> None:
        self.patient, self.is_editable = patient, is_editable

    def __call__(self, place: Place, about: str) -> str:
        if not self.is_editable:
            return ""
        if place is Place.COVERAGE:
            return reverse("coverage:coverage-edit", args=[uuid.UUID(about)])
        if place is Place.PERSON:
            return reverse("patients:person-edit", args=[uuid.UUID(about)])
        if place is Place.OFFERS:
            return f"{reverse('patients:patient-page', args=[self.patient.pk])}#eligibility"
        return reverse(ADDRESSES[place], args=[self.patient.pk])


def _missing(picture: Picture, link: _Linker) -> Iterable[tuple[str, tuple[str, ...], str]]:
    """Together by where it is entered, in the order the checklist names it; of a person once, for all their cards."""
    names = {card.id: card.payer for card in picture.cards}
    names |= {card.holder.key: card.holder.name for card in picture.cards if card.holder}
    groups: dict[tuple[Place, str], dict[str, None]] = {}
    for one in missing_for(picture):
        groups.setdefault((one.place, one.person or one.about), {})[one.label] = None
    for (place, about), lacks in groups.items():
        whose = names.get(about) or ("Chart" if place is Place.PATIENT else "Visit")
        yield whose, tuple(lacks), link(place, about)


def checks(picture: Picture) -> dict[str, Due]:
    """When each coverage in force is verified again, by its id; those with nothing due are left out."""
    found = {
        card.id: next_check_on(
            card.kind,
            verified_on=card.verified_on,
            visit_on=picture.visit_on,
            today=picture.today,
            comes_weekly=picture.comes_weekly,
            plan_year_start=str(card.fact("plan_year_start") or ""),
        )
        for card in picture.in_force
    }
    return {one: due for one, due in found.items() if due is not None}


def _due(picture: Picture, raised: Iterable[Raised], link: _Linker) -> list[DueRow]:
    names = {card.id: card.payer for card in picture.cards}
    rows = [
        DueRow(f"Verify {names[one]}", due, due.is_due(picture.today), link(Place.COVERAGE, one))
        for one, due in checks(picture).items()
    ]
    rows += [
        DueRow(label, due, due.is_due(picture.today), link(Place.ASK, ""))
        for label, due in _questions(picture, picture.asked, raised)
    ]
    return sorted(rows, key=lambda row: row.due.on)


def _questions(picture: Picture, asked: Asked | None, raised: Iterable[Raised]) -> list[tuple[str, Due]]:
    """What the patient is asked again, where the days of asking are kept."""
    if asked is None:
        return []
    has_flag = any(one.sign.is_work for one in raised)
    kinds = frozenset(card.kind for card in picture.in_force)
    found = [
        ("Full interview", form_due_on(asked.full_on, today=picture.today, has_flag=has_flag)),
        ("Medicare questionnaire", msp_due_on(kinds, asked.msp_on, today=picture.today)),
    ]
    return [(label, due) for label, due in found if due is not None]
