"""An open denial over payer order holds the claim's statement: told to those who hold statements."""

from __future__ import annotations

from claims.patient_billing.models import Ground
from claims.patient_billing.picture import Pictures
from claims.patient_billing.reading import also_reads
from denials.models import COB, Denial


@also_reads
def cob_denials_are_open(pictures: Pictures) -> None:
    """One query for all of them."""
    open_now = Denial.objects.open().in_family(COB).filter(claim__in=pictures).select_related("payer")
    for denial in open_now.order_by("answered_on", "pk"):
        # With its day: letting the claim out against one refusal is no word about the next.
        told = f"{denial.payer.name} refused it on {denial.answered_on:%m/%d/%Y} over payer order"
        pictures[denial.claim_id].others.append((Ground.COB_DENIAL, f"{told}, and that is not settled."))
