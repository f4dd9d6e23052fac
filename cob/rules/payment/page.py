"""The formulas of expected payment as a page. `python -m cob.rules.payment.page` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cob.rules.payment.checked import exercising
from cob.rules.payment.formulas import formulas
from cob.rules.payment.needs import NEEDS, REQUIRED
from cob.rules.payment.numbers import numbers
from cob.rules.payment.terms import METHOD_OF_KIND, SAME_METHOD
from cob.rules.sources import address

OPENING: Final = Path(__file__).with_suffix(".md")


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join([OPENING.read_text(encoding="utf-8"), *_methods(), *_formulas(), *_numbers()])


def _methods() -> Iterator[str]:
    yield "## Methods\n\n| method | must be told | may stay unknown | for |\n|---|---|---|---|"
    same = {method: name for name, method in SAME_METHOD.items()}
    for method, wants in NEEDS.items():
        kinds = [f"`{kind}`" for kind, own in METHOD_OF_KIND.items() if own == method and kind != "none"]
        names = f"`{method}`" + (f" (`{same[method]}`)" if method in same else "")
        told = ", ".join(f"`{name}`" for name in wants if name in REQUIRED)
        unknown = ", ".join(f"`{name}`" for name in wants if name not in REQUIRED)
        yield f"| {names} | {told} | {unknown} | {', '.join(kinds)} |"
    yield ""


def _formulas() -> Iterator[str]:
    yield "## Formulas\n\n| formula | says | stands in | sure | cases |\n|---|---|---|---|---|"
    for key, one in formulas().items():
        link = address(one.cite)
        cite = one.cite if link is None else f"[{one.cite}]({link})"
        says = "<br>".join((*one.says, *([one.note] if one.note else [])))
        sure = "unconfirmed" if one.unconfirmed else ""
        yield f"| **{one.title}** (`{key}`) | {says} | {cite} | {sure} | {', '.join(exercising(key))} |"
    yield ""


def _numbers() -> Iterator[str]:
    yield "## Numbers\n\n| number | from | value | unit | stands in | sure |\n|---|---|---|---|---|---|"
    for name, parameter in numbers().items():
        for start, value in parameter.values.items():
            source = f"[{value.cite}]({value.url})"
            sure = "unconfirmed" if value.unconfirmed else ""
            yield f"| {parameter.label} (`{name}`) | {start} | {value.value} | {parameter.unit} | {source} | {sure} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
