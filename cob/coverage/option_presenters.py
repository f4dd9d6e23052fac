"""The pages of settings: what holds today and from when on, what was chosen before, and the numbers set by law."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cob.cents import dollars
from cob.coverage.models import Option, Scope
from cob.coverage.option_catalogue import SPECS, Effect, Spec, default, in_words
from cob.coverage.options import owner_name
from cob.rules.parameters import Parameter, parameters

IN_FORCE, LATER, PAST, WITHDRAWN = "in force", "to come", "replaced", "withdrawn"
TONES = {IN_FORCE: "good", LATER: "info", PAST: "", WITHDRAWN: "warn"}
GROUPS = (
    (Effect.ORDER, "They may change who pays first"),
    (Effect.NOTES, "They change what is said, not who pays first"),
    (Effect.PAYMENT, "They change what a later payer is expected to pay"),
)
WIDEST_LAST = (Scope.PAYER, Scope.STATE, Scope.PRACTICE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One row as the pages show it."""

    whose: str
    says: str
    effective_on: date
    source: str
    set_by: str
    set_at: Any
    stands: str

    @property
    def tone(self) -> str:
        """Of the word that says how it stands."""
        return TONES[self.stands]


@dataclass(frozen=True, slots=True)
class Card:
    """One option: what it is, and the choices that hold or will hold."""

    name: str
    spec: Spec
    default: str
    choices: tuple[Choice, ...]

    @property
    def whose(self) -> str:
        """Who may choose, in words."""
        return ", ".join(str(Scope(one).label).lower() for one in self.spec.scopes) or "nobody"

    @property
    def is_unconfirmed(self) -> bool:
        """Whether no text we could open confirms it."""
        return self.spec.sure == "unconfirmed"


def cards(today: date) -> list[tuple[str, list[Card]]]:
    """Every option that can be set, by what it can change; two queries however many there are."""
    rows = _rows(Option.objects.all(), today)
    return [
        (title, [_card(name, rows) for name, spec in SPECS.items() if spec.effect is effect and spec.is_settable])
        for effect, title in GROUPS
    ]


def unread() -> list[Card]:
    """Options that cannot be set, because nothing would change."""
    return [_card(name, {}) for name, spec in SPECS.items() if not spec.is_settable]


def card(name: str, today: date) -> tuple[Card, list[Choice]]:
    """One option, and everything ever chosen about it, newest first."""
    history = [choice for _, choice in _told(Option.objects.filter(name=name), today)]
    return _card(name, {name: history}), history


def _card(name: str, rows: dict[str, list[Choice]]) -> Card:
    now = [one for one in rows.get(name, ()) if one.stands in (IN_FORCE, LATER)]
    return Card(name, SPECS[name], in_words(name, default(name)), tuple(now))


def _rows(rows: Any, today: date) -> dict[str, list[Choice]]:
    by_name: dict[str, list[Choice]] = {}
    for name, choice in _told(rows, today):
        by_name.setdefault(name, []).append(choice)
    return by_name


def _told(rows: Any, today: date) -> Iterable[tuple[str, Choice]]:
    """Newest first within a scope, the narrowest scope first; of one scope one row is in force today."""
    found = list(rows.newest_first().select_related("payer", "set_by"))
    found.sort(key=lambda row: (WIDEST_LAST.index(row.scope), row.state, str(row.payer or "")))
    settled: set[tuple[Any, ...]] = set()
    days: set[tuple[Any, ...]] = set()
    for row in found:
        scope = (row.name, row.scope, row.payer_id, row.state)
        is_corrected = (*scope, row.effective_on) in days
        days.add((*scope, row.effective_on))
        if row.effective_on > today:
            stands = PAST if is_corrected else LATER
        elif scope in settled:
            stands = PAST
        else:
            settled.add(scope)
            stands = WITHDRAWN if row.value is None else IN_FORCE
        yield row.name, _choice(row, stands)


def _choice(row: Option, stands: str) -> Choice:
    return Choice(
        whose=owner_name(row.scope, row.state, str(row.payer or "")),
        says=in_words(row.name, row.value),
        effective_on=row.effective_on,
        source=row.source,
        set_by=str(row.set_by or "the system"),
        set_at=row.created_at,
        stands=stands,
    )


@dataclass(frozen=True, slots=True)
class LawNumber:
    """A number set by law through time, newest first."""

    name: str
    label: str
    values: tuple[tuple[date, str, str, str], ...]


def law_numbers() -> list[LawNumber]:
    """Every number the rules read, with the day it took effect and the text that says so."""
    return [_number(name, parameter) for name, parameter in sorted(parameters().items())]


def _number(name: str, parameter: Parameter) -> LawNumber:
    values = [
        (start, amount(value.value, parameter.unit), value.cite, str(value.url))
        for start, value in parameter.values.items()
    ]
    return LawNumber(name, parameter.label, tuple(reversed(values)))


def amount(value: int, unit: str) -> str:
    """A number of the law as people write it."""
    return f"${dollars(value)}" if unit == "cents" else f"{value:,} {unit}"
