"""What a patient's order has to do with claims, told on the patient's pages."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.urls import reverse

from claims.models import Claim
from claims.reordering import out_of_order
from cob.cents import dollars
from cob.coverage.consequences import Consequence, tells
from cob.patients.models import Patient


@tells
def claims_in_another_order(patient: Patient) -> Consequence | None:
    """How many claims went out in another order than the one on file, and what was paid on them: one query."""
    rows = out_of_order(Claim.objects.filter(patient=patient))
    told = rows.order_by().aggregate(count=Count("pk"), paid=Sum("paid_cents"))
    count = told["count"]
    if not count:
        return None
    paid = f"${dollars(told['paid'])} was paid on {'it' if count == 1 else 'them'}. " if told["paid"] else ""
    return Consequence(
        title=f"This changes the order of {count} claim{'s' if count > 1 else ''}.",
        text=f"{'It' if count == 1 else 'They'} went out in another order. {paid}Nothing was moved.",
        url=reverse("claims:changed-orders", args=[patient.pk]),
        link="See what to do",
    )
