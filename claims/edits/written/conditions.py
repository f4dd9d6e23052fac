"""Conditions: a field, a comparison, values; joined by "and" into groups, and groups by "or".

Conditions about a service hold together of one line: "procedure is 90837" and "modifier is missing" mean the same line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.edits.written.fields import ALLOWED, COMPARISONS, FIELDS, Field, Is, Kind, Seen, SeenLine
from cob.cents import NotDollars, dollars, parse_dollars

MOST_CONDITIONS, MOST_VALUES, LONGEST = 12, 50, 40
_WITHOUT_VALUE = frozenset({Is.GIVEN, Is.MISSING})


class BadCondition(ValueError):
    """A condition that cannot be kept: `at` counts conditions from 1, `part` is field, is or values."""

    def __init__(self, at: int, part: str, message: str) -> None:
        self.at, self.part = at, part
        super().__init__(f"Condition {at}: {message}")


@dataclass(frozen=True, slots=True)
class Condition:
    """`values` are text, or whole numbers and cents; any one of them is enough."""

    field: str
    compare: Is
    values: tuple[Any, ...] = ()


Groups = tuple[tuple[Condition, ...], ...]


def checked(at: int, field: str, compare: str, values: Sequence[str]) -> Condition:
    """One condition as typed. Raises BadCondition naming what is wrong with it, what was expected, and what to do."""
    known = FIELDS.get(field)
    if known is None:
        raise BadCondition(at, "field", "choose what is compared.")
    if compare not in set(Is) or Is(compare) not in ALLOWED[known.kind]:
        allowed = ", ".join(COMPARISONS[one] for one in ALLOWED[known.kind])
        raise BadCondition(at, "is", f"{known.label} can be compared by: {allowed}.")
    asked = Is(compare)
    given = [value.strip() for value in values if value.strip()]
    if asked in _WITHOUT_VALUE:
        if given:
            raise BadCondition(at, "values", f"“{COMPARISONS[asked]}” takes no value; leave it empty.")
        return Condition(field, asked)
    if not given:
        example = f", such as {known.example}" if known.example else ""
        raise BadCondition(at, "values", f"say what {known.label.lower()} is compared with{example}.")
    if len(given) > MOST_VALUES:
        raise BadCondition(at, "values", f"at most {MOST_VALUES} values; write another edit for the rest.")
    if asked in (Is.AT_LEAST, Is.AT_MOST) and len(given) > 1:
        raise BadCondition(at, "values", f"“{COMPARISONS[asked]}” takes one value, not {len(given)}.")
    return Condition(field, asked, tuple(_value(at, known, one) for one in given))


def _value(at: int, known: Field, text: str) -> Any:
    if len(text) > LONGEST:
        raise BadCondition(at, "values", f"a value has at most {LONGEST} characters.")
    if known.kind is Kind.CHOICE:
        return _choice(at, known, text)
    if known.kind is Kind.NUMBER:
        if not (text.isascii() and text.isdigit()):
            raise BadCondition(at, "values", f"expected a whole number, got “{text}”.")
        return int(text)
    if known.kind is Kind.MONEY:
        try:
            return parse_dollars(text)
        except NotDollars as wrong:
            raise BadCondition(at, "values", f"{wrong}.") from None
    return text.upper()


def _choice(at: int, known: Field, text: str) -> str:
    by_word = {word.casefold(): value for value, word in known.choices.items()}
    if text in known.choices:
        return text
    if text.casefold() in by_word:
        return by_word[text.casefold()]
    allowed = ", ".join(known.choices.values())
    raise BadCondition(at, "values", f"{known.label} is one of: {allowed}; got “{text}”.")


def holds(groups: Groups, seen: Seen) -> bool:
    """Whether any group holds of the claim; no group never holds."""
    return any(_group_holds(group, seen) for group in groups)


def _group_holds(group: Sequence[Condition], seen: Seen) -> bool:
    of_line = []
    for condition in group:
        known = FIELDS[condition.field]
        if known.of_claim is None:
            of_line.append(condition)
        elif not _compares(condition, known.of_claim(seen)):
            return False
    return not of_line or any(_line_holds(of_line, line) for line in seen.lines)


def _line_holds(asked: Sequence[Condition], line: SeenLine) -> bool:
    return all(_compares(c, reads(line)) for c in asked if (reads := FIELDS[c.field].of_line))


def _compares(condition: Condition, found: tuple[Any, ...]) -> bool:
    return _ASKS[condition.compare](found, condition.values)


_ASKS: Mapping[Is, Callable[[tuple[Any, ...], tuple[Any, ...]], bool]] = {
    Is.IS: lambda found, wanted: any(one in wanted for one in found),
    Is.IS_NOT: lambda found, wanted: not any(one in wanted for one in found),
    Is.BEGINS: lambda found, wanted: any(one.startswith(wanted) for one in found),
    Is.LOOKS: lambda found, wanted: any(looks(one, mask) for one in found for mask in wanted),
    Is.NOT_LOOKS: lambda found, wanted: bool(found) and not any(looks(one, mask) for one in found for mask in wanted),
    Is.GIVEN: lambda found, _wanted: bool(found),
    Is.MISSING: lambda found, _wanted: not found,
    Is.AT_LEAST: lambda found, wanted: any(one >= wanted[0] for one in found),
    Is.AT_MOST: lambda found, wanted: any(one <= wanted[0] for one in found),
}


def looks(text: str, mask: str) -> bool:
    """Whether a text has the shape of a mask: A a letter, 9 a digit, ? either, everything else itself."""
    shapes: Mapping[str, Callable[[str], bool]] = {"A": str.isalpha, "9": str.isdigit, "?": str.isalnum}
    return len(text) == len(mask) and all(
        shapes[m](c) if m in shapes else m == c for c, m in zip(text, mask, strict=True)
    )


def in_words(groups: Groups) -> str:
    """Procedure is 90837 or 90834, and modifier is missing; or charge of the claim is at least 1,000.00."""
    said = "; or ".join(", and ".join(_say(condition) for condition in group) for group in groups)
    return said[:1].upper() + said[1:]


def _say(condition: Condition) -> str:
    known = FIELDS[condition.field]
    label = known.label if known.label[1:2].isupper() else known.label[0].lower() + known.label[1:]
    return f"{label} {COMPARISONS[condition.compare]} {' or '.join(shown(known, v) for v in condition.values)}".rstrip()


def shown(known: Field, value: Any) -> str:
    """A value as people write it."""
    if known.kind is Kind.MONEY:
        return dollars(value)
    return known.choices.get(value, str(value)) if known.kind is Kind.CHOICE else str(value)


def as_stored(groups: Groups) -> list[list[dict[str, Any]]]:
    """As JSON."""
    return [[{"field": c.field, "is": c.compare.value, "values": list(c.values)} for c in group] for group in groups]


def from_stored(rows: Sequence[Sequence[Mapping[str, Any]]]) -> Groups:
    """From JSON that `as_stored` made."""
    return tuple(tuple(Condition(c["field"], Is(c["is"]), tuple(c["values"])) for c in group) for group in rows)
