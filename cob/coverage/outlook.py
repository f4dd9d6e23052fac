"""What would change a verdict: the rules are asked again with one fact unknown, and on each day it changes.

Nothing is argued here: every outcome is the rules' own answer to the same case with that one thing different.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from cob.coverage.catalogue import owner_and_key
from cob.coverage.deciding import BY_A_PERSON
from cob.coverage.rulebook import Malformed, silent_rules, verdict_on

SETTLED = ("determined", "likely", "tie")
MOST_TRIED, MOST_TURNS, MOST_DAYS = 40, 6, 6
# Whether a plan is there at all is not a fact that "would change the order"; without it the question is another one.
NOT_TRIED = frozenset(
    {"effective", "last_covered_day", "enrolled", "kind", "subscriber", "relationship", "people.relation", "claim.dos"}
)
PARTS = ("medicare.part_a", "medicare.part_b")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Values of a fact that lead to one order; `asks_more` where other facts would then matter too."""

    values: tuple[Any, ...]
    order: tuple[str, ...]
    asks_more: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A fact that would change the order if it were otherwise."""

    fact: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """What the verdict becomes on a day it changes by itself."""

    on: str
    status: str
    order: tuple[str, ...]
    is_conditional: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """All of it: what turns the verdict, what it becomes, what the rules say beside a person, what was read in vain."""

    turns: tuple[Turn, ...] = ()
    more_turns: int = 0
    later: tuple[Later, ...] = ()
    by_rules: Mapping[str, Any] | None = None
    silent: tuple[str, ...] = ()


def outlook(case: Mapping[str, Any], verdict: Mapping[str, Any]) -> Outlook:
    """What would change this verdict on this case. A person's decision stands until a fact changes, so there only what
    the rules say is told."""
    if any(position["rule"] == BY_A_PERSON for position in verdict["positions"]):
        return Outlook(by_rules=_asked(dict(case)))
    found = tuple(_turns(case, verdict)) if verdict["status"] in SETTLED else ()
    return Outlook(
        turns=found[:MOST_TURNS],
        more_turns=max(len(found) - MOST_TURNS, 0),
        later=tuple(_later(case, verdict)),
        silent=tuple(silent_rules(case)),
    )


def _asked(case: dict[str, Any]) -> dict[str, Any] | None:
    """The rules' answer; None where the case without that fact is none."""
    try:
        return verdict_on(case)
    except Malformed:
        return None


def _turns(case: Mapping[str, Any], verdict: Mapping[str, Any]) -> Iterator[Turn]:
    ids = _ids(case)
    born = f"people.{case['patient']}.birth_date"
    tried = [path for path in verdict["facts_used"] if path != born and _is_tried(owner_and_key(path, ids)[1])]
    for path in tried[:MOST_TRIED]:
        without = _without(case, path, ids)
        then = _asked(without) if without else None
        if then is None or then["status"] != "needs_facts":
            continue
        if outcomes := _outcomes(path, then["branches"], verdict["order"]):
            yield Turn(path, outcomes)


def _is_tried(key: str) -> bool:
    return key not in NOT_TRIED and not key.startswith(PARTS)


def _outcomes(path: str, branches: list[dict[str, Any]], order: list[str]) -> tuple[Outcome, ...]:
    """The values that lead elsewhere, those that lead to the same order together; the shortest way to each value."""
    ways: dict[str, tuple[Any, tuple[str, ...], bool]] = {}
    for branch in sorted(branches, key=lambda one: len(one["assuming"])):
        for assumed in branch["assuming"]:
            if assumed["fact"] == path:
                way = (assumed["value"], tuple(branch["order"]), len(branch["assuming"]) > 1)
                ways.setdefault(repr(assumed["value"]), way)
    grouped: dict[tuple[str, ...], list[tuple[Any, bool]]] = {}
    for value, leads_to, asks_more in ways.values():
        if leads_to != tuple(order):
            grouped.setdefault(leads_to, []).append((value, asks_more))
    return tuple(
        Outcome(tuple(value for value, _ in held), leads_to, any(more for _, more in held))
        for leads_to, held in grouped.items()
    )


def _without(case: Mapping[str, Any], path: str, ids: tuple[str, ...]) -> dict[str, Any] | None:
    """The case in which nobody knows this fact; None where it was not known anyhow."""
    copy = deepcopy(dict(case))
    owner, key = owner_and_key(path, ids)
    node: Any = copy
    steps = key.split(".")
    if owner and path.startswith("coverages."):
        node = next((entry for entry in copy["coverages"] if entry["id"] == owner), None)
    elif owner:
        node, steps = copy["people"].get(owner), steps[1:]
    for step in steps[:-1]:
        node = node.get(step) if isinstance(node, dict) else None
    if not isinstance(node, dict):
        return None
    taken = node.pop(steps[-1], None)
    if steps[-1] == "birth_month_day":  # a full date of birth answers it too
        taken = node.pop("birth_date", None) or taken
    return copy if taken is not None else None


def _later(case: Mapping[str, Any], verdict: Mapping[str, Any]) -> Iterator[Later]:
    """Day counts first: a day on which only they have moved on is no other day of service."""
    for watch in verdict["watch"][:MOST_DAYS]:
        counted = _asked(_on(case, as_of=watch["on"]))
        then = counted if counted and _says(counted) != _says(verdict) else _asked(_on(case, dos=watch["on"]))
        if then is not None:
            yield Later(watch["on"], then["status"], tuple(then["order"]), then["conditional"])


def _on(case: Mapping[str, Any], **days: str) -> dict[str, Any]:
    return dict(case) | {"claim": dict(case["claim"]) | days}


def _says(verdict: Mapping[str, Any]) -> tuple[Any, ...]:
    return verdict["status"], tuple(verdict["order"]), verdict["conditional"]


def _ids(case: Mapping[str, Any]) -> tuple[str, ...]:
    return (*(entry["id"] for entry in case["coverages"]), *case["people"])
