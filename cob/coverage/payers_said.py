"""All payers of one day side by side: the place we give each, what it shows itself, and who said so to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from cob.coverage.agreement import Stand, Standing, place_in, standing_of
from cob.coverage.models import Says, Verification
from cob.coverage.verifying import how_said
from cob.patients.models import Patient

PLACES = ("Primary", "Secondary", "Tertiary")
LOOKS = {
    Stand.AGREES: ("Agrees", "good"),
    Stand.DISAGREES: ("Disagrees", "bad"),
    Stand.NOT_KNOWN: ("Knows of no other plan", "warn"),
    Stand.NOT_ASKED: ("Not asked", ""),
    Stand.OPEN: ("Our order is open", "info"),
}
AS_SAID = {Says.AGREES: Stand.AGREES, Says.DISAGREES: Stand.DISAGREES, Says.NOT_KNOWN: Stand.NOT_KNOWN}


@dataclass(frozen=True, slots=True)
class Word:
    """What one payer said once."""

    row: Verification
    shows: str
    how: str
    days: str


@dataclass(frozen=True, slots=True)
class PayerRow:
    """One payer: our place, its place, and how the two stand. `said_then` is set where that was otherwise when said."""

    payer: str
    our_place: str
    stand: str
    tone: str
    word: Word | None
    said_then: str
    url: str


@dataclass(frozen=True, slots=True)
class PayersSaid:
    """The section on the verdict's and the patient's page."""

    day: date
    rows: list[PayerRow]
    earlier: list[Word]
    standing: Standing
    unasked_since: list[str]
    shares_from: date | None

    @property
    def conflict(self) -> str:
        """The disagreement in one sentence; empty when there is none."""
        if self.standing.disagreeing:
            names = [row.payer for row in self.rows if row.stand == LOOKS[Stand.DISAGREES][0]]
            return f"{' and '.join(names)} {'show' if len(names) > 1 else 'shows'} another order than ours."
        return "The payers show different orders." if self.standing.payers_conflict else ""

    @property
    def remedy(self) -> str:
        """What to do about it, and from which day the plans owe equal shares."""
        if self.shares_from is not None:
            return (
                "Call all plans together and read them the rule. From "
                f"{self.shares_from:%m/%d/%Y} they owe equal shares until they settle (MDL-120 §9.D, unconfirmed)."
            )
        if self.unasked_since:
            return (
                "Call all plans together and read them the rule. The days after which plans owe equal shares are not "
                f"counted yet: ask {' and '.join(self.unasked_since)} since when it has all it needs."
            )
        return "Call all plans together and read them the rule."


def payers_said(
    patient: Patient, day: date, verdict: Mapping[str, Any] | None, names: Mapping[str, str], order: UUID | None = None
) -> PayersSaid:
    """The payers of a day, in the verdict's order; `order` is the determination a new word is about. One query."""
    rows = patient.verifications.about(day).select_related("coverage__payer", "primary__payer", "recorded_by")
    every = list(rows.order_by("recorded_at", "pk"))
    last = {str(row.coverage_id): row for row in every}
    standing = standing_of(last, verdict, coverages=_in_question(verdict))
    kept = {row.pk for row in last.values()}
    return PayersSaid(
        day=day,
        rows=[_row(one, stand, last.get(one), verdict, names, order) for one, stand in standing.stands.items()],
        earlier=[_word(row, names) for row in reversed(every) if row.pk not in kept],
        standing=standing,
        unasked_since=_unasked_since(standing, last, names),
        shares_from=standing.shares_from(day),
    )


def _in_question(verdict: Mapping[str, Any] | None) -> list[str]:
    """Whom to ask where the order is open: every payer that stands in one of the outcomes."""
    if verdict is None:
        return []
    branches = [one for branch in verdict.get("branches") or [] for one in branch["order"]]
    return list(dict.fromkeys([*verdict["order"], *branches]))


def _row(
    one: str,
    stand: Stand,
    said: Verification | None,
    verdict: Mapping[str, Any] | None,
    names: Mapping[str, str],
    order: UUID | None,
) -> PayerRow:
    label, tone = LOOKS[stand]
    then = AS_SAID[Says(said.says)] if said else stand
    where = reverse("coverage:verification-new", args=[one])
    is_new = stand in (Stand.AGREES, Stand.DISAGREES) and then is not stand
    return PayerRow(
        payer=names.get(one) or str(said.coverage.payer if said else one),
        our_place=_place(place_in(verdict, one)),
        stand=label,
        tone=tone,
        word=_word(said, names) if said else None,
        said_then=LOOKS[then][0].lower() if is_new else "",
        url=f"{where}?order={order}" if order else where,
    )


def _word(row: Verification, names: Mapping[str, str]) -> Word:
    days = f"from {row.first_day:%m/%d/%Y} on"
    if row.last_day:
        days = f"{row.first_day:%m/%d/%Y}"
        days += f" – {row.last_day:%m/%d/%Y}" if row.last_day != row.first_day else ""
    return Word(row, shows(row, names), how_said(row), days)


def shows(row: Verification, names: Mapping[str, str]) -> str:
    """What the payer's own file shows, in words."""
    if row.says == Says.NOT_KNOWN:
        return "No other plan"
    parts = []
    if row.is_active is False:
        parts.append("Not in force")
    if row.own_position:
        parts.append(f"Itself {_place(row.own_position).lower()}")
    if row.primary is not None and row.primary_id != row.coverage_id:
        parts.append(f"{names.get(str(row.primary_id), row.primary.payer)} primary")
    if row.primary_id == row.coverage_id and not row.own_position:
        parts.append("Itself primary")
    if row.primary_named:
        parts.append(f"{row.primary_named} primary (not on file here)")
    return ", ".join(parts)


def _place(place: int | None) -> str:
    if place is None:
        return "—"
    return PLACES[place - 1] if place <= len(PLACES) else f"Payer {place}"


def _unasked_since(standing: Standing, last: Mapping[str, Verification], names: Mapping[str, str]) -> list[str]:
    if not standing.is_conflict or standing.disagree_since:
        return []
    parties: Iterable[str] = [one for one, stand in standing.stands.items() if stand is not Stand.OPEN or one in last]
    return [names.get(one, "the payer") for one in parties if not (one in last and last[one].has_all_since)]
