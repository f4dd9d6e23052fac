"""A payment only its payer can explain is held: told twice with other contents, or on a day that cannot be.

A payment of nothing has a trace of nothing, which says nothing; and payers begin their check numbers anew, so that one
trace on another day about other claims is another payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from claims.exchange.outcomes import Quarantined
from claims.models import Adjudication, Remittance
from cob.accounts.models import Site
from cob.cents import dollars
from cob.coverage.models import Payer
from cob.x12.t835 import Claim835, Header835

# A transfer is told some days ahead; a year ahead is a slip of the pen.
MOST_DAYS_AHEAD = 365
_ADVICE = "nothing of this file was posted; ask the payer which of the two is right"


def told_otherwise(header: Header835, before: Remittance) -> Quarantined:
    """The refusal, by the place of the transaction and with what was posted before."""
    posted = f"{dollars(before.paid_cents)} of {before.paid_on:%m/%d/%Y}"
    return Quarantined(
        f"Segment {header.segment_no} (ST), element TRN02: payment {header.trace} of {before.payer} was posted before "
        f"as {posted} with other contents; {_ADVICE}."
    )


def refuse_far_day(header: Header835) -> None:
    """Raises Quarantined when the money is said to come more than a year from today."""
    if header.paid_on > timezone.localdate() + timedelta(days=MOST_DAYS_AHEAD):
        raise Quarantined(
            f"Segment {header.segment_no} (ST), element BPR16: payment {header.trace} is dated "
            f"{header.paid_on:%m/%d/%Y}, more than a year from now; nothing of this file was posted; ask the payer for "
            "a file with the right day."
        )


def refuse_twin(header: Header835, payer: Payer, site: Site | None) -> None:
    """Raises Quarantined when this payer's trace was posted for the same day and payee with another total."""
    if not header.paid_cents:
        return
    same = Remittance.objects.counted().filter(payer=payer, trace=header.trace, site=site, paid_on=header.paid_on)
    before = same.exclude(paid_cents=0).select_related("payer").first()
    if before:
        raise told_otherwise(header, before)


def refuse_answered(header: Header835, remittance: Remittance, claims: Sequence[Claim835]) -> None:
    """Raises Quarantined when this payer's trace has answered one of the claims before, on whatever day."""
    if not header.paid_cents:
        return
    now = {_sign(claim.control_number, claim.payer_control_number, claim.status) for claim in claims}
    told = Adjudication.objects.filter(
        remittance__withdrawn_at=None,
        remittance__payer=remittance.payer,
        remittance__trace=remittance.trace,
        control_number__in={claim.control_number for claim in claims},
    ).exclude(remittance=remittance)
    for row in told.select_related("remittance__payer"):
        if _sign(row.control_number, row.payer_control_number, row.status) in now:
            raise told_otherwise(header, row.remittance)


def _sign(ours: str, theirs: str, status: str) -> tuple[str, str, bool]:
    """What tells one answer of a payment from another: our number, theirs, and whether it gives or takes back."""
    return ours, theirs, status == "22"
