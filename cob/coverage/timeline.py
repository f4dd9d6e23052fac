"""The timeline on the patient's page: who covers when, in which order, with gaps, today's mark and the chosen day's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from cob.coverage.cases import CaseOnFile, NeedsKind, cases_for, payer_names
from cob.coverage.inputs import as_day
from cob.coverage.models import MEDICARE_KINDS, Coverage, Kind
from cob.coverage.rulebook import Malformed, verdict_on
from cob.coverage.spans import ONE_DAY, Span, Stretch, stretches, twice_at_once
from cob.patients.models import Patient
from cob.typed_day import LATEST

MOST = 12
# Each fact nobody knows of many plans multiplies what has to be tried: of so many at once nobody is asked in passing.
MOST_AT_ONCE = 4
OPEN = {
    "needs_facts": "Open: a fact is missing",
    "cycle": "Open: the rules point in a circle",
    "data_conflict": "Open: facts contradict",
}


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One stretch: its days, the payers in order, and the rule that puts the first one first."""

    first: date | None
    last: date | None
    payers: tuple[str, ...]
    beside: tuple[str, ...]
    says: str
    rule: str
    is_gap: bool
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All stretches, newest first; `left_out` is how many older ones are not shown."""

    rows: list[TimelineRow]
    left_out: int
    doubles: list[str]


def timeline(
    patient: Patient,
    coverages: Sequence[Coverage],
    day: date,
    watch: Iterable[Mapping[str, Any]] = (),
    medicare: Mapping[str, Any] = MappingProxyType({}),
) -> Timeline:
    """The stretches around today; three queries however many there are. `watch`: days the verdict changes by itself;
    `medicare`: the case's, for the days of its parts.
    """
    enrolled = [row for row in coverages if row.enrolled]
    names = payer_names(list(coverages))
    parts = [part for letter in "ab" if (part := medicare.get(f"part_{letter}"))]
    spans = [_span(row, parts) for row in enrolled]
    known = [span for span in spans if span.first or span.last]
    also = {date.fromisoformat(one["on"]) for one in watch} | _turns(parts)
    found = stretches(spans, also) if known or also else []
    every = [one for one in found if one.last is None or one.last >= patient.birth_on]  # a plan may be older
    shown = _around(every, timezone.localdate())
    verdicts = _verdicts(patient, shown, day)
    rows = [_row(one, verdict, names, day) for one, verdict in zip(shown, verdicts, strict=True)]
    return Timeline(rows[::-1], len(every) - len(shown), [_double(*one, names) for one in twice_at_once(known)])


def _span(row: Coverage, parts: Sequence[Mapping[str, Any]]) -> Span:
    """A Medicare card has the days of its parts: from the first that begins, while any goes on."""
    plan = f"{row.payer_id}|{row.plan_name}|{row.group_number}"
    if row.kind != Kind.MEDICARE:
        return Span(str(row.pk), plan, row.effective_on, row.ended_on)
    begins, ends = ([as_day(part.get(name)) for part in parts] for name in ("from", "to"))
    first = min(filter(None, begins)) if begins and None not in begins else None
    return Span(str(row.pk), plan, first, max(filter(None, ends)) if ends and None not in ends else None)


def _turns(parts: Sequence[Mapping[str, Any]]) -> set[date]:
    """The days on which a part of Medicare begins, or is over."""
    ends = [day + ONE_DAY for part in parts if (day := as_day(part.get("to"))) and day < LATEST]
    return {*ends, *(day for part in parts if (day := as_day(part.get("from"))))}


def _around(every: list[Stretch], today: date) -> list[Stretch]:
    """The latest ones, but never without today's."""
    now = next((at for at, one in enumerate(every) if one.holds(today)), len(every) - 1)
    start = max(0, min(len(every) - MOST, now - MOST // 2))
    return every[start : start + MOST]


def _asked_on(one: Stretch, day: date, born: date) -> date:
    """The chosen day or today where it lies in the stretch, so the row says what the verdict says; else its own day."""
    today = timezone.localdate()
    for on in (day, today):
        if one.holds(on):
            return on
    return max(one.asked_on or today, born)


def _verdicts(patient: Patient, shown: Sequence[Stretch], day: date) -> list[dict[str, Any] | None]:
    asked: list[tuple[date, None]] = [(_asked_on(one, day, patient.birth_on), None) for one in shown]
    return [_verdict(one, case) for one, case in zip(shown, cases_for(patient, asked), strict=True)]


def _verdict(one: Stretch, case: CaseOnFile | NeedsKind) -> dict[str, Any] | None:
    """The order among the plans of these days alone: with the others the rules would also try each later day one of
    them starts on. A plan that names one of other days, such as the plan it supplements, is asked about with all.
    """
    if isinstance(case, NeedsKind) or not 0 < len(one.ids) <= MOST_AT_ONCE:
        return None
    every = case.case["coverages"]
    theirs = [entry for entry in every if entry["id"] in one.ids]
    for alone in (theirs, every if len(every) <= MOST_AT_ONCE else []):
        has_medicare = any(entry["kind"] in MEDICARE_KINDS for entry in alone)
        rest = {name: said for name, said in case.case.items() if name != "medicare" or has_medicare}
        try:
            return verdict_on(rest | {"coverages": alone}) if alone else None
        except Malformed:
            continue
    return None


def _row(one: Stretch, verdict: dict[str, Any] | None, names: Mapping[str, str], day: date) -> TimelineRow:
    order = verdict["order"] if verdict else []
    is_open = not one.is_gap and (verdict is None or verdict["status"] in OPEN)
    marks = [("Today", timezone.localdate()), ("Chosen day", day)]
    payers = tuple(names.get(each, each) for each in order)
    says = "Nobody covers these days" if not payers and not is_open else ""
    if is_open:
        says = OPEN[verdict["status"]] if verdict else _not_asked(one)
    return TimelineRow(
        first=one.first,
        last=one.last,
        payers=payers,
        beside=tuple(names[each] for each in one.ids if each not in order),
        says=says,
        rule=verdict["positions"][0]["rule"] if verdict and verdict["positions"] else "",
        is_gap=not payers and not is_open,
        marks=tuple(dict.fromkeys(label for label, on in marks if one.holds(on))),
    )


def _not_asked(one: Stretch) -> str:
    if len(one.ids) > MOST_AT_ONCE:
        return f"{len(one.ids)} plans at once: choose the day to ask"
    return "Open: the order cannot be asked yet"


def _double(one: Span, other: Span, first: date | None, last: date | None, names: Mapping[str, str]) -> str:
    since = f"from {first:%m/%d/%Y}" if first else "from the start"
    until = f"to {last:%m/%d/%Y}" if last else "on"
    return f"{names[one.id]} and {names[other.id]} are the same plan twice {since} {until}: is one of them to be ended?"
