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
        because = f"{denial.payer.name} refused it over payer order, and that is not settled."
        pictures[denial.claim_id].others.append((Ground.COB_DENIAL, because))
