"""The cases of many patients at once: four queries however many there are, and the same case `case_for` would give.

A payer's label is left out, which no rule reads, and so is who told us each fact. What is asked of a fact's JSON again
and again ("working", true, "100+") is read once. Rows come by patient, so that the charts of a whole practice can be
put together some at a time.
"""

from __future__ import annotations

import json
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Model, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from cob.coverage.assembly import Assembly, CardRow, FactRow, Json, PersonRow, holding
from cob.coverage.models import Coverage, Fact
from cob.coverage.models.fact import IN_ORDER
from cob.coverage.options import OptionsOnFile
from cob.patients.models import Patient, RelatedPerson

__all__ = ["Chart", "Charts", "Patients", "Rows", "as_text", "charts_of", "read_json"]

_REMEMBERED = 4096
# Rows fetched in one go where the engine keeps them.
AT_ONCE = 5_000


class Chart:
    """What is on file about one patient, as far as a case may rest on it."""

    __slots__ = ("birth_on", "cards", "facts", "is_told_once", "kind_unknown", "people", "pk", "site_state", "told")

    def __init__(self, pk: str, birth_on: date, site_state: str) -> None:
        self.pk = pk
        self.birth_on = birth_on
        self.site_state = site_state
        self.cards: list[CardRow] = []
        self.people: list[PersonRow] = []
        self.facts: list[FactRow] = []
        self.told: dict[str, Any] = {}
        self.is_told_once = True
        self.kind_unknown = ""  # the first coverage nobody named the kind of; empty when there is a case

    def add_card(self, row: CardRow) -> None:
        """One more coverage, the oldest first."""
        self.cards.append(row)
        if not row[1]:
            self.kind_unknown = self.kind_unknown or row[0]

    def add_fact(self, path: str, value: Any, true_from: date | None) -> None:
        """One more fact, in the order of `IN_ORDER`. Most were told once and are true as far back as we know: those
        hold on any day.
        """
        if true_from is not None or path in self.told:
            self.is_told_once = False
        self.told[path] = value
        self.facts.append((path, value, true_from))

    def case(self, service_on: date, claim: Mapping[str, Any], options: OptionsOnFile) -> Json:
        """The case for one day of service; `claim` holds what a claim says of the visit, in the contract's words."""
        made = Assembly(self.pk, self.birth_on.isoformat(), service_on.isoformat(), self.cards, self.people)
        for path, value in self.told.items() if self.is_told_once else holding(self.facts, service_on):
            made.put(path, value)
        made.sizes_of_employers(self.cards, service_on.year)
        if claim or "related_to" in made.body["claim"]:
            made.of_claim(claim)
        if options.names:
            made.choose(options, {row.id: row.payer for row in self.cards}, self.site_state)
        return made.body


class Patients(NamedTuple):
    """Which patients: all from `first` to `last` in the order of their ids, or of those only `among`."""

    first: UUID
    last: UUID
    among: frozenset[UUID] | None = None

    def rows(self, model: type[Model], path: str = "patient") -> QuerySet[Any]:
        """Rows of a model that belong to them, in no order. A span costs the engine less than a long list of ids."""
        if self.among is not None:
            return model._default_manager.filter(**{f"{path}__in": self.among}).order_by()
        return model._default_manager.filter(**{f"{path}__gte": self.first, f"{path}__lte": self.last}).order_by()


class Rows:
    """Rows of one table in the order of the patients they are of (the first column), taken as far as one of them."""

    __slots__ = ("_held", "_rows")

    def __init__(self, rows: QuerySet[Any], *, stream: bool) -> None:
        self._rows: Iterator[tuple[Any, ...]] = iter(rows.iterator(chunk_size=AT_ONCE) if stream else rows)
        self._held: list[tuple[Any, ...]] = []

    def take(self, count: int) -> list[tuple[Any, ...]]:
        """The next so many."""
        return list(islice(self._rows, count))

    def up_to(self, last: str) -> list[tuple[Any, ...]]:
        """The next ones, up to those of the patient named."""
        held = self._held
        while not held or str(held[-1][0]) <= last:
            more = list(islice(self._rows, AT_ONCE))
            if not more:
                break
            held += more
        cut = bisect_right(held, last, key=_patient)
        self._held = held[cut:]
        return held[:cut]


def _patient(row: tuple[Any, ...]) -> str:
    return str(row[0])


class Charts:
    """The charts of these patients, some at a time in the order of their ids. With `stream` the engine keeps the rows
    and hands them out as they are asked for; only where it lets others, and us, write meanwhile (PostgreSQL).
    """

    def __init__(self, patients: Patients, *, stream: bool = False) -> None:
        def rows(model: type[Model], path: str, *columns: Combinable | str, order: Sequence[Any] = ()) -> Rows:
            found = patients.rows(model, path).order_by(path, *order)
            return Rows(found.values_list(as_text(path), *columns), stream=stream)

        self._patients = rows(Patient, "pk", "birth_on", "site__state")
        self._cards = rows(Coverage, "patient_id", *_CARD, order=["created_at"])
        self._people = rows(RelatedPerson, "patient_id", *_PERSON)
        self._facts = rows(Fact, "patient_id", *_FACT, order=IN_ORDER)

    def take(self, count: int) -> dict[str, Chart]:
        """The next so many by id (as text). Whoever came on file a moment ago has none yet."""
        found = [(str(pk), birth_on, state) for pk, birth_on, state in self._patients.take(count)]
        charts = {pk: Chart(pk, birth_on, state) for pk, birth_on, state in found}
        if not charts:
            return charts
        last = found[-1][0]
        for patient, pk, kind, subscriber, *of_card, payer in self._cards.up_to(last):
            if (chart := charts.get(str(patient))) is not None:
                chart.add_card(CardRow._make((str(pk), kind, str(subscriber or ""), *of_card, str(payer))))
        for patient, pk, birth_on, month_day, relation, spouse in self._people.up_to(last):
            if (chart := charts.get(str(patient))) is not None:
                chart.people.append(PersonRow(str(pk), birth_on, month_day, relation, str(spouse or "")))
        for patient, path, value, true_from in self._facts.up_to(last):
            if (chart := charts.get(str(patient))) is not None:
                chart.add_fact(path, read_json(value), true_from)
        return charts


def charts_of(patients: Patients) -> dict[str, Chart]:
    """The charts of all these patients by id."""
    return Charts(patients).take(sys.maxsize)


def as_text(name: str) -> Combinable:
    """An id as text where the engine can give it so; else the id, for `str` to write."""
    return Cast(name, TextField()) if connection.vendor == "postgresql" else F(name)


_CARD = (
    as_text("pk"), "kind", as_text("subscriber_id"), "relationship", "enrolled", "effective_on", "ended_on",
    "open_ended", "employer__size_band", "employer__size_as_of", as_text("payer_id"),
)  # fmt: skip
_PERSON = (as_text("pk"), "birth_on", "birth_month_day", "relation", as_text("spouse_of_id"))
_FACT = ("path", Cast("value", TextField()), "true_from")

_read: dict[str, Any] = {}


def read_json(text: str | None) -> Any:
    """JSON from a column's text. What cannot be changed by its holder is read once."""
    if text is None:
        return None
    if text in _read:
        return _read[text]
    value = json.loads(text)
    if not isinstance(value, dict | list) and len(_read) < _REMEMBERED:
        _read[text] = value
    return value
