"""Two payers that both took their answers back, and one of them now answers ahead: they change places first.

So an order that flips is posted alike whether a payer sends its reversal and its new answer in one file or in two.
"""

from __future__ import annotations

from claims.exchange.pages import Page
from claims.exchange.places import PLACE_SAID
from claims.models import ClaimPayer
from claims.models.claim import PayerState
from cob.coverage.models import Determination, Payer
from cob.x12.t835 import Claim835

_PARKED = 1_000


def trade_places(page: Page, payer: Payer, said: Claim835) -> None:
    """Give the payer the place ahead that its answer names, if the order on file says the same and nothing stands of
    either. The two rows are written at once: no two payers share a place."""
    mine = [row for row in page.payers if row.payer_id == payer.pk]
    place = PLACE_SAID.get(said.status, 0)
    if len(mine) != 1 or mine[0].rank != place + 1 or mine[0].state != PayerState.REVERSED:
        return
    ahead = next((row for row in page.payers if row.rank == place and row.state == PayerState.REVERSED), None)
    if ahead is not None and _comes_first(page, mine[0], ahead):
        _exchange(mine[0], ahead)


def _comes_first(page: Page, one: ClaimPayer, other: ClaimPayer) -> bool:
    """By the order on file for the day of service. Asked only where two payers stand reversed."""
    claim = page.claim
    on_file = Determination.objects.current().filter(patient=claim.patient_id, service_on=claim.service_from).first()
    order = on_file.order if on_file else []
    places = [order.index(str(row.coverage_id)) for row in (one, other) if str(row.coverage_id) in order]
    return len(places) == 2 and places[0] < places[1]


def _exchange(behind: ClaimPayer, ahead: ClaimPayer) -> None:
    front, back = ahead.rank, behind.rank
    for row, rank in ((ahead, _PARKED), (behind, front), (ahead, back)):
        row.rank, row.rank_from = rank, "determined"
        row.save(update_fields=["rank", "rank_from"])
