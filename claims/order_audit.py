"""One claim's payers held against the order that is due: how they differ, what is at stake, and what to do about it.

Pure: no database, no Django. Whoever has a claim's ranks and a verdict (one claim's page, a patient's changed facts, a
count over all claims) asks here and gets the same answer. Nothing is reordered: money that was paid stays where it is
until somebody acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, pairwise
from typing import Any, NamedTuple

from cob.coverage.agreement import groups_of

SETTLED = frozenset({"determined", "likely", "tie", "no_coverage"})
# The payer has the claim, or had it and answered: what it was told cannot be changed without telling it again.
SENT = frozenset({"submitted", "forwarded", "adjudicated", "denied", "reversed", "reopened"})
NOT_BILLABLE = "not_billable"


class Billed(NamedTuple):
    """One payer of a claim as it stands: its place, how far it is, and what it has paid and not taken back."""

    coverage: str
    rank: int
    state: str
    paid_cents: int = 0
    rank_from: str = "billed"


@dataclass(frozen=True, slots=True)
class Due:
    """The order a verdict gives, reduced to what is compared.

    `groups` are coverage ids in paying order, several in one group where it does not matter who is first; `rules` name
    the rule between neighbors; `aside` says under which rule a coverage does not pay for that day.
    """

    status: str
    groups: tuple[tuple[str, ...], ...] = ()
    rules: tuple[str, ...] = ()
    aside: Mapping[str, str] = field(default_factory=dict)
    sole: str = ""

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED

    @property
    def ids(self) -> tuple[str, ...]:
        """The coverages one after the other."""
        return tuple(chain.from_iterable(self.groups))


class Kind(StrEnum):
    """How a claim's order differs from the one due."""

    SWAPPED = "swapped"  # a payer is in a place that is not its own
    MISSING = "missing"  # a payer that is due is not on the claim
    NOT_DUE = "not_due"  # a payer on the claim does not pay for this day
    OPEN = "open"  # nobody can say which order is due


class Do(StrEnum):
    """One thing to do about it."""

    DETERMINE = "determine"
    REORDER = "reorder"
    VOID = "void"
    REBILL = "rebill"
    CORRECT = "correct"
    RECOUP = "recoup"
    SECONDARY = "secondary"


class Step(NamedTuple):
    """What to do, with which coverage, and the money it is about."""

    do: Do
    coverage: str = ""
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim whose order is not the one due. `at_stake_cents`: what may be taken back, is open, or was left to the
    patient under an order that does not hold."""

    kinds: tuple[Kind, ...]
    billed: tuple[str, ...]
    due: tuple[str, ...]
    rule: str
    steps: tuple[Step, ...]
    paid_cents: int = 0
    take_back_cents: int = 0
    at_stake_cents: int = 0


def due_of(verdict: Mapping[str, Any]) -> Due:
    """The order in a verdict of the published shape."""
    positions = verdict.get("positions") or []
    return Due(
        status=verdict["status"],
        groups=groups_of(verdict),
        rules=tuple(pair["rule"] for pair in verdict.get("pairs") or []),
        aside={entry["coverage"]: entry["rule"] for entry in verdict.get("set_aside") or []},
        sole=positions[0]["rule"] if positions else "",
    )


def compare(
    ranks: Iterable[Billed], due: Due, *, insurer_open_cents: int = 0, patient_cents: int = 0
) -> Difference | None:
    """How the claim's payers differ from the order due; None when they do not.

    What a person took off the claim stays off. A payer an earlier order had set aside counts as not on the claim.
    """
    every = sorted(ranks, key=lambda row: row.rank)
    billed = [row for row in every if row.state != NOT_BILLABLE]
    ids = tuple(row.coverage for row in billed)
    if due.is_settled and ids == due.ids:
        return None
    paid = sum(row.paid_cents for row in billed)
    left = max(insurer_open_cents, 0) + patient_cents
    if not due.is_settled:
        steps = (Step(Do.DETERMINE),)
        return Difference((Kind.OPEN,), ids, due.ids, "", steps, paid_cents=paid, at_stake_cents=left)
    off = {row.coverage for row in every if row.state == NOT_BILLABLE and row.rank_from == "billed"}
    found = _Comparison(billed, [group for one in due.groups if (group := tuple(c for c in one if c not in off))])
    if not found.kinds:
        return None
    take_back = sum(row.paid_cents for row in (*found.not_due, *found.too_early))
    return Difference(
        kinds=found.kinds,
        billed=ids,
        due=found.ids,
        rule=found.rule(due),
        steps=found.steps(),
        paid_cents=paid,
        take_back_cents=take_back,
        at_stake_cents=take_back + left,
    )


class _Comparison:
    """The payers billed against the groups due, each payer with whoever must be ahead of it."""

    def __init__(self, billed: Sequence[Billed], groups: Sequence[tuple[str, ...]]) -> None:
        self.billed, self.ids = billed, tuple(chain.from_iterable(groups))
        self.place = {row.coverage: at for at, row in enumerate(billed)}
        self.not_due = [row for row in billed if row.coverage not in self.ids]
        self.missing = [one for one in self.ids if one not in self.place]
        self.swapped: list[Billed] = []
        self.too_early: list[Billed] = []
        ahead: set[str] = set()
        for group in groups:
            self._hold(group, ahead)
            ahead |= set(group)

    def _hold(self, group: tuple[str, ...], due_ahead: set[str]) -> None:
        for one in group:
            if one not in self.place:
                continue
            at = self.place[one]
            before = {row.coverage for row in self.billed[:at]} - set(group)
            if before != due_ahead:
                self.swapped.append(self.billed[at])
            if due_ahead - before:
                self.too_early.append(self.billed[at])

    @property
    def kinds(self) -> tuple[Kind, ...]:
        said = ((Kind.SWAPPED, self.swapped), (Kind.MISSING, self.missing), (Kind.NOT_DUE, self.not_due))
        return tuple(kind for kind, found in said if found)

    def rule(self, due: Due) -> str:
        """The rule between the first two neighbors that the claim has otherwise; else why a payer is out."""
        shared = {frozenset(pair) for group in due.groups for pair in pairwise(group)}
        for (first, second), rule in zip(pairwise(due.ids), due.rules, strict=False):
            is_so = second in self.place and self.place.get(first, len(self.billed)) < self.place[second]
            if not is_so and {first, second} not in shared:
                return rule
        out = next((due.aside[row.coverage] for row in self.not_due if row.coverage in due.aside), "")
        return out or due.sole

    def steps(self) -> tuple[Step, ...]:
        """What to do, in the order of doing it."""
        if not any(row.state in SENT for row in self.billed):
            return (Step(Do.REORDER),)
        found = [Step(Do.VOID, row.coverage, row.paid_cents) for row in self.not_due if row.state in SENT]
        found += list(filter(None, (self._step(one, is_first=at == 0) for at, one in enumerate(self.ids))))
        return tuple(found) or (Step(Do.REORDER),)

    def _step(self, one: str, *, is_first: bool) -> Step | None:
        if one in self.missing:
            return Step(Do.REBILL if is_first else Do.SECONDARY, one)
        row = self.billed[self.place[one]]
        if row not in self.swapped:
            return None
        if row.state not in SENT:
            return Step(Do.REBILL if is_first else Do.SECONDARY, one)
        if row in self.too_early and row.paid_cents > 0:
            return Step(Do.RECOUP, one, row.paid_cents)
        return Step(Do.CORRECT, one)
