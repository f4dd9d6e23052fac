"""Write off what a payer refused and two people gave up: line by line, as far as no answer accounts for it.

The entry rests on the answer that refused: when the payer takes that answer back, the entry goes with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims import ledger
from claims.exchange.posted import posted_on
from claims.exchange.posting import rebalance
from claims.ledger import LineKey, Posted
from claims.matching import with_everything
from claims.models import Adjudication, Claim, Posting
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.cents import allocate
from cob.turns import Turn, wait_for

NOTE = "Refused and written off: "
VERB = "refusal written off"


def write_off(*, answer: Adjudication, refused: Mapping[LineKey, int], because: str, by: User) -> int:
    """Post what the answer refused, by line (None: of the whole claim); how many cents. Other answers may account for
    some of it or all by now: that much is not posted."""
    with transaction.atomic(), doing(VERB, reason=because):
        wait_for(Turn.POSTINGS)
        claim = Claim.objects.select_for_update().get(pk=answer.claim_id)
        every = [row for _, row in posted_on([claim.pk])]
        alive = ledger.standing(every)
        rank = next((row.rank for row in alive if row.answer == answer.pk), _place(answer))
        amounts = _amounts(refused, _unexplained(claim, alive)) if rank else {}
        rows = [
            _entry(answer, claim, line, cents, rank=rank, because=because, by=by, number=len(every) + place)
            for place, (line, cents) in enumerate(amounts.items())
        ]
        Posting.objects.bulk_create(rows)
        return _settle(claim, sum(amounts.values()))


def take_back(*, answer: Adjudication, lines: Collection[LineKey], because: str, by: User) -> int:
    """Reverse what was written off of these lines of an answer's refusal (None: of all); how many cents."""
    with transaction.atomic(), doing(f"{VERB}, taken back", reason=because):
        wait_for(Turn.POSTINGS)
        claim = Claim.objects.select_for_update().get(pk=answer.claim_id)
        rows = [row for row in standing_of(answer) if None in (*lines, row.line_id) or row.line_id in lines]
        Posting.objects.bulk_create([mirror(row, because, by) for row in rows])
        return _settle(claim, -sum(row.amount_cents for row in rows))


def standing_of(answer: Adjudication) -> QuerySet[Posting]:
    """What was written off of an answer's refusals and not taken back."""
    rows: QuerySet[Posting] = answer.postings.filter(kind=ledger.WRITE_OFF, note__startswith=NOTE, reversal=None)
    return rows


def mirror(row: Posting, because: str, by: User) -> Posting:
    """What takes an entry back. The key is the one any reversal of it has: it posts once."""
    now = timezone.now()
    return Posting(
        claim_id=row.claim_id,
        line_id=row.line_id,
        adjudication_id=row.adjudication_id,
        payer_id=row.payer_id,
        rank=row.rank,
        kind=ledger.REVERSAL,
        group=row.group,
        carc=row.carc,
        rarc=row.rarc,
        amount_cents=-row.amount_cents,
        reverses=row,
        note=because.strip()[:200],
        posted_on=timezone.localdate(now),
        posted_at=now,
        by=by,
        key=hashlib.sha256(f"{row.key}|reversed".encode()).hexdigest(),
    )


def _settle(claim: Claim, cents: int) -> int:
    if cents:
        rebalance(with_everything(Claim.objects.filter(pk=claim.pk)))
        record(VERB, claim, patients=[claim.patient_id], site_id=claim.site_id, after={"cents": cents})
    return cents


def _place(answer: Adjudication) -> int:
    return answer.claim_payer.rank if answer.claim_payer else 0


def _unexplained(claim: Claim, alive: Sequence[Posted]) -> dict[LineKey, int]:
    """What is left of each line when payments, write-offs and the patient's share are taken off; of the claim as a
    whole where it has no lines or some entry belongs to none."""
    charges: dict[LineKey, int] = dict(claim.lines.values_list("pk", "charge_cents"))
    if not charges or any(row.line not in charges for row in alive):
        return {None: _left(claim.charge_cents, alive)}
    return {key: _left(charge, [row for row in alive if row.line == key]) for key, charge in charges.items()}


def _left(charge_cents: int, alive: Sequence[Posted]) -> int:
    so_far = ledger.account(charge_cents, alive)
    return max(0, charge_cents - so_far.paid_cents - so_far.written_off_cents - ledger.responsibility_of(alive))


def _amounts(refused: Mapping[LineKey, int], left: Mapping[LineKey, int]) -> dict[LineKey, int]:
    if None in left:
        made: dict[LineKey, int] = {None: min(sum(refused.values()), left[None])}
    else:
        made = {key: min(refused.get(key, 0), cents) for key, cents in left.items()}
        room = [left[key] - made[key] for key in left]
        whole = min(refused.get(None, 0), sum(room))
        if whole > 0:
            made = {key: made[key] + part for key, part in zip(left, allocate(whole, room), strict=True)}
    return {key: cents for key, cents in made.items() if cents > 0}


def _entry(
    answer: Adjudication, claim: Claim, line: UUID | None, cents: int, *, rank: int, because: str, by: User, number: int
) -> Posting:
    now = timezone.now()
    said = f"refusal-written-off|{answer.pk}|{line}|{number}"
    return Posting(
        claim=claim,
        line_id=line,
        adjudication=answer,
        payer_id=answer.remittance.payer_id,
        rank=rank,
        kind=ledger.WRITE_OFF,
        amount_cents=cents,
        note=f"{NOTE}{because.strip()}"[:200],
        posted_on=timezone.localdate(now),
        posted_at=now,
        by=by,
        key=hashlib.sha256(said.encode()).hexdigest(),
    )
