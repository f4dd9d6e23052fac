"""Rows on a claim's ledger that no remittance brought: a letter's mirror postings, and refunds."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from claims import ledger
from claims.exchange.posted import posted_on
from claims.exchange.posting import rebalance
from claims.ledger import LineKey
from claims.matching import with_everything
from claims.models import Adjudication, Claim, Posting
from claims.models.posting import PostingKind
from cob.audit.acting import person
from cob.cents import allocate
from cob.coverage.models import Payer


@dataclass(frozen=True, slots=True)
class Draft:
    """One row to write: a mirror of `like` when `mirrors`, a copy of it with another amount otherwise."""

    like: Posting
    amount_cents: int
    mirrors: bool
    key: str
    note: str = ""


def standing_of(answer: Adjudication) -> list[Posting]:
    """The rows an answer has on its claim's ledger that nothing took back."""
    rows = answer.postings.exclude(kind=PostingKind.REVERSAL).filter(reversal=None)
    return list(rows.order_by("posted_at", "id"))


def write(drafts: Sequence[Draft], on: date) -> list[Posting]:
    """The rows, in this order; each posts once."""
    clock, by, rows = timezone.now(), person(), []
    for draft in drafts:
        clock += timedelta(microseconds=1)
        like = draft.like
        rows.append(
            Posting(
                claim_id=like.claim_id,
                line_id=like.line_id,
                adjudication_id=None if draft.mirrors else like.adjudication_id,
                payer_id=like.payer_id,
                rank=like.rank,
                kind=PostingKind.REVERSAL if draft.mirrors else like.kind,
                group=like.group,
                carc=like.carc,
                rarc=like.rarc,
                amount_cents=draft.amount_cents,
                quantity=like.quantity,
                reverses=like if draft.mirrors else None,
                note=draft.note[:200],
                posted_on=on,
                posted_at=clock,
                by=by,
                key=hashlib.sha256(draft.key.encode()).hexdigest(),
            )
        )
    made: list[Posting] = Posting.objects.bulk_create(rows)
    return made


def mirrored(rows: Iterable[Posting], note: str) -> list[Draft]:
    """Each row taken back. The key is the one a reversal by remittance would have, so both can never stand."""
    return [Draft(row, -row.amount_cents, True, f"{row.key}|reversed", note) for row in rows]


def again(rows: Sequence[Posting], less_cents: int, stamp: str, note: str) -> list[Draft]:
    """The same rows anew with so much less paid on them, shared out over what each line was paid."""
    paid = [row for row in rows if row.kind == PostingKind.PAYMENT and row.amount_cents > 0]
    shares = allocate(less_cents, [row.amount_cents for row in paid]) if paid else []
    less = {row.pk: share for row, share in zip(paid, shares, strict=True)}
    return [
        Draft(row, row.amount_cents - less.get(row.pk, 0), False, f"{stamp}|{number}", note)
        for number, row in enumerate(rows)
    ]


def refunded(claim: Claim, payer: Payer, cents: int, on: date, stamp: str, note: str) -> list[Posting]:
    """Money given back to a payer, on the lines it had paid and in the place in which it did, be it one that it has
    not got on the claim: first where more than the charge is accounted for. Raises ValueError when it never paid so
    much."""
    every = claim.postings.filter(payer=payer)
    paid_as = every.filter(kind=PostingKind.PAYMENT, amount_cents__gt=0, reversal=None)
    rank: int = paid_as.order_by("-rank").values_list("rank", flat=True).first() or 0
    rows = every.filter(rank=rank).select_related("reverses")
    paid: dict[UUID | None, int] = {}
    for row in rows:
        if (row.reverses.kind if row.reverses else row.kind) in (PostingKind.PAYMENT, PostingKind.REFUND):
            paid[row.line_id] = paid.get(row.line_id, 0) + row.amount_cents
    lines = [line for line, amount in paid.items() if amount > 0]
    if sum(paid[line] for line in lines) < cents:
        raise ValueError(f"{payer} has not paid that much on this claim.")
    beyond = _beyond_the_charge(claim)
    shares = _over_lines(cents, [min(paid[line], beyond[line]) for line in lines], [paid[line] for line in lines])
    clock, by, made = timezone.now(), person(), []
    for number, (line, share) in enumerate(zip(lines, shares, strict=True), start=1):
        if share:
            made.append(
                Posting(
                    claim=claim,
                    line_id=line,
                    payer=payer,
                    rank=rank,
                    kind=PostingKind.REFUND,
                    amount_cents=-share,
                    note=note[:200],
                    posted_on=on,
                    posted_at=clock + timedelta(microseconds=number),
                    by=by,
                    key=hashlib.sha256(f"{stamp}|{number}".encode()).hexdigest(),
                )
            )
    rows_made: list[Posting] = Posting.objects.bulk_create(made)
    return rows_made


def _beyond_the_charge(claim: Claim) -> Counter[LineKey]:
    """By line, so much more than its charge is paid, written off and left to the patient."""
    alive = ledger.standing([row for _, row in posted_on([claim.pk])])
    found: Counter[LineKey] = Counter()
    for line in claim.lines.all():
        mine = [row for row in alive if row.line == line.pk]
        found[line.pk] = max(0, ledger.beyond(line.charge_cents, mine, ledger.of_a_qmb(alive)))
    return found


def _over_lines(cents: int, first: list[int], most: list[int]) -> list[int]:
    """An amount over lines, as far as it goes by `first`, the rest by what is left of `most` (what was paid)."""
    sure = min(cents, sum(first))
    shares = allocate(sure, first) if sure else [0] * len(first)
    left = [may - share for may, share in zip(most, shares, strict=True)]
    rest = allocate(cents - sure, left) if cents > sure else [0] * len(first)
    return [share + more for share, more in zip(shares, rest, strict=True)]


def settle_balances(claims: Iterable[UUID]) -> None:
    """Balances anew from what is posted, for claims by id."""
    ids = list(claims)
    if ids:
        rebalance(with_everything(Claim.objects.filter(pk__in=ids)))
