"""What is kept about payers' filing, read once for many claims: what holds on a day, else the built-in limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from claims.filing.clock import Clock, Moment, filing_clock, of_correction
from claims.filing.defaults import default_limit
from claims.filing.limit import Days, Limit, Position, Sure
from claims.models.claim import ClaimPayer
from claims.models.filing import FilingLimit, OthersNamed


class Billed(NamedTuple):
    """What decides which limit holds: the payer, the kind of coverage, the state, the first day of service. A state's
    program has its own state's limits, also for a practice across the border."""

    payer: UUID
    kind: str
    state: str
    service_from: date

    @classmethod
    def of(cls, row: ClaimPayer) -> Billed:
        """Of a payer on a claim; its claim, site, payer and coverage are read."""
        kind = row.coverage.kind or row.payer.kind
        return cls(row.payer_id, kind, row.payer.state or row.claim.site.state, row.claim.service_from)


class FilingOnFile:
    """Limits and habits of payers; two queries however many claims are asked about."""

    def __init__(self, payers: Iterable[UUID] | None = None) -> None:
        """Of these payers, or of all."""
        wanted: dict[str, Any] = {} if payers is None else {"payer__in": list(payers)}
        self._limits: dict[tuple[UUID, str], list[FilingLimit]] = defaultdict(list)
        for row in FilingLimit.objects.filter(**wanted).order_by("effective_on", "created_at"):
            self._limits[row.payer_id, row.position].append(row)
        self._named: dict[UUID, list[OthersNamed]] = defaultdict(list)
        for named in OthersNamed.objects.filter(**wanted).order_by("effective_on", "created_at"):
            self._named[named.payer_id].append(named)

    def limit(self, payer: UUID, kind: str, state: str, position: Position, service_on: date) -> Limit | None:
        """What holds for that sending on that day of service: the law's limit, the one kept, the built-in one."""
        built_in = default_limit(kind, position, state)
        if built_in is not None and built_in.sure is Sure.LAW:
            return built_in
        rows = [row for row in self._limits.get((payer, position), ()) if row.effective_on <= service_on]
        kept = rows[-1].as_limit() if rows else None
        return kept or built_in

    def names_others(self, payer: UUID, service_on: date) -> bool:
        """Whether the first payer is told of the others: yes, unless the practice kept otherwise."""
        rows = [row for row in self._named.get(payer, ()) if row.effective_on <= service_on]
        return rows[-1].is_named if rows else True

    def clock(self, billed: Billed, at: Moment, *, is_correction: bool = False) -> Clock | None:
        """The running limit of one payer of a claim."""

        def of(position: Position) -> Limit | None:
            return self.limit(billed.payer, billed.kind, billed.state, position, billed.service_from)

        if is_correction:
            limit = of(Position.CORRECTED)
            return of_correction(limit, at) if limit else None
        limit = of(Position.PRIMARY if at.place == 1 else Position.LATER)
        return filing_clock(limit, at, taken_back=of(Position.TAKEN_BACK)) if limit else None


def clock_of_row(
    filing: FilingOnFile, billed: Billed, service_to: date, rank: int, payer: str, answered_before: date | None
) -> Clock | None:
    """The same from a row alone, as queues ask it: its place is its rank, and no answer was taken back."""
    days = Days(service_to, earlier_answer=answered_before)
    return filing.clock(billed, Moment(rank, payer, days, "the payer before"))
