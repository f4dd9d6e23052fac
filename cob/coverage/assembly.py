"""One patient's rows put together into the body of a case, in the contract's JSON; no database, no who told us.

A page puts together one case and a count over all claims a million, so rows come as plain tuples and nothing is
looked up twice. Nothing is filled in: a column or a fact nobody gave is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from cob.coverage.catalogue import NULL_MEANS_NEVER
from cob.coverage.models import MEDICARE_KINDS
from cob.coverage.options import Chosen, OptionsOnFile

PATIENT = "P"
CARD_COLUMNS = frozenset({"kind", "subscriber", "relationship", "effective", "last_covered_day", "enrolled"})
PERSON_COLUMNS = frozenset({"birth_date", "birth_month_day", "relation", "spouse"})
_MEDICARE = frozenset(kind.value for kind in MEDICARE_KINDS)

Json = dict[str, Any]
# path, value, the first day it is true
FactRow = tuple[str, Any, date | None]


class CardRow(NamedTuple):
    """One coverage as it is on file; ids are text. `size_as_of` goes with its employer's `size`."""

    id: str
    kind: str
    subscriber: str
    relationship: str
    enrolled: bool
    effective_on: date | None
    ended_on: date | None
    open_ended: bool
    size: str | None = None
    size_as_of: date | None = None
    payer: str = ""


class PersonRow(NamedTuple):
    """Somebody beside the patient."""

    id: str
    birth_on: date | None
    birth_month_day: str
    relation: str
    spouse: str


class Became(Enum):
    """What became of a fact that was put into a case."""

    SET = "set"
    TAKEN_OUT = "taken out"  # null: an earlier answer is taken back
    COLUMN = "column"  # the column of that path is the truth
    NOWHERE = "nowhere"  # the case has no such coverage, person or card


def holding(facts: Iterable[FactRow], day: date) -> list[tuple[str, Any]]:
    """Path and value of the facts that hold on a day, in the order they became true.

    `facts` come by the day they are true from (none first), then as they were told: the last of a path holds. What was
    told about one visit holds on its day alone; without a day it is a standing answer.
    """
    held: dict[str, FactRow] = {}
    for fact in facts:
        if fact[2] is None or fact[2] <= day:
            held.pop(fact[0], None)
            held[fact[0]] = fact
    return [
        (path, value) for path, value, on in held.values() if on is None or on == day or not path.startswith("claim.")
    ]


class Assembly:
    """One case being put together: columns first, then facts, then what the claim says."""

    __slots__ = ("body", "cards", "people")

    def __init__(
        self, patient_id: str, birth_on: str, day: str, cards: Sequence[CardRow], people: Sequence[PersonRow]
    ) -> None:
        self.cards = {row[0]: _card(row) for row in cards}
        self.people: dict[str, Json] = {PATIENT: {"birth_date": birth_on}}
        for person in people:
            self.people[person[0]] = _person(person)
        self.body: Json = {
            "id": patient_id,
            "claim": {"dos": day},
            "patient": PATIENT,
            "people": self.people,
            "coverages": list(self.cards.values()),
        }
        if not _MEDICARE.isdisjoint([row[1] for row in cards]):
            self.body["medicare"] = {}

    def put(self, path: str, value: Any) -> Became:
        """Set one fact where its owner is in the case; null takes the path out again."""
        head, _, rest = path.partition(".")
        if head == "coverages" or head == "people":
            owner, _, rest = rest.partition(".")
            node = (self.cards if head == "coverages" else self.people).get(owner)
            if node is None:
                return Became.NOWHERE
            if rest in node and rest in (CARD_COLUMNS if head == "coverages" else PERSON_COLUMNS):
                return Became.COLUMN
        elif head == "msp" or (head == "medicare" and "medicare" not in self.body):
            return Became.NOWHERE  # what only Medicare's questionnaire asks for is read by no rule
        else:
            node, rest = self.body, path
        if "." in rest:
            *way, rest = rest.split(".")
            for step in way:
                inner = node.get(step)
                if not isinstance(inner, dict):
                    inner = node[step] = {}
                node = inner
        if value is None:
            node.pop(rest, None)
            return Became.TAKEN_OUT
        # A later fact may fill in a part of this one: in this case, not in what is on file.
        node[rest] = dict(value) if type(value) is dict else as_json(path, value)
        return Became.SET

    def sizes_of_employers(self, cards: Iterable[CardRow], year: int) -> list[str]:
        """An employer's size, asked once for everybody who works there, where the coverage has none of its own.

        An answer speaks of its own year and the year before, as the law's two years do, and goes on from there.
        Returns the coverages that got theirs so.
        """
        filled = []
        for row in cards:
            if not row[8] or row[9] is None or year < row[9].year - 1:
                continue
            entry = self.cards[row[0]]
            employer = entry.get("employer")
            if not employer:
                entry["employer"] = {"size": row[8]}
            elif employer.get("size"):
                continue
            else:
                employer["size"] = row[8]
            filled.append(row[0])
        return filled

    def choose(self, options: OptionsOnFile, payers: Mapping[str, str], site_state: str) -> tuple[Chosen, list[str]]:
        """Choices that matter here and are not the default; a fact told about one was the answer to a question.

        Last of all, for what a choice concerns is in the case by then. Also returns what could not be settled.
        """
        chosen = options.in_case(self.body, payers=payers, site_state=site_state)
        told = self.body.get("options", {})
        if chosen.options or told:
            self.body["options"] = chosen.options | told
        return chosen, [note for name, note in chosen.notes.items() if name not in told]

    def of_claim(self, claim: Mapping[str, Any]) -> None:
        """What the claim says of the visit wins over what was told; a visit related to nothing is no accident."""
        about = self.body["claim"]
        for name, value in claim.items():
            if value is not None and name != "dos":
                about[name] = value
        if about.get("related_to") == ["none"]:
            self.body.pop("accident", None)


def as_json(path: str, value: Any) -> Any:
    """A fact's value as the contract writes it: "never" is null where null is an answer."""
    return None if value == "never" and NULL_MEANS_NEVER.fullmatch(path) else value


def _card(row: CardRow) -> Json:
    number, kind, subscriber, relationship, enrolled, effective_on, ended_on, open_ended = row[:8]
    entry: Json = {"id": number, "kind": kind}
    if relationship == "self":
        entry["subscriber"] = PATIENT
    elif subscriber:
        entry["subscriber"] = subscriber
    if relationship:
        entry["relationship"] = relationship
    if effective_on is not None:
        entry["effective"] = effective_on.isoformat()
    if open_ended:
        entry["last_covered_day"] = None
    elif ended_on is not None:
        entry["last_covered_day"] = ended_on.isoformat()
    if not enrolled:
        entry["enrolled"] = False
    return entry


def _person(row: PersonRow) -> Json:
    _, birth_on, birth_month_day, relation, spouse = row
    entry: Json = {}
    if birth_on is not None:
        entry["birth_date"] = birth_on.isoformat()
    elif birth_month_day:
        entry["birth_month_day"] = birth_month_day
    if relation:
        entry["relation"] = relation
    if spouse:
        entry["spouse"] = spouse
    return entry
