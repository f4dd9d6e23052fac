"""All claims, their balances and their postings, held against the invariants; a set of claims at a time."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from claims.exchange.outcomes import Nobody, Tells
from claims.exchange.posting import as_posted
from claims.invariants import FAULTS, Broken, Ledger, check
from claims.ledger import Balances, LineKey, Posted
from claims.models import Claim, ClaimPayer, Line, Posting

CHUNK = 1_000


@dataclass(slots=True)
class Checked:
    """How many claims were looked at, and what is broken on which."""

    claims: int = 0
    broken: dict[uuid.UUID, list[Broken]] = field(default_factory=dict)
    credits: int = 0


def check_all(tells: Tells | None = None) -> Checked:
    """Four queries for a thousand claims. Credits are counted apart: they are money to return, not faults."""
    tells, found = tells or Nobody(), Checked()
    tells.of(Claim.objects.count(), "claims")
    for claims in _chunks():
        for claim, ledger in zip(claims, ledgers_of(claims), strict=True):
            said = check(ledger)
            faults = [broken for broken in said if broken.rule in FAULTS]
            found.credits += any(broken.rule not in FAULTS for broken in said)
            if faults:
                found.broken[claim.pk] = faults
        found.claims += len(claims)
        tells.at(found.claims, "claims")
    return found


def ledgers_of(claims: list[Claim]) -> Iterator[Ledger]:
    """The ledger of each claim as it is stored, in the order given."""
    ids = [claim.pk for claim in claims]
    charges: dict[uuid.UUID, dict[LineKey, int]] = defaultdict(dict)
    for claim_id, pk, cents in Line.objects.filter(claim__in=ids).values_list("claim_id", "pk", "charge_cents"):
        charges[claim_id][pk] = cents
    rows: dict[uuid.UUID, list[Posted]] = defaultdict(list)
    for posting in Posting.objects.filter(claim__in=ids).order_by("posted_at", "id"):
        rows[posting.claim_id].append(as_posted(posting))
    payers: dict[uuid.UUID, list[tuple[int, str]]] = defaultdict(list)
    for claim_id, rank, state in ClaimPayer.objects.filter(claim__in=ids).values_list("claim_id", "rank", "state"):
        payers[claim_id].append((rank, state))
    for claim in claims:
        stored = (claim.paid_cents, claim.written_off_cents, claim.insurer_open_cents, claim.patient_cents)
        yield Ledger(charges[claim.pk], rows[claim.pk], payers[claim.pk], Balances(*stored))


def _chunks() -> Iterator[list[Claim]]:
    """By key, so that the memory is that of one chunk and nothing is missed when claims are added meanwhile."""
    after = Q()
    columns = ("pk", "paid_cents", "written_off_cents", "insurer_open_cents", "patient_cents")
    while claims := list(Claim.objects.filter(after).order_by("pk").only(*columns)[:CHUNK]):
        yield claims
        after = Q(pk__gt=claims[-1].pk)
