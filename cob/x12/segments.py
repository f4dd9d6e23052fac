"""Bytes to segments, 64 KB at a time: memory stays flat, separators come from ISA, segments carry their number.

Real files end lines in every way there is; what is tolerated here: CR/LF or blanks around the terminator, a terminator
that is a newline, lines wrapped inside a segment, a byte order mark, several interchanges with other separators, no
last terminator, a bare ST without ISA. What is not X12 at all gets one clear error.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, NamedTuple

from cob.x12.errors import X12Error

Source = bytes | bytearray | str | IO[bytes] | IO[str]

CHUNK = 65_536
LONGEST_SEGMENT = 1_048_576
_HEAD = 512
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x19\x1b-\x1f\x7f-\x9f\ufffd]")
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_BARE_ST = re.compile(r"ST([^A-Za-z0-9\s])\d{3}\1 *[A-Za-z0-9]{1,9} *(?:\1[A-Za-z0-9]*)?([^A-Za-z0-9 ])")
_OTHER_FORMATS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a Word, Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\xff\xfe", "text saved as UTF-16"),
    (b"\xfe\xff", "text saved as UTF-16"),
    (b"{\\rtf", "a rich text document"),
    (b"<", "a web page or XML file"),
    (b"{", "a JSON file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    """Old senders write accents in Latin-1; nothing is gained by refusing their files."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("x12-latin1", _as_latin1)


class Separators(NamedTuple):
    """The four characters that a file is cut with; `repetition` is empty where ISA11 is not a separator (4010)."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"


class Segment(NamedTuple):
    """One segment: its number in the file counted from 1, its text without the terminator, its elements."""

    number: int
    text: str
    elements: list[str]
    separators: Separators

    @property
    def id(self) -> str:
        """CLP, NM1, SVC …"""
        return self.elements[0]

    def at(self, element: int) -> str:
        """The element by its number as the guides count (CLP01 is 1); empty where it is absent."""
        elements = self.elements
        return elements[element].strip() if element < len(elements) else ""

    def parts(self, element: int) -> list[str]:
        """The components of a composite element; an empty list where it is absent."""
        value = self.at(element)
        # Some senders name ":" in ISA16 and then cut with ">", the other usual one.
        cut = self.separators.component if self.separators.component in value or ">" not in value else ">"
        return [part.strip() for part in value.split(cut)] if value else []

    def error(
        self, element: int | str = "", *, found: str = "", instead: str = "", expected: str, advice: str = ""
    ) -> X12Error:
        """An `X12Error` that names this segment; `element` is a number (4 becomes CLP04) or a name (SVC01-2)."""
        named = f"{self.id}{element:02d}" if isinstance(element, int) else element
        return X12Error(
            segment_no=self.number,
            segment_id=self.id,
            element=named,
            found=found,
            instead=instead,
            expected=expected,
            advice=advice,
        )


def read_segments(source: Source) -> Iterator[Segment]:
    """Every segment of a file in turn, envelope included. Raises `X12Error` and nothing else for what a file holds."""
    return _Tokenizer(_texts(source)).run()


class _Tokenizer:
    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self._buffer = ""
        self._number = 0
        self._is_suspect = False

    def run(self) -> Iterator[Segment]:
        while True:
            while len(self._buffer) < _HEAD and (chunk := self._next()):
                self._buffer = (self._buffer + chunk).lstrip("\ufeff \t\r\n\x1a")
            if not self._buffer:
                break
            yield from self._until_iea(_separators(self._buffer, self._number + 1))
        if not self._number:
            raise X12Error(expected="an X12 file", instead="an empty file", advice="ask the sender for it again")

    def _until_iea(self, separators: Separators) -> Iterator[Segment]:
        while True:
            pieces = self._buffer.split(separators.terminator)
            tail = pieces.pop()
            for place, piece in enumerate(pieces):
                text = piece.strip()
                if not text:
                    continue
                segment = self._segment(text, separators)
                yield segment
                if segment.elements[0] == "IEA":
                    rest = separators.terminator.join([*pieces[place + 1 :], tail])
                    self._buffer = rest.lstrip("\ufeff \t\r\n\x1a")
                    return
            chunk = self._next()
            if not chunk:
                self._buffer = ""
                if text := tail.strip(" \t\r\n\x1a"):
                    yield self._segment(text, separators)
                return
            self._buffer = tail + chunk
            if len(tail) > LONGEST_SEGMENT:
                raise X12Error(
                    segment_no=self._number + 1,
                    found=tail[:20],
                    expected=f'a segment that ends in "{separators.terminator}" within a megabyte',
                    advice="this does not look like the X12 file it claims to be",
                )

    def _next(self) -> str:
        chunk = next(self._chunks, "")
        self._is_suspect = self._is_suspect or bool(_CONTROL.search(chunk))
        return chunk

    def _segment(self, text: str, separators: Separators) -> Segment:
        self._number += 1
        if self._is_suspect:
            _refuse_controls(text, separators, self._number)
        if "\n" in text or "\r" in text:
            text = text.replace("\r", "").replace("\n", "")
        elements = text.split(separators.element)
        if not _is_segment_id(elements[0]):
            raise X12Error(
                segment_no=self._number,
                found=elements[0],
                expected="a segment that starts with an id such as CLP or NM1",
                advice="the file is damaged here, or it is not X12",
            )
        return Segment(self._number, text, elements, separators)


def _refuse_controls(text: str, separators: Separators, number: int) -> None:
    """No character set that a payer sends has these: the file is in another one, or damaged. Some files are cut with
    them, though."""
    found = next((c for c in _CONTROL.findall(text) if c not in separators), "")
    if found:
        raise X12Error(
            segment_no=number,
            segment_id=text[:3].partition(separators.element)[0],
            instead="a NUL byte" if found == "\0" else f"the character 0x{ord(found):02X}",
            expected="plain text in ASCII, UTF-8 or Latin-1",
            advice="the file was saved in another character set or damaged on its way; ask for it again",
        )


@lru_cache(maxsize=512)
def _is_segment_id(text: str) -> bool:
    return bool(_SEGMENT_ID.fullmatch(text))


def _texts(source: Source) -> Iterator[str]:
    """The file as pieces of text; UTF-8 where it is UTF-8, Latin-1 where it is not."""
    if isinstance(source, str):
        source = io.StringIO(source)
    elif isinstance(source, bytes | bytearray):
        source = io.BytesIO(source)
    decoder = codecs.getincrementaldecoder("utf-8")("x12-latin1")
    first = True
    while True:
        try:
            chunk = source.read(CHUNK)
        except UnicodeError as error:
            raise X12Error(expected="plain text", advice="open the file as bytes, or save it as UTF-8") from error
        if first and isinstance(chunk, bytes):
            _refuse_other_formats(chunk)
        first = False
        text = decoder.decode(chunk, final=not chunk) if isinstance(chunk, bytes) else chunk
        if text:
            yield text
        if not chunk:
            return


def _refuse_other_formats(head: bytes) -> None:
    for signature, what in _OTHER_FORMATS:
        if head.startswith(signature):
            raise X12Error(
                instead=what, expected="an X12 file that begins with ISA", advice="pick the file from the payer"
            )


def _separators(head: str, number: int) -> Separators:
    if head.startswith("ISA"):
        return _from_isa(head, number)
    if bare := _BARE_ST.match(head):
        return Separators(element=bare[1], terminator=_terminator(head[bare.start(2) :]))
    raise X12Error(
        segment_no=number,
        found=head[:20],
        expected="ISA at the start of an interchange",
        advice="this is not an X12 file, or something stands before or between its interchanges",
    )


def _from_isa(head: str, number: int) -> Separators:
    """By counting sixteen elements, not by position: unpadded ISAs exist, and a wrong count must not be trusted."""
    broken = X12Error(
        segment_no=number,
        segment_id="ISA",
        expected="sixteen elements, a component separator and a segment terminator",
        advice="the first segment is damaged; ask for the file again",
    )
    fields = head.split(head[3:4] or "*", 16)
    if len(fields) != 17 or len(fields[16]) < 2:
        raise broken
    # Not every blank: the control characters that some senders cut with count as blanks in Python.
    repetition = fields[11].strip(" \t\r\n")
    found = Separators(
        element=head[3],
        component=fields[16][0],
        repetition="" if repetition.isalnum() or len(repetition) != 1 else repetition,
        terminator=_terminator(fields[16][1:]),
    )
    needed = (found.element, found.component, found.terminator)
    if len(set(needed)) != 3 or any(c.isalnum() or c == " " for c in needed):
        raise broken
    return found


def _terminator(after: str) -> str:
    """The first character that is no line end, unless data follows at once: then the line end is the terminator."""
    visible = after.lstrip("\r\n \t")[:1]
    if after[0] in "\r\n" and (not visible or visible.isalnum()):
        return "\n" if "\n" in after[:2] else after[0]
    return visible or after[0]
