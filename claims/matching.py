"""Whose claim is this answer about? By our number, else by the payer's, else by member, day, service and charge.

Each match says which signs agreed. Two claims that fit equally well are no match: a person decides.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from claims.models import Claim, ClaimPayer, Line
from claims.weighing import known_of, weigh
from cob.coverage.models import Coverage, Payer
from cob.patients.models import squash
from cob.x12.t835 import Claim835, Line835


@dataclass(frozen=True, slots=True)
class Match:
    """The claim, how it was found, and how much of 100 agrees (`claims.weighing`); without a claim `how` says why
    not, if there is more to say than "unknown"."""

    claim: Claim | None = None
    how: str = ""
    score: int = 0


@dataclass(slots=True)
class Claims:
    """The claims that a chunk of answers may be about: at most three queries, however many answers."""

    site_ids: frozenset[uuid.UUID]
    payer: Payer
    _ours: dict[str, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    _theirs: dict[str, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    _members: dict[str, list[Claim]] = field(default_factory=lambda: defaultdict(list))

    def look_up(self, answers: Sequence[Claim835]) -> None:
        """Fetch by our numbers first; by other signs only for what is left."""
        claims = with_everything(Claim.objects.all(), to_post=True)
        if self.site_ids:
            claims = claims.filter(site__in=self.site_ids)
        for claim in claims.filter(control_number__in={a.control_number for a in answers}):
            self._ours[claim.control_number].append(claim)
        left = [a for a in answers if self._by_number(a).claim is None]
        numbers = {n for a in left for n in (a.payer_control_number, a.original_control_number) if n}
        places = ClaimPayer.objects.filter(payer=self.payer, payer_control_number__in=numbers)
        their_ids = dict(places.values_list("claim_id", "payer_control_number")) if numbers else {}
        members = {squash(i) for a in left for i in member_ids(a)} - {""}
        covered = Coverage.objects.filter(search_member__in=members) if members else Coverage.objects.none()
        member_of: dict[uuid.UUID, set[str]] = defaultdict(set)
        for patient_id, member in covered.values_list("patient_id", "search_member"):
            member_of[patient_id].add(member)
        charges = {abs(a.charge_cents) for a in left}
        if their_ids:
            for claim in claims.filter(pk__in=their_ids):
                self._theirs[their_ids[claim.pk]].append(claim)
        if member_of:
            for claim in claims.filter(patient__in=member_of, charge_cents__in=charges):
                for member in member_of[claim.patient_id]:
                    self._members[member].append(claim)

    def match(self, answer: Claim835) -> Match:
        """The one claim that fits; the first kind of sign that decides, decides."""
        found = self._find(answer)
        return replace(found, score=weigh(known_of(found.claim), answer).score) if found.claim else found

    def _find(self, answer: Claim835) -> Match:
        first = self._by_number(answer)
        if first.claim:
            return first
        for number in (answer.payer_control_number, answer.original_control_number):
            found = self._theirs.get(number, []) if number else []
            if len(found) == 1:
                return Match(found[0], f"the payer's number {number}")
        found = [claim for m in member_ids(answer) for claim in self._members.get(squash(m), []) if fits(claim, answer)]
        unique = {claim.pk: claim for claim in found}
        if len(unique) == 1:
            return Match(found[0], "member id, service date, procedure and charge")
        if unique:
            return Match(None, f"{len(unique)} claims have this member id, date, procedure and charge.")
        return Match(None, first.how)

    def _by_number(self, answer: Claim835) -> Match:
        numbered = self._ours.get(answer.control_number, [])
        signs: list[tuple[str, Callable[[Claim], bool]]] = [
            ("charge and patient", lambda c: same_charge(c, answer) and same_name(c, answer)),
            ("charge", lambda c: same_charge(c, answer)),
            ("patient", lambda c: same_name(c, answer)),
        ]
        for sign, agrees in signs:
            found = [claim for claim in numbered if agrees(claim)]
            if len(found) == 1:
                return Match(found[0], f"our claim number, {sign}")
            if found:
                return Match(None, "Claims of several sites have this number.")
        if numbered:
            return Match(None, "Our claim number is on file, but neither the charge nor the patient's name agrees.")
        return Match()


_OF_PAYER = tuple(field.name for field in ClaimPayer._meta.concrete_fields)


def with_everything(claims: QuerySet[Claim], *, to_post: bool = False) -> QuerySet[Claim]:
    """Claims with what matching and posting read: patient, lines, payers in order with their coverage. The claim as
    billed is left where it is; so are the patient's other coverages, which few answers ask for (`with_coverages`).

    `to_post` leaves out all of a coverage but its member id, which is all that a file of ten thousand answers asks.
    """
    payers = ClaimPayer.objects.order_by("rank").select_related("coverage").prefetch_related("payer")
    if to_post:
        payers = payers.only(*_OF_PAYER, "coverage__search_member")
    found = claims.select_related("patient").defer("content")
    return found.prefetch_related("lines", Prefetch("payers", queryset=payers))


def with_coverages(claims: Iterable[Claim], payer: Payer) -> None:
    """Fetch the coverages of the patients of those claims on which the payer has no place; `place_of` asks for them."""
    asked = [claim for claim in claims if payer.pk not in {p.payer_id for p in claim.payers.all()}]
    if asked:
        prefetch_related_objects(asked, "patient__coverages")


def member_ids(answer: Claim835) -> list[str]:
    """Every member number the payer gave, the corrected one first."""
    parties = (answer.corrected, answer.subscriber, answer.patient)
    return list(dict.fromkeys(p.id for p in parties if p and p.id))


def same_charge(claim: Claim, answer: Claim835) -> bool:
    """A reversal repeats the charge negated."""
    return claim.charge_cents == abs(answer.charge_cents)


def same_name(claim: Claim, answer: Claim835) -> bool:
    """Last names agree and first names begin alike: payers cut names short."""
    said = answer.patient
    if said is None or not said.name:
        return False
    first, ours = squash(said.first), claim.patient.search_first
    length = min(len(first), len(ours), 3)
    return squash(said.name)[:60] == claim.patient.search_last and first[:length] == ours[:length]


def fits(claim: Claim, answer: Claim835) -> bool:
    """Charge, a day of service, and every service the answer names is one of the claim's."""
    days = {line.service_on for line in answer.lines if line.service_on}
    days |= {answer.statement_from_on} if answer.statement_from_on else set()
    billed = {line.procedure for line in claim.lines.all()}
    named = {(line.submitted or line.procedure).code for line in answer.lines}
    in_span = any(claim.service_from <= day <= claim.service_to for day in days)
    return same_charge(claim, answer) and in_span and named <= billed


def tie_lines(lines: Iterable[Line], answered: Sequence[Line835]) -> list[Line | None]:
    """Which of our lines each answered service is: by REF*6R, else code, modifiers, day and charge, then with fewer
    signs, each of our lines once. Payers leave out numbers and modifiers."""
    ours = list(lines)
    tied: list[Line | None] = [_by_control(ours, line) for line in answered]
    if all(tied):
        return tied
    tests: tuple[Callable[[Line, Line835], bool], ...] = (
        lambda line, said: _code(line, said) and _modifiers(line, said) and _day(line, said) and _charge(line, said),
        lambda line, said: _code(line, said) and _day(line, said) and _charge(line, said),
        lambda line, said: _code(line, said) and _charge(line, said),
        _code,
        lambda line, said: _charge(line, said) and _day(line, said),
    )
    for agrees in tests:
        for n, answer in enumerate(answered):
            if tied[n] is None:
                free = [line for line in ours if line not in tied and agrees(line, answer)]
                tied[n] = free[0] if free else None
    return [line or _split_of(ours, answer) for line, answer in zip(tied, answered, strict=True)]


def _by_control(ours: Sequence[Line], answer: Line835) -> Line | None:
    """By REF*6R; not where code and charge both contradict it and are another line's: then the number is a slip."""
    said = answer.control_number
    found = next((line for line in ours if said and line.control_number == said), None)
    if found is None or _code(found, answer) or _charge(found, answer):
        return found
    return None if any(_code(line, answer) and _charge(line, answer) for line in ours) else found


def _split_of(ours: Sequence[Line], answer: Line835) -> Line | None:
    """A further service of the same code: the payer split one of our lines."""
    same = [line for line in ours if _code(line, answer) and abs(answer.charge_cents) <= line.charge_cents]
    return same[0] if len(same) == 1 else None


def _code(line: Line, answer: Line835) -> bool:
    return line.procedure == (answer.submitted or answer.procedure).code


def _modifiers(line: Line, answer: Line835) -> bool:
    return line.modifiers == " ".join((answer.submitted or answer.procedure).modifiers)


def _day(line: Line, answer: Line835) -> bool:
    return answer.service_on is None or line.service_on == answer.service_on


def _charge(line: Line, answer: Line835) -> bool:
    return line.charge_cents == abs(answer.charge_cents)
