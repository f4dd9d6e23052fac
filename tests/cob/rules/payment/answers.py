"""Whole answers of expected payment as a biller reads them, `answers.txt`: checked cases, and what became of some when
a figure or a term was another. `python -m tests.cob.rules.payment.answers` writes what is answered now: read what
changed before it is committed.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cob.rules import BadCase, expect
from cob.rules.payment.checked import checked_cases
from cob.rules.payment.expected import Expected
from tests.cob.rules.drawn import with_change

FILE = Path(__file__).with_suffix(".txt")
Changes = list[list[Any]]


def blocks() -> dict[str, str]:
    """What stands in the file: a case and its changes, and the answer below."""
    written = FILE.read_text(encoding="utf-8").strip().split("\n\n")
    return {head: body for head, _, body in (block.partition("\n") for block in written)}


def inputs_of(head: str) -> dict[str, Any]:
    """The inputs a head stands for: a checked case and the changes of it, a place with a value or left out."""
    name, _, changes = head.partition(" ")
    inputs = next(row["inputs"] for row in checked_cases() if row["id"] == name)
    told: Changes = json.loads(changes or "[]")
    return functools.reduce(with_change, told, inputs)


def told(inputs: dict[str, Any]) -> str:
    """The answer in lines."""
    try:
        return "\n".join(_lines(expect(inputs)))
    except BadCase as refused:
        return f"refused: {refused}"


def _lines(answer: Expected) -> Iterator[str]:
    said = answer.as_json()
    yield f"pays {json.dumps(said['payments'])[1:-1]}; written off {said['contractual_write_off']}; patient " + str(
        said["patient_responsibility"]
    )
    known = ("id", "payments", "legs", "because", "unconfirmed", "lines", "range", "unknown", "not_read",
             "contractual_write_off", "patient_responsibility")  # fmt: skip
    figures = {name: value for name, value in said.items() if name not in known and not name.endswith("_payment")}
    for name, value in (figures | {key: said[key] for key in ("range", "unknown", "not_read") if key in said}).items():
        yield f"{name}: {json.dumps(value)}"
    for leg in said["legs"]:
        marks = " decides" * leg["decides"] + " unconfirmed" * leg["unconfirmed"]
        yield f"{leg['payer']}: {leg['name']} {leg['amount']} [{leg['formula']}]{marks}"
    yield answer.because + " Unconfirmed." * answer.unconfirmed


def main() -> None:
    """Write the file again."""
    FILE.write_text("\n\n".join(f"{head}\n{told(inputs_of(head))}" for head in blocks()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
