"""How fast secondary claims are projected, asked every edit, and written; beside a bare writer of the same segments.

    .venv/bin/python -m bench.claims [--claims 2000] [--rounds 5] [--profile edits|write]

No database: what is measured is the work on one claim, from what is on file to the bytes. See README.md.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import time
from collections.abc import Callable

from bench.claims import made
from claims.edits import objections
from cob.x12.read837p import parse_837p
from cob.x12.write837p import write_837p

IN_A_BATCH = 100


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.claims", description=__doc__)
    parser.add_argument("--claims", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", choices=["project", "edits", "write"])
    asked = parser.parse_args()
    numbers = range(asked.claims)
    ready = [made.projected(n) for n in numbers]
    claims = [claim for claim, _ in ready]
    alone = [write_837p(made.batch((claim,))) for claim in claims]
    taken_apart = [made.segments(data) for data in alone]
    batches = list(made.in_parts(claims, IN_A_BATCH))
    together = [made.segments(write_837p(made.batch(part))) for part in batches]
    assert all(not objections(made.sending(*one)) for one in ready[:20])
    work: dict[str, Callable[[], object]] = {
        "project": lambda: [made.projected(n) for n in numbers],
        "edits": lambda: [objections(made.sending(*one)) for one in ready],
        "write": lambda: [write_837p(made.batch((claim,))) for claim in claims],
        "all": lambda: [_all(n) for n in numbers],
        f"write in batches of {IN_A_BATCH}": lambda: [write_837p(made.batch(part)) for part in batches],
        "read back": lambda: [parse_837p(data) for data in alone],
        "bare writer": lambda: [_bare(parts) for parts in taken_apart],
        f"bare writer in batches of {IN_A_BATCH}": lambda: [_bare(parts) for parts in together],
    }
    if asked.profile:
        _profile(work[asked.profile])
        return
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(asked.rounds):  # in turns, so that a busy moment touches all of them
        for name, run in work.items():
            taken[name].append(_measure(run))
    found = {name: statistics.median(seconds) for name, seconds in taken.items()}
    print(f"{asked.claims} claims of 3 services; {sum(map(len, taken_apart)) / asked.claims:.0f} segments a file")
    for name, seconds in found.items():
        bare = found[f"bare writer in batches of {IN_A_BATCH}" if "batches" in name else "bare writer"]
        print(f"{name:32} {asked.claims / seconds:10,.0f} claims/s {seconds / bare:8.1f} × bare")


def _all(n: int) -> bytes:
    """From what is on file to the bytes."""
    claim, both = made.projected(n)
    objections(made.sending(claim, both))
    return write_837p(made.batch((claim,)))


def _bare(parts: list[list[str]]) -> bytes:
    """The same segments put together again: the floor."""
    return "".join("*".join(segment) + "~\n" for segment in parts).encode("ascii")


def _measure(run: Callable[[], object]) -> float:
    """Processor seconds."""
    began = time.process_time()
    run()
    return time.process_time() - began


def _profile(run: Callable[[], object]) -> None:
    profile = cProfile.Profile()
    profile.runcall(run)
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
