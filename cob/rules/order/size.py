"""How many people an employer has, as far as a band tells: on which side of the number the law draws it stands."""

from __future__ import annotations

from functools import cache
from typing import Final, get_args

from cob.rules.order.case import SizeBand
from cob.rules.order.plan import Plan

BANDS: Final[tuple[str, ...]] = get_args(SizeBand)


def reaches(band: str, number: int) -> bool | None:
    """Whether a band lies at or above a number, or below it; None when it straddles it."""
    low, high = _bounds(band)
    if low >= number:
        return True
    return False if high is not None and high < number else None


def size_reaches(plan: Plan, name: str, known: str | None, number: int) -> bool:
    """The same of a plan's employer, asked where nobody said, or where the band that was told straddles the number."""
    if known is not None and (side := reaches(known, number)) is not None:
        plan.visit.trace.used[plan.root + name] = None
        return side
    parted = (f"<{number}", f"{number}+")
    splits = any(reaches(band, number) is None for band in BANDS)
    band = plan.ask(name, known, *(parted if splits else BANDS))
    said = reaches(band, number)
    # A number that cuts through a band was not what the band was asked for: its side is an open fact.
    return reaches(plan.visit.fact(plan.root + name, None, parted), number) is True if said is None else said


@cache
def _bounds(band: str) -> tuple[int, int | None]:
    """`<20`, `20-99` and `100+` as the least and the most."""
    if band.startswith("<"):
        return 0, int(band[1:]) - 1
    if band.endswith("+"):
        return int(band[:-1]), None
    least, _, most = band.partition("-")
    return int(least), int(most)
