"""How money and rates come in: text with at most two decimals becomes whole cents, a rate a decimal from 0 to 1."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

# More than any line or claim is charged; beyond it a decimal point has been lost.
MOST_CENTS = 9_999_999_999
_DOLLARS = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?", re.ASCII)
_RATE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?", re.ASCII)


def _cents(value: Any) -> Any:
    if type(value) is int:  # already cents: from our own code, never from a door (`intake` refuses numbers there)
        return value
    match = _DOLLARS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('expected dollars as text with at most two decimals, such as "120.00"')
    cents = int(match[2]) * 100 + int((match[3] or "").ljust(2, "0"))
    if cents > MOST_CENTS:
        raise ValueError("more than 99,999,999.99 cannot be right")
    return -cents if match[1] else cents


def _rate(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _RATE.fullmatch(value):
        raise ValueError('expected a rate as text from "0" to "1", such as "0.80" for 80 percent')
    return Decimal(value)


def _not_below_zero(value: int) -> int:
    if value < 0:
        raise ValueError("an amount below zero is not possible here")
    return value


def _within_one(value: Decimal) -> Decimal:
    if not 0 <= value <= 1:
        raise ValueError('expected a rate from "0" to "1", such as "0.80" for 80 percent')
    return value


SignedCents = Annotated[int, BeforeValidator(_cents)]
Cents = Annotated[int, BeforeValidator(lambda value: _not_below_zero(_cents(value)))]
Rate = Annotated[Decimal, BeforeValidator(lambda value: _within_one(_rate(value)))]


def money(cents: int) -> str:
    """Cents as the door writes them: "1234.50", no thousands separator."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"
