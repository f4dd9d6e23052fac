"""A patient's trail in words: what was done, and who looked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cob.audit.models import Event
from cob.patients.models import Patient

LOOKS = 15
SAID = {
    "saw": "Looked at: {what}",
    "registered": "Patient registered",
    "changed chart of": "Chart changed",
    "facts told": "Facts told",
    "coverage changed": "Coverage changed",
    "verified": "Coverage verified",
    "payer answered": "Payer asked about the order",
    "eligibility asked": "Payers asked (270)",
    "eligibility answered": "Payers answered (271)",
    "answered offer": "Said of what a payer told whether it is so",
    "determined": "Verdict put on file",
    "overrode order": "Order overridden",
    "asked, not known": "Asked; the patient does not know",
    "checked in": "Asked at check-in",
    "filed questionnaire": "Medicare’s questionnaire filed",
    "created": "{what} entered",
    "changed": "{what} changed",
}
WHAT = {
    "patients.patient": "Patient",
    "patients.relatedperson": "Person",
    "coverage.coverage": "Coverage",
    "coverage.fact": "Fact",
    "coverage.rank": "Place in the order",
    "coverage.determination": "Verdict",
    "coverage.verification": "Payer’s word",
    "coverage.inquiry": "Question to a payer",
    "coverage.eligibilityanswer": "Eligibility answer",
    "coverage.overrideevidence": "Evidence",
}


def history(patient: Patient, limit: int = 25) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The latest acts about this patient and the latest looks at them, newest first."""
    events = Event.objects.filter(patients__patient_id=patient.pk).exclude(subject_type="coverage.rank")
    acts, looks = events.exclude(verb="saw")[:limit], events.filter(verb="saw")[:LOOKS]
    return _told(acts), _told(looks)


def _told(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [
        {
            "at": event.at,
            "by": event.actor_name,
            "text": SAID.get(event.verb, event.verb.capitalize()).format(
                what=WHAT.get(event.subject_type, event.subject_type.rpartition(".")[2])
            ),
            "detail": event.reason,
            "icon": "lock" if event.verb == "saw" else "note",
        }
        for event in events
    ]
