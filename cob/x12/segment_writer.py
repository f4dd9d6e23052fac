"""Writes segments that any translator will take: plain capitals, no stray separators, no empty tail, right counts."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from cob.x12.errors import X12Error
from cob.x12.fields import amount_text, quantity_text
from cob.x12.parts import Address as AddressPart
from cob.x12.parts import Adjustment, Contact, Envelope, NamedDate, Party, Procedure, Reference

# The basic and extended sets of X12 without the four characters that this writer cuts with.
_ALLOWED = frozenset(" ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"&'()+,-./;?=%@[]_{}\\|<>#$")
_SOLID = "[" + re.escape("".join(sorted(_ALLOWED - {" "}))) + "]+"
_CLEAN = re.compile(f"(?:{_SOLID}(?: {_SOLID})*)?")
_UNTOUCHED = frozenset({"raw", "unread"})
MOST_CAS = 5
_IN_ONE_CAS = 6

Element = str | Sequence[str]
T = TypeVar("T")


def clean(text: str) -> str:
    """Capitals of the X12 character set: accents dropped, separators and everything unknown turned into blanks."""
    if _CLEAN.fullmatch(text):  # nearly every text is, and looking is cheaper than taking it apart
        return text
    plain = unicodedata.normalize("NFKD", text).upper()
    kept = "".join(c if c in _ALLOWED else "" if unicodedata.combining(c) else " " for c in plain)
    return " ".join(kept.split())


def cleaned(value: T) -> T:
    """A dataclass as it will come back from a file: texts clean, adjustments grouped, those of no amount left out."""
    result: Any = _cleaned(value)
    return result  # type: ignore[no-any-return]


def _cleaned(value: Any) -> Any:
    """The value itself where nothing about it changes, so that a clean claim is walked through and not copied."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return _cleaned_tuple(value)
    kind: Any = type(value)
    names = _names_of(kind)
    changed = {name: new for name in names if (new := _field(name, old := getattr(value, name))) is not old}
    return dataclasses.replace(value, **changed) if changed else value


def _cleaned_tuple(value: tuple[Any, ...]) -> tuple[Any, ...]:
    found = grouped(value) if value and isinstance(value[0], Adjustment) else value
    items = tuple(_cleaned(item) for item in found)
    return value if len(items) == len(value) and all(a is b for a, b in zip(items, value, strict=True)) else items


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that a file gives back; none of anything else."""
    if not dataclasses.is_dataclass(kind):
        return ()
    return tuple(f.name for f in dataclasses.fields(kind) if f.name not in _UNTOUCHED)


def _field(name: str, value: Any) -> Any:
    return tuple(_clean_segment(text) for text in value) if name == "carried" and value else _cleaned(value)


def _clean_segment(text: str) -> str:
    elements = [":".join(clean(part) for part in element.split(":")) for element in text.split("*")]
    return "*".join(elements).rstrip("*")


def grouped(adjustments: Iterable[Adjustment]) -> tuple[Adjustment, ...]:
    """In the order in which their groups first appear, without zeros: a payer wants one CAS per group (RFI 1865)."""
    by_group: dict[str, list[Adjustment]] = {}
    for adjustment in adjustments:
        if adjustment.amount_cents:
            by_group.setdefault(adjustment.group, []).append(adjustment)
    return tuple(a for found in by_group.values() for a in found)


class SegmentWriter:
    """Collects the segments of one file; the counts at its ends are made here."""

    def __init__(self) -> None:
        """Separators are the usual ones: "*", ":", "^" and "~"."""
        self.texts: list[str] = []
        self._st_at = 0

    def add(self, *elements: Element) -> None:
        """One segment; a sequence is a composite. Empty tails are dropped, data is cleaned."""
        self.texts.append(segment_text(*elements))

    def add_text(self, text: str) -> None:
        """A segment carried over from another file, cleaned element by element."""
        self.texts.append(_clean_segment(text))

    def extend(self, texts: Iterable[str]) -> None:
        """Segments that another writer has made."""
        self.texts.extend(texts)

    def open(self, envelope: Envelope, function: str, guide: str) -> None:
        """ISA and GS. Raises `X12Error` for ids and control numbers that do not fit."""
        _fits(envelope)
        day, time = envelope.made_on.strftime("%y%m%d"), envelope.made_time[:4]
        sender = f"{envelope.sender_qualifier:2}*{clean(envelope.sender_id):15}"
        receiver = f"{envelope.receiver_qualifier:2}*{clean(envelope.receiver_id):15}"
        control = envelope.interchange_control.zfill(9)
        head = f"ISA*00*{'':10}*00*{'':10}*{sender}*{receiver}*{day}*{time}*^*00501*{control}*0*{envelope.usage}*:"
        self.texts.append(head)
        parties = (envelope.group_sender or envelope.sender_id, envelope.group_receiver or envelope.receiver_id)
        made = (day_text(envelope.made_on), envelope.made_time)
        self.add("GS", function, *parties, *made, envelope.group_control, "X", guide)

    def start(self, kind: str, control: str, guide: str = "") -> None:
        """ST."""
        self._st_at = len(self.texts)
        self.add("ST", kind, control, guide)

    def end(self, control: str) -> None:
        """SE with its count."""
        self.add("SE", str(len(self.texts) - self._st_at + 1), control)

    def close(self, envelope: Envelope, transactions: int) -> bytes:
        """GE, IEA, and the whole file."""
        self.add("GE", str(transactions), envelope.group_control)
        self.add("IEA", "1", envelope.interchange_control.zfill(9))
        return "".join(f"{text}~\n" for text in self.texts).encode("ascii")

    def date(self, qualifier: str, on: date | None, until: date | None = None) -> None:
        """DTP, as D8 or as a span."""
        if on and until:
            self.add("DTP", qualifier, "RD8", f"{day_text(on)}-{day_text(until)}")
        elif on:
            self.add("DTP", qualifier, "D8", day_text(on))

    def amount(self, qualifier: str, cents: int | None) -> None:
        """AMT, unless there is none; zero is an amount."""
        if cents is not None:
            self.add("AMT", qualifier, amount_text(cents))

    def references(self, references: Iterable[Reference]) -> None:
        """A REF each."""
        for reference in references:
            self.add("REF", reference.qualifier, reference.value)

    def contacts(self, contacts: Iterable[Contact]) -> None:
        """A PER each."""
        for contact in contacts:
            self.add("PER", contact.function, contact.name, *(text for pair in contact.numbers for text in pair))

    def name(self, party: Party, default_role: str = "") -> None:
        """NM1."""
        entity = "1" if party.is_person else "2"
        who = (party.name, party.first, party.middle, "", party.suffix)
        self.add("NM1", party.role or default_role, entity, *who, party.id_qualifier, party.id)

    def address(self, address: AddressPart) -> None:
        """N3 and N4, each unless it would be empty."""
        if address.line1 or address.line2:
            self.add("N3", address.line1, address.line2)
        if address.city or address.state or address.postal_code or address.country:
            self.add("N4", address.city, address.state, address.postal_code, address.country)

    def adjustments(self, adjustments: Iterable[Adjustment]) -> None:
        """CAS by group, six reasons to a segment. Raises `X12Error` when five segments do not hold them."""
        segments = list(_cas(grouped(adjustments)))
        if len(segments) > MOST_CAS:
            expected = f"at most {MOST_CAS} CAS segments at one place"
            raise X12Error(
                segment_id="CAS", found=str(len(segments)), expected=expected, advice="bill this one on paper"
            )
        for elements in segments:
            self.add("CAS", *elements)


def segment_text(*elements: Element) -> str:
    """Elements to one segment's text."""
    texts = [_element(e) for e in elements]
    while texts and not texts[-1]:
        texts.pop()
    return "*".join(texts)


def _element(element: Element) -> str:
    if isinstance(element, str):
        return clean(element)
    return ":".join(clean(part) for part in element).rstrip(":")


def _cas(adjustments: tuple[Adjustment, ...]) -> Iterable[list[str]]:
    run: list[Adjustment] = []
    for adjustment in (*adjustments, None):
        if run and (adjustment is None or adjustment.group != run[0].group or len(run) == _IN_ONE_CAS):
            yield [run[0].group, *(text for a in run for text in _triplet(a))]
            run = []
        if adjustment:
            run.append(adjustment)


def _triplet(adjustment: Adjustment) -> tuple[str, str, str]:
    return adjustment.reason, amount_text(adjustment.amount_cents), number(adjustment.quantity)


def number(value: Decimal | None) -> str:
    """A quantity's text; empty for None."""
    return "" if value is None else quantity_text(value)


def day_text(day: date) -> str:
    """CCYYMMDD; `strftime` would drop leading zeros of early years on some systems."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def composite(procedure: Procedure) -> list[str]:
    """SV101, SVD03, SVC01 … Raises `X12Error` for a fifth modifier."""
    if len(procedure.modifiers) > 4:
        found = ", ".join(procedure.modifiers)
        raise X12Error(
            element="SV101", found=found, expected="at most four modifiers", advice="choose the four that count"
        )
    modifiers = [*procedure.modifiers, "", "", "", ""][:4]
    return [procedure.qualifier, procedure.code, *modifiers, procedure.description]


def named_dates(writer: SegmentWriter, dates: Iterable[NamedDate]) -> None:
    """A DTP each."""
    for named in dates:
        writer.date(named.qualifier, named.on, named.until)


def _fits(envelope: Envelope) -> None:
    checks = (
        (
            "ISA06",
            len(clean(envelope.sender_id)) in range(1, 16),
            "a sender id of 1 to 15 characters",
            envelope.sender_id,
        ),
        ("ISA08", len(clean(envelope.receiver_id)) in range(1, 16), "a receiver id of 1 to 15", envelope.receiver_id),
        ("ISA05", _is_qualifier(envelope.sender_qualifier), "two letters or digits", envelope.sender_qualifier),
        ("ISA07", _is_qualifier(envelope.receiver_qualifier), "two letters or digits", envelope.receiver_qualifier),
        ("ISA13", _is_control(envelope.interchange_control), "1 to 9 digits", envelope.interchange_control),
        ("GS06", _is_control(envelope.group_control), "1 to 9 digits", envelope.group_control),
        ("ISA10", len(envelope.made_time) in (4, 6, 8) and envelope.made_time.isdigit(), "HHMM", envelope.made_time),
        ("ISA15", envelope.usage in ("T", "P"), "T for test or P for production", envelope.usage),
    )
    for element, fits, expected, found in checks:
        if not fits:
            raise X12Error(element=element, found=found, expected=expected, advice="check the exchange settings")


def _is_qualifier(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalnum()


def _is_control(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
