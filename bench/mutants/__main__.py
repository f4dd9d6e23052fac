"""Do the tests notice when the law is wrong? `python -m bench.mutants` changes one thing in it at a time.

cosmic-ray says what can be changed; the tests of the rules are asked about each change. A change nobody notices is
printed: either a case is missing, or the code says something twice.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import importlib
import os
import sys
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import Phase, settings

from bench.mutants import asking
from bench.mutants.book import Book, report
from bench.mutants.changes import Change, changes
from bench.mutants.swap import Living, Place, Swapper, place
from cob import compiled

ROOT = Path(__file__).parents[2]
RULES = Path("cob/rules")
IMPORTED = ("cob.rules.bulk", "cob.rules.door", "cob.rules.entries", "cob.rules.frontdesk", "cob.rules.payment.page")


def main() -> int:
    """Run, and print the score of each module and the changes nobody noticed."""
    asked = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    asked.add_argument("modules", nargs="*", type=Path, help="modules to change; all of cob/rules without any")
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--budget", type=float, default=2.5, help="seconds of tests asked about one change at most")
    asked.add_argument("--book", type=Path, default=Path("build/mutants.jsonl"), help="where the outcomes are kept")
    asked.add_argument("--quick", action="store_true", help="ask no test that draws cases; fewer changes are noticed")
    asked.add_argument("--report", action="store_true", help="only print what the book says")
    asked.add_argument("--sample", type=int, help="so many changes of all, drawn by --seed")
    asked.add_argument("--seed", default="", help="another order; whatever part of it is done is a fair sample too")
    asked.add_argument("--again", action="store_true", help="ask again about the changes nobody noticed")
    chosen = asked.parse_args()
    if compiled.built():
        asked.error("the rules are compiled, so no change to their sources counts; run `make interpreted`")
    os.chdir(ROOT)
    modules = chosen.modules or [path.relative_to(ROOT) for path in sorted((ROOT / RULES).rglob("*.py"))]
    book = Book(chosen.book)
    if not chosen.report:
        # The same examples every time, and no shrinking: that one fails is enough. A slow one is no failure.
        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("mutants", derandomize=True, database=None, deadline=None, phases=phases)
        settings.load_profile("mutants")
        at_import = _called_at_import()
        asking.collected(lambda items: _run(items, modules, book, at_import, chosen))
    return report(book, modules)


def _called_at_import() -> frozenset[Place]:
    """The functions that run while the rules are imported: what they made then does not change with their code."""
    called = set[Place]()
    for name in [name for name in sys.modules if name.split(".")[0] == "cob"]:
        del sys.modules[name]

    def listen(frame: FrameType, _event: str, _arg: object) -> None:
        called.add(place(frame.f_code))

    sys.settrace(listen)
    try:
        for name in IMPORTED:
            importlib.import_module(name)
    finally:
        sys.settrace(None)
    root = str(ROOT / RULES)
    return frozenset(one for one in called if one[0].startswith(root))


def _run(
    items: dict[str, pytest.Item],
    modules: list[Path],
    book: Book,
    at_import: frozenset[Place],
    chosen: argparse.Namespace,
) -> None:
    from cob.rules import determine
    from cob.rules.checked import checked_cases
    from cob.rules.entries import entries

    if chosen.quick:
        items = asking.quick(items)
    known = asking.remembered(chosen.book.with_suffix(".known"), items, chosen.processes)
    known.calls["import"], known.seconds["import"] = at_import, 1e9
    print(f"{len(items)} tests, {sum(known.seconds.values()) - 1e9:.0f} s", flush=True)
    entries()
    determine(checked_cases()[0]["case"])  # what is read from files once is not read again for each change
    for module in modules:
        changes(ROOT, module, chosen.book.parent / "mutants-changes")
    living = Living()
    gc.collect()
    gc.freeze()
    workers = [_forked(items, modules, book, known, living, chosen, number) for number in range(chosen.processes)]
    for worker in workers:
        os.waitpid(worker, 0)


def _forked(
    items: dict[str, pytest.Item],
    modules: list[Path],
    book: Book,
    known: asking.Known,
    living: Living,
    chosen: argparse.Namespace,
    number: int,
) -> int:
    """One of several processes that share the changes; each asks about every so-manieth."""
    child = os.fork()
    if child:
        return child
    try:
        swappers = {module: Swapper(ROOT / module, living) for module in modules}
        kept = chosen.book.parent / "mutants-changes"
        every = [change for module in modules for change in changes(ROOT, module, kept)]
        every.sort(key=lambda change: _turn(change, chosen.seed))
        for change in every[: chosen.sample][number :: chosen.processes]:
            if book.wants(change, again=chosen.again):
                noticed = asking.notices(change, items, known, swappers[change.module], chosen.budget)
                book.write(change, noticed)
    finally:
        os._exit(0)


def _turn(change: Change, seed: str) -> str:
    """In no order, so that any part of a run is a fair sample of the whole."""
    return hashlib.sha256(f"{seed}{change.key}".encode()).hexdigest() if seed else change.key


if __name__ == "__main__":
    sys.exit(main())
