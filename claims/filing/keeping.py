"""Keeping a payer's filing limit, and whether its first claim names the others, from a day of service on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction

from claims.filing.defaults import STATE_PROGRAMS, default_limit
from claims.filing.limit import Basis, Limit, Position, Sure
from claims.models.filing import FilingLimit, OthersNamed
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage.models import Payer
from cob.states import STATES
from cob.turns import Turn, wait_for

_SERVICE = frozenset({Basis.SERVICE, Basis.MONTH_END, Basis.YEAR_END})
COUNTS_FROM = {
    Position.PRIMARY: _SERVICE,
    Position.LATER: _SERVICE | {Basis.EARLIER_ANSWER},
    Position.CORRECTED: _SERVICE | {Basis.OWN_ANSWER},
    Position.TAKEN_BACK: frozenset({Basis.TAKEN_BACK}),
}
LONGEST = 1100


class BadLimit(ValueError):
    """A limit that cannot be kept; `field` names what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def set_limit(
    *, payer: Payer, position: str, limit: Limit | None, effective_on: date, source: str, by: User | None
) -> FilingLimit:
    """From that day of service on the limit holds; None withdraws the one before it. Raises BadLimit."""
    source = _stated(source)
    place = Position(position)
    _check(payer, place, limit)
    with transaction.atomic():
        wait_for(Turn.OPTIONS)
        before = _held(payer, place, effective_on)
        held = before.as_limit() if before else None
        if limit is None and held is None:
            raise BadLimit("length", "Nothing is kept that could be withdrawn.")
        if limit is not None and held == replace(limit, source=held.source if held else "", sure=Sure.KEPT):
            raise BadLimit("length", "Just this already holds on that day.")
        row = FilingLimit(payer=payer, position=place, effective_on=effective_on, source=source, set_by=by)
        if limit is not None:
            row.basis, row.length, row.unit = limit.basis, limit.length, limit.unit
            row.cap_days, row.rolls, row.silent_days = limit.cap_days, limit.rolls, limit.silent_days
        with doing("filing limit set" if limit else "filing limit withdrawn"):
            row.save()
    return row


def set_others_named(*, payer: Payer, is_named: bool, effective_on: date, source: str, by: User | None) -> OthersNamed:
    """From that day of service on the first claim to this payer names the other coverages, or not. Raises BadLimit."""
    source = _stated(source)
    with transaction.atomic():
        wait_for(Turn.OPTIONS)
        rows = OthersNamed.objects.filter(payer=payer, effective_on__lte=effective_on)
        before = rows.order_by("effective_on", "created_at").last()
        if (before.is_named if before else True) == is_named:
            raise BadLimit("is_named", "This already holds on that day.")
        row = OthersNamed(payer=payer, is_named=is_named, effective_on=effective_on, source=source, set_by=by)
        with doing("naming of other payers set"):
            row.save()
    return row


def set_program_state(*, payer: Payer, state: str) -> None:
    """Say whose program a state's payer is; empty: of the practice's own state. Raises BadLimit."""
    if state and payer.kind not in STATE_PROGRAMS:
        raise BadLimit("state", f"{payer} is no state’s program; its limits do not follow a state.")
    if state and state not in STATES:
        raise BadLimit("state", "Expected the postal code of a state.")
    with doing("state of the program set"):
        payer.state = state
        payer.save(update_fields=["state"])


def _check(payer: Payer, place: Position, limit: Limit | None) -> None:
    built_in = default_limit(payer.kind, place, payer.state)
    if built_in is not None and built_in.sure is Sure.LAW:
        raise BadLimit("position", f"This limit of {payer} is set by law and not by a contract: {built_in.source}.")
    if limit is None:
        return
    if limit.basis not in COUNTS_FROM[place]:
        raise BadLimit("basis", "This sending cannot be counted from that day; choose another.")
    days = limit.length * {"days": 1, "months": 31, "years": 366}[limit.unit]
    if not 0 < days <= LONGEST:
        raise BadLimit("length", "Expected a length from 1 day to 3 years.")
    if limit.silent_days is not None and place is not Position.LATER:
        raise BadLimit("silent_days", "Only a later payer waits for the answer of one before; leave it empty.")


def _held(payer: Payer, place: Position, day: date) -> FilingLimit | None:
    rows = FilingLimit.objects.filter(payer=payer, position=place, effective_on__lte=day)
    return rows.order_by("effective_on", "created_at").last()


def _stated(source: str) -> str:
    if not source.strip():
        raise BadLimit("source", "Say where it stands, so that somebody else can check.")
    return source.strip()[:200]
