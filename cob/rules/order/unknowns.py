"""What unknown facts leave open: every way the order may come out, and which fact is worth asking for first."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, islice
from typing import Any, Protocol

from cob.rules.order.assemble import Order
from cob.rules.order.case import Case
from cob.rules.order.plan import COMMERCIAL
from cob.rules.order.questions import as_value, question
from cob.rules.order.verdict import Assumption, Branch, Question
from cob.rules.reading import Choice, Leaf

MOST_BRANCHES = 32
# Facts that are set only against their likes: the first of them is tried with one value, the others around it.
AGAINST_EACH_OTHER = ("birth_month_day", "patient_covered_since", "subscriber_covered_since")


class Answered(Protocol):
    """What a run of the law comes to, as far as this module reads it."""

    order: Order
    pairs: list[tuple[str, str, str]]

    @property
    def key(self) -> Hashable:
        """Answers with this alike are one."""


Leaves = Sequence[Leaf[Any]]
Ways = Sequence[tuple[dict[str, Any], Hashable]]
Differ = Callable[[Hashable, Hashable], bool]


def branches(leaves: Leaves) -> list[Branch]:
    """Every way with its order; when there are very many, one for each order."""
    if len(leaves) <= MOST_BRANCHES:
        return [_branch(leaf, [leaf]) for leaf in leaves]
    alike: dict[Hashable, list[Leaf[Any]]] = {}
    for leaf in leaves:
        alike.setdefault(leaf.result.key, []).append(leaf)
    return [_branch(min(group, key=lambda leaf: len(leaf.assumed)), group) for group in alike.values()]


def _branch(leaf: Leaf[Any], group: Leaves) -> Branch:
    rules: dict[str, None] = {}
    for one in (leaf, *group):
        rules |= dict.fromkeys(rule_id for _, _, rule_id in one.result.pairs)
        rules |= dict.fromkeys(one.trace.notes)
        rules |= dict.fromkeys(aside.rule_id for aside in one.result.order.aside.values())
        if one.result.order.conflict:
            rules[one.result.order.conflict] = None
    assuming = [Assumption(fact=fact, value=as_value(fact, value)) for fact, value in flat(leaf.assumed).items()]
    return Branch(assuming=assuming, order=leaf.result.order.line.ids, rules=list(rules))


def flat(assumed: dict[str, Any]) -> dict[str, Any]:
    """Assumptions with facts tried together written out one by one."""
    written: dict[str, Any] = {}
    for path, value in assumed.items():
        if isinstance(value, Choice):
            written |= flat(dict(value.assumed))
        else:
            written[path] = value
    return written


def questions(case: Case, leaves: Leaves) -> list[Question]:
    """The facts that can change the order, the one that leaves the fewest orders first."""
    ways = [(leaf.assumed, leaf.result.key) for leaf in leaves]
    apart = _and_what_they_are_set_against(telling(ways, operator.ne), ways)
    asked: dict[str, list[Any]] = {}
    left = {path: _fewest_left(path, apart, ways) for path in apart}
    for path in _whoever_is_listed_first(case, sorted(apart, key=left.__getitem__), left):
        _collect(case, path, apart[path], ways, asked)
    return [question(case, fact, tried) for fact, tried in asked.items()]


def _whoever_is_listed_first(case: Case, paths: Iterable[str], left: dict[str, float]) -> list[str]:
    """The facts in their order, but where one fact is as good of one plan or person as of another, what the plan or
    person is decides, not its place in the case.
    """
    ordered = list(paths)
    if len(ordered) < 2:
        return ordered
    alike: dict[tuple[str, float], list[str]] = {}
    for path in ordered:
        alike.setdefault((_what(path), left.get(path, 0)), []).append(path)
    if len(alike) == len(ordered):
        return ordered
    turns = {key: iter(sorted(group, key=partial(_whose, case))) for key, group in alike.items()}
    return [next(turns[_what(path), left.get(path, 0)]) for path in ordered]


def _what(path: str) -> str:
    """The name of a fact, whosever it is."""
    return path.partition(".")[0] if path.startswith("?") else path.rpartition(".")[2]


def _whose(case: Case, path: str) -> tuple[str, ...]:
    """What a fact's plan is and what its subscriber is to the patient, or what its person is."""
    for one in case.coverages:
        if path.startswith(f"coverages.{one.id}.") or path in (f"?force.{one.id}", f"?side.{one.id}"):
            holder = case.people[one.subscriber].relation if one.subscriber and one.kind in COMMERCIAL else None
            return one.kind, holder or "", (one.kind in COMMERCIAL and one.relationship) or ""
    for key, person in case.people.items():
        if path.startswith(f"people.{key}."):
            return (person.relation or "",)
    return ()


def _likes(path: str, paths: Iterable[str]) -> list[str]:
    """The same fact of others, where it matters only which of them is the earlier."""
    name = _what(path)
    return [other for other in paths if _what(other) == name] if name in AGAINST_EACH_OTHER else []


def _and_what_they_are_set_against(apart: dict[str, Differ], ways: Ways) -> dict[str, Differ]:
    """The facts that tell, and the one that was tried with a single value so that its likes could be set against it: it
    tells as much as they do, whichever of them happened to be read first.
    """
    if all(_what(path) not in AGAINST_EACH_OTHER for path in apart):
        return apart
    tried = dict.fromkeys(path for assumed, _ in ways for path in assumed if path not in apart)
    likes = {path: _likes(path, apart)[:1] for path in tried}
    both = {path: apart[like] for path in tried for like in likes[path] if len(_tried(path, ways)) == 1}
    return both | apart


def _fewest_left(path: str, apart: Iterable[str], ways: Ways) -> float:
    """How many orders an answer leaves; of likes the last one tells most, and it might have been any of them."""
    return min(_orders_left(one, ways) for one in (path, *_likes(path, apart)))


def _collect(case: Case, path: str, differ: Differ, ways: Ways, asked: dict[str, list[Any]]) -> None:
    """A fact and the values tried; of facts tried together, those that tell the differing results apart."""
    values = _tried(path, ways)
    if not isinstance(values[0], Choice):
        asked.setdefault(path, values if len(values) > 1 else _tried_around(path, ways))
        return
    inner = list(values[0].ways)
    apart = _and_what_they_are_set_against(telling(inner, differ), inner)
    for fact in _whoever_is_listed_first(case, apart, {}):
        _collect(case, fact, apart[fact], inner, asked)


def _tried_around(path: str, ways: Ways) -> list[Any]:
    """The values tried of the first fact that was set against this one."""
    paths = dict.fromkeys(path for assumed, _ in ways for path in assumed)
    return next(values for like in _likes(path, paths) if len(values := _tried(like, ways)) > 1)


def _tried(path: str, ways: Ways) -> list[Any]:
    values: dict[Hashable, Any] = {}
    for assumed, _ in ways:
        if path in assumed:
            values.setdefault(_key(assumed[path]), assumed[path])
    return list(values.values())


def _orders_left(path: str, ways: Ways) -> float:
    """How many orders an answer leaves, on average over the answers."""
    always: set[Hashable] = set()
    left: dict[Hashable, set[Hashable]] = {}
    for assumed, outcome in ways:
        if path in assumed:
            left.setdefault(_key(assumed[path]), set()).add(outcome)
        else:
            always.add(outcome)
    return sum(len(outcomes | always) for outcomes in left.values()) / len(left)


@dataclass(slots=True)
class Fork:
    """The ways as the tree they grew in: a fact that was tried, with what follows each value; or an outcome."""

    outcomes: set[Hashable]
    path: str = ""
    ways: list[tuple[Hashable, Fork]] = field(default_factory=list)


def _grow(ways: Ways, depth: int = 0) -> Fork:
    """Assumptions stand in the order in which they were made, so the ways from one fork share what stands before it."""
    outcomes = {outcome for _, outcome in ways}
    first = ways[0][0]
    if len(first) <= depth:
        return Fork(outcomes)
    path = next(islice(first, depth, None))
    grouped: dict[Hashable, list[tuple[dict[str, Any], Hashable]]] = {}
    for way in ways:
        grouped.setdefault(_key(way[0][path]), []).append(way)
    return Fork(outcomes, path, [(value, _grow(group, depth + 1)) for value, group in grouped.items()])


def telling(ways: Ways, differ: Differ) -> dict[str, Differ]:
    """The facts that alone turn one outcome into another, with a test of the values between which they do."""
    found: dict[str, set[tuple[Hashable, Hashable]]] = {}
    always: dict[str, Differ] = {}
    forks = [_grow(ways)]
    while forks:
        fork = forks.pop()
        if differ is operator.ne and 1 < len(fork.ways) == len(fork.outcomes) and not any(f.path for _, f in fork.ways):
            always[fork.path] = operator.ne
            continue
        for (one, after_one), (other, after_other) in combinations(fork.ways, 2):
            if _can_differ(after_one, after_other, differ, {}):
                found.setdefault(fork.path, set()).update([(one, other), (other, one)])
        forks.extend([after for _, after in reversed(fork.ways)])
    return {path: lambda one, other, pairs=pairs: (one, other) in pairs for path, pairs in found.items()} | always


def _can_differ(one: Fork, other: Fork, differ: Differ, known: dict[str, Hashable]) -> bool:
    """Whether some answers to all other facts lead to outcomes that differ after the two values of one fact."""
    if not known and differ is operator.ne and one.outcomes != other.outcomes:
        return True  # the outcome only one of them can come to has a counterpart in the other
    settled = _between(one.outcomes, other.outcomes, differ)
    if settled is not None:
        return settled
    walked, still = (one, other) if one.path else (other, one)
    for value, after in walked.ways:
        if known.get(walked.path, value) != value:
            continue
        if _can_differ(after, still, differ, {**known, walked.path: value}):
            return True
    return False


def _between(some: set[Hashable], others: set[Hashable], differ: Differ) -> bool | None:
    """Whether every outcome of the one differs from every outcome of the other, or none does; None when it depends."""
    if differ is operator.ne:
        return True if some.isdisjoint(others) else False if len(some | others) == 1 else None
    first = None
    for one in some:
        for other in others:
            said = differ(one, other)
            if first is None:
                first = said
            elif said is not first:
                return None
    return first


def _key(value: Any) -> Hashable:
    if isinstance(value, Choice):
        return value.key
    return repr(value) if isinstance(value, (dict, list)) else value
