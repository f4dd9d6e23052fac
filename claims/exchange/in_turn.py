"""Answers in paying order, whatever order they came in: each payer's counts on those before it, so an answer that
comes late, or goes, changes what the ones behind it come to.

Money that a person or a letter moved besides is not reckoned anew: what an answer comes to then is theirs to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from uuid import UUID

from claims import ledger
from claims.exchange.pages import Page, Told
from claims.ledger import Entry, LineKey, Posted

NOT_IN_TURN = (
    "A person or a letter moved money on this claim, so the answers behind this one stand as they were posted: "
    "see that its balance is right."
)
Standing = tuple[Told, int, list[Posted]]


def in_turn(page: Page, letters: Container[UUID]) -> list[Standing]:
    """What stands of each answer and its payer's place, in that order and then as they came; nothing where the ledger
    is not theirs alone."""
    alive = ledger.standing(page.rows)
    if any(row.answer in letters for row in alive) or not all(map(_is_an_answers, alive)):
        return []
    rows: dict[UUID | None, list[Posted]] = {}
    for row in alive:
        rows.setdefault(row.answer, []).append(row)
    places: dict[UUID | None, int] = {payer.pk: payer.rank for payer in page.payers}
    told = [one for one in page.told if one.row.pk in rows and not one.said.is_reversal]
    found = [(one, places.get(one.row.claim_payer_id, rows[one.row.pk][0].rank), rows[one.row.pk]) for one in told]
    return sorted(found, key=lambda one: one[1])


def _is_an_answers(row: Posted) -> bool:
    """A payment, or an amount under the payer's own reason; what a person wrote off has none."""
    return row.answer is not None and (row.kind == ledger.PAYMENT or bool(row.carc))


def stands_beside(alive: Iterable[Posted], taken: Sequence[Posted]) -> bool:
    """Whether an answer of the same or a later payer stands besides the one whose entries these are."""
    return any(row.rank >= one.rank and row.answer != one.answer for one in taken[:1] for row in alive)


def is_same(rows: Iterable[Posted], entries: Iterable[tuple[LineKey, Entry]]) -> bool:
    """Whether what stands is what would be posted now."""
    stands = Counter((row.line, row.kind, row.amount_cents, row.group, row.carc) for row in rows)
    return stands == Counter((line, one.kind, one.amount_cents, one.group, one.carc) for line, one in entries)
