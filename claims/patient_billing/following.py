"""When holds are looked at again: after every event that may give or take a reason. Safe to run twice and to miss."""

from __future__ import annotations

import uuid

from claims.models import Claim
from claims.patient_billing.holding import follow
from claims.patient_billing.laying import lay_prepayments
from cob.audit.acting import acting
from cob.audit.models import Event, EventPatient
from cob.audit.subscribers import subscribe

AUTHOR = "statement holds"
CHUNK = 2_000
VERBS = (
    "remittance posted",
    "claims imported",
    "claim submitted",
    "claim rejected",
    "order applied",
    "adjudication matched",
    "coverage changed",
    "facts told",
    "billing fact told",
    "patient paid",
    "patient payment reversed",
    "not billed to the patient",
    "open amount written off",
    "earlier write-off reversed",
    "crossover failed",
    "crossover confirmed",
)


@subscribe(*VERBS)
def look_at_events(events: list[Event]) -> None:
    """The claims of every patient the act touched."""
    patients: set[uuid.UUID] = set()
    for start in range(0, len(events), CHUNK):
        part = EventPatient.objects.filter(event__in=[event.pk for event in events[start : start + CHUNK]])
        patients.update(part.values_list("patient_id", flat=True))
    with acting(AUTHOR, request_id=events[0].request_id):
        ids = sorted(patients)
        for start in range(0, len(ids), CHUNK):
            part_of = ids[start : start + CHUNK]
            lay_prepayments(part_of)
            follow(Claim.objects.filter(patient__in=part_of))
