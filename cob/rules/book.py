"""The rule book as a page: every rule with its sentence, citations, certainty, dates, facts and cases; every number.

`python -m cob.rules.book` prints it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cob.rules.entries import Entry, entries
from cob.rules.parameters import parameters

CHAPTERS: Final = {
    "GEN": "What is in the line-up",
    "COM": "Composition",
    "NAIC": "Commercial plans among themselves",
    "MSP": "Medicare and job plans",
    "FEHB": "Federal employees",
    "ACC": "Accident and work",
    "EXC": "Payers that pay alone",
    "TRI": "TRICARE",
    "CVA": "CHAMPVA",
    "IHS": "Indian health",
    "MCD": "Medicaid",
    "RW": "Ryan White",
    "CRIME": "Crime victims",
    "CHIP": "CHIP",
}
OPENING: Final = """# The rules of payer order

Every rule the desk reads when it says who pays first: the sentence staff and patients see, where it stands, and how
sure that is (`read in full`, `read in part`, or `unconfirmed`: expert knowledge that no text we could open confirms). A
verdict that rests on an unconfirmed rule says so. A rule's date is the day from which the sentence holds, where the
catalogue gives one; the cases that must come out by a rule are those of `cob/rules/cases`, by id. The desk shows the
same under `/rules/`, with each case's story. This is not legal advice.

Ask for a verdict with `python manage.py determine FILE` (one JSON case, or `-` for standard input) or
`python manage.py determine --jsonl FILE` (one case a line, one verdict a line). The shapes are
`cob/rules/order/case.schema.json` and `cob/rules/order/verdict.schema.json`. The exit status is 0, 2 when the case
cannot be read, and with `--jsonl` 1 when some lines could not.
"""


def book_page() -> str:
    """The whole page in Markdown."""
    return "\n".join([OPENING, *_rules(), *_numbers()])


def _rules() -> Iterator[str]:
    for prefix, title in CHAPTERS.items():
        yield f"## {title}\n\n| rule | says | stands in | sure | reads | cases |\n|---|---|---|---|---|---|"
        for entry in chapter(prefix):
            yield f"| {' | '.join(_cells(entry))} |"
        yield ""


def chapter(prefix: str) -> list[Entry]:
    """The rules of a chapter, by id."""
    return [entry for rule_id, entry in sorted(entries().items()) if rule_id.split("-")[0] == prefix]


def _cells(entry: Entry) -> Iterator[str]:
    said = f" Since {entry.remarks.since}. {entry.remarks.what}" if entry.remarks.since else ""
    yield entry.id
    yield entry.rule.sentence + said
    yield "; ".join(cite if url is None else f"[{cite}]({url})" for cite, url in entry.sources)
    yield entry.rule.sure
    yield ", ".join(f"`{name}`" for name in (*entry.remarks.facts, *entry.remarks.numbers))
    yield ", ".join(row["id"] for row in entry.cases)


def _numbers() -> Iterator[str]:
    yield "## Numbers set by law\n\n| number | from | value | unit | stands in |\n|---|---|---|---|---|"
    for name, parameter in sorted(parameters().items()):
        for start, value in parameter.values.items():
            source = f"[{value.cite}]({value.url})"
            yield f"| {parameter.label} (`{name}`) | {start} | {value.value} | {parameter.unit} | {source} |"
    yield ""


if __name__ == "__main__":
    print(book_page(), end="")  # noqa: T201 - printing is what this is for
