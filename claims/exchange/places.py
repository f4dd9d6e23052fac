"""Which of a claim's payers has answered, and in which place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from claims.matching import member_ids
from claims.models import Claim, ClaimPayer
from claims.models.claim import PayerState
from cob.coverage.models import Payer
from cob.patients.models import squash
from cob.x12.t835 import PLACE_SAID, Claim835

_WORDS = {1: "primary", 2: "secondary", 3: "tertiary"}
# What a payer ahead of the one that answers should not be any more.
_SILENT = frozenset({PayerState.EXPECTED, PayerState.SUBMITTED, PayerState.FORWARDED, PayerState.REJECTED})


@dataclass(slots=True)
class Place:
    """Where an answer belongs: the claim's payer (None: not on the claim), its rank, and what is odd about it."""

    payer: ClaimPayer | None
    rank: int
    exceptions: list[str] = field(default_factory=list)


def place_of(claim: Claim, payers: list[ClaimPayer], payer: Payer, answer: Claim835) -> Place:
    """The claim's payer that this answer comes from. `payers` may grow by one that only a coverage names."""
    said = PLACE_SAID.get(answer.status, 0)
    found = whose(payers, payer, answer)
    if found is None:
        return _not_on_claim(claim, payers, payer, said)
    place = Place(found, found.rank)
    if said and said != min(found.rank, 3):
        place.exceptions.append(
            f"{payer} says it processed the claim as {_WORDS[said]}; on the claim it is payer {found.rank}. "
            "Check the order of benefits."
        )
    if silent := [p for p in payers if p.rank < found.rank and p.state in _SILENT]:
        place.exceptions.append(
            f"{payer} answered as payer {found.rank}, but {silent[0].payer} (payer {silent[0].rank}) has not "
            "answered here: find its remittance."
        )
    return place


def whose(payers: Sequence[ClaimPayer], payer: Payer, answer: Claim835) -> ClaimPayer | None:
    """One payer may stand on a claim twice (both spouses are insured there): member id, then place, then who waits."""
    found, said = [p for p in payers if p.payer_id == payer.pk], PLACE_SAID.get(answer.status, 0)
    if len(found) <= 1:
        return found[0] if found else None
    members = {squash(i) for i in member_ids(answer)}
    by_member = [p for p in found if p.coverage.search_member in members]
    by_place = [p for p in found if p.rank == said]
    waiting = [p for p in found if p.state in (PayerState.SUBMITTED, PayerState.FORWARDED)]
    return next((some[0] for some in (by_member, by_place, waiting) if len(some) == 1), found[0])


def _not_on_claim(claim: Claim, payers: list[ClaimPayer], payer: Payer, said: int) -> Place:
    taken = {p.rank for p in payers}
    rank = said if said and said not in taken else max(taken, default=0) + 1
    covers = [c for c in claim.patient.coverages.all() if c.payer_id == payer.pk]
    if len(covers) != 1:
        why = f"{payer} is not one of the payers on this claim; add the coverage it answers for."
        return Place(None, said or rank, [why])
    added = ClaimPayer(claim=claim, coverage=covers[0], payer=payer, rank=rank)
    added.save()
    payers.append(added)
    return Place(
        added, rank, [f"{payer} was not on this claim; it was added as payer {rank} from the coverage on file."]
    )
