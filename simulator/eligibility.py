"""Answers questions about coverage: 270 in, 271 out. Every member is covered; of some another payer is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from cob.x12.envelope import read_transactions
from cob.x12.parts import Envelope
from cob.x12.segment_writer import SegmentWriter, day_text
from cob.x12.segments import Segment
from simulator.faults import draw

GUIDE = "005010X279A1"
_KNOWS_ANOTHER = 0.25


@dataclass(slots=True)
class Question:
    """The segments of one 270 by what they stand for."""

    payer: Segment
    provider: Segment
    person: Segment
    born: Segment | None = None
    trace: Segment | None = None
    dependent: list[Segment] = field(default_factory=list)
    reference: str = ""


def questions(data: bytes) -> Iterator[Question]:
    """Every transaction of a 270 as one question. Raises X12Error when the envelope does not hold."""
    for transaction in read_transactions(data):
        found: dict[str, Segment] = {}
        level, dependent, reference = "", [], ""
        for segment in transaction:
            if segment.id == "HL":
                level = segment.at(3)
            elif segment.id == "BHT":
                reference = segment.at(3)
            elif segment.id == "NM1":
                found[segment.at(1)] = segment
            elif segment.id == "TRN":
                found["TRN"] = segment
            elif segment.id == "DMG" and level == "22":
                found["DMG"] = segment
            if level == "23" and segment.id in ("NM1", "DMG"):
                dependent.append(segment)
        yield Question(found["PR"], found["1P"], found["IL"], found.get("DMG"), found.get("TRN"), dependent, reference)


def answered(envelope: Envelope, asked: list[Question], on: date, seed: int) -> bytes:
    """One transaction for each question."""
    writer = SegmentWriter()
    writer.open(envelope, "HB", GUIDE)
    for place, question in enumerate(asked, start=1):
        _one(writer, f"{place:04d}", question, on, seed)
    return writer.close(envelope, len(asked))


def _one(writer: SegmentWriter, control: str, asked: Question, on: date, seed: int) -> None:
    writer.start("271", control, GUIDE)
    writer.add("BHT", "0022", "11", asked.reference, day_text(on), "1200")
    writer.add("HL", "1", "", "20", "1")
    writer.add_text(asked.payer.text)
    writer.add("HL", "2", "1", "21", "1")
    writer.add_text(asked.provider.text)
    writer.add("HL", "3", "2", "22", "1" if asked.dependent else "0")
    if not asked.dependent:
        _trace(writer, asked)
    writer.add_text(asked.person.text)
    if asked.born:
        writer.add_text(asked.born.text)
    if asked.dependent:
        writer.add("HL", "4", "3", "23", "0")
        _trace(writer, asked)
        for segment in asked.dependent:
            writer.add_text(segment.text)
    writer.add("EB", "1", "", "30", "", "")
    member = asked.person.at(9)
    if draw(seed, "other payer", member).random() < _KNOWS_ANOTHER:
        writer.add("EB", "R", "", "30", "OT")
        writer.add("LS", "2120")
        writer.add("NM1", "SEP", "2", "ANOTHER PLAN", "", "", "", "", "PI", "OTHR9")
        writer.add("LE", "2120")
    writer.end(control)


def _trace(writer: SegmentWriter, asked: Question) -> None:
    if asked.trace:
        writer.add("TRN", "2", asked.trace.at(2), asked.trace.at(3))
