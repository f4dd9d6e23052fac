"""What a payer said, as offers to the front desk: each with its source, its day, and what could be put on file of it.

Pure over rows already read. Nothing here changes anything; an offer stands until it is replied to or is on file anyway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from cob.coverage.eligibility.answering import NEWS, from_json
from cob.coverage.models import Coverage, EligibilityAnswer, Kind, OfferReply, Reply
from cob.patients.models import squash
from cob.x12.hints271 import Hint, Said

QMB: Final = "medicare.qmb"
PLACES: Final = {1: "primary", 2: "secondary", 3: "tertiary"}
OTHERS: Final = frozenset({Hint.OTHER_PAYER, Hint.MEDICARE_SECONDARY, Hint.MANAGED_CARE, Hint.CARVE_OUT})
ORDER: Final = frozenset({Hint.OTHER_PAYER, Hint.MEDICARE_SECONDARY})
# What kind of plan stands before Medicare for that reason; the rest is for the desk to say.
KINDS: Final = {
    "12": Kind.EMPLOYER,
    "13": Kind.EMPLOYER,
    "43": Kind.EMPLOYER,
    "14": Kind.NO_FAULT,
    "15": Kind.WORKERS_COMP,
    "41": Kind.BLACK_LUNG,
    "42": Kind.VA,
    "47": Kind.LIABILITY,
    "MC": Kind.MEDICAID,
    "MA": Kind.MEDICARE,
    "MB": Kind.MEDICARE,
}
_SETTLED: Final = (Reply.ON_FILE, Reply.NOT_SO)


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing said. `match` is the coverage on file it speaks of; `nth` its place among the hints of the answer."""

    answer: EligibilityAnswer
    said: Said
    nth: int
    key: str
    match: Coverage | None
    own_position: int | None
    replies: tuple[OfferReply, ...] = ()
    is_held: bool = False

    @property
    def coverage(self) -> Coverage:
        """Whose payer says it."""
        assert self.answer.coverage is not None  # noqa: S101  only placed answers make offers
        return self.answer.coverage

    @property
    def payer(self) -> str:
        return str(self.coverage.payer)

    @property
    def other(self) -> str:
        """The payer it names."""
        return str(self.match.payer) if self.match else self.said.payer

    @property
    def is_settled(self) -> bool:
        """Somebody said what it is, or what it tells is on file."""
        return self.is_held or any(row.reply in _SETTLED for row in self.replies)

    @property
    def asked(self) -> OfferReply | None:
        """Somebody wants to ask the patient."""
        return next((row for row in reversed(self.replies) if row.reply == Reply.ASK), None)

    @property
    def has_word(self) -> bool:
        """It tells an order that is not kept as the payer's word yet."""
        tells = self.said.hint in ORDER and (self.said.place is not None or self.own_position is not None)
        return tells and self.said.covers(self.answer.service_on) is not False and not self._kept

    @property
    def _kept(self) -> bool:
        return any(row.reply == Reply.WORD for row in self.replies)

    @property
    def is_open(self) -> bool:
        """There is something left to say about it."""
        return not self.is_settled or self.has_word

    @property
    def is_question(self) -> bool:
        """It gives no dates that include the day: to be asked before it is put on file."""
        return self.said.hint in OTHERS and self.said.covers(self.answer.service_on) is not True

    @property
    def kind(self) -> str:
        """What kind of coverage it speaks of, where that is certain enough to be chosen beforehand."""
        if self.said.hint is Hint.MANAGED_CARE:
            return Kind.MEDICARE_ADVANTAGE
        if self.said.hint is Hint.CARVE_OUT:
            return self.coverage.kind
        return KINDS.get(self.said.code.rpartition("*")[2], "")


def offers_of(
    answers: Iterable[EligibilityAnswer],
    coverages: Sequence[Coverage],
    replies: Iterable[OfferReply],
    facts: Mapping[str, Any],
) -> list[Offer]:
    """The offers of each coverage's newest answer that speaks. `answers` newest first; `facts` by path."""
    told: dict[tuple[UUID, str], list[OfferReply]] = {}
    for reply in replies:
        told.setdefault((reply.coverage_id, reply.key), []).append(reply)
    found = []
    for answer in latest_of_each(answers):
        seen = set()
        hints = from_json(answer.hints)
        own = own_position(hints, answer.service_on)
        for nth, hint in enumerate(hints):
            said = hint
            if said.hint is Hint.ACTIVE and answer.is_active is False:
                said = replace(said, hint=Hint.INACTIVE)
            key = key_of(said, answer.answered_on)
            is_outweighed = said.hint is Hint.INACTIVE and answer.is_active
            if key in seen or is_outweighed or said.hint not in NEWS | {Hint.ACTIVE}:
                continue
            seen.add(key)
            match = _match(said, answer, coverages) if said.hint in OTHERS else None
            held = _is_held(said, answer, match, facts)
            those = tuple(told.get((answer.coverage_id, key), ()))  # type: ignore[arg-type]
            found.append(Offer(answer, said, nth, key, match, own, those, held))
    return [offer for offer in found if offer.said.hint is not Hint.ACTIVE] + _in_force(found)


def latest_of_each(answers: Iterable[EligibilityAnswer]) -> list[EligibilityAnswer]:
    """Of each coverage the newest answer that was one; a failed question does not hide what was answered before."""
    latest: dict[object, EligibilityAnswer] = {}
    for answer in answers:
        if answer.coverage_id and not answer.is_failed:
            latest.setdefault(answer.coverage_id, answer)
    return list(latest.values())


def key_of(said: Said, answered_on: date) -> str:
    """The same words about the same payer are the same offer, in whichever answer they come. That a coverage is in
    force, or is not as of no day, is said anew each time.
    """
    dates: tuple[date | None, ...] = (said.starts_on, said.ends_on)
    if said.hint is Hint.ACTIVE or (said.hint is Hint.INACTIVE and dates == (None, None)):
        dates = (answered_on,)
    text = repr((said.hint.value, squash(said.payer), said.payer_id, squash(said.policy), said.place, dates))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def in_force_as_of(answer: EligibilityAnswer) -> date:
    """The latest day of which an answer says that the coverage is in force: asked about a day past it says nothing of
    the day it was given.
    """
    return min(answer.answered_on, answer.service_on)


def own_position(hints: Iterable[Said], on: date) -> int | None:
    """The place the payer shows for itself: the one that those it gives to others leave free. None: not told."""
    taken = {said.place for said in hints if said.hint in ORDER and said.place and said.covers(on) is not False}
    if not taken:
        return None
    free = next(place for place in range(1, len(taken) + 2) if place not in taken)
    return free if max(taken) <= len(taken) + 1 else None


def _in_force(found: list[Offer]) -> list[Offer]:
    """One of each answer: it names many benefits, and they all say the same of the coverage."""
    first: dict[UUID, Offer] = {}
    for offer in found:
        if offer.said.hint is Hint.ACTIVE and offer.answer.is_active:
            first.setdefault(offer.answer.pk, offer)
    return list(first.values())


def _match(said: Said, answer: EligibilityAnswer, coverages: Sequence[Coverage]) -> Coverage | None:
    """The coverage on file of the payer it names: by payer id, by policy number, or by the payer's whole name; of
    several stretches the one of the day. Medicare names Advantage plans by contract, so the one of that day is it."""
    others = [row for row in coverages if row.pk != answer.coverage_id]
    by_id = [row for row in others if said.payer_id and said.payer_id in (row.payer.edi_id, *row.payer.remit_ids)]
    by_number = [row for row in others if said.policy and squash(said.policy) == row.search_member]
    by_name = [row for row in others if said.payer and squash(said.payer) == squash(row.payer.name)]
    if said.hint is Hint.MANAGED_CARE:
        plans = [row for row in others if row.kind == Kind.MEDICARE_ADVANTAGE]
        by_name += [row for row in plans if _is_in_force(row, answer.service_on)]
    found = [*by_id, *by_number, *by_name]
    return next((row for row in found if _is_in_force(row, answer.service_on)), next(iter(found), None))


def _is_in_force(row: Coverage, on: date) -> bool:
    return row.enrolled and (row.effective_on or on) <= on <= (row.ended_on or on)


def _is_held(said: Said, answer: EligibilityAnswer, match: Coverage | None, facts: Mapping[str, Any]) -> bool:
    """Whether what it tells is on file already."""
    coverage = answer.coverage
    assert coverage is not None  # noqa: S101  only placed answers make offers
    match said.hint:
        case Hint.ACTIVE:
            return coverage.verified_on is not None and coverage.verified_on >= in_force_as_of(answer)
        case Hint.INACTIVE:
            is_over = coverage.ended_on is not None and coverage.ended_on < answer.service_on
            return is_over or not coverage.enrolled
        case Hint.COBRA:
            return facts.get(f"coverages.{coverage.pk}.continuation") == "cobra"
        case Hint.QMB:
            return facts.get(QMB) is True and said.covers(answer.service_on) is not False
        case _:
            day = answer.service_on
            # In force on the day by the payer's file, and over or never taken up by ours: that is news.
            return match is not None and (said.covers(day) is not True or _is_in_force(match, day))
