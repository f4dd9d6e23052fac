"""What hangs on a patient's order elsewhere. Higher apps register who can tell; the patient's pages ask them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cob.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing a change of order leaves to do: in words, and where it is worked."""

    title: str
    text: str
    url: str
    link: str


Teller = Callable[[Patient], Consequence | None]
_tellers: list[Teller] = []


def tells(teller: Teller) -> Teller:
    """Decorator: ask this whenever somebody looks at a patient's order."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def consequences_of(patient: Patient) -> list[Consequence]:
    """All there is to say, in the order the apps were loaded."""
    return [said for teller in _tellers if (said := teller(patient)) is not None]
