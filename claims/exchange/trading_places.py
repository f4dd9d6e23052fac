"""Two payers that answered the other way round, or took back what they had answered so: they change places.

So an order that flips ends alike in whatever order the files of its payers come, and in one file or in several. The
order on file has to say the same: what payers say of their places moves nobody.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from uuid import UUID

from claims import ledger
from claims.exchange.in_turn import in_turn
from claims.exchange.pages import Page, Told
from claims.models import Adjudication, ClaimPayer
from claims.models.claim import PayerState
from claims.reasons import is_denial
from cob.coverage.models import Determination
from cob.x12.t835 import PLACE_SAID, Claim835

_PARKED = 1_000
_NOTHING_LEFT = (PayerState.REVERSED, PayerState.DENIED, PayerState.NOT_BILLABLE)


def says_another_place(answer: Adjudication) -> bool:
    """Whether an answer names another place than its payer has on the claim."""
    payer, place = answer.claim_payer, PLACE_SAID.get(answer.status, 0)
    return payer is not None and place not in (0, payer.rank)


def trade_places(page: Page, letters: Container[UUID], coming: Told | None = None) -> bool:
    """Exchange neighbours of the claim, as often as it takes, where all that stands of the one behind, and what is
    coming, is said ahead of all that stands of the other. True when something stands that has now to be posted in its
    new place.

    Nobody moves where a person, or a letter in part, moved money besides: what answers come to is theirs to say there.
    """
    moved = False
    while pair := next(_turned_round(page, coming), None):
        ahead, behind = pair
        stands = any(row.rank in (ahead.rank, behind.rank) for row in ledger.standing(page.rows))
        if stands and not in_turn(page, letters):
            break
        _exchange(behind, ahead, _order_on_file(page))
        moved = moved or stands
    return moved


def _turned_round(page: Page, coming: Told | None) -> Iterator[tuple[ClaimPayer, ClaimPayer]]:
    for ahead, behind in pairwise(sorted(page.payers, key=lambda row: row.rank)):
        back = max(_places_said(page, behind, coming), default=0)
        if not 0 < back <= ahead.rank:
            continue
        front = min(_places_said(page, ahead, coming), default=0)
        gives_way = front > back if front else ahead.state in _NOTHING_LEFT
        if gives_way and _comes_first(page, behind, ahead):
            yield ahead, behind


def _places_said(page: Page, payer: ClaimPayer, coming: Told | None) -> set[int]:
    """The places that a payer's standing answers name. What a refusal says of its place counts for nothing."""
    told = [one for one in page.told if one.row.claim_payer_id == payer.pk and one.stands]
    if coming is not None and coming.row.claim_payer_id == payer.pk:
        told.append(coming)
    return {PLACE_SAID[one.row.status] for one in told if one.row.status in PLACE_SAID and not _refuses(one.said)}


def _refuses(said: Claim835) -> bool:
    answer = ledger.Answer(said.paid_cents, said.every_adjustment)
    return not answer.something_allowed and is_denial(said.status, said.every_adjustment)


def _comes_first(page: Page, one: ClaimPayer, other: ClaimPayer) -> bool:
    """By the order on file; who is no payer of that day comes after those who are."""
    places = {coverage: place for place, coverage in enumerate(_order_on_file(page))}
    first = places.get(str(one.coverage_id))
    return first is not None and first < places.get(str(other.coverage_id), len(places))


def _order_on_file(page: Page) -> list[str]:
    """Coverages in the settled order of the day of service; none where there is no such order."""
    claim = page.claim
    found = Determination.objects.current().filter(patient=claim.patient_id, service_on=claim.service_from).first()
    return found.order if found and found.is_settled and found.status != "tie" else []


def _exchange(behind: ClaimPayer, ahead: ClaimPayer, order: Sequence[str]) -> None:
    """Written at once: no two payers share a place. Who refused the claim ahead has its turn again behind."""
    if ahead.state == PayerState.DENIED and str(ahead.coverage_id) in order:
        ahead.state, ahead.answered_on = PayerState.EXPECTED, None
    front, back = ahead.rank, behind.rank
    for row, rank in ((ahead, _PARKED), (behind, front), (ahead, back)):
        row.rank, row.rank_from = rank, "determined"
        row.save(update_fields=["rank", "rank_from", "state", "answered_on"])
