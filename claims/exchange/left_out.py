"""Lines that a payer's answers leave out, said on the last of them until the rest comes.

Payers split claims, so that one answer leaves lines out is no fault; that nobody hears of them ever again would be.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims import ledger
from claims.exchange.pages import Page
from claims.ledger import Posted
from claims.models import Adjudication
from claims.reasons import PAID_TO_PATIENT

_REST = "not in this answer; find what the payer says of the rest."


def note_left_out(page: Page) -> list[Adjudication]:
    """Put it on the answers of a claim as it stands now; those on which it changed."""
    if len(page.lines) < 2:
        return []
    alive = ledger.standing(page.rows)
    ranks = {row.answer: row.rank for row in alive}
    last = {ranks[told.row.pk]: told.row.pk for told in page.told if told.row.pk in ranks}
    missing = {last[rank]: numbers for rank, numbers in _left_out(page, alive).items() if rank in last}
    changed = []
    for told in page.told:
        says = [why for why in told.row.exceptions if not why.endswith(_REST)]
        if numbers := missing.get(told.row.pk):
            lines = f"Lines {', '.join(numbers)} are" if len(numbers) > 1 else f"Line {numbers[0]} is"
            says.append(f"{lines} {_REST}")
        if says != told.row.exceptions:
            told.row.exceptions = says
            changed.append(told.row)
    return changed


def _left_out(page: Page, alive: Sequence[Posted]) -> dict[int, list[str]]:
    """By the rank of a payer that has answered other lines only: the numbers of those on which something is left, money
    that went to the patient included."""
    settled = ledger.settled_by_line(row for row in alive if row.carc != PAID_TO_PATIENT)
    left = [line for line in page.lines if line.charge_cents > settled.get(line.pk, 0)]
    return {
        rank: [str(line.number) for line in left if line.pk not in lines]
        for rank, lines in ledger.answered_by_rank(alive).items()
        if None not in lines
    }
