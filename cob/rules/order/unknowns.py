"""What unknown facts leave open: every way the order may come out, and which fact is worth asking for first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol

from cob.rules.order.assemble import Order
from cob.rules.order.case import Case
from cob.rules.order.questions import as_value, question
from cob.rules.order.verdict import Assumption, Branch, Question
from cob.rules.reading import Choice, Leaf

MOST_BRANCHES = 32


class Answered(Protocol):
    """What a run of the law comes to, as far as this module reads it."""

    order: Order
    pairs: list[tuple[str, str, str]]

    @property
    def key(self) -> Hashable:
        """Answers with this alike are one."""


Leaves = Sequence[Leaf[Any]]
Ways = Sequence[tuple[dict[str, Any], Hashable]]


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
    apart = telling(ways, lambda one, other: one != other)
    best = sorted(apart, key=lambda path: _orders_left(path, ways))
    asked: dict[str, list[Any]] = {}
    for path in best:
        _collect(path, apart[path], ways, asked)
    return [question(case, fact, tried) for fact, tried in asked.items()]


def _collect(path: str, pairs: set[tuple[Hashable, Hashable]], ways: Ways, asked: dict[str, list[Any]]) -> None:
    """A fact and the values tried; of facts tried together, those that tell the differing results apart."""
    values = _tried(path, ways)
    if not isinstance(values[0], Choice):
        asked.setdefault(path, values)
        return
    inner = list(values[0].ways)
    for fact, inside in telling(inner, lambda one, other: (one, other) in pairs or (other, one) in pairs).items():
        _collect(fact, inside, inner, asked)


def _tried(path: str, ways: Ways) -> list[Any]:
    values: list[Any] = []
    for assumed, _ in ways:
        if path in assumed and not any(assumed[path] is value or assumed[path] == value for value in values):
            values.append(assumed[path])
    return values


def telling(ways: Ways, differ: Callable[[Hashable, Hashable], bool]) -> dict[str, set[tuple[Hashable, Hashable]]]:
    """The facts that alone turn one outcome into another, with the values between which they do."""
    found: dict[str, set[tuple[Hashable, Hashable]]] = {}
    for index, (one, outcome) in enumerate(ways):
        for other, other_outcome in ways[index + 1 :]:
            if outcome == other_outcome or not differ(outcome, other_outcome):
                continue
            path = _only_difference(one, other)
            if path is not None:
                found.setdefault(path, set()).add((_key(one[path]), _key(other[path])))
    return found


def _only_difference(one: dict[str, Any], other: dict[str, Any]) -> str | None:
    found = None
    for path, value in one.items():
        if path not in other or other[path] is value or other[path] == value:
            continue
        if found is not None:
            return None
        found = path
    return found


def _key(value: Any) -> Hashable:
    return value.key if isinstance(value, Choice) else repr(value)


def _orders_left(path: str, ways: Ways) -> float:
    """How many orders an answer leaves, on average over the answers."""
    values = _tried(path, ways)
    left = [
        len({outcome for assumed, outcome in ways if path not in assumed or assumed[path] is v or assumed[path] == v})
        for v in values
    ]
    return sum(left) / len(left)
