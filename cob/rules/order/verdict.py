"""What is answered: who pays in which order and why, or which facts are missing and what each would change."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Status = Literal["determined", "likely", "needs_facts", "tie", "cycle", "data_conflict", "no_coverage"]
Code = Literal["12", "13", "14", "15", "16", "41", "42", "43", "47"]
RESPONSIBILITY = "PSTABCDEFGH"


class Position(NamedTuple):
    """One payer's place, and the rule that put it there."""

    coverage: str
    position: int
    responsibility: str
    rule: str
    because: str
    cite: str


class Pair(NamedTuple):
    """Two neighbours and the rule between them."""

    first: str
    second: str
    rule: str


class SetAside(NamedTuple):
    """A card that is not in the line-up."""

    coverage: str
    rule: str
    because: str


class Assumption(NamedTuple):
    """One thing an unknown fact might turn out to be."""

    fact: str
    value: Any


class Branch(NamedTuple):
    """What the order would be under assumptions."""

    assuming: list[Assumption]
    order: list[str]
    rules: list[str]


class Question(NamedTuple):
    """A fact worth asking for."""

    fact: str
    ask: str
    why: str
    choices: list[Any]


class Note(NamedTuple):
    """Something a rule says besides the order."""

    rule: str
    text: str


class Watch(NamedTuple):
    """A day on which this verdict changes by itself."""

    on: str
    because: str


class Verdict(NamedTuple):
    """The answer to a case."""

    id: str
    status: Status
    order: list[str]
    ties: list[list[str]]
    positions: list[Position]
    pairs: list[Pair]
    set_aside: list[SetAside]
    branches: list[Branch]
    questions: list[Question]
    certain_suffix: list[str]
    msp_type: Code | None
    conditional: bool
    notes: list[Note]
    watch: list[Watch]
    unconfirmed: bool
    rules_version: str
    facts_used: list[str]

    def as_json(self) -> dict[str, Any]:
        """The verdict as plain JSON values, in the contract's shape."""
        return {name: _plain(value) for name, value in zip(self._fields, self, strict=True)}


def _plain(value: Any) -> Any:
    """Named parts as objects, lists as lists of them."""
    if type(value) is not list or not value:
        return value
    if type(value[0]) is Branch:
        return [one._replace(assuming=_plain(one.assuming))._asdict() for one in value]
    return [one._asdict() for one in value] if hasattr(value[0], "_asdict") else list(value)


def responsibility(position: int) -> str:
    """The X12 payer responsibility letter for a place in the line-up: P, S, T, then A to H, U beyond."""
    return RESPONSIBILITY[position - 1] if position <= len(RESPONSIBILITY) else "U"
