"""What kind of file this is, from its first 64 KB and without trusting its name."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import IO

from cob.x12.envelope import Group, Interchange, group_of, release_of
from cob.x12.errors import X12Error
from cob.x12.segments import CHUNK, Segment, read_segments

KINDS = frozenset({"835", "837P", "837I", "837D", "270", "271", "276", "277", "277CA", "999", "997", "TA1"})
_FORMS = {"X222": "P", "X098": "P", "X223": "I", "X096": "I", "X224": "D", "X097": "D"}
_SERVICE_LINES = {"SV1": "P", "SV2": "I", "SV3": "D"}
_LOOK_AT = 400


@dataclass(frozen=True, slots=True)
class Sniffed:
    """`kind` is one of KINDS or the bare ST01; `release` is "5010", "4010" or what the file says instead."""

    kind: str
    release: str
    guide: str = ""
    interchange_control: str = ""

    @property
    def is_4010(self) -> bool:
        """The release before HIPAA's current one: recognised so that it can be refused by name."""
        return self.release == "4010"


def sniff(source: bytes | IO[bytes]) -> Sniffed:
    """The kind of the first transaction in a file. A stream must be seekable and is left where it was.

    Raises `X12Error` for what is not X12: an empty file, a PDF, a Word document, plain text.
    """
    if isinstance(source, bytes | bytearray):
        head = bytes(source[:CHUNK])
    else:
        start = source.tell()
        head = source.read(CHUNK)
        source.seek(start)
    segments: list[Segment] = []
    try:
        segments.extend(islice(read_segments(head), _LOOK_AT))
    except X12Error:
        if not any(s.id in {"ST", "TA1"} for s in segments):
            raise
    return _judge(segments)


def _judge(segments: list[Segment]) -> Sniffed:
    first: dict[str, Segment] = {}
    for segment in segments:
        first.setdefault(segment.id, segment)
    isa, gs, st = first.get("ISA"), first.get("GS"), first.get("ST")
    control = isa.at(13) if isa else ""
    interchange = Interchange("", "", "", "", "", "", isa.at(12), control, "") if isa else None
    if not st:
        if "TA1" in first:
            return Sniffed("TA1", release_of("TA1", "", None, interchange), "", control)
        expected, advice = "a transaction (ST) or a TA1 after it", "the file was cut on its way, or it holds nothing"
        raise segments[-1].error(instead="an envelope only", expected=expected, advice=advice)
    group: Group | None = group_of(gs) if gs else None
    guide = st.at(3) or (group.guide if group else "")
    release = release_of(st.at(1), guide, group, interchange)
    return Sniffed(_kind(st.at(1), guide, first), release, guide, control)


def _kind(st01: str, guide: str, first: dict[str, Segment]) -> str:
    if st01 == "277":
        return "277CA" if "X214" in guide else "277"
    if st01 != "837":
        return st01
    # Some institutional files carry the professional guide's name: believe the service lines first.
    for segment_id, form in _SERVICE_LINES.items():
        if segment_id in first:
            return st01 + form
    return st01 + next((form for mark, form in _FORMS.items() if mark in guide), "")
