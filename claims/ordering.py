"""When an order is determined, the claims of that date follow it. Safe to run twice and safe to miss."""

from __future__ import annotations

from claims.actions import apply_order
from claims.models import Claim
from cob.accounts.models import User
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.audit.subscribers import subscribe
from cob.coverage.models import Determination


@subscribe("determined", "overrode order")
def orders_determined(events: list[Event]) -> None:
    """Apply each determination to the patient's claims of its date of service."""
    for event in events:
        _apply(event)


def _apply(event: Event) -> None:
    found = Determination.objects.current().filter(pk=event.subject_id).first()
    if found is None:
        return
    by = User.objects.filter(pk=event.actor_id).first() if event.actor_id else None
    claims = Claim.objects.filter(patient=found.patient_id, service_from=found.service_on, is_void=False)
    with acting(by or event.actor_name, request_id=event.request_id):
        for claim in claims:
            apply_order(claim=claim, determination=found)
