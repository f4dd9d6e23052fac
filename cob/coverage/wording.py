"""Facts in words, and ids in a case or a verdict replaced by the names people know them by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cob.cents import dollars
from cob.coverage import catalogue
from cob.coverage.catalogue import Way
from cob.coverage.inputs import BASES

_SPECIAL = {"equal": "both parents equally", "none": "none"}


def say(path: str, value: Any, names: Mapping[str, str]) -> str:
    """A fact's value as it is said at the desk."""
    entry = catalogue.entry(path)
    if value is None:
        return "not known any more"
    if entry is None:
        return str(value)
    if value == "never" and (entry.never or entry.way is Way.PART):
        return entry.never or "Never enrolled"
    in_words = _SAY.get(entry.way)
    return in_words(value, entry, names) if in_words else str(value)


def readable(thing: Any, names: Mapping[str, str]) -> Any:
    """A copy of a case or a verdict in which ids inside texts and values read as names; keys stay as they are."""
    ids = [one for one in names if one != "P"]
    pattern = re.compile("|".join(map(re.escape, ids))) if ids else None
    return _renamed(thing, pattern, names)


_KEPT = frozenset(
    {"id", "coverage", "fact", "order", "first", "second", "ties", "certain_suffix", "facts_used", "patient"}
)


# Where the patient's key may stand as a value; elsewhere "P" is the letter of the first payer.
_PEOPLE = frozenset({"subscriber", "custodial_parent", "responsible_parent", "spouse", "value", "choices"})


def _renamed(thing: Any, pattern: re.Pattern[str] | None, names: Mapping[str, str], key: str = "") -> Any:
    if isinstance(thing, Mapping):
        return {one: thing[one] if one in _KEPT else _renamed(thing[one], pattern, names, one) for one in thing}
    if isinstance(thing, list):
        return [_renamed(one, pattern, names, key) for one in thing]
    if thing == "P" and key in _PEOPLE:
        return names.get("P", thing)
    if isinstance(thing, str) and pattern is not None:
        return pattern.sub(lambda found: names[found[0]], thing)
    return thing


def _day(value: Any, *_: Any) -> str:
    try:
        return f"{date.fromisoformat(value):%m/%d/%Y}"
    except (TypeError, ValueError):
        return str(value)


def _month(value: str) -> str:
    return f"{value[5:7]}/{value[:4]}"


def _part(value: Any, *_: Any) -> str:
    begins = f"from {_day(value['from'])}" if value.get("from") else "start not known"
    if "to" not in value:
        return f"{begins}, end not known"
    return f"{begins} until {_day(value['to'])}" if value["to"] else f"{begins}, no end date"


def _basis(value: Any, *_: Any) -> str:
    held = [f"{label}{f' from {_month(value[key])}' if value[key] else ''}" for key, label in BASES if key in value]
    return " and ".join(held) or "not known"


_SAY: dict[Way, Callable[..., str]] = {
    Way.YES_NO: lambda value, *_: "Yes" if value else "No",
    Way.ONE_OF: lambda value, entry, _: dict(entry.choices).get(value, str(value)),
    Way.SOME_OF: lambda value, entry, _: ", ".join(dict(entry.choices).get(one, str(one)) for one in value),
    Way.DAY: _day,
    Way.MONTH: lambda value, *_: _month(value),
    Way.MONTH_DAY: lambda value, *_: str(value).replace("-", "/"),
    Way.DOLLARS: lambda value, *_: f"${dollars(value)}",
    Way.PERSON: lambda value, _entry, names: names.get(value) or _SPECIAL.get(value, str(value)),
    Way.COVERAGE: lambda value, _entry, names: names.get(value, "a coverage"),
    Way.PART: _part,
    Way.BASIS: _basis,
}
