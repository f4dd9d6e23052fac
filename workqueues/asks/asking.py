"""What a queue's question takes and gives."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import QuerySet

from claims.models import ClaimPayer
from denials.models import Denial

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Scope:
    """Of what to ask: everything, or what some patients, files and deposits have to do with.

    After each event all queues are asked of one patient or a few, and most have nothing to say. What decides that for
    several queues is looked up once and remembered, so a scope is of one moment.
    """

    patients: frozenset[uuid.UUID] | None = None
    files: frozenset[uuid.UUID] | None = None
    deposits: frozenset[uuid.UUID] | None = None

    @property
    def is_everything(self) -> bool:
        return self.patients is None and self.files is None and self.deposits is None

    def of(self, rows: Rows, path: str = "claim__patient") -> Rows:
        """Those of the rows whose patient, by this path, is one of the scope's; all when it is everything."""
        return rows if self.patients is None else rows.filter(**{f"{path}__in": self.patients})

    def has_payers(self, *states: str) -> bool:
        """Whether any payer on a claim of these patients is in one of the states."""
        return self.of(ClaimPayer.objects.filter(state__in=states, claim__is_void=False).order_by()).exists()

    @cached_property
    def has_denials(self) -> bool:
        """Whether a denial of these patients is open."""
        return self.of(Denial.objects.open().order_by()).exists()


EVERYTHING = Scope()


def about(
    *, patients: Iterable[uuid.UUID] = (), files: Iterable[uuid.UUID] = (), deposits: Iterable[uuid.UUID] = ()
) -> Scope:
    """What these patients, files and deposits have to do with, and nothing else."""
    return Scope(patients=frozenset(patients), files=frozenset(files), deposits=frozenset(deposits))


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
    next_on: date | None = None  # the day of that step; nobody is given the item before it
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


def _nothing(_scope: Scope) -> tuple[()]:
    return ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. `found` answers it, `gone` says in words what ended it for the others."""

    found: Callable[[Scope, date], Iterable[Found]]
    gone: Callable[[list[uuid.UUID]], dict[uuid.UUID, str]]
    # The subjects within a scope that may belong to no patient, each as one column of ids.
    of_nobody: Callable[[Scope], tuple[QuerySet[Any], ...]] = _nothing


def joined(*asks: Ask) -> Ask:
    """One question made of several about different subjects; what the first says of an ending goes before the rest."""

    def found(scope: Scope, today: date) -> Iterator[Found]:
        for ask in asks:
            yield from ask.found(scope, today)

    def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
        said: dict[uuid.UUID, str] = {}
        for ask in reversed(asks):
            said |= ask.gone(ids)
        return said

    return Ask(found, gone, lambda scope: tuple(rows for ask in asks for rows in ask.of_nobody(scope)))


def in_words(names: list[str]) -> str:
    """["a", "b", "c"] as "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
