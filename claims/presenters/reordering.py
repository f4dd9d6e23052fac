"""The page of claims whose order has changed: as billed, as due, why, the money, and what to do in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from claims.models import Claim, ClaimPayer
from claims.models.claim import PayerState
from claims.order_audit import Do, Kind, Step
from claims.presenters.words import RANKS
from claims.reordering import Changed
from cob.cents import dollars
from cob.coverage.deciding import BY_A_PERSON
from cob.rules.reading import BOOK

LOOKS = {
    Kind.SWAPPED: ("Another order", "warn"),
    Kind.MISSING: ("A payer is missing", "warn"),
    Kind.NOT_DUE: ("A payer does not pay for this day", "bad"),
    Kind.OPEN: ("No order is known now", "warn"),
}
SAYS = {
    Do.REORDER: "Nothing was sent. The payers change places once the order is on file.",
    Do.VOID: "Void the claim with {payer}: it does not pay for this day.",
    Do.REBILL: "Bill {payer} first.",
    Do.CORRECT: "Send {payer} a corrected claim: it is {place} now.",
    Do.RECOUP: "{payer} paid ${money} in a place that is not its own. When the payers before it have answered, "
    "send it a corrected claim and expect it to take money back.",
    Do.SECONDARY: "Bill {payer} as {place} when the payers before it have answered.",
}


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """One claim on the page."""

    claim: Claim
    payers: list[ClaimPayer]
    due: list[str]
    kinds: list[tuple[str, str]]
    rule: str
    why: str
    steps: list[str]
    paid_cents: int
    take_back_cents: int
    at_stake_cents: int
    is_open: bool
    determination_url: str


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """All of a patient's, with what they come to."""

    rows: list[ChangedRow]
    paid_cents: int
    take_back_cents: int
    at_stake_cents: int
    first_open_day: date | None


def changed_page(changed: Iterable[Changed], names: Mapping[str, str], on_file: Mapping[date, UUID]) -> ChangedPage:
    """`names` of the patient's coverages; `on_file` the determination of each day that has one."""
    rows = [_row(one, names, on_file) for one in changed]
    return ChangedPage(
        rows=rows,
        paid_cents=sum(row.paid_cents for row in rows),
        take_back_cents=sum(row.take_back_cents for row in rows),
        at_stake_cents=sum(row.at_stake_cents for row in rows),
        first_open_day=next((row.claim.service_from for row in rows if row.is_open), None),
    )


def _row(one: Changed, names: Mapping[str, str], on_file: Mapping[date, UUID]) -> ChangedRow:
    found, day = one.difference, one.claim.service_from
    rule, why = _why(one, names)
    return ChangedRow(
        claim=one.claim,
        payers=[row for row in one.claim.payers.all() if row.state != PayerState.NOT_BILLABLE],
        due=[names.get(each, "a payer not on file") for each in found.due],
        kinds=[LOOKS[kind] for kind in found.kinds],
        rule=rule,
        why=why,
        steps=[says(step, found.due, names, one.asked) for step in found.steps],
        paid_cents=found.paid_cents,
        take_back_cents=found.take_back_cents,
        at_stake_cents=found.at_stake_cents,
        is_open=Kind.OPEN in found.kinds,
        determination_url=reverse("coverage:determination-page", args=[on_file[day]]) if day in on_file else "",
    )


def _why(one: Changed, names: Mapping[str, str]) -> tuple[str, str]:
    """The rule and its sentence; for an order a person decided, who and why; for a payer that is out, why it is."""
    rule, verdict = one.difference.rule, one.verdict or {}
    if rule == BY_A_PERSON and one.decided is not None:
        return "", f"Decided by {one.decided.decided_by}: {one.decided.reason}"
    if not rule:
        return "", one.asked
    for entry in verdict.get("set_aside") or []:
        if entry["rule"] == rule and entry["coverage"] in one.difference.billed:
            return rule, f"{names.get(entry['coverage'], 'A payer')}: {entry['because']}"
    return rule, BOOK[rule].sentence if rule in BOOK else ""


def says(step: Step, due: tuple[str, ...], names: Mapping[str, str], asked: str) -> str:
    """One step in words."""
    if step.do is Do.DETERMINE:
        return f"Settle the order first: {asked}" if asked else "Settle the order first."
    at = due.index(step.coverage) + 1 if step.coverage in due else 0
    place = RANKS.get(at, f"payer {at}").lower()
    payer = names.get(step.coverage, "the payer")
    said = SAYS[step.do].format(payer=payer, place=place, money=dollars(step.cents))
    if step.do is Do.VOID and step.cents:
        said += f" The ${dollars(step.cents)} it paid goes back."
    return said
