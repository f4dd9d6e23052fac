"""What an edit may rest on: one claim, one payer it is about to be sent to, and everything on file that bears on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from claims.edits.written import Groups
from claims.filing import Clock
from claims.submissions.decided import Decided
from cob.x12.errors import Finding
from cob.x12.t837p import Claim837P

VOID = "8"
# Before the family of a staff-written edit, in the name under which it speaks.
WRITTEN = "written:"


class Severity(StrEnum):
    """Stop: it is not sent. Warn: a person should know before sending."""

    STOP = "stop"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Waived:
    """Who set an edit aside for a claim as it stood (`version`), when, and why."""

    id: UUID
    edit: str
    version: str
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Twin:
    """Another claim of the patient that the payer has got: its number, and its services by code, modifiers and day."""

    control_number: str
    services: frozenset[tuple[str, tuple[str, ...], date]]


@dataclass(frozen=True, slots=True)
class WrittenEdit:
    """An edit that staff wrote, as it is asked."""

    name: str
    title: str
    when: Groups
    message: str
    fix: str
    severity: Severity
    is_waivable: bool = True


@dataclass(frozen=True, slots=True)
class Objection:
    """What an edit has against sending, in words, and how to put it right; `where` names the page that does so."""

    severity: Severity
    message: str
    fix: str
    where: str = ""
    edit: str = ""
    waived: Waived | None = None

    @property
    def stops(self) -> bool:
        return self.severity is Severity.STOP


@dataclass(frozen=True, slots=True)
class Place:
    """One payer of the claim, in its place in the order: the coverage, and how far the claim is with it."""

    place: int
    payer: str
    payer_id: str
    kind: str
    state: str
    coverage: str = ""
    member_id: str = ""
    relationship: str = ""
    subscriber: str = ""
    is_enrolled: bool = True
    effective_on: date | None = None
    ended_on: date | None = None
    submitted_on: date | None = None
    answered_on: date | None = None
    crossover_until: date | None = None
    crossover: str = ""
    sent_by: str = ""
    sent_as: str = ""  # the kind of the last sending: 1, 7 or 8
    payer_control_number: str = ""
    decided: Decided | None = None
    taken_back_on: date | None = None
    taken_back_as: int = 0  # the place that answer named
    unexplained_reversals: int = 0
    unposted: int = 0
    is_passed_over: bool = False

    @property
    def is_correction_rejected(self) -> bool:
        """Turned away was a replacement or a void: the claim it was about is still with the payer."""
        return self.state == "rejected" and self.sent_as in ("7", VOID)

    @property
    def ordinal(self) -> str:
        return ("primary", "secondary", "tertiary")[self.place - 1] if self.place <= 3 else f"payer {self.place}"


@dataclass(frozen=True, slots=True)
class Order:
    """The determination that holds for the date of service; `ids` are coverages in paying order."""

    status: str
    ids: tuple[str, ...] = ()
    is_stale: bool = False
    stale_because: str = ""
    by_person: bool = False
    question: str = ""
    msp_type: str = ""

    @property
    def is_settled(self) -> bool:
        return self.status in ("determined", "likely", "tie")


@dataclass(frozen=True, slots=True)
class Sending:
    """A claim about to be sent: `claim` is already addressed to `to`; `findings` are the file's own checks on it."""

    today: date
    claim: Claim837P
    to: Place
    payers: tuple[Place, ...]
    service_from: date
    service_to: date
    charge_cents: int
    coverages_in_force: int
    order: Order | None = None
    clock: Clock | None = None
    frequency: str = "1"
    findings: tuple[Finding, ...] = ()
    twins: tuple[Twin, ...] = ()
    written: tuple[WrittenEdit, ...] = ()
    waived: tuple[Waived, ...] = ()

    @property
    def is_void(self) -> bool:
        """Whether it takes the claim back from the payer instead of asking for money."""
        return self.frequency == VOID

    @property
    def refusals(self) -> frozenset[str]:
        """The reasons this payer gave for what it did not pay."""
        decided = self.to.decided
        lines = decided.lines if decided else ()
        on_claim = decided.adjustments if decided else ()
        return frozenset(a.reason for a in (*on_claim, *(a for line in lines for a in line.answer.adjustments)))

    @property
    def ahead(self) -> tuple[Place, ...]:
        """The payers before the destination."""
        return tuple(p for p in self.payers if p.place < self.to.place)

    def found(self, *rules: str) -> list[Finding]:
        """The file's own findings under these rule ids."""
        return [f for f in self.findings if f.rule in rules]


def stop(message: str, fix: str, where: str = "") -> Objection:
    return Objection(Severity.STOP, message, fix, where)


def warn(message: str, fix: str, where: str = "") -> Objection:
    return Objection(Severity.WARN, message, fix, where)


def as_day(day: date) -> str:
    """03/10/2026, as people write it."""
    return f"{day:%m/%d/%Y}"


def from_findings(found: list[Finding], fix: str, where: str = "") -> Objection | None:
    """Several findings of the file's checks as one objection, as hard as the hardest of them; None for none."""
    if not found:
        return None
    message = " ".join(f.message for f in found[:3])
    more = f" And {len(found) - 3} more." if len(found) > 3 else ""
    severity = Severity.STOP if any(f.stops for f in found) else Severity.WARN
    return Objection(severity, message + more, fix, where)
