"""The dated numbers of expected payment, read from the file beside this one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from cob.rules.parameters import Parameter

FILE = Path(__file__).parent / "numbers.yaml"
# A case without a day asks about today's law; the latest number is that.
LATEST = date.max


@cache
def numbers() -> dict[str, Parameter]:
    """Every number by name."""
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: Parameter.model_validate(row) for name, row in raw.items()}


def percent(name: str, day: date | None) -> Decimal:
    """A percentage in force on a day, as a rate: 115 percent is 1.15."""
    return Decimal(numbers()[name].on(day or LATEST)) / 100


def cents(name: str, day: date | None) -> int:
    """An amount in force on a day, in cents."""
    return numbers()[name].on(day or LATEST)


def is_unconfirmed(name: str, day: date | None) -> bool:
    """Whether the number in force on a day rests on no text at hand."""
    started = [value for start, value in numbers()[name].values.items() if start <= (day or LATEST)]
    return bool(started) and started[-1].unconfirmed
