"""What is answered: who pays in which order and why, or which facts are missing and what each would change."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

Status = Literal["determined", "likely", "needs_facts", "tie", "cycle", "data_conflict", "no_coverage"]
Code = Literal["12", "13", "14", "15", "16", "41", "42", "43", "47"]
RESPONSIBILITY: Final = "PSTABCDEFGH"


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
        return {
            "id": self.id,
            "status": self.status,
            "order": list(self.order),
            "ties": list(self.ties),
            "positions": [
                {
                    "coverage": name,
                    "position": place,
                    "responsibility": letter,
                    "rule": rule,
                    "because": because,
                    "cite": cite,
                }
                for name, place, letter, rule, because, cite in self.positions
            ],
            "pairs": [{"first": first, "second": second, "rule": rule} for first, second, rule in self.pairs],
            "set_aside": [
                {"coverage": name, "rule": rule, "because": because} for name, rule, because in self.set_aside
            ],
            "branches": [
                {
                    "assuming": [{"fact": fact, "value": value} for fact, value in assuming],
                    "order": order,
                    "rules": rules,
                }
                for assuming, order, rules in self.branches
            ],
            "questions": [
                {"fact": fact, "ask": ask, "why": why, "choices": choices} for fact, ask, why, choices in self.questions
            ],
            "certain_suffix": list(self.certain_suffix),
            "msp_type": self.msp_type,
            "conditional": self.conditional,
            "notes": [{"rule": rule, "text": text} for rule, text in self.notes],
            "watch": [{"on": day, "because": because} for day, because in self.watch],
            "unconfirmed": self.unconfirmed,
            "rules_version": self.rules_version,
            "facts_used": list(self.facts_used),
        }


# A named tuple makes itself in a Python function of its own, which takes longer than the rule it tells of.
_NEW: Final = tuple.__new__


def verdict(
    *,
    id: str,
    status: Status,
    order: list[str],
    ties: list[list[str]],
    positions: list[Position],
    pairs: list[Pair],
    set_aside: list[SetAside],
    branches: list[Branch],
    questions: list[Question],
    certain_suffix: list[str],
    msp_type: Code | None,
    conditional: bool,
    notes: list[Note],
    watch: list[Watch],
    unconfirmed: bool,
    rules_version: str,
    facts_used: list[str],
) -> Verdict:
    """The answer to a case."""
    said = (
        id, status, order, ties, positions, pairs, set_aside, branches, questions, certain_suffix, msp_type,
        conditional, notes, watch, unconfirmed, rules_version, facts_used,
    )  # fmt: skip
    return _NEW(Verdict, said)


def position(coverage: str, place: int, rule: str, because: str, cite: str) -> Position:
    """A payer's place, with the letter for it."""
    return _NEW(Position, (coverage, place, responsibility(place), rule, because, cite))


def pair(first: str, second: str, rule: str) -> Pair:
    """Two neighbours."""
    return _NEW(Pair, (first, second, rule))


def note(rule: str, text: str) -> Note:
    """What a rule says."""
    return _NEW(Note, (rule, text))


def responsibility(position: int) -> str:
    """The X12 payer responsibility letter for a place in the line-up: P, S, T, then A to H, U beyond."""
    return RESPONSIBILITY[position - 1] if position <= len(RESPONSIBILITY) else "U"
