"""An open demand, a credit and a refund on its way hold the claim's statement: told to those who hold statements."""

from __future__ import annotations

from claims.models import Credit, Recoupment, Refund
from claims.models.recoupment import RefundState
from claims.patient_billing.models import Ground
from claims.patient_billing.picture import Pictures
from claims.patient_billing.reading import also_reads
from claims.recoupment.queries import NOTHING_LEFT
from cob.cents import dollars

_ON_THE_WAY = (RefundState.OPENED, RefundState.APPROVED, RefundState.RETURNED)


@also_reads
def money_goes_back(pictures: Pictures) -> None:
    """Three queries for all of them; of several the oldest of a kind is named."""
    said: dict[object, str] = {}
    for demand in Recoupment.objects.filter(claim__in=pictures, closed_at=None).select_related("payer"):
        appealed = ", under appeal" if demand.is_under_appeal else ""
        cents = dollars(demand.amount_cents)
        said.setdefault(demand.claim_id, f"{demand.payer} demands ${cents} back (letter {demand.reference}{appealed}).")
    for credit in Credit.objects.filter(claim__in=pictures, settled_on=None, no_credit_because=""):
        said.setdefault(credit.claim_id, f"Too much was paid: {credit.because}")
    on_the_way = Refund.objects.filter(claim__in=pictures, state__in=_ON_THE_WAY).exclude(NOTHING_LEFT)
    for refund in on_the_way.select_related("payer"):
        said.setdefault(refund.claim_id, f"A refund to {refund.payer} is under way.")
    for pk, picture in pictures.items():
        if pk in said:
            picture.others.append((Ground.CREDIT, said[pk]))
