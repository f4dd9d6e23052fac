"""How long a forwarded copy is waited for: pure calendar arithmetic from the day of the remittance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cob.coverage.crossover.on_file import Wait
from cob.dates import add_business_days


@dataclass(frozen=True, slots=True)
class Timer:
    """`check_on`: from then on somebody asks for the copy. `until`: the last day on which we send nothing ourselves."""

    check_on: date
    until: date


def timer(forwarded_on: date, wait: Wait) -> Timer:
    """Business days skip federal holidays; the wait never ends before the check."""
    check_on = add_business_days(forwarded_on, wait.check_business_days)
    return Timer(check_on, max(check_on, forwarded_on + timedelta(days=wait.wait_days)))
