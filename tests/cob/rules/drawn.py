"""Cases drawn once, so that asking about all takes a moment. `python -m tests.cob.rules.drawn` draws them again: do so
when the generator, the reference or the law change.

`answers.jsonl`: random cases, by their seeds, and what the reference says of each. `days.jsonl`: checked cases with
some changes, and the days on which the rules, asked about every day, say something else. `apart.jsonl`: a checked case
and one change by which the rules decide something else. `alike.jsonl`: the same where the change is of no
matter and both are of one kind, so that no kind gets smaller unseen. `said.jsonl`: what a verdict says beside its
order, in the words of the day it was drawn, so that a change of words is seen as one.

`kept.jsonl` is not drawn: cases of each file that told a changed law from the law (`bench/mutants`), answered anew.
"""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from cob.rules.checked import checked_cases
from tests.cob.rules.changes import changed
from tests.reference.random_cases import random_case

FOLDER = Path(__file__).parent / "drawn"
KNOWN, UNKNOWN, DAYS, APART, ALIKE = 1_200, 500, 250, 2_000, 1_000
SHORT = 250  # signs of a line: one fact, not a card or a name in many places


@cache
def rows(name: str) -> tuple[dict[str, Any], ...]:
    """The lines of one of the files."""
    return tuple(map(json.loads, (FOLDER / name).read_text(encoding="utf-8").splitlines()))


def grown(row: dict[str, Any]) -> dict[str, Any]:
    """The random or the changed case of a line."""
    if "of" in row:
        return pair(row)[1]
    return random_case(Random(row["seed"]), unknown=row["unknown"], coverages=4 if row["unknown"] else 6)


def pair(row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The checked case of a line, and the same with its changes."""
    case = _checked()[row["of"]]
    return case, functools.reduce(with_change, row["changes"], case)


def with_change(holder: Any, change: list[Any]) -> Any:
    """A copy of a case or a part of it with one place set, or left out where the change says no value."""
    (key, *deeper), *value = change
    after = holder.copy()
    if deeper:
        after[key] = with_change(holder[key], [deeper, *value])
    elif value:
        after[key] = value[0]
    else:
        del after[key]
    return after


def _changes(before: Any, after: Any, *path: str | int) -> Iterator[list[Any]]:
    """What `with_change` needs to make the one out of the other."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            if key not in after:
                yield [[*path, key]]
            elif key not in before:
                yield [[*path, key], after[key]]
            else:
                yield from _changes(before[key], after[key], *path, key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _changes(one, other, *path, place)
    elif before != after:
        yield [list(path), after]


def _drawn(seed: int, times: int) -> dict[str, Any]:
    """A line about a checked case and up to so many changes of it."""
    names = sorted(_checked())
    name = names[seed % len(names)]
    after = changed(copy.deepcopy(_checked()[name]), Random(seed), times)
    return {"of": name, "changes": list(_changes(_checked()[name], after))}


@cache
def _checked() -> dict[str, dict[str, Any]]:
    return {row["id"]: row["case"] for row in checked_cases()}


def words(verdict: dict[str, Any]) -> dict[str, Any]:
    """What a verdict as JSON says beside the order, without what follows from it."""
    said = {name: verdict[name] for name in ("pairs", "notes", "set_aside", "questions", "branches", "watch")}
    return {name: value for name, value in said.items() if value} | {"unconfirmed": verdict["unconfirmed"]}


def _kept(name: str) -> Iterator[dict[str, Any]]:
    """The cases of `kept.jsonl` for one of the files."""
    for row in rows("kept.jsonl"):
        if row["file"] == name:
            yield {key: value for key, value in row.items() if key != "file"}


def _answered(row: dict[str, Any]) -> dict[str, Any] | None:
    """A line with the reference's answer; None where it has none."""
    from tests.reference.order import decide
    from tests.reference.outcomes import TooMany, outcomes
    from tests.reference.reading import LeftOpen
    from tests.reference.reading import Unknown as Open

    try:
        if row["unknown"]:
            found = outcomes(grown(row), limit=600)
            if found.status != "needs_facts" or not found.answers:
                return None
            orders = sorted({tuple(map(tuple, answer.groups)) for answer in found.answers})
            return {**row, "orders": orders, "prefix": found.prefix(), "suffix": found.suffix()}
        answer = decide(grown(row))
    except (LeftOpen, Open, TooMany):
        return None
    told = {"status": answer.status, "groups": answer.groups, "aside": sorted(answer.aside)}
    return {**row, **told, "msp_type": answer.msp_type, "conditional": answer.conditional}


def _answers() -> Iterator[dict[str, Any]]:
    """Kept cases, then random ones that do not come to the same by the same rules, with the reference's answers."""
    from cob.rules import determine

    for row in _kept("answers"):
        answered = _answered(row)
        if answered is not None:
            yield answered
    for unknown, most in ((0, KNOWN), (1, UNKNOWN // 2), (2, UNKNOWN // 2)):
        seen: set[Any] = set()
        for seed in range(40 * most):
            row = {"seed": seed, "unknown": unknown}
            case = grown(row)
            told = json.loads(json.dumps(determine(case).as_json()))
            kind = (
                told["status"],
                frozenset(entry["rule"] for part in ("pairs", "set_aside", "notes") for entry in told[part]),
                frozenset(question["fact"].rpartition(".")[2] for question in told["questions"]),
                frozenset(card["kind"] for card in case["coverages"]),
            )
            answered = None if kind in seen else _answered(row)
            if answered is None:
                continue
            seen.add(kind)
            yield answered
            if len(seen) == most:
                break


def _days() -> Iterator[dict[str, Any]]:
    """Cases whose verdict changes by itself."""
    from cob.rules import determine, read_case
    from tests.cob.rules.order.test_watch import days_of_change

    for row in _kept("days"):
        yield row | {"days": days_of_change(read_case(pair(row)[1]))}
    found, seed = 0, 0
    seen: set[Any] = set()
    while found < DAYS:
        seed += 1
        row = _drawn(seed, seed % 4 + 1)
        case = read_case(pair(row)[1])
        verdict = determine(case)
        kind = row["of"], tuple(entry.because for entry in verdict.watch)
        if not verdict.watch or verdict.status in ("needs_facts", "data_conflict") or kind in seen:
            continue
        seen.add(kind)
        found += 1
        yield row | {"days": days_of_change(case)}


def _pairs(most: int, *, apart: bool) -> Iterator[dict[str, Any]]:
    """Changes of one fact that change the decision, or not even the kind, spread over the checked cases."""
    from cob.rules.bulk import by_law
    from cob.rules.order.partition import partition

    before = {name: by_law(case) for name, case in _checked().items()}
    yield from _kept("apart" if apart else "alike")
    found, seed = 0, 0
    while found < most:
        seed += 1
        row = _drawn(seed, 1)
        case, after = pair(row)
        if case == after or len(str(row)) > SHORT:
            continue
        if by_law(after) != before[row["of"]] if apart else partition(after) == partition(case):
            found += 1
            yield row


def _said() -> Iterator[dict[str, Any]]:
    """What the rules say of kept cases in words."""
    from cob.rules import determine

    for row in _kept("said"):
        yield row | {"said": words(determine(grown(row)).as_json())}


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    every = {
        "answers.jsonl": _answers(),
        "days.jsonl": _days(),
        "apart.jsonl": _pairs(APART, apart=True),
        "alike.jsonl": _pairs(ALIKE, apart=False),
        "said.jsonl": _said(),
    }
    for name, drawn in every.items():
        lines = [json.dumps(row, separators=(",", ":")) for row in drawn]
        (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
