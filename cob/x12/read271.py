"""Reads a 271: a walk down the HL levels, each EB a group that lasts to the next, LS to LE around whom it names.

Batches number their HLs from 1 in each transaction, and hold several subscribers; each person answered is one
`Answer271`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from cob.x12 import fields
from cob.x12.envelope import TransactionSet, read_transactions
from cob.x12.parts import NO_ADDRESS, Address, Contact, NamedDate, Party, Reference
from cob.x12.segments import Segment, Source
from cob.x12.t271 import Answer271, Benefit, Entity, Person, Rejection

_LEVELS: Final = {"20": "payer", "21": "provider", "22": "subscriber", "23": "dependent"}
MOST_BENEFITS = 5_000


def read_271(source: Source) -> Iterator[Answer271]:
    """Every person answered in a file. Raises `X12Error` for another kind or version, a value that cannot be, or an
    envelope that does not close."""
    for transaction in read_transactions(source):
        if transaction.kind != "271":
            raise transaction.st.error(1, found=transaction.kind, expected="271", advice="this file is of another kind")
        if transaction.release != "5010":
            raise transaction.st.error(
                found=transaction.guide, expected="005010X279A1", advice="ask the payer for 5010"
            )
        yield from _Transaction(transaction).answers()
        if transaction.errors:
            raise transaction.errors[0]


@dataclass(slots=True)
class _Named:
    """A person or an entity while it is read."""

    party: Party
    born_on: date | None = None
    sex: str = ""
    address: Address = NO_ADDRESS
    relationship: str = ""
    references: list[Reference] = field(default_factory=list)
    dates: list[NamedDate] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    def person(self) -> Person:
        return Person(
            self.party,
            self.born_on,
            self.sex,
            self.address,
            self.relationship,
            tuple(self.references),
            tuple(self.dates),
        )

    def entity(self) -> Entity:
        return Entity(self.party, self.address, tuple(self.contacts))


@dataclass(slots=True)
class _Eb:
    """An EB group while it is read."""

    benefit: Benefit
    references: list[Reference] = field(default_factory=list)
    dates: list[NamedDate] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    entities: list[_Named] = field(default_factory=list)

    def close(self) -> Benefit:
        return replace(
            self.benefit,
            references=tuple(self.references),
            dates=tuple(self.dates),
            messages=tuple(self.messages),
            entities=tuple(entity.entity() for entity in self.entities),
        )


class _Transaction:
    """The levels above stay as they were; the person's own are made anew at each HL."""

    def __init__(self, transaction: TransactionSet) -> None:
        self._transaction = transaction
        self._level = ""
        self._made_on: date | None = None
        self._reference = ""
        self._named: dict[str, _Named] = {}
        self._above: list[Rejection] = []
        self._own: list[Rejection] = []
        self._traces: dict[str, list[str]] = {}
        self._benefits: list[Benefit] = []
        self._eb: _Eb | None = None
        self._in_loop = False

    def answers(self) -> Iterator[Answer271]:
        last = self._transaction.st
        for segment in self._transaction:
            last = segment
            if segment.id == "HL":
                yield from self._close()
                self._open(segment)
            else:
                self._take(segment)
        yield from self._close(at_end=last)

    def _open(self, hl: Segment) -> None:
        level = _LEVELS.get(hl.at(3))
        if level is None:
            raise hl.error(
                3, found=hl.at(3) or "nothing", expected="20, 21, 22 or 23", advice="ask for a corrected file"
            )
        self._level = level
        self._in_loop = False
        below = list(_LEVELS.values())[list(_LEVELS.values()).index(level) :]
        for name in below:
            self._named.pop(name, None)
            self._traces.pop(name, None)
        if level in {"payer", "provider"}:
            self._above = [r for r in self._above if r.level not in below]
        if level == "subscriber":
            self._own = []

    def _take(self, segment: Segment) -> None:
        match segment.id:
            case "BHT":
                self._made_on = fields.required_day(segment, 4, "the day the answer was made")
                self._reference = segment.at(3)
            case "EB":
                self._close_eb()
                self._eb = _Eb(_benefit(segment))
                self._in_loop = False
                if len(self._benefits) >= MOST_BENEFITS:
                    raise segment.error(expected=f"at most {MOST_BENEFITS} benefits of one person", advice="ask why")
            case "LS" | "LE":
                self._in_loop = segment.id == "LS"
            case "NM1":
                self._name(segment)
            case "TRN":
                trace = fields.required(segment, 2, "a trace number")
                self._traces.setdefault(self._level, []).append(trace)
            case "AAA":
                self._reject(segment)
            case "MSG" if self._eb:
                self._eb.messages.append(segment.at(1))
            case _:
                self._detail(segment)

    def _name(self, nm1: Segment) -> None:
        named = _Named(fields.party(nm1))
        if self._eb is not None:
            self._eb.entities.append(named)
        elif self._level and self._level not in self._named:
            self._named[self._level] = named

    def _reject(self, aaa: Segment) -> None:
        code = fields.required(aaa, 3, "why the question was not answered")
        rejection = Rejection(self._level or "payer", code, aaa.at(4), aaa.number)
        (self._above if self._level in {"", "payer", "provider"} else self._own).append(rejection)

    def _detail(self, segment: Segment) -> None:
        """What describes the entity, the benefit or the person in hand."""
        eb, named = self._eb, self._named.get(self._level)
        if eb is not None and eb.entities and (self._in_loop or segment.id in {"N3", "N4", "PER"}):
            named = eb.entities[-1]
        elif eb is not None and segment.id in {"REF", "DTP"}:
            _onto(eb.references, eb.dates, segment)
            return
        if named is None:
            return
        match segment.id:
            case "N3":
                named.address = fields.street(segment)
            case "N4":
                named.address = fields.town(segment, named.address)
            case "PER":
                named.contacts.append(fields.contact(segment))
            case "DMG":
                named.born_on, named.sex = fields.day(segment, 2), segment.at(3)
            case "INS":
                named.relationship = segment.at(2)
            case "REF" | "DTP":
                _onto(named.references, named.dates, segment)

    def _close_eb(self) -> None:
        if self._eb is not None:
            self._benefits.append(self._eb.close())
            self._eb = None

    def _close(self, at_end: Segment | None = None) -> Iterator[Answer271]:
        """The person in hand, if anything was said of them; at the end also a question refused before any person."""
        self._close_eb()
        said = bool(self._benefits or self._own)
        refused = at_end is not None and bool(self._above) and "subscriber" not in self._named
        if not said and not refused:
            return
        payer, provider = self._named.get("payer"), self._named.get("provider")
        if payer is None or self._made_on is None:
            missing = "NM1*PR, the payer that answers" if payer is None else "BHT, when the answer was made"
            raise self._transaction.st.error(expected=missing, advice="ask for a corrected file")
        subscriber, dependent = self._named.get("subscriber"), self._named.get("dependent")
        yield Answer271(
            payer=payer.party,
            provider=provider.party if provider else None,
            subscriber=subscriber.person() if subscriber else None,
            dependent=dependent.person() if dependent else None,
            # One subscriber may have several dependents answered about, each under a number of their own: that first.
            traces=tuple(trace for level in ("dependent", "subscriber") for trace in self._traces.get(level, ())),
            made_on=self._made_on,
            benefits=tuple(self._benefits),
            rejections=(*self._above, *self._own),
            control=self._transaction.control,
            reference=self._reference,
            segment_no=self._transaction.st.number,
        )
        self._benefits, self._own = [], []


def _onto(references: list[Reference], dates: list[NamedDate], segment: Segment) -> None:
    if segment.id == "REF":
        references.append(fields.reference_of(segment))
    else:
        dates.append(fields.dtp(segment))


def _benefit(eb: Segment) -> Benefit:
    repeated = eb.separators.repetition
    types = eb.at(3).split(repeated) if repeated and repeated in eb.at(3) else [eb.at(3)]
    return Benefit(
        code=fields.required(eb, 1, "what is said of the coverage, such as 1 or R"),
        level=eb.at(2),
        service_types=tuple(t.strip() for t in types if t.strip()),
        insurance_type=eb.at(4),
        plan=eb.at(5),
        period=eb.at(6),
        amount_cents=fields.amount(eb, 7),
        share=eb.at(8),
        in_network=eb.at(12),
        segment_no=eb.number,
    )
