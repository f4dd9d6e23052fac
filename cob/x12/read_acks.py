"""TA1 and 999: what the other side's translator made of the interchange and of each transaction in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from cob.x12 import fields
from cob.x12.acks import Heard, InterchangeAck, SetAck, SyntaxError999
from cob.x12.envelope import Between, TransactionSet, read_interchanges
from cob.x12.segments import Segment, Source

_TA1: Final = {"A": Heard.ACCEPTED, "E": Heard.WITH_ERRORS, "R": Heard.REJECTED}
# M, W and X refuse for a failed authentication or decryption; P says that some transactions were refused.
_IK5: Final = {
    "A": Heard.ACCEPTED, "E": Heard.WITH_ERRORS, "R": Heard.REJECTED, "M": Heard.REJECTED, "W": Heard.REJECTED,
    "X": Heard.REJECTED,
}  # fmt: skip
_AK9: Final = {**_IK5, "P": Heard.WITH_ERRORS}
_MOST_CODES = 5


def interchange_ack(found: Between) -> InterchangeAck:
    """A TA1 as data. Raises `X12Error` where it names no interchange or says nothing known."""
    ta1, made_on = found.segment, _day_of(found.interchange.made_on)
    control = fields.required(ta1, 1, "the control number of the interchange it answers")
    said, sent_on = _code(ta1, 4, _TA1), _day_of(ta1.at(2))
    return InterchangeAck(control, said, ta1.at(5), ta1.number, made_on, sent_on)


def _day_of(isa09: str) -> date | None:
    """Two digits for the year; None where it names no day."""
    return fields.calendar_day(f"20{isa09}")


def read_replies(source: Source) -> Iterator[SetAck | InterchangeAck]:
    """Every interchange a TA1 answers and every transaction a 999 answers, in the file's order; a group refused as a
    whole is one without a set, after those it names.

    Raises `X12Error` for a file of another kind or version, one cut short, an answer to nothing, or an unknown code.
    """
    for found in read_interchanges(source):
        if isinstance(found, Between):
            yield interchange_ack(found)
            continue
        if found.kind != "999":
            raise found.st.error(1, found=found.kind, expected="999", advice="this file is of another kind")
        if found.release != "5010":
            raise found.st.error(3, found=found.guide, expected="005010X231A1", advice="ask for 5010")
        yield from _sets(found)
        if found.errors:
            raise found.errors[0]


def _sets(transaction: TransactionSet) -> Iterator[SetAck]:
    on = _day_of(transaction.interchange.made_on) if transaction.interchange else None
    group: Segment | None = None
    answered: list[Segment] = []
    said: list[Heard] = []
    for segment in transaction:
        match segment.id:
            case "AK1":
                _refuse_open(group, "AK9 to end what AK1 began")
                group = segment
            case "AK2":
                if group is None:
                    raise segment.error(expected="AK1 before AK2", advice="the acknowledgement is damaged")
                _refuse_open(answered[0] if answered else None, "IK5 to end what AK2 began")
                answered = [segment]
            case "IK3" | "IK4" | "CTX" | "IK5" if not answered:
                # Nobody could tell which transaction it turns away.
                raise segment.error(expected=f"AK2 before {segment.id}", advice="the acknowledgement is damaged")
            case "IK3" | "IK4" | "CTX":
                answered.append(segment)
            case "IK5" if group is not None:
                ack = _answered(group, answered, segment, on)
                said.append(ack.said)
                yield ack
                answered = []
            case "AK9":
                if group is None:
                    raise segment.error(expected="AK1 before AK9", advice="the acknowledgement is damaged")
                _refuse_open(answered[0] if answered else None, "IK5 to end what AK2 began")
                whole = _code(segment, 1, _AK9)
                if not said or (whole is Heard.REJECTED and set(said) != {Heard.REJECTED}):
                    yield SetAck(_control(group), "", whole, _codes(segment, 5), (), segment.number, on)
                group, said = None, []
    _refuse_open(answered[0] if answered else None, "IK5 to end what AK2 began")
    _refuse_open(group, "AK9 to end what AK1 began")


def _refuse_open(begun: Segment | None, expected: str) -> None:
    if begun is not None:
        raise begun.error(expected=expected, advice="ask for the acknowledgement again")


def _answered(group: Segment, body: list[Segment], end: Segment, on: date | None) -> SetAck:
    control = fields.required(body[0], 2, "the control number of the transaction it answers")
    said, errors = _code(end, 1, _IK5), tuple(_errors(body[1:]))
    return SetAck(_control(group), control, said, _codes(end, 2), errors, body[0].number, on)


def _errors(segments: list[Segment]) -> Iterator[SyntaxError999]:
    at: Segment | None = None
    elements: list[tuple[str, str, str]] = []
    context: list[str] = []
    for segment in segments:
        if segment.id == "IK3":
            if at is not None:
                yield _error(at, elements, context)
            at, elements, context = segment, [], []
        elif segment.id == "IK4":
            elements.append((segment.at(1), segment.at(3), segment.at(4)))
        else:
            context.append(
                " ".join(part for number in range(1, len(segment.elements)) for part in segment.parts(number))
            )
    if at is not None:
        yield _error(at, elements, context)


def _error(ik3: Segment, elements: list[tuple[str, str, str]], context: list[str]) -> SyntaxError999:
    position = ik3.at(2)
    return SyntaxError999(
        ik3.at(1), int(position) if position.isdecimal() else 0, ik3.at(3), ik3.at(4), tuple(elements), tuple(context)
    )


def _control(group: Segment) -> str:
    return fields.required(group, 2, "the control number of the group it answers")


def _codes(segment: Segment, first: int) -> tuple[str, ...]:
    return tuple(code for number in range(first, first + _MOST_CODES) if (code := segment.at(number)))


def _code(segment: Segment, element: int, known: dict[str, Heard]) -> Heard:
    code = fields.required(segment, element, f"one of {', '.join(known)}")
    if code not in known:
        raise segment.error(element, found=code, expected=f"one of {', '.join(known)}", advice="ask what it means")
    return known[code]
