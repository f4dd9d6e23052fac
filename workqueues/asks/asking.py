"""What a queue's question takes and gives."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Scope:
    """Of what to ask: everything, or what some patients and files have to do with."""

    patients: frozenset[uuid.UUID] | None = None
    files: frozenset[uuid.UUID] | None = None

    @property
    def is_everything(self) -> bool:
        return self.patients is None and self.files is None


EVERYTHING = Scope()


def about(*, patients: Iterable[uuid.UUID] = (), files: Iterable[uuid.UUID] = ()) -> Scope:
    """What these patients and files have to do with, and nothing else."""
    return Scope(patients=frozenset(patients), files=frozenset(files))


@dataclass(frozen=True, slots=True)
class Found:
    """A subject that answers the question now, and what its item needs to know."""

    subject_type: str
    subject_id: uuid.UUID
    site_id: uuid.UUID | None
    reason: str
    codes: tuple[str, ...]
    # The first step, where the facts already say it; it is part of the reason's words, and a person's own plan stays.
    next_action: str = ""
    patient_id: uuid.UUID | None = None
    claim_id: uuid.UUID | None = None
    payer_id: uuid.UUID | None = None
    amount_cents: int = 0
    limit_on: date | None = None
    needed_on: date | None = None
    # The day the reason came to be. Clocks run from it, so a file brought in late is late, not new.
    since: date | None = None
    attempt: int = 1
    is_harmful: bool = False
    has_legal_clock: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. `found` answers it, `subjects` lists all it could be about, `gone` says in words what ended it."""

    found: Callable[[Scope, date], Iterable[Found]]
    subjects: Callable[[Scope], tuple[QuerySet, ...]]  # type: ignore[type-arg]  # of any model: one column of ids
    gone: Callable[[list[uuid.UUID]], dict[uuid.UUID, str]]


def in_words(names: list[str]) -> str:
    """["a", "b", "c"] as "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
