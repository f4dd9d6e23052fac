"""Each claim's balances, kept beside its postings: what lists and queues ask for without reading a ledger."""

from __future__ import annotations

from collections.abc import Iterable

from claims import ledger
from claims.exchange.bulk import Bulk
from claims.exchange.pages import Page
from claims.models import Claim


def write_balances(bulk: Bulk, pages: Iterable[Page]) -> list[Claim]:
    """Put each claim's balances beside its postings; the claims that changed."""
    changed = []
    for page in pages:
        states = [(p.rank, p.state) for p in page.payers]
        final, decided = ledger.all_final(states), ledger.decided(states)
        found = ledger.balances(page.charges, page.rows, all_final=final, decided=decided)
        now = (found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents)
        claim = page.claim
        was = (claim.paid_cents, claim.written_off_cents, claim.insurer_open_cents, claim.patient_cents)
        if now != was:
            claim.paid_cents, claim.written_off_cents, claim.insurer_open_cents, claim.patient_cents = now
            changed.append(claim)
    bulk.update(changed, ["paid_cents", "written_off_cents", "insurer_open_cents", "patient_cents"])
    return changed
