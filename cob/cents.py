"""Money is whole cents in plain integers; this is the only place where cents meet a percentage or a printed dollar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

_DOLLARS = re.compile(r"(-?)\$?(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{0,13})(?:\.([0-9]{0,2}))?")


class NotDollars(ValueError):
    """A text that is not an amount of dollars and whole cents; `str()` says what was expected."""


def pct(cents: int, rate: Decimal | str | int) -> int:
    """`rate` of an amount (Decimal("0.80") is 80 %), rounded once, half a cent up, away from zero when negative.

    A float is refused: it would bring its own rounding along.
    """
    if isinstance(rate, float):
        raise TypeError("a rate is a Decimal or a string, never a float")
    return int((Decimal(cents) * Decimal(rate)).to_integral_value(rounding=ROUND_HALF_UP))


def allocate(cents: int, weights: Sequence[int]) -> list[int]:
    """An amount shared out in proportion to `weights`, to the cent; the cents left over go to the largest remainders.

    Ties go to the earlier share. Negative amounts mirror positive ones. Raises ValueError when nothing weighs anything.
    """
    total = sum(weights)
    if not weights or total <= 0 or min(weights) < 0:
        raise ValueError("an amount can be shared only among weights that are not negative and not all zero")
    sign, size = (-1, -cents) if cents < 0 else (1, cents)
    shares = [size * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: (-(size * weights[n] % total), n))
    for n in by_remainder[: size - sum(shares)]:
        shares[n] += 1
    return [sign * share for share in shares]


def dollars(cents: int) -> str:
    """123450 as "1,234.50"; no currency sign, a minus sign in front when below zero."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d}"


def parse_dollars(text: str) -> int:
    """Text such as "1,234.50", "$1234.5", "-12", ".5" to cents; `NotDollars` for the rest, three decimals too."""
    match = _DOLLARS.fullmatch(text.strip())
    if not match or not (match[3] or match[4]) or (match[1] and match[2]):
        shown = text.strip()[:40]
        raise NotDollars(f'"{shown}" is not an amount; write dollars and at most two decimals, such as 1,234.50')
    cents = int((match[3] or "0").replace(",", "")) * 100 + int((match[4] or "").ljust(2, "0"))
    return -cents if match[1] or match[2] else cents
