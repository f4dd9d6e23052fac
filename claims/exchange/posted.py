"""The ledger on file, as the rules read it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast

from claims.ledger import Posted
from claims.models import Posting

_AS_POSTED = (
    *("claim_id", "id", "kind", "amount_cents", "rank", "line_id", "group", "carc", "remarks"),
    *("adjudication_id", "reverses_id", "key"),
)


def posted_on(claims: Iterable[uuid.UUID]) -> Iterator[tuple[uuid.UUID, Posted]]:
    """Each claim's ledger in the order of posting, as the rules read it: one query, and no row of Django's."""
    of_claims = Posting.objects.filter(claim__in=list(claims)).order_by("posted_at", "id")
    rows = of_claims.annotate(remarks=Cast("rarc", TextField())).values_list(*_AS_POSTED)
    for claim, pk, kind, cents, rank, line, group, carc, remarks, answer, reverses, key in rows:
        yield claim, Posted(pk, kind, cents, rank, line, group, carc, _codes(remarks), answer, reverses, key)


@lru_cache(maxsize=1024)
def _codes(remarks: str) -> tuple[str, ...]:
    """Most entries carry none, and the rest the same few."""
    return tuple(json.loads(remarks))


def as_posted(posting: Posting) -> Posted:
    """A ledger row as the rules read it."""
    return Posted(
        id=posting.pk,
        kind=str(posting.kind),
        amount_cents=posting.amount_cents,
        rank=posting.rank,
        line=posting.line_id,
        group=posting.group,
        carc=posting.carc,
        rarc=tuple(posting.rarc),
        answer=posting.adjudication_id,
        reverses=posting.reverses_id,
        key=posting.key,
    )
