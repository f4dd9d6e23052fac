"""What comes back for a file we sent, as data: TA1 for the interchange, 999 for its transactions, 277CA for its claims.

None of them decides a claim. A rejection means the payer has no claim; only a remittance denies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Heard(StrEnum):
    """What an acknowledgement says of what it answers."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    WITH_ERRORS = "accepted_with_errors"
    REJECTED = "rejected"
    UNCLEAR = "unclear"


class Level(StrEnum):
    """What is answered: everything in a 277CA batch, one provider's claims, one claim, or one line of it."""

    SUBMITTER = "submitter"
    PROVIDER = "provider"
    CLAIM = "claim"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class InterchangeAck:
    """One TA1: `control` and `sent_on` are ISA13 and ISA09 of what we sent. With REJECTED nothing inside was read. `on`
    is the day of its own envelope."""

    control: str
    said: Heard
    note: str
    segment_no: int = 0
    on: date | None = None
    sent_on: date | None = None


@dataclass(frozen=True, slots=True)
class SyntaxError999:
    """One IK3 with its IK4s and CTXs: where in the transaction we sent, and what is wrong there."""

    segment_id: str
    position: int
    loop: str
    code: str
    elements: tuple[tuple[str, str, str], ...] = ()
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAck:
    """One AK2 of a 999: `group_control` is our GS06, `set_control` our ST02. A group answered as a whole has no set.
    `on` is the day of its own envelope."""

    group_control: str
    set_control: str
    said: Heard
    codes: tuple[str, ...] = ()
    errors: tuple[SyntaxError999, ...] = ()
    segment_no: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """One STC composite: category, status, and who it is about. As text: A7:562:85."""

    category: str
    status: str
    entity: str = ""

    def __str__(self) -> str:
        return ":".join(filter(None, (self.category, self.status, self.entity)))


@dataclass(frozen=True, slots=True)
class ClaimAck:
    """One answered level of a 277CA: `control_number` is our CLM01 where a claim or a line is answered.

    `statuses` are the STC composites in turn; the first category decides. `responder` is the payer or clearinghouse
    of loop 2100A; several of them answer for one claim, and none speaks for the other. `batch` is the BHT03 we sent.
    """

    level: Level
    said: Heard
    statuses: tuple[Status, ...]
    responder: str
    responder_id: str
    batch: str = ""
    provider_id: str = ""
    control_number: str = ""
    on: date | None = None
    charge_cents: int | None = None
    payer_control_number: str = ""
    member_id: str = ""
    line_control_number: str = ""
    procedure: str = ""
    message: str = ""
    segment_no: int = 0
