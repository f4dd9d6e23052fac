"""What came of each change: a line a change, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bench.mutants.changes import Change, changes

SAME = Path(__file__).with_name("same.yaml")
ROOT = Path(__file__).parents[2]


@cache
def same() -> dict[tuple[str, str, str], str]:
    """Changes that change nothing, each with its reason: by module, the lines as they were and as they became."""
    rows: list[dict[str, str]] = yaml.safe_load(SAME.read_text(encoding="utf-8")) or [] if SAME.exists() else []
    return {(row["module"], row["was"], row["now"]): row["why"] for row in rows}


class Book:
    """The outcomes, in a file that only grows; the last line about a change holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: dict[str, dict[str, Any]] = {}
        self.read()

    def read(self) -> None:
        """What the file says now."""
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                self.rows[row["key"]] = row

    def wants(self, change: Change, *, again: bool) -> bool:
        """Whether somebody must be asked about a change."""
        row = self.rows.get(change.key)
        return row is None or (again and not row["by"])

    def write(self, change: Change, by: str) -> None:
        """Add an outcome: the test that noticed, or nothing."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": change.key, "module": str(change.module), "by": by}) + "\n")


def report(book: Book, modules: list[Path]) -> int:
    """Print the score of each module and of all, then what nobody noticed."""
    book.read()
    total, lines = Counter[str](), []
    for module in modules:
        outcomes, missed = Counter[str](), []
        for change in changes(ROOT, module, book.path.parent / "mutants-changes"):
            row = book.rows.get(change.key)
            why = same().get((str(module), change.was, change.now))
            word = "untried" if row is None else "noticed" if row["by"] else "same" if why else "missed"
            outcomes[word] += 1
            if word == "missed":
                missed.append(f"{module}:{change.line} {change.operator}\n  - {change.was}\n  + {change.now}")
        total += outcomes
        lines += missed
        if outcomes:
            print(f"{module.relative_to('cob/rules')!s:30} {_score(outcomes)}")
    print(f"{'all':30} {_score(total)}\n")
    print("\n".join(lines))
    return 0


def _score(outcomes: Counter[str]) -> str:
    tried = outcomes["noticed"] + outcomes["missed"] + outcomes["same"]
    said = f"{outcomes['noticed']:5} of {tried:5} noticed {100 * outcomes['noticed'] / max(tried, 1):5.1f} %"
    said += f", {outcomes['same']} the same" if outcomes["same"] else ""
    return said + (f", {outcomes['untried']} untried" if outcomes["untried"] else "")
