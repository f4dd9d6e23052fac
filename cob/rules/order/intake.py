"""From raw JSON values to a case, or one line that says which field is wrong, what was expected and what to do."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from cob.rules.order.case import Case
from cob.rules.order.loose_ends import keys_arrived, loose_end

_GAPS = (b" :", b"\t:", b"\n:", b"\r:")


class BadCase(ValueError):
    """A case that cannot be read; the message is one line."""


_INSTEAD = {
    "extra_forbidden": "this key is not part of a case; remove it or correct its spelling",
    "missing": "this key is required; add it",
    "literal_error": "use one of the listed words",
    "bool_type": "expected true or false",
    "string_type": "expected text in quotation marks",
    "dict_type": "expected an object in braces",
    "model_type": "expected an object in braces",
    "list_type": "expected a list in brackets",
    "string_too_short": "expected a text that is not empty",
}


class _Checked(Case):
    """A case that has been through `read_case`: handed in again, it is not looked through again."""


def read_case(raw: Any) -> Case:
    """A checked case. Raises BadCase."""
    if isinstance(raw, _Checked):
        return raw
    try:
        case = raw if isinstance(raw, Case) else _Checked.model_validate(raw)
    except ValidationError as refused:
        raise BadCase(_one_line(refused)) from None
    if problem := loose_end(case):
        raise BadCase(problem)
    return case


def read_at_once(text: bytes) -> Case | None:
    """The case that `read_case` would make of the text's values, read in one go; None where it might refuse them, or
    make anything else of them. Raises BadCase.
    """
    try:
        case = _Checked.model_validate_json(text)
    except ValidationError:
        return None
    if not _each_key_once(text, keys_arrived(case)):
        return None
    if problem := loose_end(case):
        raise BadCase(problem)
    return case


def _each_key_once(text: bytes, arrived: int) -> bool:
    """Whether surely no key stands twice, of which only the last would have arrived. Every key has its colon, and next
    to its quotation mark where no colon comes after a blank: with none left over, no key is left over.
    """
    return text.count(b":") == arrived or (text.count(b'":') == arrived and not any(gap in text for gap in _GAPS))


def _one_line(refused: ValidationError) -> str:
    first = refused.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or "the case"
    said = first["msg"].removeprefix("Value error, ").partition(" or instance of ")[0]
    hint = _INSTEAD.get(first["type"], "correct the value")
    more = refused.error_count() - 1
    also = f" (and {more} more)" if more else ""
    return " ".join(f"{where}: {said}; {hint}{also}".split())
