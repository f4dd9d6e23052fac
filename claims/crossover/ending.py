"""A copy that was announced and never came, with nothing left to bill: the wait ends, and the claim with it.

Where money is open, or the payer is billed anyhow, the claim is sent instead (WQ04, and the morning's batches). A copy
that comes after all is posted like any answer, and an earlier payer that takes money back makes this one due again.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from claims.models import ClaimPayer
from claims.models.claim import PayerState
from claims.next_step import BILLED_ANYHOW
from cob.audit.acting import doing

ENDED = "crossover ended"


def end_lapsed(today: date | None = None) -> int:
    """The payers nobody waits for any more; safe to run again."""
    today = today or timezone.localdate()
    lapsed = ClaimPayer.objects.filter(
        state=PayerState.FORWARDED,
        crossover_until__lt=today,
        claim__is_void=False,
        claim__insurer_open_cents__lte=0,
        claim__patient_cents=0,
    ).exclude(coverage__kind__in=BILLED_ANYHOW)
    return sum(_end(row) for row in list(lapsed.select_related("payer").order_by("pk")))


def _end(row: ClaimPayer) -> int:
    """Compare and set: an answer posted meanwhile stands."""
    why = f"No copy came to {row.payer} by {row.crossover_until:%m/%d/%Y}, and nothing is left to bill."
    with doing(ENDED, reason=why):
        seen = ClaimPayer.objects.filter(pk=row.pk, state=PayerState.FORWARDED, crossover_until=row.crossover_until)
        return seen.update(state=PayerState.EXPECTED, crossover_until=None)
