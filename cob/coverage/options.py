"""Which choice of practice, payer and state holds for a case: read once, resolved in memory, with whose and since when.

A case has one value for each option, and several payers. The narrower scope wins: payer, then state, then practice,
then the built-in default. What several payers chose reaches a case so:

- an option read of each plan by itself holds if every plan it concerns comes to the same value;
- one read when two plans are compared holds if those who set it agree and every comparison has one who set it; the
  other plan, which chose nothing, goes along.

Otherwise no payer's choice is taken for another's: the state's or the practice's value stands, or the rules ask where
they can, and the case carries a sentence that says who differs. State law does not bind a self-funded plan (ERISA).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from cob.coverage.concerns import Case, Entry
from cob.coverage.models import Option, Scope
from cob.coverage.option_catalogue import SPECS, Place, Reach, Spec, default, in_words, problem_with
from cob.states import STATES

SELF_FUNDED = "self_funded_erisa"
WHOSE_STATE = {"plan": "where the plan was issued", "site": "the site’s state", "accident": "where the accident was"}


class Supposed(NamedTuple):
    """A choice nobody made, for asking what it would do. `owner` is a payer's id or a state's code."""

    name: str
    value: Any
    scope: Scope = Scope.PRACTICE
    owner: str = ""
    effective_on: date = date.min


@dataclass(frozen=True, slots=True)
class Held:
    """One choice as the resolver holds it; a value of None withdraws."""

    value: Any
    scope: str
    who: str
    effective_on: date
    source: str
    is_supposed: bool = False

    def said(self, whose_state: str = "") -> str:
        """Whose it is, since when, and where it stands."""
        who = f"{self.who} ({WHOSE_STATE[whose_state]})" if self.scope == Scope.STATE and whose_state else self.who
        if self.is_supposed:
            return f"{who}, as if it were so"
        return f"{who}, setting since {_in_words(self.effective_on)}, {self.source}"


@cache
def _in_words(day: date) -> str:
    return f"{day:%m/%d/%Y}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes into one case: values that are not the default, who chose each, and what could not be settled."""

    options: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


NOTHING_CHOSEN = Chosen()
_Key = tuple[str, str, str]  # option, scope, owner
_COLUMNS = (
    "name", "scope", "payer_id", "payer__name", "state", "value", "effective_on", "source",
)  # fmt: skip


class OptionsOnFile:
    """Every choice on file, held in memory: one query, however many cases are then put together."""

    __slots__ = ("_rows", "has_states", "names")

    def __init__(self, rows: Iterable[tuple[_Key, Held]]) -> None:
        self._rows: dict[_Key, list[Held]] = {}
        for key, held in rows:
            self._rows.setdefault(key, []).append(held)
        self.names = sorted({name for name, _, _ in self._rows if name in SPECS})
        self.has_states = any(scope == Scope.STATE for _, scope, _ in self._rows)

    @classmethod
    def read(cls, *, payers: Iterable[UUID] | None = None, known_at: datetime | None = None) -> OptionsOnFile:
        """All of them, or of payers only these; `known_at` leaves out what was written later."""
        rows = Option.objects.order_by("effective_on", "created_at")
        if payers is not None:
            rows = rows.filter(Q(payer=None) | Q(payer__in=list(payers)))
        if known_at is not None:
            rows = rows.filter(created_at__lte=known_at)
        return cls(_held(*row) for row in rows.values_list(*_COLUMNS))

    def as_if(self, supposed: Sequence[Supposed], payer_names: Mapping[str, str] | None = None) -> OptionsOnFile:
        """The same with choices nobody made, which win in their own scope from their day on. Raises ValueError."""
        rows = [(key, held) for key, every in self._rows.items() for held in every]
        return OptionsOnFile([*rows, *(_supposed(one, payer_names or {}) for one in supposed)])

    def at(self, name: str, scope: str, owner: str, day: date) -> Held | None:
        """What a scope says on a day, None where it says nothing or has withdrawn."""
        for held in reversed(self._rows.get((name, scope, owner), ())):
            if held.effective_on <= day:
                return held if held.value is not None else None
        return None

    def resolve(self, name: str, day: date, *, payer: str = "", state: str = "") -> Held | None:
        """The narrowest choice there is: the payer's, the state's, the practice's; None is the built-in default."""
        return (
            (self.at(name, Scope.PAYER, payer, day) if payer else None)
            or (self.at(name, Scope.STATE, state, day) if state else None)
            or self.at(name, Scope.PRACTICE, "", day)
        )

    def in_case(self, case: Case, *, payers: Mapping[str, str], site_state: str = "") -> Chosen:
        """The choices that matter for a case: `payers` maps its coverage ids to payer ids."""
        if not self.names:
            return NOTHING_CHOSEN
        chosen, day = Chosen(), date.fromisoformat(case["claim"]["dos"])
        for name in self.names:
            found = _Asked(self, name, case, day, payers, site_state).settled()
            if found is None:
                continue
            if found.value != default(name):
                chosen.options[name] = found.value
                chosen.sources[f"options.{name}"] = found.source
            if found.note:
                chosen.notes[name] = found.note
        return chosen


class _Settled(NamedTuple):
    """One option of one case."""

    value: Any
    source: str = ""
    note: str = ""


class _View(NamedTuple):
    """What one plan comes to: the choice that holds for it, and which state was looked at."""

    entry: Entry
    held: Held | None
    whose_state: str


class _Asked:
    """One option asked about one case."""

    __slots__ = ("case", "day", "default", "name", "on_file", "payers", "site_state", "spec")

    def __init__(
        self, on_file: OptionsOnFile, name: str, case: Case, day: date, payers: Mapping[str, str], site_state: str
    ) -> None:
        self.on_file, self.name, self.case, self.day = on_file, name, case, day
        self.payers, self.site_state = payers, site_state
        self.spec: Spec = SPECS[name]
        self.default = default(name)

    def settled(self) -> _Settled | None:
        """The value for the case; None where the option concerns nothing in it."""
        entries = self.spec.concerns(self.case)
        if len(entries) < (2 if self.spec.reach is Reach.PAIR else 1):
            return None
        views = [self._view(entry) for entry in entries]
        own = [view for view in views if view.held and view.held.scope == Scope.PAYER]
        if self.spec.reach is Reach.PAIR and own and self._agree(own):
            if self._is_in_every_comparison(views) or self._same(self._fallback(), own[0]):
                return self._taken(own)
            return self._not_taken(views)
        if self._agree(views):
            return self._taken([view for view in views if view.held])
        return self._not_taken(views)

    def _is_in_every_comparison(self, views: Sequence[_View]) -> bool:
        """Whether no two plans that are compared are both without a payer's own choice."""
        silent = [view.entry["kind"] for view in views if not view.held or view.held.scope != Scope.PAYER]
        if self.spec.against is None:
            return len(silent) <= 1
        return all(kind == self.spec.against for kind in silent) or self.spec.against not in silent

    def _view(self, entry: Entry) -> _View:
        state, whose = self._state_of(entry)
        payer = self.payers.get(entry["id"], "")
        return _View(entry, self.on_file.resolve(self.name, self.day, payer=payer, state=state), whose)

    def _state_of(self, entry: Entry) -> tuple[str, str]:
        if self.spec.place is Place.ACCIDENT:
            return self.case.get("accident", {}).get("state", ""), "accident"
        if entry.get("funding") == SELF_FUNDED:
            return "", ""
        issued = entry.get("state", "")
        return (issued, "plan") if issued else (self.site_state, "site")

    def _fallback(self) -> _View:
        """What holds when no payer's choice does: that of the common state, or of the practice."""
        if self.spec.place is Place.ACCIDENT:
            state, whose = self._state_of({})
        else:
            state, whose = self.site_state, "site"
        return _View({}, self.on_file.resolve(self.name, self.day, state=state), whose)

    def _value(self, view: _View) -> Any:
        return view.held.value if view.held else self.default

    def _same(self, one: _View, other: _View) -> bool:
        return bool(self._value(one) == self._value(other))

    def _agree(self, views: Sequence[_View]) -> bool:
        return all(self._same(views[0], view) for view in views)

    def _taken(self, views: Sequence[_View]) -> _Settled:
        said = dict.fromkeys(view.held.said(view.whose_state) for view in views if view.held)
        return _Settled(self._value(views[0]) if views else self.default, "; ".join(said))

    def _not_taken(self, views: Sequence[_View]) -> _Settled:
        stands = self._fallback()
        value, source = self._value(stands), stands.held.said(stands.whose_state) if stands.held else ""
        if self.spec.ask is not None:
            value, source = self.spec.ask, "asked because the plans differ"
        return _Settled(value, source, self._note(views, value, source) if self.spec.is_told(self.case) else "")

    def _note(self, views: Sequence[_View], value: Any, source: str) -> str:
        """Who has what, what was used instead, and what to do."""
        told = "; ".join(dict.fromkeys(self._told(views)))
        used = f"“{in_words(self.name, value)}” ({source or 'built in'})"
        return f"{self.spec.label}: {told}. The order is worked out with {used}. Check with the plans that differ."

    def _told(self, views: Sequence[_View]) -> Iterator[str]:
        for view in views:
            payer = view.entry.get("payer") or view.entry["id"]
            yield f"{payer} has “{in_words(self.name, self._value(view))}”"


def _held(
    name: str, scope: str, payer: UUID | None, payer_name: str | None, state: str, value: Any, on: date, source: str
) -> tuple[_Key, Held]:
    owner = {Scope.PAYER.value: str(payer), Scope.STATE.value: state}.get(scope, "")
    return (name, scope, owner), Held(value, scope, owner_name(scope, state, payer_name or ""), on, source)


def _supposed(one: Supposed, payer_names: Mapping[str, str]) -> tuple[_Key, Held]:
    if one.name not in SPECS:
        raise ValueError(f"{one.name}: there is no such option; see the list of options")
    if one.value is not None and (problem := problem_with(one.name, one.value)):
        raise ValueError(f"{one.name}: {problem}")
    who = owner_name(one.scope, one.owner, payer_names.get(one.owner, "the payer"))
    held = Held(one.value, one.scope, who, one.effective_on, "", is_supposed=True)
    return (one.name, str(one.scope), one.owner), held


def owner_name(scope: str, state: str, payer: str) -> str:
    """Whose choice it is, in words."""
    if scope == Scope.PRACTICE:
        return "The practice"
    return payer if scope == Scope.PAYER else STATES.get(state, state)
