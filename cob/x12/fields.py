"""Elements to values: cents, quantities, dates, names, procedures; each refusal names segment and element."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from cob.x12.parts import (
    Address,
    Adjustment,
    Contact,
    NamedAmount,
    NamedDate,
    NamedQuantity,
    Party,
    Procedure,
    Reference,
)
from cob.x12.segments import Segment

# The guides of HIPAA allow ten digits, cents included (B.1.1.3.1.2); more is a slip or another field's number.
LARGEST_CENTS = 99_999_999_99
_AMOUNT = re.compile(r"([+-]?)([0-9]{0,15})(?:\.([0-9]{0,2}))?")
_QUANTITY = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})")
_EIGHT = re.compile(r"[0-9]{8}")
_ASK = "ask the sender for a corrected file"


# Amounts, quantities and dates repeat by the thousand within one file, so the last few are remembered.
@lru_cache(maxsize=4096)
def cents_of(text: str) -> int | None:
    """X12 decimal text to cents: ".5", "-0", "00012.00" are fine; None when it is no amount of whole cents."""
    match = _AMOUNT.fullmatch(text)
    if not match or not (match[2] or match[3]):
        return None
    cents = int(match[2] or "0") * 100 + int((match[3] or "").ljust(2, "0"))
    return -cents if match[1] == "-" else cents


def amount_text(cents: int) -> str:
    """Cents to X12's short form: no trailing zeros, no trailing point, a minus sign when below zero."""
    dollars, rest = divmod(abs(cents), 100)
    fraction = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'-' if cents < 0 else ''}{dollars}{fraction}"


def quantity_text(value: Decimal) -> str:
    """A quantity in short form, never in scientific notation."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if text not in {"", "-0"} else "0"


def required(segment: Segment, element: int, what: str) -> str:
    """The element's text, which the guide wants there."""
    text = segment.at(element)
    if not text:
        raise segment.error(element, found="nothing", expected=what, advice=_ASK)
    return text


def amount(segment: Segment, element: int) -> int | None:
    """The element in cents, or None where it is empty."""
    text = segment.at(element)
    if not text:
        return None
    return _money(segment, element, text)


def required_amount(segment: Segment, element: int, what: str) -> int:
    """The element in cents, which the guide wants there."""
    return _money(segment, element, required(segment, element, what))


def _money(segment: Segment, element: int, text: str) -> int:
    cents = cents_of(text)
    if cents is None:
        what = "an amount such as 75.33, with at most two decimals"
        raise segment.error(element, found=text, expected=what, advice=_ASK)
    if abs(cents) > LARGEST_CENTS:
        what = "an amount below 100 million dollars, the most the guide allows"
        raise segment.error(element, found=text, expected=what, advice=_ASK)
    return cents


def quantity(segment: Segment, element: int) -> Decimal | None:
    """The element as a number, or None where it is empty."""
    text = segment.at(element)
    if not text:
        return None
    number = _number(text)
    if number is None:
        raise segment.error(element, found=text, expected="a quantity such as 1 or 2.5", advice=_ASK)
    return number


def required_quantity(segment: Segment, element: int, what: str) -> Decimal:
    """The element as a number, which the guide wants there."""
    required(segment, element, what)
    return quantity(segment, element) or Decimal(0)


@lru_cache(maxsize=1024)
def _number(text: str) -> Decimal | None:
    return Decimal(text) if _QUANTITY.fullmatch(text) else None


def day(segment: Segment, element: int) -> date | None:
    """The element as a calendar date (CCYYMMDD), or None where it is empty."""
    text = segment.at(element)
    return _day(segment, element, text) if text else None


def required_day(segment: Segment, element: int, what: str) -> date:
    """The element as a calendar date, which the guide wants there."""
    return _day(segment, element, required(segment, element, what))


@lru_cache(maxsize=1024)
def calendar_day(text: str) -> date | None:
    """CCYYMMDD to a date; None when there is no such day."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if _EIGHT.fullmatch(text) else None
    except ValueError:
        return None


def _day(segment: Segment, element: int, text: str) -> date:
    found = calendar_day(text)
    if found is None:
        raise segment.error(element, found=text, expected="a date that exists, as CCYYMMDD", advice=_ASK)
    return found


def dtp(segment: Segment) -> NamedDate:
    """A DTP segment: D8, DT (date and time, of which the date is kept) or RD8 (a span)."""
    qualifier, form = required(segment, 1, "a date qualifier"), required(segment, 2, "D8 or RD8")
    text = required(segment, 3, "a date")
    if form == "RD8":
        first, _, last = text.partition("-")
        span = NamedDate(qualifier, _day(segment, 3, first), _day(segment, 3, last))
        if span.until and span.until < span.on:
            raise segment.error(3, found=text, expected="a span that ends after it starts", advice=_ASK)
        return span
    if form not in {"D8", "DT"}:
        raise segment.error(2, found=form, expected="D8 or RD8", advice=_ASK)
    return NamedDate(qualifier, _day(segment, 3, text[:8] if form == "DT" else text))


def dtm(segment: Segment) -> NamedDate:
    """A DTM segment of the 835."""
    return NamedDate(required(segment, 1, "a date qualifier"), required_day(segment, 2, "a date"))


def reference_of(segment: Segment) -> Reference:
    """A REF segment; the rare description in REF03 stands in when REF02 is empty."""
    return Reference(required(segment, 1, "a reference qualifier"), segment.at(2) or segment.at(3))


def named_amount(segment: Segment) -> NamedAmount:
    """An AMT segment."""
    return NamedAmount(required(segment, 1, "an amount qualifier"), required_amount(segment, 2, "an amount"))


def named_quantity(segment: Segment) -> NamedQuantity:
    """A QTY segment."""
    return NamedQuantity(required(segment, 1, "a quantity qualifier"), required_quantity(segment, 2, "a quantity"))


def party(segment: Segment) -> Party:
    """An NM1 segment."""
    return Party(
        role=segment.at(1),
        name=segment.at(3),
        first=segment.at(4),
        middle=segment.at(5),
        suffix=segment.at(7),
        is_person=segment.at(2) == "1",
        id_qualifier=segment.at(8),
        id=segment.at(9),
    )


def contact(per: Segment) -> Contact:
    """A PER segment."""
    numbers = tuple((per.at(n), per.at(n + 1)) for n in (3, 5, 7) if per.at(n))
    return Contact(name=per.at(2), numbers=numbers, function=per.at(1))


def street(segment: Segment) -> Address:
    """An N3 segment; the N4 that follows is laid over it by `town`."""
    return Address(line1=segment.at(1), line2=segment.at(2))


def town(segment: Segment, so_far: Address) -> Address:
    """An N4 segment added to the N3 before it."""
    place = (segment.at(1), segment.at(2), segment.at(3), segment.at(4))
    return Address(so_far.line1, so_far.line2, *place)


def procedure(segment: Segment, element: int) -> Procedure | None:
    """A composite procedure: qualifier, code, up to four modifiers, description."""
    parts = segment.parts(element)
    if len(parts) < 2 or not parts[1]:
        return None
    return Procedure(
        code=parts[1],
        modifiers=tuple(m for m in parts[2:6] if m),
        qualifier=parts[0],
        description=parts[6] if len(parts) > 6 else "",
    )


def required_procedure(segment: Segment, element: int) -> Procedure:
    """A composite procedure, which the guide wants there."""
    found = procedure(segment, element)
    if found is None:
        code = f"a qualified code such as HC{segment.separators.component}99213"
        raise segment.error(element, found=segment.at(element) or "nothing", expected=code, advice=_ASK)
    return found


def adjustments(segment: Segment) -> tuple[Adjustment, ...]:
    """The triplets of a CAS segment, none dropped: zero and negative amounts are adjustments too."""
    group = required(segment, 1, "an adjustment group such as CO")
    if len(segment.elements) > 20:
        raise segment.error(20, found=segment.at(20), expected="at most six adjustments in one CAS", advice=_ASK)
    found = tuple(_triplets(segment, group))
    if not found:
        raise segment.error(2, found="nothing", expected="a reason code and an amount", advice=_ASK)
    return found


def _triplets(segment: Segment, group: str) -> Iterable[Adjustment]:
    elements = [text.strip() for text in segment.elements]
    elements += [""] * (-(len(elements) - 2) % 3)
    for start in range(2, len(elements), 3):
        reason, amount_said, quantity_said = elements[start : start + 3]
        if not (reason or amount_said or quantity_said):
            continue
        if not reason or not amount_said:
            # Says which of the two is missing.
            required(segment, start, "the reason that belongs to the amount")
            required(segment, start + 1, "the amount that belongs to the reason")
        cents = _money(segment, start + 1, amount_said)
        yield Adjustment(group, reason, cents, quantity(segment, start + 2) if quantity_said else None)
