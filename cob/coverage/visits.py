"""Which visit a person is working on: the day of service and the questions the patient could not answer.

Kept in the server's session, because a day of service has no business in an address.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from cob.patients.models import Patient


class Visit:
    """One person's work on one patient, as far as it is not on file."""

    def __init__(self, session: SessionBase, patient: Patient) -> None:
        self.session, self.patient = session, patient
        self.key = f"visit:{patient.pk}"
        self.kept: dict[str, Any] = session.get(self.key, {})

    @property
    def on(self) -> date:
        """The day chosen; else the next visit if it is not over; else today."""
        if chosen := self.kept.get("on"):
            return date.fromisoformat(chosen)
        today, planned = timezone.localdate(), self.patient.next_visit_on
        return planned if planned and planned >= today else today

    def choose(self, day: date) -> None:
        """Ask about another day; what was not known then may be known for it."""
        self._keep({"on": day.isoformat()})

    @property
    def skipped(self) -> list[str]:
        """Paths the patient could not answer."""
        return list(self.kept.get("skipped", []))

    def skip(self, path: str) -> None:
        """Do not ask this again in this interview."""
        self._keep(self.kept | {"skipped": [*self.skipped, path]})

    def finish(self) -> None:
        """The interview is over; the next one asks everything again."""
        self._keep({name: value for name, value in self.kept.items() if name != "skipped"})

    def _keep(self, kept: dict[str, Any]) -> None:
        self.kept = kept
        self.session[self.key] = kept
