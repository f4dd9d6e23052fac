"""Numbers set by law, each with the day it took effect and the text that says so. The date of service decides."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, HttpUrl, field_validator

FOLDER = Path(__file__).parent / "parameters"


class Value(BaseModel):
    """A value from a day on, and where that is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: int
    cite: str
    url: HttpUrl


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


@cache
def law(name: str, day: date) -> int:
    """A parameter's value on a day."""
    return parameters()[name].on(day)
