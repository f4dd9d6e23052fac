"""The book of rules in the desk's words: what a page shows of a rule, a number, a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_args

from cob.coverage.catalogue import label
from cob.coverage.models.kind import Kind
from cob.coverage.option_presenters import amount
from cob.rules.book import CHAPTERS, chapter
from cob.rules.entries import Entry
from cob.rules.order.plan import COMMERCIAL
from cob.rules.parameters import Parameter, parameters
from cob.rules.reading import Sure
from cob.ui.why import LOOKS

JOB: Final = frozenset({"employer", "government_employer"})
PROPER: Final = frozenset(
    {"medicare", "medicare_advantage", "medigap", "medicaid", "ryan_white", "title_v", "ihs", "va", "wtc"}
)
TONES: Final = {"read in full": "good", "read in part": "info", "unconfirmed": "warn"}
SURE: Final = {
    "read in full": "We read the text itself.",
    "read in part": "We read part of the text, or somebody who reports it faithfully.",
    "unconfirmed": "Expert knowledge; no text we could open confirms it. A verdict that rests on it says so.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is filtered by."""

    words: str
    sure: str

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.sure)

    @property
    def choices(self) -> tuple[str, ...]:
        """The certainties one may ask for."""
        return get_args(Sure)

    def holds(self, *texts: str) -> bool:
        """Whether every word asked for is in the texts."""
        text = " ".join(texts).casefold()
        return all(word in text for word in self.words.casefold().split())


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and its rules."""

    prefix: str
    title: str
    rules: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in the list."""

    id: str
    sentence: str
    sources: list[tuple[str, str | None]]
    sure: str
    tone: str
    since: date | None
    cases: int


@dataclass(frozen=True, slots=True)
class Number:
    """One value of a number set by law, from a day on."""

    label: str
    name: str
    since: date
    value: str
    cite: str
    url: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A checked case in two sentences: what is given, and what comes of it."""

    id: str
    story: str
    label: str
    tone: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Page:
    """One rule as its page shows it."""

    row: Row
    chapter: str
    meaning: str
    what: str
    facts: list[tuple[str, str]]
    numbers: list[Number]
    cases: list[CaseRow]


def chapters(asked: Asked) -> list[Chapter]:
    """Every chapter with the rules that were asked for; none without."""
    found = []
    for prefix, title in CHAPTERS.items():
        rules = [_row(entry) for entry in chapter(prefix) if _is_asked(entry, title, asked)]
        if rules:
            found.append(Chapter(prefix, title, rules))
    return found


def numbers(asked: Asked) -> list[Number]:
    """Every number set by law that was asked for; certainty is asked of rules only."""
    if asked.sure:
        return []
    every = [row for name, parameter in sorted(parameters().items()) for row in _numbers(name, parameter)]
    return [row for row in every if asked.holds(row.label, row.name, row.cite)]


def found(chapters: Sequence[Chapter], numbers: Sequence[Number]) -> str:
    """How much the list shows, in words."""
    rules = sum(len(one.rules) for one in chapters)
    parts = [f"{rules} rule{'' if rules == 1 else 's'}"]
    if numbers:
        parts.append(f"{len(numbers)} number{'' if len(numbers) == 1 else 's'}")
    return ", ".join(parts)


def page(entry: Entry) -> Page:
    """Everything the book says of one rule."""
    return Page(
        row=_row(entry),
        chapter=CHAPTERS[entry.id.split("-")[0]],
        meaning=SURE[entry.rule.sure],
        what=entry.remarks.what,
        facts=[(_label(path), path) for path in entry.remarks.facts],
        numbers=[row for name, parameter in entry.numbers.items() for row in _numbers(name, parameter)],
        cases=[_case(row) for row in entry.cases],
    )


def _is_asked(entry: Entry, title: str, asked: Asked) -> bool:
    if asked.sure and entry.rule.sure != asked.sure:
        return False
    labels = [_label(path) for path in entry.remarks.facts]
    return asked.holds(entry.id, title, entry.rule.sentence, *entry.rule.cites, *labels)


def _row(entry: Entry) -> Row:
    return Row(
        id=entry.id,
        sentence=entry.rule.sentence,
        sources=entry.sources,
        sure=entry.rule.sure,
        tone=TONES[entry.rule.sure],
        since=entry.remarks.since,
        cases=len(entry.cases),
    )


def _label(path: str) -> str:
    """A fact in words; the book's paths carry no ids, so one is put in for the words to take off."""
    head, _, rest = path.partition(".")
    return label(f"{head}.any.{rest}" if head in ("coverages", "people") else path)


def _numbers(name: str, parameter: Parameter) -> list[Number]:
    return [
        Number(parameter.label, name, since, amount(value.value, parameter.unit), value.cite, str(value.url))
        for since, value in parameter.values.items()
    ]


def _case(row: dict[str, Any]) -> CaseRow:
    expect = row["expect"]
    payers = payer_names(row["case"])
    label, tone, _ = LOOKS[expect["status"]]
    orders = expect.get("branches") or [expect.get("order", [])]
    told = [", then ".join(payers[name] for name in order) or "nobody on file" for order in orders]
    given = row["story"].partition(" (")[0]
    return CaseRow(row["id"], given[:1].upper() + given[1:], label, tone, "; or ".join(told))


def payer_names(case: dict[str, Any]) -> dict[str, str]:
    """Each card of a case by whose it is and what it is: "own job plan", "mother's job plan", "Medicare"."""
    cards = case["coverages"]
    said = {card["id"]: _whose(case, card) + _what(card) for card in cards}
    names = list(said.values())
    return {key: name if names.count(name) == 1 else f"{name} ({key})" for key, name in said.items()}


def _whose(case: dict[str, Any], card: dict[str, Any]) -> str:
    subscriber = card.get("subscriber")
    if card["kind"] not in COMMERCIAL or subscriber is None:
        return ""
    if subscriber == case["patient"]:
        return "own "
    return f"{case['people'][subscriber].get('relation') or subscriber}'s ".replace("_", " ")


def _what(card: dict[str, Any]) -> str:
    kind = card["kind"]
    if kind in JOB and card.get("continuation") not in (None, "none"):
        return "COBRA"
    if kind in JOB:
        return "retiree plan" if card.get("work_status") == "retired" else "job plan"
    label = str(Kind(kind).label)
    return label if label.split()[0].isupper() or kind in PROPER else label[:1].lower() + label[1:]
