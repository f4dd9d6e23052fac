"""Ledger entries on their way to the table: as the rules read them, and as values for the database; never a model."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from claims.exchange.bulk import Bulk
from claims.ledger import Entry, LineKey, Posted
from claims.models import Posting
from cob.audit.acting import person
from cob.rows import Plain, day, moment, number, words
from cob.uuids import in_order

_COLUMNS = (
    *("id", "claim_id", "line_id", "adjudication_id", "payer_id", "rank", "kind", "group", "carc", "rarc"),
    *("amount_cents", "quantity", "reverses_id", "note", "posted_on", "posted_at", "by_id", "key"),
)
_TICK = timedelta(microseconds=1)


class LedgerRows:
    """What one chunk posts, in the order of posting: every entry is a microsecond later than the one before."""

    def __init__(self) -> None:
        self.clock: datetime = timezone.now()
        by = person()
        self._by = by.pk.hex if by else None
        self._keys = in_order()
        self._rows: list[tuple[Plain, ...]] = []

    def add(
        self,
        entry: Entry,
        *,
        said: str,
        claim: UUID,
        line: LineKey,
        answer: UUID,
        payer: UUID,
        rank: int,
        on: date,
        reverses: UUID | None,
    ) -> Posted:
        """One entry; `said` is what its key is made of, so that it posts once."""
        self.clock += _TICK
        posted = Posted(
            id=next(self._keys),
            kind=entry.kind,
            amount_cents=entry.amount_cents,
            rank=rank,
            line=line,
            group=entry.group,
            carc=entry.carc,
            rarc=entry.rarc,
            answer=answer,
            reverses=reverses,
            key=hashlib.sha256(said.encode()).hexdigest(),
        )
        self._rows.append(
            (
                posted.id.hex,
                claim.hex,
                line.hex if line else None,
                answer.hex,
                payer.hex,
                rank,
                entry.kind,
                entry.group,
                entry.carc,
                words(entry.rarc),
                entry.amount_cents,
                number(entry.quantity),
                reverses.hex if reverses else None,
                entry.note[:200],
                day(on),
                moment(self.clock),
                self._by,
                posted.key,
            )
        )
        return posted

    def flush(self, bulk: Bulk) -> None:
        """After the answers they come from."""
        bulk.write(Posting, _COLUMNS, self._rows)
