"""What denials do when money was posted or a claim was sent. A missed event is made up for by the nightly sweep."""

from __future__ import annotations

import uuid

from claims.models import Remittance
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.audit.subscribers import subscribe
from denials import actions
from denials.models import Denial

AUTHOR = "denial triage"


@subscribe("remittance posted")
def record_posted(event: Event) -> None:
    """Record what the remittance refuses, and end what its answers make obsolete."""
    remittance = Remittance.objects.filter(pk=event.subject_id).first() if event.subject_id else None
    if remittance is not None:
        with acting(AUTHOR, request_id=event.request_id):
            actions.record_denials(remittance)
            answered = remittance.adjudications.filter(claim__isnull=False).values("claim")
            actions.settle(Denial.objects.filter(claim__in=answered))


@subscribe("matched answer", "adjudication matched", "claim submitted", "claim accepted")
def look_at_claims(event: Event) -> None:
    """The claims of the patients an event touched: a match or an acceptance may open or end a denial."""
    patients: list[uuid.UUID] = list(event.patients.values_list("patient_id", flat=True))
    with acting(AUTHOR, request_id=event.request_id):
        for start in range(0, len(patients), actions.CHUNK):
            part = patients[start : start + actions.CHUNK]
            actions.record_missed_of(part)
            actions.settle(Denial.objects.filter(claim__patient__in=part))
