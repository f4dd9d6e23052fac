"""Where an order a person wants goes against federal law: each pair it turns round, and each payer it leaves out.

The rules are asked about two coverages at a time, so that a pair the person moved apart is found as well as a pair of
neighbors. Contracts and state rules may be judged by a person; what federal law orders must be confirmed by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from cob.coverage.agreement import SETTLED
from cob.coverage.models import MEDICARE_KINDS
from cob.coverage.rulebook import Malformed, verdict_on
from cob.rules.reading import BOOK

_FEDERAL = re.compile(r"\b(USC|CFR)\b")


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing an order does against federal law. `first` should pay before `second`; without `second` it should not
    be in the order at all."""

    rule: str
    first: str
    second: str = ""
    is_left_out: bool = False

    @property
    def sentence(self) -> str:
        """What the rule says."""
        return BOOK[self.rule].sentence

    @property
    def cite(self) -> str:
        """Where it stands."""
        return BOOK[self.rule].cite

    def said(self, names: Mapping[str, str]) -> str:
        """What the order does, in words."""
        first, second = names.get(self.first, self.first), names.get(self.second, self.second)
        if not self.second:
            return f"{first} is put in the order, and federal law leaves it out."
        if self.is_left_out:
            return f"{first} is left out, and federal law puts it before {second}."
        return f"{second} is put before {first}, and federal law puts {first} first."


def broken_by(case: Mapping[str, Any], verdict: Mapping[str, Any], order: Sequence[str]) -> list[Broken]:
    """What the order does against federal law, one entry a pair; empty where it may be judged by a person."""
    found = list(_turned(case, order))
    for entry in verdict.get("set_aside") or []:
        if entry["coverage"] in order and is_federal(entry["rule"]):
            found.append(Broken(entry["rule"], entry["coverage"]))
    return found


def is_federal(rule: str) -> bool:
    """Whether a rule stands in federal law."""
    return rule in BOOK and bool(_FEDERAL.search(BOOK[rule].cite))


def _turned(case: Mapping[str, Any], order: Sequence[str]) -> Iterator[Broken]:
    place = {one: at for at, one in enumerate(order)}
    for pair in combinations(case["coverages"], 2):
        ids = {entry["id"] for entry in pair}
        if not ids & place.keys():
            continue
        edge = _edge(case, pair)
        if edge is None:
            continue
        first, second, rule = edge
        if second in place and place.get(first, len(order)) > place[second]:
            yield Broken(rule, first, second, is_left_out=first not in place)


def _edge(case: Mapping[str, Any], pair: Sequence[Mapping[str, Any]]) -> tuple[str, str, str] | None:
    """The order of two coverages alone, where federal law gives it."""
    alone = dict(case) | {"coverages": [dict(entry) for entry in pair]}
    if not any(entry["kind"] in MEDICARE_KINDS for entry in pair):
        alone.pop("medicare", None)
    try:
        verdict = verdict_on(alone)
    except Malformed:  # one of them names a third, such as the plan it supplements
        return None
    if verdict["status"] not in SETTLED or not verdict["pairs"] or verdict["ties"]:
        return None
    found = verdict["pairs"][0]
    return (found["first"], found["second"], found["rule"]) if is_federal(found["rule"]) else None
