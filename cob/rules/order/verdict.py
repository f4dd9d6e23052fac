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
        """The verdict as plain JSON values, in the contract's shape: named parts as objects in lists of its own."""
        said: dict[str, Any] = self._asdict()
        for name in _LISTS:
            said[name] = list(said[name])
        for name in _PARTS:
            said[name] = [part._asdict() for part in said[name]]
        for branch in said["branches"]:
            branch["assuming"] = [one._asdict() for one in branch["assuming"]]
        return said


_LISTS = ("order", "ties", "certain_suffix", "facts_used")
_PARTS = ("positions", "pairs", "set_aside", "branches", "questions", "notes", "watch")


def responsibility(position: int) -> str:
    """The X12 payer responsibility letter for a place in the line-up: P, S, T, then A to H, U beyond."""
    return RESPONSIBILITY[position - 1] if position <= len(RESPONSIBILITY) else "U"
