"""A verdict in words: the answer first, then each step with its reason, its facts and its source.

One renderer for the page and the telephone: it takes the published shape of a verdict, as a mapping, a dataclass or a
pydantic model, and gives the template nothing left to decide.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cob.ui.words import day, fact_label, fact_value

LEVELS = ("Primary", "Secondary", "Tertiary", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
MOST_BRANCHES = 4
LOOKS = {
    "determined": ("Determined", "good", "check"),
    "likely": ("Likely", "info", "info"),
    "needs_facts": ("Needs an answer", "warn", "question"),
    "tie": ("Share equally", "info", "info"),
    "cycle": ("Rules point in a circle", "warn", "warn"),
    "data_conflict": ("Facts contradict", "bad", "bad"),
    "no_coverage": ("No coverage", "bad", "bad"),
}


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact the verdict rests on, and who told us."""

    label: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One payer in the order and why it stands there."""

    level: str
    letter: str
    payer: str
    sentence: str
    cite: str
    rule: str
    facts: tuple[FactLine, ...] = ()
    shares_with: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer; `value` is JSON, so that yes stays a boolean on its way back."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask the patient, employer or payer."""

    fact: str
    ask: str
    why: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """What the order would be, given these answers; `when` names the question only where several are open."""

    when: str
    assuming: tuple[FactLine, ...]
    order: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence with the mark it carries: a rule id or a date."""

    text: str
    mark: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Everything the card prints, in the order it prints it."""

    status: str
    label: str
    tone: str
    icon: str
    answer: str
    ranked: tuple[tuple[str, str], ...] = ()  # the answer as (level, payer) pairs, where it is nothing else
    steps: tuple[Step, ...] = ()
    questions: tuple[Question, ...] = ()
    branches: tuple[Branch, ...] = ()
    last: tuple[str, ...] = ()
    watch: tuple[Remark, ...] = ()
    set_aside: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    facts: tuple[FactLine, ...] = ()
    msp_type: str = ""
    is_conditional: bool = False
    is_unconfirmed: bool = False
    rules_version: str = ""


@dataclass(frozen=True, slots=True)
class _Telling:
    """A verdict and what is known about the names in it."""

    verdict: Mapping[str, Any]
    case: Mapping[str, Any]
    names: Mapping[str, str]
    sources: Mapping[str, str]
    coverages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def payer(self, coverage: str) -> str:
        """The payer's name as the practice writes it; its id where nobody named it."""
        return self.names.get(coverage) or self.coverages.get(coverage, {}).get("payer") or coverage

    def payers(self, coverages: Sequence[str]) -> tuple[str, ...]:
        """The same for several, in order."""
        return tuple(self.payer(coverage) for coverage in coverages)

    def fact(self, path: str, value: object) -> FactLine:
        """A fact in words, with the question it answers when there is one."""
        asked = {question["fact"]: question["ask"] for question in self.verdict.get("questions", ())}
        label = asked.get(path) or fact_label(path, {**self.names, **_payer_names(self.coverages)})
        return FactLine(label, fact_value(value), self.sources.get(path, ""))


def explain(
    verdict: object,
    *,
    case: object = None,
    names: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
) -> Why:
    """The card for a verdict.

    `case` is the case it answers (for names and facts), `names` maps coverage ids to payer names, `sources` maps fact
    paths to who told us and when. All three may be left out; then ids stand where names would.
    """
    body, asked = _plain(verdict), _plain(case)
    coverages = {entry["id"]: entry for entry in asked.get("coverages", ())}
    telling = _Telling(body, asked, dict(names or {}), dict(sources or {}), coverages)
    label, tone, icon = LOOKS[body["status"]]
    facts = _facts_used(telling)
    steps = tuple(_step(telling, position, facts) for position in body.get("positions", ()))
    return Why(
        status=body["status"],
        label=label,
        tone=tone,
        icon=icon,
        answer=_answer(telling),
        ranked=_ranked(telling) if body["status"] in {"determined", "likely"} and len(body["order"]) > 1 else (),
        steps=steps,
        questions=tuple(_question(question) for question in body.get("questions", ())),
        branches=_branches(telling),
        last=telling.payers(body.get("certain_suffix") or ()),
        watch=tuple(Remark(entry["because"], day(_date(entry["on"]))) for entry in body.get("watch", ())),
        set_aside=tuple(_set_aside(telling, entry) for entry in body.get("set_aside", ())),
        notes=tuple(Remark(note["text"], note["rule"]) for note in body.get("notes", ())),
        facts=tuple(facts.values()),
        msp_type=body.get("msp_type") or "",
        is_conditional=bool(body.get("conditional")),
        is_unconfirmed=bool(body.get("unconfirmed")),
        rules_version=body.get("rules_version") or "",
    )


def _answer(telling: _Telling) -> str:
    """The verdict in one line, as it would be said on the telephone."""
    status, order = telling.verdict["status"], telling.payers(telling.verdict.get("order", ()))
    ranked = ", ".join(f"{level} {payer}" for level, payer in _ranked(telling))
    if status == "needs_facts":
        count = len(telling.verdict.get("questions", ()))
        needed = "One answer settles" if count == 1 else f"Up to {count} answers settle"
        return f"{ranked}; then {needed[0].lower()}{needed[1:]} the order" if order else f"{needed} the order"
    if status == "data_conflict":
        return "No order until one of the facts is corrected"
    if status == "no_coverage":
        return "No coverage pays on this date of service"
    if status == "tie":
        return _shared(telling)
    if status == "cycle":
        return f"Proposed: {ranked}" if order else "The plans' rules point at each other"
    if len(order) == 1:
        return f"{order[0]} is the only payer"
    return ranked


def _shared(telling: _Telling) -> str:
    """Those who pay alone by their level, those who share by name: "Primary A; B and C share equally"."""
    groups = telling.verdict.get("ties", ())
    tied = {coverage for group in groups for coverage in group}
    levels = [level for level, _ in _ranked(telling)]
    alone = [
        f"{level} {telling.payer(one)}"
        for level, one in zip(levels, telling.verdict.get("order", ()), strict=True)
        if one not in tied
    ]
    together = [f"{' and '.join(telling.payers(group))} share equally" for group in groups]
    return "; ".join([", ".join(alone), *together] if alone else together)


def _ranked(telling: _Telling) -> tuple[tuple[str, str], ...]:
    order = telling.payers(telling.verdict.get("order", ()))
    return tuple((_level(at) if at == 0 else _level(at).lower(), payer) for at, payer in enumerate(order))


def _level(at: int) -> str:
    return LEVELS[at] if at < len(LEVELS) else f"{at + 1}th"


def _step(telling: _Telling, position: Mapping[str, Any], facts: Mapping[str, FactLine]) -> Step:
    coverage = position["coverage"]
    ties = [group for group in telling.verdict.get("ties", ()) if coverage in group]
    mates = [other for group in ties for other in group if other != coverage]
    own = tuple(line for path, line in facts.items() if path.startswith(f"coverages.{coverage}."))
    return Step(
        level=_level(position["position"] - 1),
        letter=position["responsibility"],
        payer=telling.payer(coverage),
        sentence=position["because"],
        cite=position["cite"],
        rule=position["rule"],
        facts=own,
        shares_with=" and ".join(telling.payers(mates)),
    )


def _facts_used(telling: _Telling) -> dict[str, FactLine]:
    """The facts read on the way, where the case holds them; a fact nobody knows is not one the verdict rests on."""
    known = {path: _look_up(telling, path) for path in telling.verdict.get("facts_used", ())}
    return {path: telling.fact(path, value) for path, value in known.items() if value is not None}


def _look_up(telling: _Telling, path: str) -> object:
    head, _, rest = path.partition(".")
    if head == "coverages":
        ids = [one for one in telling.coverages if rest.startswith(f"{one}.")]
        coverage = max(ids, key=len, default="")
        return _descend(telling.coverages.get(coverage), rest[len(coverage) + 1 :])
    return _descend(telling.case.get(head), rest)


def _descend(value: object, path: str) -> object:
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return None if isinstance(value, Mapping) else value


def _question(question: Mapping[str, Any]) -> Question:
    choices = tuple(Choice(fact_value(choice), json.dumps(choice)) for choice in question["choices"])
    return Question(question["fact"], question["ask"], question["why"], choices)


def _branches(telling: _Telling) -> tuple[Branch, ...]:
    """Every way the order may come out; of very many, the shortest to each order."""
    told = [_branch(telling, branch) for branch in telling.verdict.get("branches", ())]
    if len(told) <= MOST_BRANCHES:
        return tuple(told)
    shortest: dict[tuple[str, ...], Branch] = {}
    for branch in sorted(told, key=lambda one: len(one.assuming)):
        shortest.setdefault(branch.order, branch)
    return tuple(shortest.values())


def _branch(telling: _Telling, branch: Mapping[str, Any]) -> Branch:
    asked = {question["fact"] for question in telling.verdict.get("questions", ())}
    telltale = [one for one in branch["assuming"] if one["fact"] in asked] or branch["assuming"]
    assuming = tuple(telling.fact(one["fact"], one["value"]) for one in telltale)
    is_alone = len(assuming) == 1 and len(telling.verdict.get("questions", ())) == 1
    told = " and ".join(line.value if is_alone else f"{line.label.rstrip('?')}: {line.value}" for line in assuming)
    return Branch(f"If {told}", assuming, telling.payers(branch["order"]), tuple(branch["rules"]))


def _set_aside(telling: _Telling, entry: Mapping[str, Any]) -> Remark:
    return Remark(entry["because"], entry["rule"], telling.payer(entry["coverage"]))


def _payer_names(coverages: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {one: entry["payer"] for one, entry in coverages.items() if entry.get("payer")}


def _date(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


def _plain(thing: object) -> Mapping[str, Any]:
    """The published JSON shape, whichever way it was held."""
    if thing is None:
        return {}
    if isinstance(thing, Mapping):
        return thing
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return dataclasses.asdict(thing)
    dump = getattr(thing, "model_dump", None)
    if dump is None:
        raise TypeError(f"A verdict is a mapping, a dataclass or a pydantic model, not {type(thing).__name__}.")
    plain: Mapping[str, Any] = dump(mode="json", by_alias=True)
    return plain
