"""Whether what payers said is the order that counts now. Pure: the order may change after the call, so this is asked
each time and never stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from cob.rules.parameters import law

SETTLED = frozenset({"determined", "likely", "tie"})
Groups = tuple[tuple[str, ...], ...]


class Stand(StrEnum):
    """How one payer stands to the order that counts."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_KNOWN = "not_known"
    NOT_ASKED = "not_asked"
    OPEN = "open"  # it was asked, and we have no settled order to compare with


class Said(Protocol):
    """What is read of a payer's word; a `Verification` is one."""

    says: str
    own_position: int | None
    primary_id: Any
    primary_named: str
    is_active: bool | None
    has_all_since: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All payers of a patient on one day, side by side."""

    stands: Mapping[str, Stand]
    payers_conflict: bool = False
    disagree_since: date | None = None

    @property
    def disagreeing(self) -> list[str]:
        """The payers that show another order than ours."""
        return [one for one, stand in self.stands.items() if stand is Stand.DISAGREES]

    @property
    def is_conflict(self) -> bool:
        """A payer shows another order than ours, or two of them show different ones."""
        return self.payers_conflict or bool(self.disagreeing)

    def shares_from(self, day: date) -> date | None:
        """From when on plans that disagree owe equal shares of that day's care; none while the days do not run."""
        if self.disagree_since is None:
            return None
        return self.disagree_since + timedelta(days=law("commercial.dispute.days", day) + 1)


def groups_of(verdict: Mapping[str, Any]) -> Groups:
    """The coverages of a verdict in paying order; several in one group where it does not matter who is first."""
    tied = {one: tuple(group) for group in verdict.get("ties") or [] for one in group}
    return tuple(dict.fromkeys(tied.get(one, (one,)) for one in verdict.get("order") or []))


def standing_of(
    said: Mapping[str, Said], verdict: Mapping[str, Any] | None, *, coverages: Sequence[str] = ()
) -> Standing:
    """How the payers stand. `said`: what each payer said last of this day, by coverage; `coverages`: all to be asked.

    `disagree_since` is the day the last payer in the line had all it needs; only then their thirty days run.
    """
    is_settled = verdict is not None and verdict["status"] in SETTLED
    groups = groups_of(verdict) if verdict is not None and is_settled else ()
    line = [one for group in groups for one in group]
    every = list(dict.fromkeys([*line, *coverages, *said]))
    stands = {one: stand_of(one, said.get(one), groups, is_settled=is_settled) for one in every}
    found = Standing(stands, _contradict(said))
    parties = line or list(said)
    since = [told.has_all_since if (told := said.get(one)) else None for one in parties]
    if not found.is_conflict or len(parties) < 2 or None in since:
        return found
    return Standing(stands, found.payers_conflict, max(day for day in since if day))


def stand_of(coverage: str, said: Said | None, groups: Groups, *, is_settled: bool) -> Stand:
    """One payer against the order."""
    if said is None:
        return Stand.NOT_ASKED
    if said.says == "not_known":
        return Stand.NOT_KNOWN
    if not is_settled:
        return Stand.OPEN
    places = _places(groups)
    if said.is_active is False or coverage not in places:
        # A payer that denies cover agrees only where we do not count on it; one we do not count on shows a place.
        return Stand.AGREES if said.is_active is False and coverage not in places else Stand.DISAGREES
    if said.own_position is not None and said.own_position not in places[coverage]:
        return Stand.DISAGREES
    if said.primary_named or (said.primary_id is not None and str(said.primary_id) not in groups[0]):
        return Stand.DISAGREES
    return Stand.AGREES


def place_in(verdict: Mapping[str, Any] | None, coverage: str) -> int | None:
    """The place the verdict gives a coverage: the first one it may take among those that share it."""
    return next(iter(_places(groups_of(verdict)).get(coverage, ())), None) if verdict else None


def _places(groups: Groups) -> dict[str, range]:
    found: dict[str, range] = {}
    start = 1
    for group in groups:
        found |= dict.fromkeys(group, range(start, start + len(group)))
        start += len(group)
    return found


def _contradict(said: Mapping[str, Said]) -> bool:
    """Two payers that cannot both be right: different primaries, or one place taken twice."""
    shown = {one: told for one, told in said.items() if told.says != "not_known" and told.is_active is not False}
    primaries = {first for one, told in shown.items() if (first := _primary(one, told))}
    places = [told.own_position for told in shown.values() if told.own_position is not None]
    return len(primaries) > 1 or len(set(places)) < len(places)


def _primary(coverage: str, said: Said) -> str:
    """Whom this payer shows as primary: itself, a coverage on file, or a name that is none."""
    if said.own_position == 1:
        return coverage
    return str(said.primary_id) if said.primary_id else said.primary_named
