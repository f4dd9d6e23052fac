"""What a claim needs before it goes out as verified, and what of it is missing.

Only what the desk can hold is asked for: card images and the behavioral administrator have no place on file yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cob.dates import birthdays
from cob.rules.frontdesk.flag import Place
from cob.rules.frontdesk.picture import ACCIDENT, NOT_A_PLAN, Card, Picture

# Kinds that carry a group number, and those that stand on a named employer.
WITH_GROUP: Final = frozenset({"employer", "union_multiemployer", "government_employer"})
WITH_EMPLOYER: Final = frozenset({"employer", "government_employer"})
ADULT_YEARS: Final = 16


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not on file: its name in code, in words, of which coverage, and where it is entered."""

    field: str
    label: str
    place: Place
    about: str = ""  # id of a coverage
    person: str = ""  # key of its subscriber, where it is entered of the person


def missing_for(picture: Picture) -> tuple[Missing, ...]:
    """Everything missing for the day in question: of the patient, of each coverage in force, of the order, of the
    visit. Empty: a claim of that day may go out as verified.
    """
    cards = [card for card in picture.in_force if card.kind not in NOT_A_PLAN]
    found = [*_of_patient(picture), *(one for card in cards for one in _of_coverage(card, picture))]
    return (*found, *_of_order(picture), *_of_visit(picture))


def _of_patient(picture: Picture) -> Iterator[Missing]:
    for name in picture.unfilled:
        yield Missing(name, name.replace("_", " "), Place.PATIENT)
    if picture.day < birthdays(picture.born_on, ADULT_YEARS)[-1]:
        return
    if not picture.marital_status:
        yield Missing("marital_status", "marital status", Place.PATIENT)
    own_job = any(card.relationship == "self" and card.fact("employment.status") for card in picture.in_force)
    if not picture.employment_status and not own_job:
        yield Missing("employment_status", "employment status", Place.PATIENT)


def _of_coverage(card: Card, picture: Picture) -> Iterator[Missing]:
    needed: list[tuple[str, str, object]] = [
        ("kind", "kind of plan", card.kind),
        ("payer_id", "payer id", card.payer_id),
        ("member_id", "member number", card.member_id or card.kind in ACCIDENT),
        ("group_number", "group number", card.group_number or card.kind not in WITH_GROUP),
        ("relationship", "relationship to the subscriber", card.fact("relationship")),
        ("employer", "employer", card.employer or card.kind not in WITH_EMPLOYER),
        ("subscriber", "subscriber", card.holder or card.relationship == "self"),
    ]
    needed += _dates(card, picture)
    needed += [
        ("verified_on", "verification", card.verified_on),
        ("verified_how", "method of verification", card.verified_how or not card.verified_on),
        ("verified_by", "who verified", card.verified_by or not card.verified_on),
    ]
    for name, label, value in needed:
        if not value:
            yield Missing(name, label, Place.COVERAGE, card.id)
    yield from _of_subscriber(card)


def _of_subscriber(card: Card) -> Iterator[Missing]:
    """What is known of a person is entered with the person, whichever card asks for it."""
    holder = card.holder
    if holder is None or card.relationship == "self":
        return
    if not holder.has_birth_date:
        yield Missing("subscriber_birth_date", "subscriber’s date of birth", Place.PERSON, card.id, holder.key)
    if not holder.has_sex:
        yield Missing("subscriber_sex", "subscriber’s sex", Place.PERSON, card.id, holder.key)


def _dates(card: Card, picture: Picture) -> list[tuple[str, str, object]]:
    """Original Medicare has its dates by part."""
    if card.kind == "medicare":
        parts = [picture.fact("medicare.part_a"), picture.fact("medicare.part_b")]
        return [("effective_on", "start of Part A or B", any(part and part.get("from") for part in parts))]
    return [
        ("effective_on", "first covered day", card.begins),
        ("ended_on", "last covered day, or that it goes on", card.is_end_known),
    ]


def _of_order(picture: Picture) -> Iterator[Missing]:
    if len(picture.in_force) < 2:
        return
    order = picture.order
    if order is None:
        yield Missing("determination", "order of payers", Place.ASK)
    elif not order.is_good(picture.day):
        yield Missing("determination", _why_not(order.status, order.expires_on, picture.day), Place.ASK)


def _why_not(status: str, expires_on: date | None, on: date) -> str:
    if status == "needs_facts":
        return "order of payers: a fact is missing"
    if expires_on is not None and expires_on <= on:
        return f"order of payers: it changes on {expires_on:%m/%d/%Y}"
    return "order of payers: not settled, or facts changed since"


def _of_visit(picture: Picture) -> Iterator[Missing]:
    """The day the patient was asked about other insurance, for this visit."""
    if picture.asked is None or not picture.has_visit or picture.visit_on != picture.today:
        return
    if picture.asked.short_on != picture.today:
        yield Missing("cob_answer_on", "today’s answer about other insurance", Place.ASK)
