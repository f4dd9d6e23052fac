"""Rule 4 of the ledger, asked of what is on file: what remittances pay is what the bank received under their trace."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Sum

from claims.invariants import Broken, in_words
from claims.ledger_rules import finds
from claims.models import DayClose, Deposit, DepositTie


@finds(4)
def payment_is_the_deposit() -> Iterator[Broken]:
    """Each deposit that is tied to remittances, to the cent; unless somebody explained the difference and closed the
    day."""
    closed = DayClose.objects.filter(site=OuterRef("site"), day=OuterRef("deposited_on"), reopened_at=None)
    rows = Deposit.objects.filter(~Exists(closed)).annotate(remitted=Sum("ties__remittance__paid_cents"))
    off = {row.pk: row for row in rows.filter(remitted__isnull=False).exclude(amount_cents=F("remitted"))}
    for tie in DepositTie.objects.filter(deposit__in=off).order_by("deposit", "at"):
        row = off.pop(tie.deposit_id, None)
        if row:
            on = f"{row.deposited_on:%m/%d/%Y}"
            why = f"Remitted {in_words(row.remitted)}, deposited {in_words(row.amount_cents)} on {on}."
            yield Broken("4", why, remittance=tie.remittance_id)
