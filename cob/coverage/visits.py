"""Which visit a person is working on: the day of service, what was asked in this interview, and the steps still to do.

Kept in the server's session, because a day of service has no business in an address.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from cob.accounts.access import DeskRequest
from cob.coverage.inputs import as_day
from cob.patients.models import Patient
from cob.typed_day import EARLIEST, LATEST

# Days of one patient worked on at once, besides the one at hand.
MOST_WINDOWS = 4


@dataclass(frozen=True, slots=True)
class AskedOnce:
    """One question this interview has put, and whether the patient knew."""

    path: str
    ask: str
    why: str
    is_known: bool


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
        """Ask about another day; what was not known then may be known for it. What was asked and planned for the days
        of other windows stays theirs; the same day chosen again begins anew.
        """
        mine = {name: value for name, value in self.kept.items() if name not in ("on", "others")}
        others = {**self.kept.get("others", {}), self.on.isoformat(): mine if day != self.on else {}}
        own = others.pop(day.isoformat(), {})
        self._keep({"on": day.isoformat(), **own, "others": dict(list(others.items())[-MOST_WINDOWS:])})

    @property
    def asked(self) -> list[AskedOnce]:
        """What this interview has asked, in order; none of it is asked again unless somebody goes back."""
        return [AskedOnce(**entry) for entry in self.kept.get("asked", [])]

    @property
    def skipped(self) -> list[str]:
        """Paths the patient could not answer."""
        return [entry.path for entry in self.asked if not entry.is_known]

    def was_asked(self, path: str) -> AskedOnce | None:
        """What was asked under this path, if it was."""
        return next((entry for entry in self.asked if entry.path == path), None)

    def put(self, asked: AskedOnce) -> None:
        """Remember that this was asked; again is not twice, and whoever had gone back is no longer back."""
        entries = self.asked
        places = [at for at, entry in enumerate(entries) if entry.path == asked.path]
        if places:
            entries[places[0]] = asked
        else:
            entries.append(asked)
        self._keep(self.kept | {"asked": [asdict(entry) for entry in entries], "back": ""})

    @property
    def back(self) -> AskedOnce | None:
        """The question somebody went back to."""
        return self.was_asked(self.kept.get("back", ""))

    def go_back(self, path: str = "") -> None:
        """Ask once more: the question named, else the one before, else the one asked last, also after the end."""
        if not self.asked:
            self._keep(self.kept | {"asked": self.kept.get("before", [])})
        paths = [entry.path for entry in self.asked]
        if path not in paths:
            here = self.kept.get("back", "")
            before = paths[: paths.index(here)] if here in paths else paths
            path = before[-1] if before else here
        self._keep(self.kept | {"back": path})

    def finish(self) -> None:
        """The interview is over; the next one asks everything again. What this one asked can still be gone back to."""
        before = self.kept.get("asked") or self.kept.get("before", [])
        rest = {name: value for name, value in self.kept.items() if name not in ("asked", "back")}
        self._keep(rest | {"before": before})

    @property
    def can_go_back(self) -> bool:
        """Whether anything was asked, in this interview or in the one just over."""
        return bool(self.kept.get("asked") or self.kept.get("before"))

    @property
    def steps(self) -> list[str]:
        """What the answers at check-in still lead to, in order."""
        return list(self.kept.get("steps", []))

    def plan(self, steps: list[str]) -> None:
        """What is to be captured before the questions."""
        self._keep(self.kept | {"steps": steps})

    def done(self, what: str) -> None:
        """One step is captured; of several of a kind ("coverage-new:card", "coverage-new:other") the first."""
        steps = self.steps
        found = next((step for step in steps if what and (step == what or step.startswith(f"{what}:"))), None)
        if found is not None:
            steps.remove(found)
            self.plan(steps)

    def _keep(self, kept: dict[str, Any]) -> None:
        self.kept = kept
        self.session[self.key] = kept


def visit_of(request: DeskRequest, patient: Patient) -> Visit:
    """The visit a form is about: the one it was opened for, whichever day another window has chosen since."""
    visit = Visit(request.session, patient)
    opened_for = as_day(request.POST.get("visit_on"))
    if opened_for is not None and EARLIEST <= opened_for <= LATEST and opened_for != visit.on:
        visit.choose(opened_for)
    return visit
