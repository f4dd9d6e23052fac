"""Who is asked about a change: the tests that call the changed function, those that noticed one there before, then the
quickest. A change lives in a process forked for it, so that the tests are collected once for all of them.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol

from bench.mutants.changes import Change
from bench.mutants.swap import Changed, Place, Swapper, import_anew, place

# The rules' tests need neither Django nor a terminal; twenty thousand cases in half a minute say little of one change.
ALONE: Final = [
    *(
        "-c",
        "/dev/null",
        "--rootdir=.",
        "--confcutdir=tests/cob/rules",
        "--import-mode=importlib",
        "-o",
        "pythonpath=.",
    ),
    *("-m", "not slow", "-W", "ignore", "--assert=plain", "-s"),
    *(f"-pno:{name}" for name in "cacheprovider django randomly xdist schemathesis logging terminal".split()),
]
ASKED: Final = "tests/cob/rules"
BROAD: Final = ("test_determination.py", "test_drawn.py")
READ: Final = frozenset({".py", ".yaml", ".json", ".jsonl"})
MEMORY: Final = 3 * 1024**3
SURVIVED, TOO_LONG, NO_IMPORT = "", "took too long", "import"


@dataclass
class Known:
    """What one run of the unchanged program taught: how long each test takes and which functions it calls."""

    seconds: dict[str, float] = field(default_factory=dict)
    calls: dict[str, frozenset[Place]] = field(default_factory=dict)
    noticed: Counter[tuple[Place | str, str]] = field(default_factory=Counter)

    def in_turn(self, where: Iterable[Place], budget: float) -> list[str]:
        """The tests that call any of the functions, best first, for about `budget` seconds."""
        places = set(where)
        fitting = [name for name, called in self.calls.items() if places & called]
        return self._within(fitting, places, budget)

    def of_file(self, path: str, budget: float) -> list[str]:
        """The same for all functions of a file."""
        fitting = [name for name, called in self.calls.items() if any(one[0] == path for one in called)]
        return self._within(fitting or list(self.calls), {path}, budget)

    def _within(self, names: list[str], places: set[Any], budget: float) -> list[str]:
        """Those that noticed something there, then in turn one of the broad ones and one about few things."""
        names = [name for name in names if name != "import"]
        noticed = {name: max(self.noticed[one, name] for one in places) for name in names}
        first = sorted((name for name in names if noticed[name]), key=lambda name: -noticed[name])
        rest = [name for name in names if not noticed[name]]
        broad = sorted((name for name in rest if _reach(name) < len(BROAD)), key=lambda n: (_reach(n), self.seconds[n]))
        narrow = sorted(
            (name for name in rest if _reach(name) == len(BROAD)), key=lambda n: (len(self.calls[n]), self.seconds[n])
        )
        in_turn = [name for pair in zip_longest(broad, narrow) for name in pair if name is not None]
        chosen, spent = [], 0.0
        for name in [*first, *in_turn]:
            spent += self.seconds[name]
            if spent > budget:
                break
            chosen.append(name)
        return chosen


def _reach(name: str) -> int:
    """The table of checked cases before the many drawn at once, and those before what is about one thing."""
    return next((turn for turn, file in enumerate(BROAD) if file in name), len(BROAD))


class Session:
    """A pytest plugin: collects, then hands the tests to `work` instead of running them."""

    def __init__(self, work: Any) -> None:
        self.work = work

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of pytest's own loop. A test that cannot even be read has failed, as it would for everybody."""
        if session.testsfailed:
            raise pytest.Collector.CollectError("tests cannot be collected")
        self.work({item.nodeid: item for item in session.items})
        return True


def collected(work: Any, files: Sequence[str] = (ASKED,)) -> int:
    """Collect the tests and call `work` with them by name."""
    return int(pytest.main([*ALONE, *files], plugins=[Session(work)]))


def passes(item: Any) -> bool:
    """Whether one test passes. A test that needs no fixture is called as it is, many times quicker than by pytest."""
    given = item.callspec.params if hasattr(item, "callspec") else {}
    if not set(item.fixturenames) <= {*given, "request"} or "request" in item._fixtureinfo.argnames:
        return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))
    try:
        item.obj(**{name: given[name] for name in item._fixtureinfo.argnames})
    except BaseException:
        return False
    return True


def quick(items: dict[str, pytest.Item]) -> dict[str, pytest.Item]:
    """Without the tests that draw cases: they take most of the time and are asked last."""
    return {name: item for name, item in items.items() if not hasattr(getattr(item, "obj", None), "hypothesis")}


def remembered(path: Path, items: dict[str, pytest.Item], processes: int) -> Known:
    """What was learned when the rules and their tests were as they are now, or learn it."""
    files = sorted(
        file
        for folder in ("cob/rules", "tests/cob/rules", "tests/reference")
        for file in Path(folder).rglob("*")
        if file.is_file()
    )
    said = hashlib.sha256(b"".join(file.read_bytes() for file in files if file.suffix in READ))
    said.update(str(len(items)).encode())
    if path.exists():
        told: str
        known: Known
        told, known = pickle.loads(path.read_bytes())
        if told == said.hexdigest():
            return known
    known = _learned(items, processes)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps((said.hexdigest(), known)))
    return known


def _learned(items: dict[str, pytest.Item], processes: int) -> Known:
    """Each process runs its share of the tests."""
    known, names = Known(), list(items)
    pipes = []
    for number in range(processes):
        reading, writing = os.pipe()
        if os.fork() == 0:
            try:
                os.close(reading)
                with os.fdopen(writing, "wb") as pipe:
                    pickle.dump(learn({name: items[name] for name in names[number::processes]}), pipe)
            finally:
                os._exit(0)
        os.close(writing)
        pipes.append(reading)
    for reading in pipes:
        with os.fdopen(reading, "rb") as pipe:
            part = pickle.load(pipe)
        known.seconds |= part.seconds
        known.calls |= part.calls
    for _ in pipes:
        os.wait()
    return known


def learn(items: dict[str, pytest.Item]) -> Known:
    """Run every test once on the unchanged program. One that fails then can tell nothing and is not asked."""
    known, called = Known(), set[Place]()
    root = str(Path("cob/rules").resolve())

    def listen(frame: FrameType, _event: str, _arg: object) -> None:
        if frame.f_code.co_filename.startswith(root):
            called.add(place(frame.f_code))

    for name, item in items.items():
        called.clear()
        sys.settrace(listen)
        good = passes(item)
        sys.settrace(None)
        before = time.process_time()
        if good and passes(item):
            known.seconds[name] = time.process_time() - before
            known.calls[name] = frozenset(called)
        else:
            print(f"not asked, for it fails already: {name}", file=sys.stderr, flush=True)
    return known


def notices(change: Change, items: dict[str, pytest.Item], known: Known, swapper: Swapper, budget: float) -> str:
    """The first test that fails under a change, or why nobody could be asked, or nothing."""
    codes = swapper.changed(change.text)
    at_import = any(one in known.calls["import"] for one in codes or {})
    where: list[Any] = list(codes) if codes and not at_import else [swapper.path]
    names = known.in_turn(where, budget) if codes and not at_import else known.of_file(swapper.path, budget)
    names = [name for name in names if name != "import"]
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _ask(writing, names, known, items, swapper, codes if not at_import else None, change)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    last = said[-1] if said else NO_IMPORT
    noticed = "" if last == "done" else last
    if noticed in known.seconds:
        known.noticed.update((one, noticed) for one in where)
    if os.WIFSIGNALED(status):
        return f"{TOO_LONG}: {noticed}"
    return noticed


def _ask(
    pipe: int,
    names: list[str],
    known: Known,
    items: dict[str, pytest.Item],
    swapper: Swapper,
    codes: dict[Place, Any] | None,
    change: Change,
) -> None:
    """In a process of its own: put the change in place and run the tests until one fails. Each is named beforehand, so
    that one which ends the process has been named.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)

    def run(items: dict[str, pytest.Item]) -> None:
        for name in names:
            if name not in items:
                continue
            os.write(pipe, f"{name}\n".encode())
            signal.setitimer(signal.ITIMER_VIRTUAL, 2 + 10 * known.seconds[name])
            if not passes(items[name]):
                os._exit(0)
        os.write(pipe, b"done\n")
        os._exit(0)

    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    gc.disable()  # a short life; MEMORY bounds it
    try:
        if codes is not None:
            swapper.put(codes)
            run(items)
        else:
            os.write(pipe, f"{NO_IMPORT}\n".encode())
            name = ".".join(change.module.with_suffix("").parts).removesuffix(".__init__")
            import_anew(Changed(name, Path(swapper.path), change.text))
            files = sorted({one.split("::")[0] for one in names})
            signal.setitimer(signal.ITIMER_VIRTUAL, 60)
            collected(run, files)
    finally:
        os._exit(1)
