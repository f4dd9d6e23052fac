"""What a 271 says that bears on who pays first: the payer's own coverage, other payers it knows, and why it steps back.

Hints are offered to the front desk with their source; nothing here is a fact until a person says so. The other
payer's place is what the answering payer believes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from cob.x12.parts import NamedDate
from cob.x12.t271 import (
    ACTIVE,
    CANNOT_SAY,
    CONTACT,
    INACTIVE,
    MSP_TYPES,
    OTHER_PAYER,
    OTHER_SOURCE,
    PLACES,
    Answer271,
    Benefit,
    Entity,
)


class Hint(StrEnum):
    """What kind of thing is said."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    OTHER_PAYER = "other_payer"
    MEDICARE_SECONDARY = "medicare_secondary"
    MANAGED_CARE = "managed_care"
    CARVE_OUT = "carve_out"
    COBRA = "cobra"
    QMB = "qmb"
    OTHER_CARE = "other_care"
    NO_ANSWER = "no_answer"


# EB04. 12 to 47 are the reasons for which Medicare is secondary, as in SBR05.
INSURANCE_TYPES: Final = {
    "12": "working aged, or spouse, with a plan from a job",
    "13": "kidney failure in the coordination period with a plan from a job",
    "14": "no-fault insurance, auto among them",
    "15": "workers' compensation",
    "16": "public health service or another federal agency",
    "41": "black lung",
    "42": "veterans affairs",
    "43": "disabled and under 65 with a large plan from a job",
    "47": "liability insurance",
    "AP": "auto insurance",
    "C1": "commercial insurance",
    "CO": "COBRA",
    "CP": "Medicare conditionally primary",
    "GP": "group policy",
    "HM": "HMO",
    "HN": "Medicare Advantage",
    "MA": "Medicare Part A",
    "MB": "Medicare Part B",
    "MC": "Medicaid",
    "MP": "Medicare primary",
    "MH": "Medigap Part A",
    "MI": "Medigap Part B",
    "OT": "another kind",
    "PR": "PPO",
    "QM": "qualified Medicare beneficiary",
    "SP": "supplemental policy",
    "WC": "workers' compensation",
}  # fmt: skip
# AAA03, and EB01 V. A question that failed says nothing about coverage.
REJECTIONS: Final = {
    "04": "the payer takes no more questions in one file",
    "15": "something the payer needs was missing",
    "33": "the input was not valid",
    "41": "we are not allowed to ask",
    "42": "the payer cannot answer now; ask again later",
    "43": "the provider's number is missing or not valid",
    "50": "the provider is not eligible to ask",
    "51": "the provider is not on the payer's file",
    "52": "the date of service is not within the payer's records",
    "56": "the date is not valid",
    "57": "the date of service is not valid",
    "58": "the date of birth is missing or not valid",
    "62": "the date of service is too long ago or too far ahead",
    "64": "the patient's id is missing or not valid",
    "65": "the patient's name is missing or not valid",
    "67": "the patient was not found",
    "71": "the patient's date of birth does not match",
    "72": "the member id is missing or not valid",
    "73": "the subscriber's name is missing or not valid",
    "75": "the subscriber was not found",
    "76": "there are several subscribers with this id",
    "79": "the payer's own id is not valid",
    "80": "the payer did not answer in time",
    CANNOT_SAY: "the payer cannot process the question",
}
_DATES_COB, _DATES_PLAN = ("290",), ("291", "307", "346", "348", "356", "193", "292")
_MENTAL_HEALTH: Final = frozenset({"MH", "A4", "A6", "A7", "A8", "AI", "CE", "CF"})
_CARRIERS: Final = frozenset({"PR", "PRP", "SEP", "TTP", "VN", "X3", "2B", "OC"})


@dataclass(frozen=True, slots=True)
class Said:
    """One hint. `place` is the place the answering payer believes the other to have; no dates mean: none were said."""

    hint: Hint
    code: str
    payer: str = ""
    payer_id: str = ""
    place: int | None = None
    policy: str = ""
    group: str = ""
    policyholder: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    because: str = ""
    messages: tuple[str, ...] = ()
    segment_no: int = 0

    def covers(self, day: date) -> bool | None:
        """Whether it speaks of this day; None when it says no dates: a question then, not a coverage."""
        if self.starts_on is None and self.ends_on is None:
            return None
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


def hints(answer: Answer271) -> tuple[Said, ...]:
    """Everything in an answer that bears on payer order, in the order it was said."""
    found = [*_no_answer(answer)]
    for benefit in answer.benefits:
        found += _of(benefit, answer)
    return tuple(found)


def _no_answer(answer: Answer271) -> Iterator[Said]:
    for rejection in answer.rejections:
        why = REJECTIONS.get(rejection.code, "see the payer's list")
        yield Said(Hint.NO_ANSWER, rejection.code, because=why, segment_no=rejection.segment_no)


def _of(benefit: Benefit, answer: Answer271) -> Iterator[Said]:
    """An EB in one hint, or in none."""
    kind = benefit.insurance_type
    if benefit.code == CANNOT_SAY:
        yield Said(Hint.NO_ANSWER, CANNOT_SAY, because=REJECTIONS[CANNOT_SAY], segment_no=benefit.segment_no)
    elif benefit.code in {ACTIVE, INACTIVE} and benefit.is_for_medical_care:
        hint = Hint.ACTIVE if benefit.code == ACTIVE else Hint.INACTIVE
        yield _said(hint, benefit, _DATES_PLAN, answer)
        if kind == "CO":
            yield _said(Hint.COBRA, benefit, _DATES_PLAN, answer)
        if kind == "QM" and benefit.code == ACTIVE:
            yield _said(Hint.QMB, benefit, (*_DATES_COB, *_DATES_PLAN), answer)
        if benefit.code == ACTIVE and _is_elsewhere(benefit, answer):
            yield from _others(Hint.CARVE_OUT, benefit, _DATES_PLAN, answer)
    elif benefit.code == OTHER_PAYER and not benefit.is_for_medical_care:
        yield _said(Hint.OTHER_CARE, benefit, _DATES_PLAN, answer)
    elif kind == "QM":
        yield _said(Hint.QMB, benefit, (*_DATES_COB, *_DATES_PLAN), answer)
    elif benefit.code == OTHER_PAYER:
        yield from _others(_other(benefit), benefit, (*_DATES_COB, *_DATES_PLAN), answer)
    elif benefit.code == OTHER_SOURCE and benefit.is_for_medical_care and _is_another(benefit, answer):
        yield from _others(_other(benefit), benefit, (*_DATES_COB, *_DATES_PLAN), answer)
    elif benefit.code == CONTACT and _is_elsewhere(benefit, answer):
        yield from _others(Hint.CARVE_OUT, benefit, _DATES_PLAN, answer)


def _others(hint: Hint, benefit: Benefit, dates: tuple[str, ...], answer: Answer271) -> Iterator[Said]:
    """An EB may name several payers, the one that answers among them: each of the others. The numbers beside them are
    the first one's."""
    said = _said(hint, benefit, dates, answer)
    others = [e for e in benefit.entities if e.party.role in _CARRIERS and not _is_answering(e, answer)]
    if not others:
        # Of a plan of its own the payer may name itself; it is no other payer.
        is_own = hint is Hint.MANAGED_CARE or _carrier(benefit) is None
        yield said if is_own else replace(said, payer=benefit.plan, payer_id="", place=None)
    for at, carrier in enumerate(others):
        one = replace(said, payer=carrier.party.name, payer_id=carrier.party.id, place=PLACES.get(carrier.party.role))
        yield replace(one, policy="", group="", policyholder="") if at else one


def _is_answering(entity: Entity, answer: Answer271) -> bool:
    own, party = answer.payer, entity.party
    return party.name == own.name or (bool(party.id) and party.id == own.id)


def _other(benefit: Benefit) -> Hint:
    if benefit.insurance_type in MSP_TYPES:
        return Hint.MEDICARE_SECONDARY
    if benefit.insurance_type == "HN":
        return Hint.MANAGED_CARE
    return (
        Hint.CARVE_OUT
        if set(benefit.service_types) and set(benefit.service_types) <= _MENTAL_HEALTH
        else Hint.OTHER_PAYER
    )


def _is_elsewhere(benefit: Benefit, answer: Answer271) -> bool:
    """Mental health alone, and somebody else to turn to: a behavioral carve-out."""
    about = set(benefit.service_types)
    return bool(about) and about <= _MENTAL_HEALTH and _is_another(benefit, answer)


def _is_another(benefit: Benefit, answer: Answer271) -> bool:
    return any(e.party.role in _CARRIERS and not _is_answering(e, answer) for e in benefit.entities)


def _said(hint: Hint, benefit: Benefit, dates: tuple[str, ...], answer: Answer271) -> Said:
    carrier = _carrier(benefit)
    holder = next((e.party for e in benefit.entities if e.party.role == "IL"), None)
    starts, ends = _span(benefit.dates, dates)
    if hint in {Hint.ACTIVE, Hint.INACTIVE, Hint.COBRA}:
        carrier = None
        starts, ends = _with_the_persons(starts, ends, answer)
    return Said(
        hint,
        f"EB*{benefit.code}*{benefit.insurance_type}".rstrip("*"),
        payer=carrier.party.name if carrier else "" if hint in {Hint.ACTIVE, Hint.INACTIVE} else benefit.plan,
        payer_id=carrier.party.id if carrier else "",
        place=PLACES.get(carrier.party.role) if carrier else None,
        policy=benefit.number("IG") or benefit.number("1L") or benefit.number("F6") or benefit.number("18"),
        group=benefit.number("6P"),
        policyholder=" ".join(filter(None, (holder.first, holder.name))) if holder else "",
        starts_on=starts,
        ends_on=ends,
        because=INSURANCE_TYPES.get(benefit.insurance_type, ""),
        messages=benefit.messages,
        segment_no=benefit.segment_no,
    )


def _with_the_persons(starts: date | None, ends: date | None, answer: Answer271) -> tuple[date | None, date | None]:
    """The dates of an EB, and where it leaves one out, the one that stands with the person and is meant for all."""
    theirs = _span(answer.person.dates, _DATES_PLAN) if answer.person else (None, None)
    first, last = starts or theirs[0], ends or theirs[1]
    # The person's may be of another stretch of cover.
    return (first, last) if first is None or last is None or first <= last else (starts, ends)


def _carrier(benefit: Benefit) -> Entity | None:
    return next((e for e in benefit.entities if e.party.role in _CARRIERS), None)


_ENDS: Final = frozenset({"347", "349", "357", "194"})


def _span(dates: tuple[NamedDate, ...], wanted: tuple[str, ...]) -> tuple[date | None, date | None]:
    """From and until: one date that is a span or a beginning, or a beginning and an end as two."""
    start = next((d for q in wanted for d in dates if d.qualifier == q), None)
    if start is None:
        return None, next((d.on for d in dates if d.qualifier in _ENDS), None)
    end = start.until or next((d.on for d in dates if d.qualifier in _ENDS), None)
    # A day the question was asked for (307, 291 as D8 in some hands) is a beginning only where no end is said.
    return start.on, end
