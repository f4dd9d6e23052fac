"""A red flag: what was seen, why it matters, what to do and by when. One small function for each.

A flag function yields a `Sign` while there is something to do: it stands until what it asks for is on file. Its
docstring is the sentence that says why it matters.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from cob.rules.frontdesk.picture import Picture

Tone = Literal["bad", "warn", "info"]
Queue = Literal["", "WQ11", "WQ17"]
_URGENCY: Final = {"bad": 0, "warn": 1, "info": 2}


class Place(StrEnum):
    """Where what the flag asks for is entered."""

    PATIENT = "patient"
    COVERAGE = "coverage"
    NEW_COVERAGE = "new_coverage"
    MEDICARE = "medicare"
    CHILD = "child"
    ACCIDENT = "accident"
    ASK = "ask"
    PERSON = "person"
    OFFERS = "offers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What one flag function found. `on` is the day something changes, `by` the day by which it is to be done."""

    saw: str
    do: str
    place: Place
    tone: Tone = "warn"
    on: date | None = None
    by: date | None = None
    about: str = ""  # id of a coverage
    is_unconfirmed: bool = False
    is_work: bool = True  # False: to be known, no task of its own
    is_news: bool = False  # somebody told it now, however long ago the day it is about


Look = Callable[[Picture], Iterator[Sign]]


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag of the list."""

    id: str
    label: str
    sentence: str
    cite: str
    look: Look
    queue: Queue = ""
    is_unconfirmed: bool = False
    gone: str = ""


FLAGS: dict[str, Flag] = {}


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag that stands for a patient."""

    flag: Flag
    sign: Sign

    @property
    def id(self) -> str:
        return self.flag.id

    @property
    def is_unconfirmed(self) -> bool:
        return self.flag.is_unconfirmed or self.sign.is_unconfirmed

    @property
    def key(self) -> str:
        """What tells it from another of the same patient, every night the same: the flag, about what, which day."""
        return ":".join((self.flag.id, self.sign.about, self.sign.on.isoformat() if self.sign.on else ""))


def flag(
    flag_id: str, label: str, cite: str, *, queue: Queue = "", is_unconfirmed: bool = False, gone: str = ""
) -> Callable[[Look], Look]:
    """Enter a function in the list of flags. `gone` says what ended it, for the item that closes itself."""

    def enter(look: Look) -> Look:
        if flag_id in FLAGS:
            raise ValueError(f"two flags are called {flag_id}")
        sentence = inspect.getdoc(look)
        if not sentence:
            raise ValueError(f"{flag_id} does not say why it matters")
        FLAGS[flag_id] = Flag(flag_id, label, " ".join(sentence.split()), cite, look, queue, is_unconfirmed, gone)
        return look

    return enter


def flags_for(picture: Picture) -> tuple[Raised, ...]:
    """Every flag that stands, most urgent first. Nobody plans for a patient who has died."""
    if picture.died_on is not None:
        return ()
    raised = [Raised(one, sign) for one in FLAGS.values() for sign in one.look(picture)]
    return tuple(sorted(raised, key=lambda each: _urgency(each, picture.today)))


def _urgency(raised: Raised, today: date) -> tuple[int, int, str, str]:
    days = (raised.sign.by - today).days if raised.sign.by else 999
    return _URGENCY[raised.sign.tone], days, raised.flag.id, raised.sign.about


def said(on: date) -> str:
    """A day as the desk writes it."""
    return f"{on:%m/%d/%Y}"
