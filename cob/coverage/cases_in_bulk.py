"""The cases of many patients at once: four queries however many there are, and the same case `case_for` would give.

A payer's label is left out, which no rule reads, and so is who told us each fact. What is asked of a fact's JSON again
and again ("working", true, "100+") is read once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import connection
from django.db.models import F, Model, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from cob.coverage.assembly import Assembly, CardRow, FactRow, Json, PersonRow, holding
from cob.coverage.models import Coverage, Fact
from cob.coverage.models.fact import FactQuerySet
from cob.coverage.options import OptionsOnFile
from cob.patients.models import Patient, RelatedPerson

__all__ = ["Chart", "Patients", "as_text", "charts_of", "read_json"]

_REMEMBERED = 4096


class Chart:
    """What is on file about one patient, as far as a case may rest on it."""

    __slots__ = ("birth_on", "cards", "facts", "has_dated", "people", "pk", "site_state")

    def __init__(self, pk: str, birth_on: date, site_state: str) -> None:
        self.pk = pk
        self.birth_on = birth_on
        self.site_state = site_state
        self.cards: list[CardRow] = []
        self.people: list[PersonRow] = []
        self.facts: list[FactRow] = []
        self.has_dated = False

    @property
    def kind_unknown(self) -> str:
        """The first coverage nobody named the kind of; empty when there is a case."""
        return next((row[0] for row in self.cards if not row[1]), "")

    def case(self, service_on: date, claim: Mapping[str, Any], options: OptionsOnFile) -> Json:
        """The case for one day of service; `claim` holds what a claim says of the visit, in the contract's words."""
        made = Assembly(self.pk, self.birth_on.isoformat(), service_on.isoformat(), self.cards, self.people)
        for path, value in self._holding(service_on):
            made.put(path, value)
        made.sizes_of_employers(self.cards, service_on.year)
        if claim or "related_to" in made.body["claim"]:
            made.of_claim(claim)
        if options.names:
            made.choose(options, {row.id: row.payer for row in self.cards}, self.site_state)
        return made.body

    def _holding(self, day: date) -> Iterable[tuple[str, Any]]:
        """Most facts were told once and are true as far back as we know: those hold on any day."""
        if not self.has_dated:
            once = {path: value for path, value, _ in self.facts}
            if len(once) == len(self.facts):
                return once.items()
        return holding(self.facts, day)


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


def charts_of(patients: Patients) -> dict[str, Chart]:
    """The charts of these patients by id (as text). Whoever came on file a moment ago has none yet."""
    charts: dict[str, Chart] = {}
    for pk, birth_on, state in patients.rows(Patient, "pk").values_list(as_text("pk"), "birth_on", "site__state"):
        charts[str(pk)] = Chart(str(pk), birth_on, state)
    _add_cards(charts, patients)
    people = patients.rows(RelatedPerson)
    for patient, pk, birth_on, month_day, relation, spouse in people.values_list(
        as_text("patient_id"), as_text("pk"), "birth_on", "birth_month_day", "relation", as_text("spouse_of_id")
    ):
        if (chart := charts.get(str(patient))) is not None:
            chart.people.append(PersonRow(str(pk), birth_on, month_day, relation, str(spouse or "")))
    facts = cast(FactQuerySet, patients.rows(Fact)).in_order()
    for patient, path, value, true_from in facts.values_list(
        as_text("patient_id"), "path", Cast("value", TextField()), "true_from"
    ):
        if (chart := charts.get(str(patient))) is not None:
            chart.facts.append((path, read_json(value), true_from))
            chart.has_dated = chart.has_dated or true_from is not None
    return charts


def _add_cards(charts: Mapping[str, Chart], patients: Patients) -> None:
    rows = (
        patients.rows(Coverage)
        .order_by("created_at")
        .values_list(
            as_text("patient_id"),
            as_text("pk"),
            "kind",
            as_text("subscriber_id"),
            "relationship",
            "enrolled",
            "effective_on",
            "ended_on",
            "open_ended",
            "employer__size_band",
            "employer__size_as_of",
            as_text("payer_id"),
        )
    )
    for patient, pk, kind, subscriber, relationship, enrolled, begins, ends, is_open, size, size_as_of, payer in rows:
        if (chart := charts.get(str(patient))) is None:
            continue
        chart.cards.append(
            CardRow(
                str(pk),
                kind,
                str(subscriber or ""),
                relationship,
                enrolled,
                begins,
                ends,
                is_open,
                size,
                size_as_of,
                str(payer),
            )
        )


def as_text(name: str) -> Combinable:
    """An id as text where the engine can give it so; else the id, for `str` to write."""
    return Cast(name, TextField()) if connection.vendor == "postgresql" else F(name)


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
