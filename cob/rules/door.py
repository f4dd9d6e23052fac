"""The command's body without the command: JSON cases in, JSON verdicts out, line by line or one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, TextIO

from cob.rules import BadCase, determine

MALFORMED, SOME_MALFORMED = 2, 1


def answer_one(text: bytes, out: TextIO, err: TextIO) -> int:
    """One case, one verdict. Returns the exit status: 2 and one line on `err` when the case cannot be read."""
    try:
        verdict = determine(read_json(text)).as_json()
    except BadCase as refused:
        err.write(f"determine: {refused}\n")
        return MALFORMED
    out.write(json.dumps(verdict, indent=2) + "\n")
    return 0


def answer_lines(lines: Iterable[bytes], out: TextIO) -> int:
    """One case a line, one verdict a line, in the same order, each written before the next is read. A line that cannot
    be read yields its id and the error, and the exit status 1 at the end. Blank lines are passed over.
    """
    status = 0
    for line in lines:
        if not line.strip():
            continue
        case: Any = None
        try:
            case = read_json(line)
            answer = determine(case).as_json()
        except BadCase as refused:
            status = SOME_MALFORMED
            answer = {"id": case.get("id") if isinstance(case, dict) else None, "error": str(refused)}
        out.write(json.dumps(answer, separators=(",", ":")) + "\n")
        out.flush()
    return status


def read_json(text: bytes) -> Any:
    """The values of one JSON text. Raises BadCase with what is wrong and where: not UTF-8, not JSON, a key twice."""
    twice: list[_Twice] = []
    try:
        hook = partial(_keys_once, twice)
        raw = json.loads(text.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=hook)
    except UnicodeDecodeError:
        raise BadCase("the case: expected text in UTF-8; save the file in that encoding") from None
    except RecursionError:
        raise BadCase("the case: nested too deeply; send one case as the contract shows it") from None
    except json.JSONDecodeError as bad:
        where = f"line {bad.lineno} column {bad.colno}"
        raise BadCase(f"the case: not JSON at {where} ({bad.msg}); correct the text there") from None
    for path in _written_twice(raw, ()) if twice else ():
        raise BadCase(f"{'.'.join(path)}: this key stands twice; give everybody and everything a key of its own")
    return raw


class _Twice(dict[str, Any]):
    """An object in which one key stood twice; which of the two was meant is nobody's to guess."""

    key = ""


def _keys_once(twice: list[_Twice], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) == len(pairs):
        return read
    told = _Twice(read)
    keys = [key for key, _ in pairs]
    told.key = next(key for place, key in enumerate(keys) if key in keys[:place])
    twice.append(told)
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


def _refuse(name: str) -> Any:
    raise BadCase(f"the case: {name} is not a JSON value; use a number or null")
