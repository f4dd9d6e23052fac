"""A determined order put onto a claim's payers, moving as few rows as there are to move."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from claims.models import Claim, ClaimPayer
from claims.models.claim import PayerState
from cob.coverage.models import Coverage, Determination

# Whoever has the claim keeps the place it was sent in; that is what its answer will say. Who took its answer back has
# nothing standing any more, so the order may put it elsewhere.
KEEPS_ITS_PLACE = frozenset(
    {
        PayerState.SUBMITTED,
        PayerState.FORWARDED,
        PayerState.ADJUDICATED,
        PayerState.DENIED,
        PayerState.REOPENED,
    }
)
_PARKED = 1000


@dataclass(slots=True)
class _Move:
    row: ClaimPayer
    rank: int
    state: str


def place_payers(claim: Claim, determination: Determination) -> bool:
    """Re-rank, add and set aside; True when anything changed. Call it in a transaction with the claim held."""
    rows = {row.coverage_id: row for row in claim.payers.select_related("coverage")}
    order = [UUID(one) for one in determination.order]
    added = _added(claim, [one for one in order if one not in rows])
    moves = _moves(rows, order, added)
    changed = [m for m in moves if m.row._state.adding or (m.row.rank, m.row.state) != (m.rank, m.state)]
    _write(changed, {row.rank for row in rows.values()})
    return bool(changed)


def is_as_ordered(claim: Claim, determination: Determination) -> bool:
    """Whether the claim's payers stand as the order has them, who is in no order behind those who are."""
    places = {coverage: place for place, coverage in enumerate(determination.order)}
    found = claim.payers.order_by("rank").values_list("coverage", flat=True)
    stand = [places.get(str(coverage), len(places)) for coverage in found]
    return stand == sorted(stand)


def _added(claim: Claim, ids: list[UUID]) -> dict[UUID, ClaimPayer]:
    found = Coverage.objects.filter(patient=claim.patient_id, pk__in=ids)
    return {row.pk: ClaimPayer(claim=claim, coverage=row, payer_id=row.payer_id, rank=0) for row in found}


def _moves(rows: dict[UUID, ClaimPayer], order: list[UUID], added: dict[UUID, ClaimPayer]) -> list[_Move]:
    stay = {
        one
        for one, row in rows.items()
        if row.state in KEEPS_ITS_PLACE and not _was_too_early(row, rows, order) and not _never_covered(row, order)
    }
    taken = {rows[one].rank for one in stay}
    every = rows | added
    free = [row for one in order if one not in stay and (row := every.get(one))]
    aside = [row for one, row in rows.items() if one not in order and one not in stay]
    ranks = iter(rank for rank in range(1, _PARKED) if rank not in taken)
    moves = [_move(row, next(ranks)) for row in free]
    return moves + [_Move(row, next(ranks), PayerState.NOT_BILLABLE) for row in aside]


def _never_covered(row: ClaimPayer, order: list[UUID]) -> bool:
    """It refused the claim, and by the settled order it is no payer of that day: nobody waits for it any longer."""
    return row.state == PayerState.DENIED and row.coverage_id not in order


def _was_too_early(row: ClaimPayer, rows: dict[UUID, ClaimPayer], order: list[UUID]) -> bool:
    """It refused the claim, and the order puts somebody before it who was not before it then: its refusal of a claim
    that came too early is no answer to the one that comes in its turn."""
    if row.state != PayerState.DENIED or row.coverage_id not in order:
        return False
    ahead = {one for one, other in rows.items() if other.rank < row.rank and other.state != PayerState.NOT_BILLABLE}
    return not set(order[: order.index(row.coverage_id)]) <= ahead


def _move(row: ClaimPayer, rank: int) -> _Move:
    """A payer that an earlier order had set aside comes back, one that a person took off stays off; one that refused
    too early has its turn again."""
    was_set_aside = row.state == PayerState.NOT_BILLABLE and row.rank_from == "determined"
    is_again = row.state == PayerState.DENIED and rank > row.rank
    return _Move(row, rank, PayerState.EXPECTED if was_set_aside or is_again else row.state)


def _write(moves: list[_Move], occupied: set[int]) -> None:
    """One payer a rank: whoever's place is free moves first; a ring is opened by parking one of it."""
    waiting = list(moves)
    while waiting:
        ready = next((m for m in waiting if m.rank not in occupied or m.rank == m.row.rank), None)
        if ready is None:
            waiting[0].row.rank, freed = _PARKED + len(waiting), waiting[0].row.rank
            waiting[0].row.save(update_fields=["rank"])
            occupied.discard(freed)
            continue
        waiting.remove(ready)
        occupied.discard(ready.row.rank)
        occupied.add(ready.rank)
        if ready.row.state == PayerState.DENIED and ready.state == PayerState.EXPECTED:
            ready.row.answered_on = None
        ready.row.rank, ready.row.state, ready.row.rank_from = ready.rank, ready.state, "determined"
        ready.row.save()
