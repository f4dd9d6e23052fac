"""Do the checked cases notice when the law is wrong? `python -m bench.mutants` changes one thing in it at a time.

cosmic-ray makes the changes, in copies of the tree, one for each process; the checked cases and boundary pairs are
asked about each. A change nobody notices is printed: either a case is missing, or the code says something twice.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAW = ROOT / "cob" / "rules" / "order"
# Shapes, words of questions and the shortcut for many cases have tests of their own.
NOT_LAW = {"__init__", "case", "verdict", "questions", "partition", "ranks", "jobs", "entitlement"}
ASKED = ("tests/cob/rules/order/test_determination.py", "tests/cob/rules/order/test_boundaries.py")
PYTEST = (
    f"{sys.executable} -m pytest -c /dev/null --rootdir=. --confcutdir=tests/cob/rules/order -x -q -p no:cacheprovider "
    "-p no:django -p no:randomly -p no:xdist -p no:hypothesispytest -p no:schemathesis --import-mode=importlib "
    f"-o pythonpath=. -k 'not contracts_shape' {' '.join(ASKED)}"
)
# Annotations are never run, and a rule that is not in the book stops everything: neither says anything about the cases.
LEFT_OUT = ("core/RemoveDecorator", "core/ReplaceBinaryOperator_BitOr_.*", "core/ReplaceBinaryOperator_.*_BitOr")


def main() -> int:
    """Run, and print the score and the survivors of each module."""
    asked = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    asked.add_argument("modules", nargs="*", type=Path, help="modules to change; all of the law without any")
    asked.add_argument("--processes", type=int, default=2)
    chosen = asked.parse_args()
    law = [path for path in sorted(LAW.glob("*.py")) if path.stem not in NOT_LAW]
    modules = [path.resolve() for path in chosen.modules] or sorted(law, key=lambda path: -path.stat().st_size)
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(chosen.processes) as pool:
        copies = [_copy(Path(scratch) / str(number)) for number in range(chosen.processes)]
        free = list(copies)

        def change(module: Path) -> Counter[str]:
            copy = free.pop()
            try:
                return _change(copy, module.relative_to(ROOT))
            finally:
                free.append(copy)

        total: Counter[str] = sum(pool.map(change, modules), Counter())
    print(f"all: {_score(total)}")
    return 0


def _copy(folder: Path) -> Path:
    """What git tracks, as it stands in the work tree."""
    names = subprocess.run(["git", "ls-files", "cob", "tests"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in names.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def _change(copy: Path, module: Path) -> Counter[str]:
    """All changes of one module in one copy; its outcomes counted, and what survived printed."""
    config, session = copy / "mutants.toml", copy / f"{module.stem}.sqlite"
    config.write_text(
        f"[cosmic-ray]\nmodule-path = {str(module)!r}\ntimeout = 60.0\nexcluded-modules = []\n"
        f"test-command = {PYTEST!r}\n[cosmic-ray.distributor]\nname = 'local'\n"
        f"[cosmic-ray.filters.operators-filter]\nexclude-operators = {list(LEFT_OUT)!r}\n".replace(
            repr(PYTEST), f'"{PYTEST}"'
        )
    )
    run = Path(sys.executable).parent
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    for command in (
        [run / "cosmic-ray", "init", config, session],
        [run / "cr-filter-operators", session, config],
        [run / "cosmic-ray", "exec", config, session],
    ):
        subprocess.run([str(part) for part in command], cwd=copy, env=environment, capture_output=True, check=True)
    return _report(module, session)


def _report(module: Path, session: Path) -> Counter[str]:
    with sqlite3.connect(session) as book:
        rows = book.execute(
            "SELECT test_outcome, worker_outcome, start_pos_row, operator_name, diff FROM work_results "
            "JOIN mutation_specs USING (job_id) ORDER BY start_pos_row"
        ).fetchall()
    outcomes = Counter(_word(test, worker) for test, worker, *_ in rows)
    lines = [f"{module}: {_score(outcomes)}"]
    for test, worker, line, operator, diff in rows:
        if _word(test, worker) == "survived":
            changed = [
                text for text in (diff or "").splitlines() if text[:1] in "+-" and text[:3] not in ("+++", "---")
            ]
            lines.append(
                f"  line {line} {operator.removeprefix('core/')}: {' → '.join(text[1:].strip() for text in changed)}"
            )
    print("\n".join(lines), flush=True)
    return outcomes


def _word(test: str, worker: str) -> str:
    if "SKIPPED" in str(worker).upper():
        return "left out"
    return "survived" if "SURVIVED" in str(test).upper() else "killed"


def _score(outcomes: Counter[str]) -> str:
    tried = outcomes["killed"] + outcomes["survived"]
    return f"{outcomes['killed']} of {tried} changes noticed ({100 * outcomes['killed'] / max(tried, 1):.1f} %)"


if __name__ == "__main__":
    sys.exit(main())
