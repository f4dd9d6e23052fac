"""A verdict with all that is known about the names in it: payers, people, facts and orders in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cob.coverage import catalogue
from cob.coverage.grounds import rests_on
from cob.coverage.wording import answered, is_said, within
from cob.ui.card import FactLine

LEVELS = ("Primary", "Secondary", "Tertiary", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
FEW_CHOICES = 3
NOBODY = "nobody on file pays"


@dataclass(frozen=True, slots=True)
class Telling:
    """Names are the practice's own, else what the case calls them; an id stands only where there is neither."""

    verdict: Mapping[str, Any]
    case: Mapping[str, Any]
    plans: Mapping[str, str]
    people: Mapping[str, str]
    sources: Mapping[str, str]
    coverages: Mapping[str, Mapping[str, Any]]

    def payer(self, coverage: str) -> str:
        """The payer's name as the practice writes it; its id where nobody named it."""
        return self.plans.get(coverage) or coverage

    def payers(self, coverages: Iterable[str]) -> tuple[str, ...]:
        """The same for several, in order."""
        return tuple(self.payer(coverage) for coverage in coverages)

    def names(self, path: str) -> dict[str, str]:
        """Plans and people together; a plan and a person may have one id, so what the answer names comes last."""
        entry = catalogue.known(path, (*self.plans, *self.people))
        is_plan = entry is not None and entry.way is catalogue.Way.COVERAGE
        return {**self.people, **self.plans} if is_plan else {**self.plans, **self.people}

    def fact(self, path: str, value: object) -> FactLine:
        """A fact in words, with whose it is and who told us."""
        names = self.names(path)
        owner, _ = catalogue.owner_and_key(path, names)
        about = (self.plans if path.startswith("coverages.") else self.people).get(owner, owner)
        said = answered(path, value, names)
        return FactLine(catalogue.label(path, names), said, self.sources.get(path, ""), about)

    def inside(self, path: str, value: object) -> str:
        """A value to stand inside a sentence."""
        names = self.names(path)
        return within(path, answered(path, value, names), names)

    def is_one_of_many(self, path: str) -> bool:
        """Whether a value tried stands for others like it: a day, an amount, one of many answers."""
        entry = catalogue.known(path, self.names(path))
        return entry is None or (entry.way is not catalogue.Way.YES_NO and not 0 < len(entry.choices) <= FEW_CHOICES)

    def line(self, order: Sequence[str]) -> str:
        """An order in one line: "Primary A, secondary B"."""
        return ", ".join(f"{level} {payer}" for level, payer in self.ranked(order)) or NOBODY

    def ranked(self, order: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Level and payer, the first level with a capital."""
        pairs = enumerate(self.payers(order))
        return tuple((level(at) if at == 0 else level(at).lower(), payer) for at, payer in pairs)

    def grounds(self, rule_id: str, coverage: str, used: Mapping[str, FactLine], is_new: bool) -> tuple[FactLine, ...]:
        """The facts a rule rests on for one payer: its own; those of nobody's plan where the rule is named first."""
        entry = self.coverages.get(coverage, {})
        own = {"coverages": coverage, "people": entry.get("subscriber")}
        found = []
        for path, line in self._with_kind(coverage, used).items():
            owner, key = catalogue.owner_and_key(path, self.names(path))
            is_here = owner == own.get(path.partition(".")[0]) if owner else is_new
            if is_here and rests_on(rule_id, key):
                found.append(line)
        return tuple(found)

    def _with_kind(self, coverage: str, used: Mapping[str, FactLine]) -> dict[str, FactLine]:
        """The kind of plan is not handed out as a fact but is the whole ground of many rules."""
        path, kind = f"coverages.{coverage}.kind", self.coverages.get(coverage, {}).get("kind")
        return {path: self.fact(path, kind)} | dict(used) if kind else dict(used)

    def used(self) -> dict[str, FactLine]:
        """The facts read on the way, where the case holds them; one nobody knows is not one the verdict rests on."""
        lines = {}
        for path in self.verdict.get("facts_used", ()):
            is_there, value = self.look_up(path)
            if is_there and is_said(path, value, self.names(path)):
                lines[path] = self.fact(path, value)
        return lines

    def look_up(self, path: str) -> tuple[bool, Any]:
        """Whether the case has the path, and what it says there."""
        owner, key = catalogue.owner_and_key(path, self.names(path))
        node: Any = self.case
        if path.startswith("coverages."):
            node = self.coverages.get(owner)
        elif path.startswith("people."):
            node, key = self.case.get("people", {}).get(owner), key.removeprefix("people.")
        for name in key.split("."):
            if not isinstance(node, Mapping) or name not in node:
                return False, None
            node = node[name]
        return True, node


def level(at: int) -> str:
    """The word for a place, counted from 0."""
    return LEVELS[at] if at < len(LEVELS) else f"{at + 1}th"
