"""Rule 13 asked of the whole ledger: what patients have paid beyond a share that is final is to be given back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db.models import Exists, OuterRef

from claims.invariants import Broken
from claims.ledger_rules import finds
from claims.models import Claim
from claims.patient_billing.models import Allocation
from claims.patient_billing.reading import pictures_of
from claims.patient_billing.refunding import credits_of
from cob.cents import dollars

CHUNK = 300


@finds(13)
def patients_paid_at_most_their_share() -> Iterator[Broken]:
    """A few hundred claims at a time, of those patients have paid for."""
    laid = Allocation.objects.filter(claim=OuterRef("pk")).order_by()
    rows = Claim.objects.filter(Exists(laid)).select_related("patient", "site").order_by("pk")
    claims = rows.iterator(chunk_size=CHUNK)
    while part := list(islice(claims, CHUNK)):
        for claim, cents in credits_of(pictures_of(part).values()).items():
            yield Broken("13", f"The patient paid ${dollars(cents)} more than the share; it goes back.", claim=claim)
