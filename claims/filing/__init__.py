"""By which day a payer must have a claim: limits counted from the right day, dated and with their source, and the
clock that a limit becomes once the day it counts from is known."""

from __future__ import annotations

from claims.filing.clock import SOON_DAYS, Clock, Moment, filing_clock, of_correction
from claims.filing.limit import Basis, Days, Limit, Position, Sure, Unit, deadline

__all__ = [
    "SOON_DAYS",
    "Basis",
    "Clock",
    "Days",
    "Limit",
    "Moment",
    "Position",
    "Sure",
    "Unit",
    "deadline",
    "filing_clock",
    "of_correction",
]
