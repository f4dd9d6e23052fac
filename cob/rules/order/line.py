"""A line of payers: groups in paying order (a group of several shares equally) and the rule between any two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cob.rules.order.plan import Plan

Why = dict[tuple[str, str], str]


class Line:
    """Ids of coverages in groups, the rule id for pairs of them, and whether the rules chase each other."""

    __slots__ = ("cycle", "groups", "why")

    def __init__(self, groups: list[list[str]] | None = None, why: Why | None = None, cycle: bool = False) -> None:
        self.groups = [] if groups is None else groups
        self.why: Why = {} if why is None else why
        self.cycle = cycle

    @property
    def ids(self) -> list[str]:
        """All ids in order."""
        return [name for group in self.groups for name in group]

    def then(self, other: Line, rule_id: str) -> Line:
        """This line, and the other behind it for the reason given."""
        why = {**other.why, **self.why}
        behind = other.ids
        for first in self.ids:
            for second in behind:
                why.setdefault((first, second), rule_id)
        return Line(self.groups + other.groups, why, self.cycle or other.cycle)


class Before:
    """What two plans' rules say of each other: sign < 0 the first pays first, > 0 the second, 0 equal shares."""

    __slots__ = ("rule_id", "sign")

    def __init__(self, sign: int, rule_id: str) -> None:
        self.sign, self.rule_id = sign, rule_id


Compare = Callable[[Plan, Plan], Before]


def alone(plans: Sequence[Plan]) -> Line:
    """A line of one plan, or of none: nothing has to be compared."""
    return Line([[plan.id] for plan in plans])


def rank(plans: Sequence[Plan], compare: Compare) -> Line:
    """All plans by pairwise comparison. Where the answers chase each other the line says so and shares nothing."""
    if len(plans) < 2:
        return alone(plans)
    line = _sorted(plans, compare)
    return Line([[name] for name in line.ids], line.why, cycle=True) if line.cycle else line


def _sorted(plans: Sequence[Plan], compare: Compare) -> Line:
    if len(plans) == 2:
        return _of_two(plans[0].id, plans[1].id, compare(plans[0], plans[1]))
    why: Why = {}
    signs: dict[tuple[str, str], int] = {}
    for index, one in enumerate(plans):
        for other in plans[index + 1 :]:
            said = compare(one, other)
            signs[one.id, other.id], signs[other.id, one.id] = said.sign, -said.sign
            why[one.id, other.id] = why[other.id, one.id] = said.rule_id
    behind = {plan.id: sum(signs[plan.id, other.id] > 0 for other in plans if other is not plan) for plan in plans}
    groups: dict[int, list[str]] = {}
    for plan in plans:
        groups.setdefault(behind[plan.id], []).append(plan.id)
    ordered = [groups[count] for count in sorted(groups)]
    return Line(ordered, why, cycle=not _agrees(ordered, signs))


def _of_two(one: str, other: str, said: Before) -> Line:
    """By far the most frequent line: nothing to count and nothing to chase."""
    groups = [[one, other]] if said.sign == 0 else [[one], [other]] if said.sign < 0 else [[other], [one]]
    return Line(groups, {(one, other): said.rule_id, (other, one): said.rule_id})


def _agrees(groups: list[list[str]], signs: dict[tuple[str, str], int]) -> bool:
    place = {name: index for index, group in enumerate(groups) for name in group}
    return all(
        (sign > 0) - (sign < 0) == (place[a] > place[b]) - (place[a] < place[b]) for (a, b), sign in signs.items()
    )
