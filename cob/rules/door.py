"""The command's body without the command: JSON cases in, JSON verdicts out, line by line or one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from cob.rules import BadCase, determine

MALFORMED, SOME_MALFORMED = 2, 1


def answer_one(text: bytes, out: TextIO, err: TextIO) -> int:
    """One case, one verdict. Returns the exit status: 2 and one line on `err` when the case cannot be read."""
    try:
        verdict = determine(_parsed(text)).as_json()
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
            case = _parsed(line)
            answer = determine(case).as_json()
        except BadCase as refused:
            status = SOME_MALFORMED
            answer = {"id": case.get("id") if isinstance(case, dict) else None, "error": str(refused)}
        out.write(json.dumps(answer, separators=(",", ":")) + "\n")
        out.flush()
    return status


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise BadCase("the case: expected text in UTF-8; save the file in that encoding") from None
    except RecursionError:
        raise BadCase("the case: nested too deeply; send one case as the contract shows it") from None
    except json.JSONDecodeError as bad:
        where = f"line {bad.lineno} column {bad.colno}"
        raise BadCase(f"the case: not JSON at {where} ({bad.msg}); correct the text there") from None


def _refuse(name: str) -> Any:
    raise BadCase(f"the case: {name} is not a JSON value; use a number or null")
