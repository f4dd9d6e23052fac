"""Visits because of an accident or of work, and the days until Medicare may be billed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from cob.rules.frontdesk.flag import Place, Sign, flag
from cob.rules.frontdesk.picture import ACCIDENT, Picture, day
from cob.rules.order.accidents import PAYS_FOR
from cob.rules.parameters import law

CAUSES: Final = {
    "work": "an injury at work", "auto": "a vehicle accident", "other_accident": "an accident", "crime": "a crime",
    "black_lung": "black lung", "wtc": "the World Trade Center", "liability": "somebody else’s fault",
}  # fmt: skip
# No accident: they came over years, and have no day.
DISEASES: Final = frozenset({"black_lung", "wtc"})
# Which part of the worksheet answers for which cause.
PARTS: Final = {
    "work": "workers_comp", "auto": "no_fault", "other_accident": "liability", "liability": "liability",
    "crime": "liability",
}  # fmt: skip
PART_OF: Final = {
    "workers_comp": "workers_comp", "no_fault": "no_fault", "medpay": "no_fault", "liability": "liability",
}  # fmt: skip


def cause_of(related: Sequence[str]) -> str:
    """Why a visit is, in words; empty for an illness."""
    return " and ".join(CAUSES[one] for one in related if one in CAUSES)


def _on_file(picture: Picture, related: Sequence[str]) -> set[str]:
    """The parts of the worksheet of the accident payers on file who pay for the cause."""
    return {PART_OF[card.kind] for card in picture.of(frozenset(PART_OF)) if PAYS_FOR[card.kind] & {*related}}


def _by_cause(related: Sequence[str]) -> set[str]:
    return {PARTS[one] for one in related if one in PARTS}


def is_answered(picture: Picture, related: Sequence[str]) -> bool:
    """The accident payer's result is known: comp decided, auto benefits used up, liability settled or none."""
    parts = _by_cause(related) | _on_file(picture, related)
    results = {
        "workers_comp": picture.fact("accident.workers_comp.status") in ("accepted", "denied", "settled"),
        "no_fault": day(picture.fact("accident.no_fault.exhausted_on")) is not None,
        "liability": picture.fact("accident.liability.status") in ("none", "settled"),
    }
    return bool(parts) and all(results[part] for part in parts)


def last_prompt_day(picture: Picture, related: Sequence[str], service_on: date) -> date | None:
    """Day 120, after which Medicare may be billed meanwhile: for liability from the earlier of service and claim, for
    comp and auto from the day the claim was filed. None where no count runs.
    """
    starts = []
    for part in _on_file(picture, related) or _by_cause(related):
        filed = day(picture.fact(f"accident.{part}.claim_filed_on"))
        if part == "liability":
            starts.append(min(filed, service_on) if filed else service_on)
        elif filed is not None:
            starts.append(filed)
    return min(starts) + timedelta(days=law("accidents.promptly.days", service_on)) if starts else None


@flag(
    "ACCIDENT", "Accident or work injury", "42 CFR 411.40, 411.50", queue="WQ17",
    gone="The accident payer’s answer is on file, or the visit has nothing to do with an accident.",
)  # fmt: skip
def accident_visit(picture: Picture) -> Iterator[Sign]:
    """Care of an injury is billed to the accident payer first; the health plans want its answer or its name."""
    related = picture.fact("claim.related_to") or []
    cause = cause_of(related)
    if not cause or is_answered(picture, related):
        return
    lacks = _worksheet(picture, related)
    yield Sign(
        saw=f"The visit on {picture.day:%m/%d/%Y} is because of {cause}"
        + (f"; not known: {', '.join(lacks)}." if lacks else "; the accident payer has not answered."),
        do="Fill in the accident worksheet before billing: day, place, carrier, claim number, adjuster or attorney.",
        place=Place.ACCIDENT,
        tone="bad" if lacks else "warn",
        on=picture.day,
        by=picture.day,
    )


def _worksheet(picture: Picture, related: Sequence[str]) -> list[str]:
    lacks = []
    if picture.fact("accident.date") is None and not DISEASES.issuperset(set(related) & CAUSES.keys()):
        lacks.append("the day of the accident")
    if "auto" in related and picture.fact("accident.state") is None:
        lacks.append("the state")
    if not picture.of(ACCIDENT):
        lacks.append("who answers for it")
    return lacks


@flag("ACCIDENT-ASK", "Accident payer on file", "42 CFR 411.40, 411.50")
def accident_not_asked(picture: Picture) -> Iterator[Sign]:
    """An accident payer counts for care of that injury alone, so each visit has to be asked about."""
    cards = picture.of(ACCIDENT)
    if cards and picture.fact("claim.related_to") is None and picture.has_visit:
        yield Sign(
            saw=f"{' and '.join(card.payer for card in cards)} on file; nobody said what this visit is for.",
            do="Ask whether the visit is because of the accident.",
            place=Place.ACCIDENT,
            by=picture.day,
        )
