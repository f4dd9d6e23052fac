"""Names and streets made as long as their elements are: a file in which one is longer is rejected whole.

Payers cut names as well, so that nobody is taken for somebody else by it; a number is never cut.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from cob.x12.segment_writer import clean

# NM103 to NM107, N301, N302, N401, SBR04, PER02.
_LONGEST = {
    "name": 60,
    "first": 35,
    "middle": 25,
    "suffix": 10,
    "plan_name": 60,
    "line1": 55,
    "line2": 55,
    "city": 30,
}
T = TypeVar("T")


def fitted(value: T) -> T:
    """The same dataclass with what is too long cut; the value itself where nothing is."""
    return cast(T, _fitted(value))


def _fitted(value: Any) -> Any:
    if isinstance(value, tuple):
        items = tuple(map(_fitted, value))
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    if not is_dataclass(value) or isinstance(value, type):
        return value
    was = {field.name: getattr(value, field.name) for field in fields(value)}
    changed = {name: new for name, old in was.items() if (new := _field(name, old)) is not old}
    return replace(value, **changed) if changed else value


def _field(name: str, value: Any) -> Any:
    if isinstance(value, str):
        most = _LONGEST.get(name)
        return clean(value)[:most].rstrip() if most and len(clean(value)) > most else value
    return _fitted(value)
