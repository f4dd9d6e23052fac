"""A verdict in words: the answer first, then each step with its reason, its facts and its source.

One renderer for every door: `explain` makes a `Why` of a verdict in its published shape (mapping, dataclass or pydantic
model); the card draws it, and `cob/ui/saying.py` says it for the telephone, an appeal, the patient and a note.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Mapping
from datetime import date
from typing import Any

from cob.coverage.deciding import BY_A_PERSON
from cob.coverage.naming import people_in, plans_in
from cob.coverage.outlook import Later, Outcome, Outlook
from cob.coverage.outlook import Turn as Turning
from cob.coverage.wording import asked, dated, is_sized, sized, within
from cob.rules.plain import plainly
from cob.rules.reading import BOOK
from cob.ui.card import Branch, Decision, Otherwise, Question, Remark, Step, Sure, Turn, Why
from cob.ui.next_steps import DOUBTS, next_steps
from cob.ui.telling import Telling, level

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
BY_HAND = ("Decided by a person", "info", "user")
SURES = {
    "read in full": Sure("Source read in full", "good"),
    "read in part": Sure("Source read in part"),
    "unconfirmed": Sure("UNCONFIRMED", "warn", is_unconfirmed=True),
}


def explain(
    verdict: object,
    *,
    case: object = None,
    names: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
    outlook: Outlook | None = None,
) -> Why:
    """The card for a verdict.

    `case` is the case it answers (for names and facts), `names` maps ids of coverages and people to what they are
    called, `sources` fact paths to who told us and when, `outlook` is what would change it. All may be left out; then
    ids stand where names would.
    """
    body, told = _plain(verdict), _plain(case)
    coverages = {entry["id"]: entry for entry in told.get("coverages", ())}
    plans, people = plans_in(told) | dict(names or {}), people_in(told) | dict(names or {})
    telling = Telling(body, told, plans, people, dict(sources or {}), coverages)
    ahead = outlook or Outlook()
    decision = _decision(telling, ahead)
    label, tone, icon = BY_HAND if decision else LOOKS[body["status"]]
    facts = telling.used()
    steps = _steps(telling, facts)
    return Why(
        status=body["status"],
        label=label,
        tone=tone,
        icon=icon,
        answer=_answer(telling),
        day=_day(told["claim"]["dos"]) if told else "",
        ranked=_ranked(telling),
        steps=steps,
        doubt="" if decision else DOUBTS.get(body["status"], ""),
        unconfirmed=_unconfirmed(body),
        next_steps=() if decision else next_steps(body["status"], _asked_of(told)),
        questions=tuple(_question(telling, question) for question in body.get("questions", ())),
        branches=_branches(telling),
        first=telling.payers(body["order"]) if body["status"] == "needs_facts" else (),
        last=telling.payers(body.get("certain_suffix") or ()),
        turns=tuple(_turn(telling, turn) for turn in ahead.turns),
        more_turns=ahead.more_turns,
        watch=_watch(telling, ahead.later),
        conflicts=_notes(body) if body["status"] == "data_conflict" else (),
        set_aside=tuple(_set_aside(telling, entry) for entry in body.get("set_aside", ())),
        notes=_notes(body, {step.sentence for step in steps}) if body["status"] != "data_conflict" else (),
        facts=tuple(facts.values()),
        silent=ahead.silent,
        decision=decision,
        msp_type=body.get("msp_type") or "",
        is_conditional=bool(body.get("conditional")),
        is_unconfirmed=bool(body.get("unconfirmed")),
        rules_version=body.get("rules_version") or "",
    )


def _answer(telling: Telling) -> str:
    """The verdict in one line, as it would be said on the telephone."""
    status, order = telling.verdict["status"], telling.verdict.get("order", ())
    ranked = telling.line(order)
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
        return f"{telling.payer(order[0])} is the only payer"
    return ranked


def _ranked(telling: Telling) -> tuple[tuple[str, str], ...]:
    """The answer as pairs, where it is an order of two or more and nothing else."""
    order = telling.verdict.get("order", ())
    is_order = telling.verdict["status"] in ("determined", "likely") and len(order) > 1
    return telling.ranked(order) if is_order else ()


def _shared(telling: Telling) -> str:
    """Those who pay alone by their level, those who share by name: "Primary A; B and C share equally"."""
    groups, order = telling.verdict.get("ties", ()), telling.verdict.get("order", ())
    tied = {coverage for group in groups for coverage in group}
    levels = zip(telling.ranked(order), order, strict=True)
    alone = [f"{place} {payer}" for (place, payer), one in levels if one not in tied]
    together = [f"{' and '.join(telling.payers(group))} share equally" for group in groups]
    return "; ".join([", ".join(alone), *together] if alone else together)


def _decision(telling: Telling, ahead: Outlook) -> Decision | None:
    """A person's say stands in the verdict as the rule of every place."""
    by_hand = [position for position in telling.verdict.get("positions", ()) if position["rule"] == BY_A_PERSON]
    if not by_hand:
        return None
    rules = ahead.by_rules
    beside = _answer(dataclasses.replace(telling, verdict=rules)) if rules else ""
    said = f"{beside} ({LOOKS[rules['status']][0].lower()})" if rules else ""
    return Decision(by_hand[0]["because"], by_hand[0]["cite"], said)


def _steps(telling: Telling, facts: Mapping[str, Any]) -> tuple[Step, ...]:
    steps, named = [], set[str]()
    for position in telling.verdict.get("positions", ()):
        coverage, rule_id = position["coverage"], position["rule"]
        by_hand = rule_id == BY_A_PERSON
        mates = [one for group in telling.verdict.get("ties", ()) if coverage in group for one in group]
        steps.append(
            Step(
                level=level(position["position"] - 1),
                letter=position["responsibility"],
                payer=telling.payer(coverage),
                sentence="" if by_hand else dated(position["because"]),
                cite="" if by_hand else position["cite"],
                rule="" if by_hand else rule_id,
                facts=telling.grounds(rule_id, coverage, facts, rule_id not in named),
                shares_with=" and ".join(telling.payers(one for one in mates if one != coverage)),
                sure=sure_of(rule_id),
                plain=plainly(rule_id),
            )
        )
        named.add(rule_id)
    return tuple(steps)


def sure_of(rule_id: str) -> Sure:
    """How sure a rule's source is; nothing of a rule the book no longer has."""
    rule = BOOK.get(rule_id)
    return SURES[rule.sure] if rule else Sure()


def _unconfirmed(body: Mapping[str, Any]) -> tuple[Remark, ...]:
    """The rules on the way that no text confirms."""
    parts = (body.get(part, ()) for part in ("positions", "pairs", "notes"))
    ids = dict.fromkeys(entry["rule"] for part in parts for entry in part)
    return tuple(Remark(BOOK[one].sentence, one) for one in ids if sure_of(one).is_unconfirmed)


def _question(telling: Telling, question: Mapping[str, Any]) -> Question:
    choices = tuple(telling.fact(question["fact"], choice).value for choice in question["choices"])
    people = telling.case.get("people", {})
    return Question(question["fact"], asked(question, people, telling.people), question["why"], choices)


def _branches(telling: Telling) -> tuple[Branch, ...]:
    """Every way the order may come out; of very many, the shortest to each order."""
    told = [_branch(telling, branch) for branch in telling.verdict.get("branches", ())]
    if len(told) <= MOST_BRANCHES:
        return tuple(told)
    shortest: dict[tuple[str, ...], Branch] = {}
    for branch in sorted(told, key=lambda one: len(one.assuming)):
        shortest.setdefault(branch.order, branch)
    return tuple(shortest.values())


def _branch(telling: Telling, branch: Mapping[str, Any]) -> Branch:
    open_ones = {question["fact"] for question in telling.verdict.get("questions", ())}
    telltale = [one for one in branch["assuming"] if one["fact"] in open_ones] or branch["assuming"]
    assuming = tuple(telling.fact(one["fact"], one["value"]) for one in telltale)
    if len(assuming) == 1 and len(open_ones) == 1:
        said = _only(telling, telltale[0])
    else:
        said = " and ".join(
            f"{line.label}{f' ({line.about})' if line.about else ''}: {line.value}" for line in assuming
        )
    return Branch(f"If {said}", assuming, telling.payers(branch["order"]), tuple(branch["rules"]))


def _only(telling: Telling, one: Mapping[str, Any]) -> str:
    """The answer to the one open question, inside a sentence; a size stands for those that come out alike."""
    path, value = one["fact"], one["value"]
    branches = telling.verdict["branches"]
    tried = [said["value"] for branch in branches for said in branch["assuming"] if said["fact"] == path]
    if is_sized(path, tried, telling.names(path)):
        return within(path, sized(value, tried), telling.names(path))
    return telling.inside(path, value)


def _turn(telling: Telling, turn: Turning) -> Turn:
    _, value = telling.look_up(turn.fact)
    is_day_only = turn.fact.endswith("birth_month_day") and value is None
    if is_day_only:  # the case has the whole date of birth
        value = (telling.look_up(turn.fact.replace("birth_month_day", "birth_date"))[1] or "")[5:] or None
    line = telling.fact(turn.fact, value)
    outcomes = tuple(_otherwise(telling, turn.fact, outcome) for outcome in turn.outcomes)
    return Turn(line.label, line.value, line.about, outcomes)


def _otherwise(telling: Telling, path: str, outcome: Outcome) -> Otherwise:
    """The answers as they would be given, in quotation marks: they are another's words inside our sentence."""
    values = " or ".join(f"“{telling.fact(path, value).value}”" for value in outcome.values)
    such = ", for example" if telling.is_one_of_many(path) else ""
    more = ", if nothing else changes" if outcome.asks_more else ""
    return Otherwise(f"{values}{such}", f"{telling.line(outcome.order)}{more}")


def _watch(telling: Telling, later: tuple[Later, ...]) -> tuple[Remark, ...]:
    then = {one.on: one for one in later}
    entries = telling.verdict.get("watch", ())
    return tuple(
        Remark(_sentence(entry["because"]), _day(entry["on"]), becomes=_becomes(telling, then.get(entry["on"])))
        for entry in entries
    )


def _becomes(telling: Telling, later: Later | None) -> str:
    """What the verdict is from that day, in a few words."""
    if later is None:
        return ""
    if later.status in ("data_conflict", "no_coverage", "needs_facts") and not later.order:
        return {"needs_facts": "the order is open again and must be asked"}.get(later.status, "nobody on file pays")
    ranked = telling.line(later.order)
    return f"{ranked}; Medicare may be billed conditionally" if later.is_conditional else ranked


def _notes(body: Mapping[str, Any], said: Container[str] = ()) -> tuple[Remark, ...]:
    """What the rules say besides the order; a reason already given is not said again."""
    notes = (Remark(dated(note["text"]), note["rule"], plain=plainly(note["rule"])) for note in body.get("notes", ()))
    return tuple(note for note in notes if note.text not in said)


def _set_aside(telling: Telling, entry: Mapping[str, Any]) -> Remark:
    return Remark(_sentence(entry["because"]), entry["rule"], telling.payer(entry["coverage"]))


def _asked_of(case: Mapping[str, Any]) -> date:
    """The date of service; without a case, the law as it stands at its latest."""
    return date.fromisoformat(case["claim"]["dos"]) if case else date.max


def _sentence(text: str) -> str:
    said = dated(text)
    return said[:1].upper() + said[1:]


def _day(text: str | date) -> str:
    return dated(text if isinstance(text, str) else text.isoformat())


def _plain(thing: object) -> Mapping[str, Any]:
    """The published JSON shape, whichever way it was held."""
    if thing is None:
        return {}
    if isinstance(thing, Mapping):
        return thing
    as_json = getattr(thing, "as_json", None)
    if as_json is not None:
        said: Mapping[str, Any] = as_json()
        return said
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return dataclasses.asdict(thing)
    dump = getattr(thing, "model_dump", None)
    if dump is None:
        raise TypeError(f"A verdict is a mapping, a dataclass or a pydantic model, not {type(thing).__name__}.")
    plain: Mapping[str, Any] = dump(mode="json", by_alias=True)
    return plain
