"""Deciding many cases: those whose facts fall into the same partitions are decided once.

`partition` says which cases the law cannot tell apart; the first of each kind goes the long way through `determine`,
under names of places instead of people and cards, and what came of it is remembered by place. Texts that quote a
case's own dates and names are no part of it: ask `determine` about the one case somebody looks at.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from cob.rules.order.determination import determine
from cob.rules.order.intake import read_case
from cob.rules.order.partition import Raw, partition
from cob.rules.order.verdict import Code, Status, Verdict

REMEMBERED = 200_000
_NAMED = re.compile(r"(coverages\.c|people\.p)(\d+)\.")


class Decided(NamedTuple):
    """What a verdict decides, without its texts."""

    status: Status
    order: tuple[tuple[str, ...], ...]  # groups in paying order; for needs_facts what stands first in every branch
    rules: tuple[str, ...]  # one for each two neighbours in the order
    msp_type: Code | None
    conditional: bool
    set_aside: tuple[str, ...]
    needs: tuple[str, ...]  # the facts to ask for, best first
    certain_suffix: tuple[str, ...]

    @property
    def ids(self) -> list[str]:
        """All ids in paying order."""
        return [name for group in self.order for name in group]


class Kind(NamedTuple):
    """The same by place in the case's listing, for every case of one partition."""

    status: Status
    order: tuple[tuple[int, ...], ...]
    rules: tuple[str, ...]
    msp_type: Code | None
    conditional: bool
    set_aside: tuple[int, ...]
    needs: tuple[str, ...]
    certain_suffix: tuple[int, ...]

    def of(self, case: Raw) -> Decided:
        """The decision in the case's own names."""
        ids = [card["id"] for card in case["coverages"]]
        status, order, rules, code, conditional, aside, needs, suffix = self
        return Decided(
            status,
            tuple([tuple([ids[place] for place in group]) for group in order]),
            rules,
            code,
            conditional,
            tuple([ids[place] for place in aside]) if aside else (),
            _renamed(needs, ids, list(case["people"])) if needs else (),
            tuple([ids[place] for place in suffix]) if suffix else (),
        )


class Decider:
    """Decides cases of the contract's shape, remembering at most twice `most` partitions: those used of late stay.

    The cases must be well formed JSON values: what comes from outside goes through `read_case` first.
    """

    def __init__(self, most: int = REMEMBERED) -> None:
        self.most = most
        self.decided_by_law = 0
        self._new: dict[Hashable, Kind] = {}
        self._old: dict[Hashable, Kind] = {}

    def decide(self, case: Raw) -> Decided:
        """The decision on one case."""
        key = partition(case)
        kind = self._new.get(key)
        if kind is None:
            kind = self._old.get(key)
            if kind is None:
                kind = by_law(case)
                self.decided_by_law += 1
            self._remember(key, kind)
        return kind.of(case)

    def _remember(self, key: Hashable, kind: Kind) -> None:
        if len(self._new) >= self.most:
            self._old, self._new = self._new, {}
        self._new[key] = kind


def by_law(case: Raw) -> Kind:
    """The long way: the rules read the case under names that say nothing but the place."""
    verdict = determine(read_case(_by_place(case)))
    return Kind(
        verdict.status,
        tuple(tuple(map(_place, group)) for group in _groups(verdict)),
        tuple(pair.rule for pair in verdict.pairs),
        verdict.msp_type,
        verdict.conditional,
        tuple(_place(aside.coverage) for aside in verdict.set_aside),
        tuple(question.fact for question in verdict.questions),
        tuple(map(_place, verdict.certain_suffix)),
    )


def decided(verdict: Verdict) -> Decided:
    """What a verdict decides; `Decider.decide` gives the same."""
    return Decided(
        verdict.status,
        tuple(map(tuple, _groups(verdict))),
        tuple(pair.rule for pair in verdict.pairs),
        verdict.msp_type,
        verdict.conditional,
        tuple(aside.coverage for aside in verdict.set_aside),
        tuple(question.fact for question in verdict.questions),
        tuple(verdict.certain_suffix),
    )


def _groups(verdict: Verdict) -> list[list[str]]:
    tied = {name: group for group in verdict.ties for name in group}
    groups = [tied.get(name, [name]) for name in verdict.order]
    return [group for place, group in enumerate(groups) if place == 0 or groups[place - 1] is not group]


def _place(name: str) -> int:
    return int(name[1:])


def _by_place(case: Raw) -> Raw:
    """The case with people called p0, p1 … and cards c0, c1 … in the order they are listed."""
    cards = {card["id"]: f"c{place}" for place, card in enumerate(case["coverages"])}
    people = {key: f"p{place}" for place, key in enumerate(case["people"])}
    by_place = case | {
        "patient": people.get(case["patient"]),
        "people": {people[key]: _named(person, people, "spouse") for key, person in case["people"].items()},
        "coverages": [
            _named(_named(card, cards, "id", "carve_out_of", "supplements"), people, "subscriber")
            for card in case["coverages"]
        ],
    }
    child = case.get("child")
    if child:
        words = {"equal": "equal", "none": "none"}
        by_place["child"] = _named(child, people | words, "custodial_parent")
        if child.get("decree"):
            by_place["child"]["decree"] = _named(child["decree"], people, "responsible_parent")
    return by_place


def _named(holder: Raw, names: dict[str, str], *keys: str) -> Raw:
    return holder | {key: names[holder[key]] for key in keys if holder.get(key) is not None}


def _renamed(paths: Sequence[str], ids: list[str], people: list[str]) -> tuple[str, ...]:
    def own(match: re.Match[str]) -> str:
        root, place = match[1][:-1], int(match[2])
        return f"{root}{(ids if root == 'coverages.' else people)[place]}."

    return tuple(_NAMED.sub(own, path, count=1) if path[0] in "cp" else path for path in paths)
