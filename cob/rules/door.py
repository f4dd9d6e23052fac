"""The commands' body without the commands: JSON cases in, JSON answers out, line by line or one at a time."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from pydantic_core import to_json

from cob.rules import BadCase, Case, determine, read_case
from cob.rules.order.intake import read_at_once

MALFORMED, SOME_MALFORMED = 2, 1


Answering = Callable[[bytes], dict[str, Any]]


def verdict(text: bytes) -> dict[str, Any]:
    """The verdict on one JSON case. Raises BadCase."""
    return determine(case_of_text(text)).as_json()


def case_of_text(text: bytes) -> Case:
    """A checked case from one JSON text. Raises BadCase: what cannot be read at once is read value by value."""
    case = read_at_once(text)
    return read_case(read_json(text)) if case is None else case


def answer_one(text: bytes, out: TextIO, err: TextIO, answer: Answering = verdict, command: str = "determine") -> int:
    """One case, one answer. Returns the exit status: 2 and one line on `err` when the case cannot be read."""
    try:
        said = answer(text)
    except BadCase as refused:
        err.write(f"{command}: {refused}\n")
        return MALFORMED
    out.write(json.dumps(said, indent=2) + "\n")
    return 0


def answer_lines(lines: Iterable[bytes], out: TextIO, answer: Answering = verdict) -> int:
    """One case a line, one answer a line, in the same order, each written before the next is read. A line that cannot
    be read yields its id and the error, and the exit status 1 at the end. Blank lines are passed over.
    """
    status = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            said = as_line(answer(line))
        except BadCase as refused:
            status = SOME_MALFORMED
            said = json.dumps({"id": _id(line), "error": str(refused)}, separators=(",", ":"))
        out.write(said + "\n")
        out.flush()
    return status


def _id(line: bytes) -> Any:
    try:
        case = read_json(line)
    except BadCase:
        return None
    return case.get("id") if isinstance(case, dict) else None


def as_line(answer: dict[str, Any]) -> str:
    """The answer as JSON in one line, letter for letter as `json` writes it; pydantic writes it four times as fast."""
    written = to_json(answer).replace("§".encode(), b"\\u00a7")  # by far the most frequent letter beyond ASCII
    if not written.isascii():
        written = written.decode().encode("ascii", ESCAPED)
    text = written.decode("ascii")
    return text.replace("\x7f", "\\u007f") if "\x7f" in text else text


def _escaped(found: UnicodeError) -> tuple[str, int]:
    """The letters beyond ASCII that stand next to each other, as `json` escapes them."""
    assert isinstance(found, UnicodeEncodeError)  # noqa: S101  writing meets no other
    return json.dumps(found.object[found.start : found.end])[1:-1], found.end


ESCAPED = "cob.rules.door"
codecs.register_error(ESCAPED, _escaped)


def read_json(text: bytes) -> Any:
    """The values of one JSON text. Raises BadCase with what is wrong and where: not UTF-8, not JSON, a key twice."""
    try:
        said = text.removeprefix(codecs.BOM_UTF8).decode()
        try:
            return _whole_letters(_ONCE.decode(said), said)
        except _KeyTwice:
            where = _which_twice(said)
    except UnicodeDecodeError:
        raise BadCase("the case: expected text in UTF-8; save the file in that encoding") from None
    except RecursionError:
        raise BadCase("the case: nested too deeply; send one case as the contract shows it") from None
    except json.JSONDecodeError as bad:
        where = f"line {bad.lineno} column {bad.colno}"
        raise BadCase(f"the case: not JSON at {where} ({bad.msg}); correct the text there") from None
    raise BadCase(f"{where}: this key stands twice; give everybody and everything a key of its own")


def _whole_letters(value: Any, said: str) -> Any:
    """The value, unless it holds half of a letter (a lone surrogate), which JSON can spell and nothing can write."""
    if "\\" in said and (half := _HALF.search(said)):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise BadCase(f"the case: {half[0]} is half of a letter; write the letter itself") from None
    return value


class _KeyTwice(Exception):
    """A key stood twice in some object."""


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise _KeyTwice
    return read


def _refuse(name: str) -> Any:
    raise BadCase(f"the case: {name} is not a JSON value; use a number or null")


_HALF = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def _number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise BadCase(f"the case: a number has {len(digits)} digits, more than anything here; correct it")
    return int(digits)


def _fraction(digits: str) -> float:
    """1e999 is a number to JSON; here it would become infinity, which JSON cannot write again."""
    value = float(digits)
    if math.isinf(value):
        raise BadCase(f"the case: {digits[:40]} is larger than any number here; correct it")
    return value


_MOST_DIGITS = 18
_ONCE = json.JSONDecoder(
    object_pairs_hook=_no_key_twice, parse_constant=_refuse, parse_float=_fraction, parse_int=_number
)


def _which_twice(said: str) -> str:
    """Reads a text in which a key stands twice once more, to say where."""
    return ".".join(
        next(_written_twice(json.loads(said, parse_constant=_refuse, parse_int=_number, object_pairs_hook=_marked), ()))
    )


class _Twice(dict[str, Any]):
    """An object in which one key stood twice; which of the two was meant is nobody's to guess."""

    key = ""


def _marked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) == len(pairs):
        return read
    told = _Twice(read)
    keys = [key for key, _ in pairs]
    told.key = next(key for place, key in enumerate(keys) if key in keys[:place])
    return told


def _written_twice(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, _Twice):
        yield (*path, value.key)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _written_twice(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _written_twice(inner, (*path, str(place)))
