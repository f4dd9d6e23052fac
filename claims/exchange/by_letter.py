"""What a payer sends after it has taken money back by letter: the ledger was put right from the letter already.

A reversal that comes besides is a duplicate of what the letter took (X12 RFI 1082, 325); only what the letter left is
still there to take. A new answer for the whole claim stands in the place of what the letter left, never on top of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from claims import ledger
from claims.exchange.pages import Page, Told
from claims.ledger import Posted
from claims.models import Recoupment
from claims.reversals import difference, reasons_of

_DUPLICATE = {"18"}


def duplicate_of(page: Page, told: Told, letters: Mapping[UUID, Recoupment]) -> Told | None:
    """The answer that this reversal takes back and a letter took back before; None where there is none, or a reversal
    has done so since."""
    again = {each.row.reverses_id for each in page.told}
    for earlier in reversed(page.told):
        if earlier.row.pk in letters and earlier.row.pk not in again and _is_same_payer(earlier, told):
            if not difference(earlier.said, told.said):
                return earlier
    return None


def replaced_by(page: Page, told: Told, letters: Mapping[UUID, Recoupment]) -> Told | None:
    """The answer of which a letter left a part, and which this one decides anew: the same payer, the same charge, and
    more said than that the claim came twice."""
    if set(reasons_of(told.said)) == _DUPLICATE and not told.said.paid_cents:
        return None
    for earlier in reversed(page.told):
        is_left = earlier.row.pk in letters and _is_same_payer(earlier, told) and rest_of(page, earlier)
        if is_left and earlier.said.charge_cents == told.said.charge_cents:
            return earlier
    return None


def rest_of(page: Page, earlier: Told) -> list[Posted]:
    """What a letter left standing of an answer."""
    return [row for row in ledger.standing(page.rows) if row.answer == earlier.row.pk]


def _is_same_payer(earlier: Told, told: Told) -> bool:
    return earlier.row.pk != told.row.pk and earlier.row.remittance.payer_id == told.row.remittance.payer_id
