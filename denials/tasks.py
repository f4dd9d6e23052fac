"""What denials do when money was posted or a claim was sent. A missed event is made up for by the nightly sweep."""

from __future__ import annotations

from claims.models import Adjudication, Remittance
from claims.patient_billing import following
from cob.audit.acting import acting
from cob.audit.models import Event, EventPatient
from cob.audit.subscribers import subscribe
from denials import actions
from denials.models import Denial

AUTHOR = "denial triage"


@subscribe("remittance posted")
def record_posted(events: list[Event]) -> None:
    """Record what the remittances refuse, and end what their answers make obsolete."""
    posted = [event.subject_id for event in events if event.subject_id]
    with acting(AUTHOR, request_id=events[0].request_id):
        for start in range(0, len(posted), actions.CHUNK):
            remittances = list(Remittance.objects.filter(pk__in=posted[start : start + actions.CHUNK]))
            actions.record_denials(*remittances)
            answered = Adjudication.objects.filter(remittance__in=remittances, claim__isnull=False).values("claim")
            actions.settle(Denial.objects.filter(claim__in=answered))


@subscribe("matched answer", "adjudication matched", "claim submitted", "claims acknowledged")
def look_at_claims(events: list[Event]) -> None:
    """The claims of the patients touched: a match or an acceptance may open or end a denial."""
    touched = EventPatient.objects.filter(event__in=events).values_list("patient_id", flat=True).distinct()
    patients = list(touched)
    with acting(AUTHOR, request_id=events[0].request_id):
        for start in range(0, len(patients), actions.CHUNK):
            part = patients[start : start + actions.CHUNK]
            actions.record_missed_of(part)
            actions.settle(Denial.objects.filter(claim__patient__in=part))


@subscribe("posting undone")
def look_at_undone(events: list[Event]) -> None:
    """An answer taken off its claim takes its denials along."""
    with acting(AUTHOR, request_id=events[0].request_id):
        actions.forget_unmatched()


@subscribe("recorded denials", "resolved denial", "reopened denial")
def hold_statements(events: list[Event]) -> None:
    """What was recorded or ended just now holds or frees statements: told here, so it is known before queues ask."""
    following.look_at_events(events)
