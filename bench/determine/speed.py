"""How fast verdicts are, beside the same answer written out by hand for two kinds of case and beside reading alone.

`python -m bench.determine.speed`: cases a second, and ratios to (a) a plain-dictionary version of the own-plan,
birthday and twenty-employee rules that gives an order and no reasons, (b) checking the case's shape and nothing else.
Processor time, best of five runs, so that a busy machine changes the ratios little.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cob.rules import determine, read_case

CASES = Path(__file__).parents[2] / "tests" / "cases" / "order"
RUNS, TIMES = 5, 200


def by_hand(case: dict[str, Any]) -> list[str]:
    """Own plan before dependent, earlier birthday, twenty employees: an order without reasons, facts or doubts."""
    people, plans = case["people"], case["coverages"]

    def key(plan: dict[str, Any]) -> tuple[int, str]:
        if plan["kind"] == "medicare":
            return (1, "")
        band = 0
        if "medicare" in case:
            large = plan.get("employer", {}).get("size") not in (None, "<20")
            band = 0 if large and plan["employment"]["status"] == "working" else 2
        person = people[plan["subscriber"]]
        born = person.get("birth_month_day") or person.get("birth_date", "")[5:]
        return (band, "" if plan["subscriber"] == case["patient"] else born)

    return [plan["id"] for plan in sorted(plans, key=key)]


def seconds(work: Callable[[dict[str, Any]], object], cases: list[dict[str, Any]]) -> float:
    """Processor seconds for one case."""
    best = float("inf")
    for _ in range(RUNS):
        started = time.process_time()
        for _ in range(TIMES):
            for case in cases:
                work(case)
        best = min(best, time.process_time() - started)
    return best / TIMES / len(cases)


def main() -> None:
    """Print one line a kind of case."""
    rows = [json.loads(line) for file in sorted(CASES.glob("*.jsonl")) for line in file.read_text().splitlines()]
    kinds = {
        "own and spouse's plan": ["T1"],
        "two parents": ["T31"],
        "job plan and Medicare": ["T67"],
        "all checked cases": [row["id"] for row in rows],
    }
    for name, ids in kinds.items():
        cases = [row["case"] for row in rows if row["id"] in ids]
        full, reading = seconds(determine, cases), seconds(read_case, cases)
        line = f"{name}: {1 / full:,.0f} a second; {full / reading:.1f} times reading alone"
        if len(cases) == 1:
            line += f"; {full / seconds(by_hand, cases):.0f} times the bare order by hand"
        print(line)


if __name__ == "__main__":
    main()
