"""Every clock on a claim: the day by which a later payer must have it, and how much of it is left.

A later payer counts from the earlier payer's answer, which is the remittance date (BPR16), by the days of its own rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

SOON_DAYS = 30
NAMES = {2: "secondary_filing", 3: "tertiary_filing"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A running limit: what it is called in files out, its day, and why that day."""

    limit: str
    on: date
    because: str

    def days_left(self, today: date) -> int:
        """0 on the last day, negative once it has passed."""
        return (self.on - today).days


def filing_limit(answered_on: date, days: int) -> date:
    """The last day on which a later payer takes the claim, counted from the day after the earlier payer's answer."""
    return answered_on + timedelta(days=days)


def filing_clock(place: int, payer: str, earlier: str, answered_on: date | None, days: int) -> Clock | None:
    """The clock of the payer in that place; None while the payer before it has not answered, for nothing runs yet."""
    if answered_on is None or place < 2:
        return None
    because = f"{payer} takes claims for {days} days after {earlier} answered on {answered_on:%m/%d/%Y}."
    return Clock(NAMES.get(place, f"filing_{place}"), filing_limit(answered_on, days), because)
