"""What the rules say of each claim of a chunk, and of which claims that is another order than they are in.

Cases the law cannot tell apart are decided once (`cob.rules.bulk`); a process remembers what was decided from one
chunk to the next. Under suppositions every case is asked twice, and the two answers are compared with each other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from claims.auditing.reading import Chunk, ClaimRead
from claims.order_audit import NOT_BILLABLE, SETTLED, Due
from cob.coverage.options import OptionsOnFile
from cob.coverage.supposing import AsIf
from cob.rules import BadCase, determine
from cob.rules.bulk import Decided, Decider
from cob.rules.order.partition import partition

# Kinds of case a worker keeps in mind; a few kilobytes each.
REMEMBERED = 50_000
Decide = Callable[[dict[Any, Any]], Decided]
UNREADABLE = Decided("data_conflict", (), (), None, False, (), (), ())
KIND_UNKNOWN = Decided("needs_facts", (), (), None, False, (), (), ())


class Asked(NamedTuple):
    """One claim whose order may not be the one due. `payers`: whose each card of the patient is. `was`: what was due
    before, where something is supposed.
    """

    claim: ClaimRead
    due: Due
    needs: tuple[str, ...]
    payers: dict[str, str]
    was: Due | None = None


class Asker:
    """Asks the rules in force, or those and the ones supposed; the choices on file are read once."""

    def __init__(self, as_if: AsIf | None = None) -> None:
        self.as_if = as_if or AsIf()
        self.options = OptionsOnFile.read()
        self.supposed = self.as_if.options(self.options)

    def ask(self, chunk: Chunk) -> list[Asked]:
        """The claims that are not plainly in the order due; of a supposition, those it would change."""
        said = self._decide(chunk, self.options, ())
        if self.as_if:
            return self._ask_supposed(chunk, said)
        return [
            Asked(claim, self._due(chunk, claim, now, self.options), now.needs, chunk.payers(claim))
            for claim, now in zip(chunk.claims, said, strict=True)
            if not _plainly_in_order(claim, now)
        ]

    def _ask_supposed(self, chunk: Chunk, before: list[Decided]) -> list[Asked]:
        with self.as_if.law():
            said = self._decide(chunk, self.supposed, self.as_if.numbers)
            return [
                Asked(
                    claim,
                    self._due(chunk, claim, now, self.supposed),
                    now.needs,
                    chunk.payers(claim),
                    Due(was.status, was.order),
                )
                for claim, was, now in zip(chunk.claims, before, said, strict=True)
                if was.order != now.order or (was.status in SETTLED) != (now.status in SETTLED)
            ]

    def _due(self, chunk: Chunk, claim: ClaimRead, said: Decided, options: OptionsOnFile) -> Due:
        """What was decided, as claims are compared with it; why a payer is set aside only where it is on the claim."""
        aside: dict[str, str] = {}
        if said.set_aside and any(row[1] in said.set_aside for row in claim.payers):
            case = chunk.charts[claim.patient].case(claim.service_on, _about(claim), options)
            rules = why_aside(partition(case), case)
            aside = {card["id"]: rules[place] for place, card in enumerate(case["coverages"]) if place in rules}
        return Due(said.status, said.order, said.rules, aside)

    def _decide(self, chunk: Chunk, options: OptionsOnFile, law: tuple[tuple[str, int], ...]) -> list[Decided]:
        decide = _decider(law).decide
        said: list[Decided] = []
        same: dict[tuple[str, date], Decided] = {}
        for claim in chunk.claims:
            # Two claims of one visit are one case, unless one of them is for an injury.
            visit = (claim.patient, claim.service_on)
            found = None if claim.related_to else same.get(visit)
            if found is None:
                found = self._decided(chunk, claim, options, decide)
                if not claim.related_to:
                    same[visit] = found
            said.append(found)
        return said

    def _decided(self, chunk: Chunk, claim: ClaimRead, options: OptionsOnFile, decide: Decide) -> Decided:
        chart = chunk.charts.get(claim.patient)
        if chart is None:
            return UNREADABLE
        if unknown := chart.kind_unknown:
            return KIND_UNKNOWN._replace(needs=(f"coverages.{unknown}.kind",))
        try:
            return decide(chart.case(claim.service_on, _about(claim), options))
        except (BadCase, LookupError, TypeError, ValueError):
            # Facts that contradict the contract, or name somebody no longer on file: a person has to look.
            return UNREADABLE


def _about(claim: ClaimRead) -> dict[str, Any]:
    """What the claim says of its visit."""
    return {"related_to": claim.related_to} if claim.related_to else {}


@lru_cache(maxsize=2)
def _decider(law: tuple[tuple[str, int], ...]) -> Decider:  # noqa: ARG001  what is tried is what tells two apart
    return Decider(REMEMBERED)


class _WhyAside:
    """The rule that sets each card aside, by place, asked once for cases the law cannot tell apart."""

    def __init__(self) -> None:
        self._known: dict[Any, dict[int, str]] = {}

    def __call__(self, kind: Any, case: dict[Any, Any]) -> dict[int, str]:
        if kind not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            places = {card["id"]: place for place, card in enumerate(case["coverages"])}
            self._known[kind] = {places[one.coverage]: one.rule for one in determine(case).set_aside}
        return self._known[kind]


why_aside = _WhyAside()


def _plainly_in_order(claim: ClaimRead, said: Decided) -> bool:
    """Whether the payers on the claim are the ones due, one after the other: what most claims are."""
    if said.status not in SETTLED:
        return False
    due = [one for group in said.order for one in group]
    return [row[1] for row in claim.payers] == due and all(row[2] != NOT_BILLABLE for row in claim.payers)
