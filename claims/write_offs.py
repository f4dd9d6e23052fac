"""Write off what two people gave up: what a payer refused, or what is open while no other payer is asked. Line by line,
as far as no answer accounts for it.

An entry rests on an answer where there is one: when the payer takes that back, the entry goes with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims import ledger
from claims.exchange.posted import posted_on
from claims.exchange.posting import rebalance
from claims.ledger import LineKey, Posted
from claims.matching import with_everything
from claims.models import Adjudication, Claim, ClaimPayer, Posting
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.cents import allocate
from cob.turns import Turn, wait_for

REFUSED, OPEN = "Refused and written off: ", "Open and written off: "
VERB = "open amount written off"


def write_off(*, answer: Adjudication, refused: Mapping[LineKey, int], because: str, by: User) -> int:
    """Post what the answer refused, by line (None: of the whole claim); how many cents. Other answers may account for
    some of it or all by now: that much is not posted."""
    with _posting_to(answer.claim_id, VERB, because) as claim:
        every = [row for _, row in posted_on([claim.pk])]
        alive = ledger.standing(every)
        rank = next((row.rank for row in alive if row.answer == answer.pk), None)
        if rank is None:
            return 0
        like = RestsOn(answer.pk, answer.remittance.payer_id, rank)
        amounts = {line: (cents, like) for line, cents in _amounts(refused, _unexplained(claim, alive)).items()}
        return _post(claim, amounts, len(every), REFUSED + because, by)


def write_off_open(*, payer: ClaimPayer, because: str, by: User) -> int:
    """Post all that is open with insurers while this payer is not asked, the share that was left to it too; how many
    cents. Each line's entry rests on the last answer there."""
    with _posting_to(payer.claim_id, VERB, because) as claim:
        every = [row for _, row in posted_on([claim.pk])]
        alive = ledger.standing(every)
        charges = _charges(claim, alive)
        found: dict[LineKey, ledger.Balances] = {None: ledger.balances(charges, alive, all_final=False)}
        if None not in charges:
            found = ledger.line_balances(charges, alive, all_final=False)
        open_ = {line: found[line].insurer_open_cents for line in charges if found[line].insurer_open_cents > 0}
        last = {line: ledger.last_word(row for row in alive if line in (None, row.line)) for line in open_}
        whose = dict(
            Adjudication.objects.filter(pk__in=[row.answer for row in last.values() if row]).values_list(
                "pk", "remittance__payer"
            )
        )
        asked = RestsOn(None, payer.payer_id, payer.rank)
        amounts = {
            line: (cents, RestsOn(row.answer, whose[row.answer], row.rank) if (row := last[line]) else asked)
            for line, cents in open_.items()
        }
        return _post(claim, amounts, len(every), OPEN + because, by)


def take_back(*, answer: Adjudication, lines: Collection[LineKey], because: str, by: User) -> int:
    """Reverse what was written off of these lines of an answer's refusal (None: of all); how many cents."""
    rows = _standing(Posting.objects.filter(adjudication=answer), REFUSED)
    mine = [row for row in rows if None in lines or row.line_id in (None, *lines)]
    return _take_back(answer.claim_id, mine, because, by)


def take_back_open(*, payer: ClaimPayer, because: str, by: User) -> int:
    """Reverse what was written off as open on the payer's claim; how many cents."""
    return _take_back(payer.claim_id, _standing(Posting.objects.filter(claim=payer.claim_id), OPEN), because, by)


def _standing(rows: QuerySet[Posting], note: str) -> list[Posting]:
    return list(rows.filter(kind=ledger.WRITE_OFF, note__startswith=note, reversal=None))


def _take_back(claim_id: UUID | None, rows: Sequence[Posting], because: str, by: User) -> int:
    if not rows:
        return 0
    with _posting_to(claim_id, f"{VERB}, taken back", because) as claim:
        Posting.objects.bulk_create([mirror(row, because, by) for row in rows])
        return _settle(claim, -sum(row.amount_cents for row in rows))


class RestsOn(NamedTuple):
    """What an entry of a person's rests on: an answer, whose it is, and in which place."""

    answer: UUID | None
    payer: UUID
    rank: int


def entry(claim: Claim, line: LineKey, cents: int, rests_on: RestsOn, *, note: str, by: User, said: str) -> Posting:
    """A write-off that a person makes, under no payer's reason. `said` is what its key is made of: it posts once."""
    now = timezone.now()
    return Posting(
        claim=claim,
        line_id=line,
        adjudication_id=rests_on.answer,
        payer_id=rests_on.payer,
        rank=rests_on.rank,
        kind=ledger.WRITE_OFF,
        amount_cents=cents,
        note=note.strip()[:200],
        posted_on=timezone.localdate(now),
        posted_at=now,
        by=by,
        key=hashlib.sha256(said.encode()).hexdigest(),
    )


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


@contextmanager
def _posting_to(claim_id: UUID | None, verb: str, because: str) -> Iterator[Claim]:
    """The claim, while nobody else posts to it."""
    with transaction.atomic(), doing(verb, reason=because):
        wait_for(Turn.POSTINGS)
        yield Claim.objects.select_for_update().get(pk=claim_id)


def _settle(claim: Claim, cents: int) -> int:
    if cents:
        rebalance(with_everything(Claim.objects.filter(pk=claim.pk)))
        record(VERB, claim, patients=[claim.patient_id], site_id=claim.site_id, after={"cents": cents})
    return cents


def _unexplained(claim: Claim, alive: Sequence[Posted]) -> dict[LineKey, int]:
    """What is left of each line when payments, write-offs and the patient's share are taken off; of the claim as a
    whole where it has no lines or some entry belongs to none."""
    charges = _charges(claim, alive)
    of = {key: [row for row in alive if key in (None, row.line)] for key in charges}
    return {key: max(0, -ledger.beyond(charge, of[key])) for key, charge in charges.items()}


def _charges(claim: Claim, alive: Sequence[Posted]) -> dict[LineKey, int]:
    charges: dict[LineKey, int] = dict(claim.lines.values_list("pk", "charge_cents"))
    if not charges or any(row.line not in charges for row in alive):
        return {None: claim.charge_cents}
    return charges


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


def _post(claim: Claim, amounts: Mapping[LineKey, tuple[int, RestsOn]], number: int, note: str, by: User) -> int:
    rows = [
        entry(claim, line, cents, on, note=note, by=by, said=f"written-off|{claim.pk}|{on.answer}|{line}|{number + at}")
        for at, (line, (cents, on)) in enumerate(amounts.items())
    ]
    Posting.objects.bulk_create(rows)
    return _settle(claim, sum(cents for cents, _ in amounts.values()))
