"""Reads a 277CA level by level: what the payer's front end, or the clearinghouse's, took in and what it turned away.

Hierarchy is taken from HL03 alone: published files number and nest their HLs wrongly more often than not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from cob.x12 import fields
from cob.x12.acks import ClaimAck, Heard, InterchangeAck, Level, Status
from cob.x12.envelope import Between, TransactionSet, read_interchanges
from cob.x12.read_acks import interchange_ack
from cob.x12.segments import Segment, Source

# A4 (not found) leaves the claim where it was; a person must look. A5 (split) is taken in, under several numbers.
CATEGORIES: Final = {
    "A0": Heard.RECEIVED, "A1": Heard.RECEIVED, "A2": Heard.ACCEPTED, "A3": Heard.REJECTED, "A4": Heard.UNCLEAR,
    "A5": Heard.ACCEPTED, "A6": Heard.REJECTED, "A7": Heard.REJECTED, "A8": Heard.REJECTED,
}  # fmt: skip
_LEVELS: Final = {"20": None, "21": Level.SUBMITTER, "19": Level.PROVIDER, "PT": Level.CLAIM}
_COMPOSITES = (1, 10, 11)
_ASK: Final = "ask the sender for a corrected file"


def read_277ca(source: Source) -> Iterator[ClaimAck | InterchangeAck]:
    """Every answered level of a file, in its order, and every interchange a TA1 beside them answers.

    Raises `X12Error` for another kind or version, an unreadable status, a claim without its number or without a status,
    or an envelope that does not close.
    """
    for transaction in read_interchanges(source):
        if isinstance(transaction, Between):
            yield interchange_ack(transaction)
            continue
        if transaction.kind != "277" or "X214" not in transaction.guide:
            found = transaction.guide or transaction.kind
            raise transaction.st.error(found=found, expected="005010X214", advice="this file is of another kind")
        yield from _levels(transaction)
        if transaction.errors:
            raise transaction.errors[0]


@dataclass(slots=True)
class _At:
    """The level being read: its HL, its statuses, and what was said beside them."""

    hl: Segment | None = None
    level: Level | None = None
    party: Segment | None = None
    trace: str = ""
    statuses: list[Segment] = field(default_factory=list)
    is_answered: bool = False
    payer_number: str = ""
    service: Segment | None = None
    line_number: str = ""
    line_statuses: list[Segment] = field(default_factory=list)


@dataclass(slots=True)
class _Above:
    """The levels above the one being read: who answers, our batch, the provider."""

    responder: Segment | None = None
    batch: str = ""
    provider: str = ""


def _levels(transaction: TransactionSet) -> Iterator[ClaimAck]:
    above, at = _Above(), _At()
    for segment in transaction:
        match segment.id:
            case "HL":
                yield from _said(at, above)
                _refuse_unanswered(at)
                at = _At(segment, _level(segment))
            case "NM1" if at.level is None:
                above.responder = above.responder or segment
            case "NM1":
                at.party = at.party or segment
                if at.level is Level.PROVIDER:
                    above.provider = at.party.at(9)
            case "TRN" if segment.at(1) == "2":
                at.trace = segment.at(2)
                if at.level is Level.SUBMITTER:
                    above.batch = at.trace
            case "STC":
                (at.line_statuses if at.service else at.statuses).append(segment)
                at.is_answered = True
            case "SVC":
                yield from _said(at, above)
                at.statuses, at.service, at.line_number, at.line_statuses = [], segment, "", []
            case "REF" if segment.at(1) == "1K":
                at.payer_number = segment.at(2)
            case "REF" if segment.at(1) == "FJ":
                at.line_number = segment.at(2)
    yield from _said(at, above)
    _refuse_unanswered(at)


def _level(hl: Segment) -> Level | None:
    code = hl.at(3)
    if code not in _LEVELS:
        expected = f"one of {', '.join(_LEVELS)}"
        raise hl.error(3, found=code or "nothing", expected=expected, advice=_ASK)
    return _LEVELS[code]


def _refuse_unanswered(at: _At) -> None:
    """A claim's level that says nothing has lost its status, and nobody would miss it."""
    if at.hl and at.level is Level.CLAIM and not at.is_answered:
        raise at.hl.error(instead="no STC", expected="STC, what is said of this claim, below it", advice=_ASK)


def _said(at: _At, above: _Above) -> Iterator[ClaimAck]:
    """What is said of the level itself, or of its line that has just been read."""
    if at.level and at.statuses:
        yield _answer(at, at.level, at.statuses, above)
    if at.service and at.line_statuses:
        yield _answer(at, Level.LINE, at.line_statuses, above)


def _answer(at: _At, level: Level, stcs: list[Segment], above: _Above) -> ClaimAck:
    if at.level is Level.CLAIM and not at.trace:
        # Without its number it would speak of the whole batch.
        expected = "our claim number (TRN*2) before what is said of the claim"
        raise stcs[0].error(instead="no TRN", expected=expected, advice=_ASK)
    first, responder = stcs[0], above.responder
    procedure = fields.procedure(at.service, 1) if at.service and level is Level.LINE else None
    return ClaimAck(
        level=level,
        said=_heard(stcs),
        statuses=tuple(status for stc in stcs for status in _statuses(stc)),
        responder=responder.at(3) if responder else "",
        responder_id=responder.at(9) if responder else "",
        batch=above.batch,
        provider_id=above.provider if level is not Level.SUBMITTER else "",
        control_number=at.trace if level in {Level.CLAIM, Level.LINE} else "",
        on=fields.day(first, 2),
        charge_cents=fields.amount(first, 4),
        payer_control_number=at.payer_number,
        member_id=at.party.at(9) if at.party and level is Level.CLAIM else "",
        line_control_number=at.line_number if level is Level.LINE else "",
        procedure=procedure.code if procedure else "",
        message=" ".join(text for stc in stcs if (text := stc.at(12))),
        segment_no=first.number,
    )


def _heard(stcs: list[Segment]) -> Heard:
    """Several STCs on one level are several reasons; one that rejects outweighs the others."""
    heard = [CATEGORIES[next(_statuses(stc)).category] for stc in stcs]
    return Heard.REJECTED if Heard.REJECTED in heard else heard[0]


def _statuses(stc: Segment) -> Iterator[Status]:
    for element in _COMPOSITES:
        parts = [*stc.parts(element), "", "", ""]
        if element != 1 and not parts[0]:
            continue
        if parts[0] not in CATEGORIES:
            expected = f"a category from {min(CATEGORIES)} to {max(CATEGORIES)}"
            raise stc.error(element, found=parts[0] or "nothing", expected=expected, advice="ask what it means")
        yield Status(parts[0], parts[1], parts[2])
