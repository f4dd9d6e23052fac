"""Facts in words, and ids in a case or a verdict replaced by the names people know them by."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any

from cob.cents import dollars
from cob.coverage import catalogue
from cob.coverage.catalogue import Way
from cob.coverage.inputs import BASES

_SPECIAL = {"equal": "both parents equally", "none": "does not apply"}
_NULL_IS_AN_ANSWER = re.compile(r"medicare\.part_[ab](\.to)?|last_covered_day")
_DATED = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
# Answers that begin with a name stay as they are inside a sentence.
_NAMED = frozenset({Way.PERSON, Way.COVERAGE, Way.STATE})
_PROPER = ("World Trade", "Medica", "Medigap", "Military", "Indian", "Ryan", "Continued Health", "Veterans", "Title")


def say(path: str, value: Any, names: Mapping[str, str]) -> str:
    """A fact's value as it is said at the desk."""
    entry = catalogue.known(path, names)
    if value is None:
        return "not known any more"
    if value == "never" and (entry is None or entry.never or entry.way is Way.PART):
        return entry.never or "Never enrolled" if entry else "Never"
    in_words = _SAY.get(entry.way) if entry else None
    if in_words is None or entry is None:
        return _plainly(value)
    try:
        return in_words(value, entry, names)
    except (TypeError, AttributeError, KeyError):
        return _plainly(value)  # a case from elsewhere may hold a shape the desk never keeps


def answered(path: str, value: Any, names: Mapping[str, str]) -> str:
    """A value as a case or a branch holds it: null is an answer where the contract says so, else not known."""
    if value is not None:
        return say(path, value, names)
    is_answer = _NULL_IS_AN_ANSWER.fullmatch(catalogue.owner_and_key(path, names)[1])
    return say(path, "never", names) if is_answer else "not known"


def is_said(path: str, value: Any, names: Mapping[str, str]) -> bool:
    """Whether a value that is in a case is known: null is, where it is an answer."""
    return value is not None or bool(_NULL_IS_AN_ANSWER.fullmatch(catalogue.owner_and_key(path, names)[1]))


def within(path: str, said: str, names: Mapping[str, str]) -> str:
    """What `say` said, to stand inside a sentence: "Fewer than 20" → "fewer than 20", names as they are."""
    entry = catalogue.known(path, names)
    keeps = entry is None or entry.way in _NAMED or said.startswith(_PROPER) or said[1:2].isupper()
    return said if keeps else said[:1].lower() + said[1:]


_LEAST = {"<20": 0, "20-99": 20, "100+": 100}


def sized(value: str, tried: Collection[str]) -> str:
    """A size the rules tried, with the larger ones they left out because they come out alike: "20 or more"."""
    least = _LEAST[value]
    upto = min((_LEAST[one] for one in tried if _LEAST[one] > least), default=None)
    if upto is None:
        return f"{least} or more"
    return f"{least} to {upto - 1}" if least else f"Fewer than {upto}"


def is_sized(path: str, tried: Collection[Any], ids: Iterable[str] = ()) -> bool:
    """Whether the values tried of a path are sizes, the smallest among them: only then is none left out below."""
    entry = catalogue.known(path, ids)
    return entry is not None and entry.choices is catalogue.SIZES and "<20" in tried and len(tried) > 1


def dated(text: str) -> str:
    """Days inside a sentence of the rules as the trade writes them: 2026-05-09 → 05/09/2026."""
    return _DATED.sub(r"\2/\3/\1", text)


def asked(question: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """A question in the words of the rules, which call a person by the relation or the key, with the person's name."""
    ask: str = dated(question["ask"])
    owner, key = catalogue.owner_and_key(question["fact"], people)
    if not key.startswith("people.") or owner not in names:
        return ask
    called = people.get(owner, {}).get("relation") or owner
    return re.sub(rf"\b{re.escape(called)}\b", lambda _: names[owner], ask, count=1)


def _plainly(value: Any) -> str:
    """A value without an entry of its own."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Mapping):
        return ", ".join(f"{catalogue.spoken(str(key))} {_plainly(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_plainly, value)) or "none"
    return dated(catalogue.spoken(str(value)) if "_" in str(value) else str(value))


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
    Way.ONE_OF: lambda value, entry, _: dict(entry.choices).get(value, _plainly(value)),
    Way.SOME_OF: lambda value, entry, _: ", ".join(dict(entry.choices).get(one, _plainly(one)) for one in value),
    Way.DAY: _day,
    Way.MONTH: lambda value, *_: _month(value),
    Way.MONTH_DAY: lambda value, *_: str(value).replace("-", "/"),
    Way.DOLLARS: lambda value, *_: f"${dollars(value)}",
    Way.PERSON: lambda value, _entry, names: names.get(value) or _SPECIAL.get(value, _plainly(value)),
    Way.COVERAGE: lambda value, _entry, names: names.get(value, value if value in names.values() else "a coverage"),
    Way.PART: _part,
    Way.BASIS: _basis,
}
