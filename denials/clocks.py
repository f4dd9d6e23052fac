"""By which day something must be done about a refusal: the nearest limit of its codes that the answer left open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from claims.filing import Clock, Days, Moment
from claims.filing.on_file import Billed, FilingOnFile, clock_of_row
from claims.models import ClaimPayer
from claims.models.claim import PayerState
from denials.codebook import Limit
from denials.reading import Answered

Ends = tuple[date, str]
UNCONFIRMED = ", unconfirmed"
OF_PAYERS = ("filing", "corrected_claim", "secondary_filing")


def limit_on(
    names: Iterable[str],
    limits: Mapping[str, Limit],
    *,
    answered_on: date,
    service_on: date,
    payer_kind: str,
    of_payers: Mapping[str, Ends],
) -> Ends | None:
    """The day and the name of the limit that binds; None when no limit's days are known. What the limits of the payers
    on the claim say holds before the table's days.

    A limit that was over when the payer answered binds no more beside one that was not: an appeal is still in time when
    a filing limit is not.
    """
    ends: list[Ends] = []
    for name in names:
        limit = limits[name]
        count = limit.for_payer(payer_kind)
        if name in of_payers:
            ends.append(of_payers[name])
        elif count is not None:
            start = answered_on if limit.runs_from == "answer" else service_on
            ends.append((start + timedelta(days=count), limit.label + (UNCONFIRMED if name in OF_PAYERS else "")))
    return min([one for one in ends if one[0] >= answered_on] or ends, default=None)


def limits_of_payers(answer: Answered, filing: FilingOnFile, limits: Mapping[str, Limit]) -> dict[str, Ends]:
    """By when the payer that refused must have the claim again, or its correction, and the next payer the claim."""
    place, answered_on = answer.row.claim_payer, answer.row.answered_on
    if place is None:
        return {}
    payers = sorted(answer.claim.payers.all(), key=lambda row: row.rank)
    before = [row.answered_on for row in payers if row.rank < place.rank and row.answered_on]
    behind = [row for row in payers if row.rank > place.rank and row.state != PayerState.NOT_BILLABLE]
    service_to = answer.claim.service_to

    def sent_to(row: ClaimPayer, answered_before: date | None) -> Clock | None:
        return clock_of_row(filing, Billed.of(row), service_to, row.rank, row.payer.name, answered_before)

    at = Moment(place.rank, place.payer.name, Days(service_to, own_answer=answered_on))
    again = sent_to(place, max(before, default=None))
    corrected = filing.clock(Billed.of(place), at, is_correction=True)
    next_one = sent_to(behind[0], answered_on) if behind else None
    clocks = dict(zip(OF_PAYERS, (again, corrected, next_one), strict=True))
    doubt = {True: "", False: UNCONFIRMED}
    return {name: (clock.on, limits[name].label + doubt[clock.is_firm]) for name, clock in clocks.items() if clock}
