"""Which answer a payer's reversal takes back."""

from __future__ import annotations

from claims.exchange.pages import Page, Told
from claims.reversals import difference


def original_of(page: Page, told: Told) -> tuple[Told | None, str]:
    """The newest standing answer of this payer that is mirrored exactly, those with its claim number first."""
    payer_id = told.row.remittance.payer_id
    standing = [t for t in reversed(page.told) if t.row.remittance.payer_id == payer_id and t.stands]
    numbers = {n for n in (told.said.payer_control_number, told.said.original_control_number) if n}
    numbered = [t for t in standing if t.said.payer_control_number in numbers]
    for found in (numbered, standing):
        exact = [t for t in found if not difference(t.said, told.said)]
        if exact:
            return exact[0], ""
    if not standing:
        return None, "This takes back an answer that is not posted; it was kept and not posted."
    why = difference((numbered or standing)[0].said, told.said)
    return None, f"This takes back an earlier answer but does not match it: {why}. It was kept and not posted."
