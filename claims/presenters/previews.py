"""What would be posted, as rows: another site's claims are counted and not named."""

from __future__ import annotations

from dataclasses import dataclass

from claims.exchange.previewing import ClaimPreview, PaymentPreview, Preview
from claims.presenters import words
from cob.accounts.models import User


@dataclass(frozen=True, slots=True)
class PreviewRow:
    claim: ClaimPreview
    processed: str


@dataclass(frozen=True, slots=True)
class PreviewPayment:
    payment: PaymentPreview
    rows: list[PreviewRow]
    elsewhere: int


def preview_rows(preview: Preview, user: User) -> list[PreviewPayment]:
    """One table a payment; claims with something odd stand first."""
    sites = set(user.site_ids())
    made = []
    for payment in preview.payments:
        ours = [c for c in payment.claims if c.claim is None or c.claim.site_id in sites]
        ours.sort(key=lambda c: not c.exceptions and c.is_posted)
        rows = [PreviewRow(c, words.PROCESSED.get(c.status, c.status)) for c in ours]
        made.append(PreviewPayment(payment, rows, len(payment.claims) - len(ours)))
    return made
