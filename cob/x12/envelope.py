"""ISA, GS, ST and their ends: hands out transaction sets and checks that nothing was lost between them.

A count or number that is wrong at SE spoils that transaction only and waits in `TransactionSet.errors`; one that is
wrong at GE or IEA, or a file that stops too early, spoils the file and is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cob.x12.errors import X12Error
from cob.x12.segments import Segment, Source, read_segments

_ENVELOPE = frozenset({"ISA", "IEA", "GS", "GE", "ST"})
# Every other kind read here says its version in ST03 too.
_VERSIONLESS = frozenset({"835"})
_DAMAGED = "the file was cut or changed on its way; ask for it again"


@dataclass(frozen=True, slots=True)
class Interchange:
    """What ISA says."""

    sender_qualifier: str
    sender_id: str
    receiver_qualifier: str
    receiver_id: str
    made_on: str
    made_time: str
    version: str
    control: str
    usage: str


@dataclass(frozen=True, slots=True)
class Group:
    """What GS says; `guide` is GS08."""

    function: str
    sender: str
    receiver: str
    made_on: str
    made_time: str
    control: str
    guide: str


@dataclass(frozen=True, slots=True)
class Between:
    """A TA1: it stands between ISA and GS and concerns another file."""

    segment: Segment
    interchange: Interchange


class TransactionSet:
    """ST to SE. Iterate over it once for the segments in between; `errors` is complete when that has ended."""

    def __init__(
        self, st: Segment, rest: Iterator[Segment], interchange: Interchange | None, group: Group | None
    ) -> None:
        """Made by `read_transactions` only."""
        self.st = st
        self.interchange = interchange
        self.group = group
        self.kind = st.at(1)
        self.control = st.at(2)
        self.guide = st.at(3) or (group.guide if group else "")
        self.errors: list[X12Error] = []
        self.segment_count = 0
        self.last = st
        self._body = self._read(rest)

    def __iter__(self) -> Iterator[Segment]:
        """The segments between ST and SE."""
        return self._body

    @property
    def release(self) -> str:
        """5010, 4010, or what the file says when it is neither."""
        return release_of(self.kind, self.guide, self.group, self.interchange)

    def drain(self) -> None:
        """Read on to SE, whatever the caller left unread."""
        for _ in self._body:
            pass

    def _read(self, rest: Iterator[Segment]) -> Iterator[Segment]:
        for segment in rest:
            self.last = segment
            if segment.elements[0] == "SE":
                self._close(segment)
                return
            if segment.elements[0] in _ENVELOPE:
                raise segment.error(expected=f"SE to end transaction {self.control} first", advice=_DAMAGED)
            yield segment
        expected = f"SE to end transaction {self.control}, but the file ends here"
        raise self.last.error(expected=expected, advice=_DAMAGED)

    def _close(self, se: Segment) -> None:
        self.segment_count = se.number - self.st.number + 1
        if not _is_number(se.at(1), self.segment_count):
            expected = f"{self.segment_count}, the number of segments from ST to SE"
            self.errors.append(se.error(1, found=se.at(1) or "nothing", expected=expected, advice=_DAMAGED))
        if not _same_control(se.at(2), self.control):
            expected = f"{self.control}, as in ST02"
            self.errors.append(se.error(2, found=se.at(2) or "nothing", expected=expected, advice=_DAMAGED))


def read_transactions(source: Source) -> Iterator[TransactionSet]:
    """Every ST of a file in turn, with the ISA and GS it stands in; one left unread is skipped but still counted.

    Raises `X12Error` for a file whose envelope does not close. A bare ST without ISA is handed out with neither.
    """
    return (found for found in read_interchanges(source) if isinstance(found, TransactionSet))


def read_interchanges(source: Source) -> Iterator[TransactionSet | Between]:
    """The same, and every TA1 in its place."""
    walk = _Walk()
    segments = read_segments(source)
    for segment in segments:
        if segment.elements[0] == "ST":
            yield from walk.transaction(segment, segments)
        elif segment.elements[0] == "TA1":
            yield walk.between(segment)
        else:
            walk.step(segment)
    walk.finish()


class _Walk:
    def __init__(self) -> None:
        self._isa: tuple[Segment, Interchange] | None = None
        self._gs: tuple[Segment, Group] | None = None
        self._groups = 0
        self._sets = 0
        self._last: Segment | None = None

    def transaction(self, st: Segment, rest: Iterator[Segment]) -> Iterator[TransactionSet]:
        if self._isa and not self._gs:
            raise st.error(expected="GS before the first ST", advice=_DAMAGED)
        self._sets += 1
        found = TransactionSet(st, rest, self._isa[1] if self._isa else None, self._gs[1] if self._gs else None)
        yield found
        found.drain()
        self._last = found.last

    def between(self, ta1: Segment) -> Between:
        self._last = ta1
        if not self._isa:
            raise ta1.error(expected="ISA before TA1", advice=_DAMAGED)
        return Between(ta1, self._isa[1])

    def step(self, segment: Segment) -> None:
        self._last = segment
        steps = {"ISA": self._open, "GS": self._open_group, "GE": self._close_group, "IEA": self._close}
        step = steps.get(segment.elements[0])
        if step is None:
            raise segment.error(expected="ST, GE or IEA between transactions", advice=_DAMAGED)
        step(segment)

    def finish(self) -> None:
        if self._isa:
            last = self._last or self._isa[0]
            raise last.error(expected="IEA to end the interchange, but the file ends here", advice=_DAMAGED)

    def _open(self, isa: Segment) -> None:
        if self._isa:
            raise isa.error(expected="IEA to end the interchange before", advice=_DAMAGED)
        self._isa, self._groups = (isa, _interchange(isa)), 0

    def _open_group(self, gs: Segment) -> None:
        if not self._isa:
            raise gs.error(expected="ISA before GS", advice=_DAMAGED)
        if self._gs:
            raise gs.error(expected="GE to end the group before", advice=_DAMAGED)
        self._gs, self._sets = (gs, group_of(gs)), 0
        self._groups += 1

    def _close_group(self, ge: Segment) -> None:
        if not self._gs:
            raise ge.error(expected="GS before GE", advice=_DAMAGED)
        _check(ge, self._sets, "transactions in the group", self._gs[1].control, "GS06")
        self._gs = None

    def _close(self, iea: Segment) -> None:
        if not self._isa or self._gs:
            raise iea.error(expected="GE before IEA" if self._gs else "ISA before IEA", advice=_DAMAGED)
        # An interchange of nothing but TA1 says 0 in some hands and 1 in others.
        groups = self._groups or int(iea.at(1) == "1")
        _check(iea, groups, "groups in the interchange", self._isa[1].control, "ISA13")
        self._isa = None


def _check(end: Segment, count: int, of_what: str, control: str, start: str) -> None:
    if not _is_number(end.at(1), count):
        raise end.error(1, found=end.at(1) or "nothing", expected=f"{count}, the number of {of_what}", advice=_DAMAGED)
    if not _same_control(end.at(2), control):
        raise end.error(2, found=end.at(2) or "nothing", expected=f"{control}, as in {start}", advice=_DAMAGED)


def release_of(kind: str, guide: str, group: Group | None, interchange: Interchange | None) -> str:
    """5010 or 4010 from the guide, else from GS08, else from ISA12; else the text that was found.

    A remittance names its version in its envelope alone: cut out of it, it is judged by what it holds.
    """
    if kind in _VERSIONLESS and not (guide or group or interchange):
        return "5010"
    said = [guide, group.guide if group else "", interchange.version if interchange else ""]
    for text in said:
        for release in ("5010", "4010"):
            if release in text or text == f"00{release[:3]}":
                return release
    return next((text for text in said if text), "")


def group_of(gs: Segment) -> Group:
    """The GS segment as data."""
    return Group(gs.at(1), gs.at(2), gs.at(3), gs.at(4), gs.at(5), gs.at(6), gs.at(8))


def _interchange(isa: Segment) -> Interchange:
    sender, receiver = (isa.at(5), isa.at(6)), (isa.at(7), isa.at(8))
    return Interchange(*sender, *receiver, isa.at(9), isa.at(10), isa.at(12), isa.at(13), isa.at(15))


def _is_number(text: str, expected: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12 and int(text) == expected


def _same_control(one: str, other: str) -> bool:
    return one.lstrip("0") == other.lstrip("0")
