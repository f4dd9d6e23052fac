"""Credits follow the ledger: asked again of the claims an act touched, before the queues ask about them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from claims.actions import apply_order
from claims.models import Claim, ClaimPayer
from claims.models.claim import PayerState
from claims.recoupment import credits
from claims.recoupment.provider_ledger import post_missed
from cob.audit.acting import acting
from cob.audit.models import Event, EventPatient
from cob.audit.subscribers import subscribe
from cob.coverage.models import Determination, Rank

AUTHOR = "credits"
CHUNK = 2_000


@subscribe(
    "remittance posted",
    "adjudication matched",
    "demand entered",
    "demand changed",
    "order applied",
    "payer's answer stands",
    "refund sent",
    "posting undone",
    "expected payment reckoned",
    "open amount written off",
    "earlier write-off reversed",
    last_of_app=True,
)
def look_at_events(events: list[Event]) -> None:
    """Safe to run twice and safe to miss: the night asks everything."""
    with acting(AUTHOR, request_id=events[0].request_id):
        claims = _named(events)
        for start in range(0, len(claims), CHUNK):
            part = claims[start : start + CHUNK]
            follow_the_order(part)
            credits.look(part)


def at_night() -> dict[str, int]:
    """Remittances from before there was a provider ledger, then every credit."""
    return {"remittances": post_missed(), "credits": credits.look()}


def follow_the_order(claims: Sequence[uuid.UUID]) -> None:
    """Where a payer took its answer back, the order on file holds at last: whoever comes first is billed first. Who
    refused, and by that order is no payer of the day, is waited for no longer."""
    payers = ClaimPayer.objects.filter(claim=OuterRef("pk")).order_by()
    theirs = Rank.objects.filter(
        coverage=OuterRef("coverage"),
        determination__superseded_by=None,
        determination__service_on=OuterRef("claim__service_from"),
    )
    gone = Q(state=PayerState.REVERSED) | Q(~Exists(theirs.order_by()), state=PayerState.DENIED)
    rows = list(Claim.objects.filter(Exists(payers.filter(gone)), pk__in=claims))
    on_file = Determination.objects.current().filter(patient__in=[row.patient_id for row in rows])
    orders = {(each.patient_id, each.service_on): each for each in on_file} if rows else {}
    for row in rows:
        order = orders.get((row.patient_id, row.service_from))
        if order:
            apply_order(claim=row, determination=order)


def _named(events: list[Event]) -> list[uuid.UUID]:
    """The claims the events name, else every claim of their patients."""
    found: set[uuid.UUID] = set()
    others: list[int] = []
    for event in events:
        claims = (event.after or {}).get("claims") if event.verb == "remittance posted" else None
        if claims is None:
            others.append(event.pk)
        else:
            found.update(uuid.UUID(pk) for pk in claims)
    patients = EventPatient.objects.filter(event__in=others).values("patient_id")
    if others:
        found.update(Claim.objects.filter(patient__in=patients).values_list("pk", flat=True))
    return sorted(found)
