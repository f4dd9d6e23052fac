"""How fast verdicts are, beside the bare decision written by hand and two rule engines: `python -m bench.determine`.

Every way must give the same order and the same rules for every case before anything is measured. Processor time of one
core, the best of several runs taken in turns, so that a busy machine changes the ratios little.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from statistics import mean
from typing import Any

from bench.determine import bare, facts
from bench.determine.engine_rules import EngineRules
from bench.determine.population import cases
from bench.determine.zen_tables import ZenTables
from cob import compiled
from cob.rules import determine, read_case
from cob.rules.bulk import Decider
from cob.rules.door import as_line, verdict
from cob.rules.order.partition import partition

Case = dict[str, Any]
Way = tuple[Callable[[Any], object], list[Any]]
ENGINES = {"zen-engine, decision tables": ZenTables, "rule-engine, expressions": EngineRules}


def ways(raw: list[Case]) -> dict[str, Way]:
    """What is measured: what is done to each case, and the cases as it takes them."""
    texts, read, decider = [json.dumps(case).encode() for case in raw], [read_case(case) for case in raw], Decider()
    for case in raw:
        decider.decide(case)
    return {
        "bare, written by hand": (bare.decide, raw),
        **{name: (_by_engine(engine()), raw) for name, engine in ENGINES.items()},
        "desk, JSON to JSON": (lambda text: as_line(verdict(text)), texts),
        "desk, values to verdict": (determine, raw),
        "desk, from checked cases": (determine, read),
        "desk, in bulk, kinds known": (decider.decide, raw),
    }


def _by_engine(engine: facts.Engine) -> Callable[[Case], object]:
    return lambda case: facts.decide(engine, case)


def agree(raw: list[Case]) -> None:
    """Stop unless all ways come to the same order for the same reasons."""
    engines, decider = [engine() for engine in ENGINES.values()], Decider()
    for case in raw:
        verdict, decided = determine(case), decider.decide(case)
        answers = [
            (verdict.order, [pair.rule for pair in verdict.pairs]),
            bare.decide(case),
            *(facts.decide(engine, case) for engine in engines),
            (decided.ids, list(decided.rules)),
        ]
        assert all(answer == answers[0] for answer in answers), (case, answers)


def measure(measured: dict[str, Way], rounds: int) -> dict[str, float]:
    """Processor seconds a case for each way, each in turn, the best round of each."""
    best = dict.fromkeys(measured, float("inf"))
    for _ in range(rounds):
        for name, (work, given) in measured.items():
            started = time.process_time()
            for case in given:
                work(case)
            best[name] = min(best[name], (time.process_time() - started) / len(given))
    return best


def first_meeting(raw: list[Case]) -> tuple[float, int]:
    """Processor seconds a case for a decider that has seen nothing, and how many kinds there were."""
    decider = Decider()
    started = time.process_time()
    for case in raw:
        decider.decide(case)
    return (time.process_time() - started) / len(raw), decider.decided_by_law


def kinds(raw: list[Case]) -> int:
    """How many kinds of case the law tells apart among these."""
    return len({partition(case) for case in raw})


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(prog="python -m bench.determine", description=__doc__)
    asked.add_argument("--cases", type=int, default=2_000, help="cases in each run (2,000)")
    asked.add_argument("--rounds", type=int, default=20, help="runs of each way (20)")
    asked.add_argument("--many", type=int, default=100_000, help="cases met for the first time in bulk (100,000)")
    chosen = asked.parse_args()
    raw = list(cases(chosen.cases))
    agree(raw)
    coverages = mean(len(case["coverages"]) for case in raw)
    print(f"{len(raw):,} cases, {coverages:.2f} coverages on average; all ways agree on every order and every rule")
    print(f"The desk's rules run {'compiled' if compiled.built() else 'interpreted'}.\n")
    spent = measure(ways(raw), chosen.rounds)
    many, long_way = first_meeting(list(cases(chosen.many)))
    spent[f"desk, {chosen.many:,} in bulk, none known"] = many
    unit = spent["bare, written by hand"]
    print(f"{'way':40}{'cases/s/core':>14}{'µs/case':>10}{'× bare':>9}")
    for name, seconds in spent.items():
        print(f"{name:40}{1 / seconds:>14,.0f}{seconds * 1e6:>10.1f}{seconds / unit:>9.1f}")
    print(f"\nThe {len(raw):,} cases are of {kinds(raw):,} kinds, the {chosen.many:,} of {long_way:,}.")
    print("In bulk each kind is decided once; one verdict at a time, every case is decided anew, known kind or not.")


if __name__ == "__main__":
    main()
