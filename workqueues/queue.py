"""What a queue is: a question of the facts, who works its answers, how soon, and what proves that they are done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from cob.accounts.roles import Role
from denials.routes import SLUGS
from workqueues.asks.asking import Ask
from workqueues.calendars import STANDARD, Calendar
from workqueues.escalation import LADDER, TO_WHOM, Rung
from workqueues.models.choices import EvidenceKind

# What is only watched is late by its promise and by others' limits, not because nobody touched it.
TESTS_OF_PASSIVE = ("overdue", "limit", "legal")


@dataclass(frozen=True, slots=True)
class Sla:
    """Our own promise, in business days after the item came in."""

    first_touch: int
    close: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One question and how its answers are worked."""

    id: str
    title: str
    why: str  # what the work is for
    enters: str
    leaves: str
    ask: Ask
    owner: Role
    lead: str  # who is told at the first level
    sla: Sla
    closes_with: frozenset[EvidenceKind]
    ends_with: str = ""  # what is closed in the item's place; it takes no proof of its own then
    special: tuple[Rung, ...] = ()
    waiting_days_max: int = 30
    needed_is: str = "Next visit"  # what the day is by which an item is needed
    in_calendar_days: bool = False  # waiting is normal here: age counts calendar days
    is_passive: bool = False  # nobody has to do anything before the item's own day
    is_overlay: bool = False  # beside the queue that owns the claim, never instead of it
    # Days a person's closing stands while its cause goes on; None: for good, because the cause can never change.
    closing_stands_days: int | None = 30
    closes_its_words: bool = False  # a person's closing is of what the item said; said otherwise it is another
    # What a manager may set in place of the built-in; see workqueues/terms.
    general: tuple[Rung, ...] = LADDER
    calendar_of: Callable[[UUID | None], Calendar] = field(default=lambda _site: STANDARD, compare=False)

    @property
    def slug(self) -> str:
        return SLUGS[self.id]

    def to_whom(self, level: int) -> str:
        return self.lead if level == 1 else TO_WHOM[level]

    @property
    def ladder(self) -> tuple[Rung, ...]:
        """The queue's own rungs first: where both hold, their sentence says more."""
        general = tuple(rung for rung in self.general if not self.is_passive or rung.test in TESTS_OF_PASSIVE)
        return (*self.special, *general)
