"""Numbers set by law, each with the day it took effect and the text that says so. The date of service decides.

`trying({"msp.working_aged.employees": 25})` asks what another number would do: for the code inside, in this thread
alone, and never for a verdict that is kept. Whoever remembers what `law` said must not do so while `is_trying()`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, HttpUrl, field_validator

FOLDER = Path(__file__).parent / "parameters"
_tried: ContextVar[Mapping[str, int] | None] = ContextVar("tried", default=None)


class Value(BaseModel):
    """A value from a day on, and where that is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: int
    cite: str
    url: HttpUrl
    unconfirmed: bool = False


class Parameter(BaseModel):
    """One number of the law through time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    unit: str
    values: dict[date, Value]

    @field_validator("values")
    @classmethod
    def _in_order(cls, values: dict[date, Value]) -> dict[date, Value]:
        if not values or list(values) != sorted(values):
            raise ValueError("give at least one value, earliest day first")
        return values

    def on(self, day: date) -> int:
        """The value in force on a day; before the first one known, that first one."""
        started = [value.value for start, value in self.values.items() if start <= day]
        return started[-1] if started else next(iter(self.values.values())).value


@cache
def parameters() -> dict[str, Parameter]:
    """Every parameter by name, read once from the files beside this one."""
    read: dict[str, Parameter] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        for name, raw in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            if name in read:
                raise ValueError(f"{file.name}: {name} is already defined")
            read[name] = Parameter.model_validate(raw)
    return read


def law(name: str, day: date) -> int:
    """A parameter's value on a day, or the value being tried."""
    return numbers(day)[name]


def numbers(day: date) -> dict[str, int]:
    """Every parameter's value on a day, or the value being tried. Not to be changed by whoever reads it."""
    turns, values = _stretches()
    tried, in_force = _tried.get(), values[bisect_right(turns, day)]
    return in_force if tried is None else {**in_force, **tried}


@cache
def _stretches() -> tuple[list[date], list[dict[str, int]]]:
    """The days on which some value changes; and all values before the first of these days, and from each of them on."""
    every = parameters()
    turns = sorted({day for parameter in every.values() for day in parameter.values})
    return turns, [{name: parameter.on(day) for name, parameter in every.items()} for day in (date.min, *turns)]


@contextmanager
def trying(values: Mapping[str, int]) -> Iterator[None]:
    """Other numbers for the code inside, on every day of service; inside another trial they add to it."""
    for name, value in values.items():
        if name not in parameters():
            raise ValueError(f"{name}: there is no such number; see the list of numbers set by law")
        if type(value) is not int or value < 0:
            raise ValueError(f"{name}: expected a whole number from 0, got {value!r}")
    token = _tried.set({**(_tried.get() or {}), **values}) if values else None
    try:
        yield
    finally:
        if token is not None:
            _tried.reset(token)


def is_trying() -> bool:
    """Whether the law is another than the one in force: what is decided now must not be kept."""
    return _tried.get() is not None
