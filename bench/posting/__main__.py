"""How fast an 835 becomes postings, beside what the database takes for those rows alone; see README.md."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.posting import files, libraries
from bench.posting.databases import PostgreSQL, Sqlite, measure

# Four kilobytes a claim: a file of 200 MB in minutes rather than an hour.
WORDY = 92
MEGABYTES = (2, 20, 200)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.posting", description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", metavar="URL", help="a database on a server where others may be made")
    parser.add_argument("--sqlite", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--only", choices=["speed", "readers", "memory"])
    parser.add_argument("--megabytes", type=int, nargs="*", default=MEGABYTES)
    asked = parser.parse_args()
    parts: dict[str, Callable[[Any, Path], None]] = {"speed": speed, "readers": readers, "memory": memory}
    for name, part in parts.items():
        if asked.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                part(asked, Path(folder))


def _servers(asked: Any, folder: Path) -> list[Any]:
    return [
        *([Sqlite(folder)] if asked.sqlite else []),
        *([PostgreSQL(asked.postgresql)] if asked.postgresql else []),
    ]


def speed(asked: Any, folder: Path) -> None:
    path = files.remittance(folder / "bench.835", asked.claims)
    for server in _servers(asked, folder):
        practice = server.new()
        measure("fill", practice, folder, asked.claims)
        rows = folder / server.name
        rows.mkdir()
        posted: list[dict[str, float]] = []
        floor: list[dict[str, float]] = []
        for _ in range(asked.rounds):
            full, bare = server.copy(practice), server.copy(practice)
            posted.append(measure("post", full, folder, path))
            counts = measure("keep", full, folder, rows)
            if server.name == "SQLite":
                floor.append(measure("executemany", bare, folder, server.path(full)))
            else:
                floor.append(measure("copy", bare, folder, rows))
            server.drop(full)
            server.drop(bare)
        server.drop(practice)
        size = f"{path.stat().st_size / 1e6:.1f} MB"
        print(f"\n{server.name}: {asked.claims:,} claims in {size}, median of {asked.rounds}")
        print(", ".join(f"{count:,} {table}" for table, count in counts.items()))
        _table(posted, floor, asked.claims, server.name)


def _table(posted: list[dict[str, float]], floor: list[dict[str, float]], claims: int, name: str) -> None:
    def median(found: list[dict[str, float]], what: str) -> float:
        return statistics.median(f[what] for f in found)

    print(f"{'':16} {'s':>7} {'claims/s':>9} {'CPU s':>7} {'claims/CPU s':>12} {'Python':>7} {'database':>8}")
    bare = "COPY" if name == "PostgreSQL" else "executemany"
    for what, found, when in (("posting", posted, ""), (bare, floor, ""), ("after the commit", posted, "after ")):
        seconds, cpu = median(found, f"{when}seconds"), median(found, f"{when}processors")
        python, database = median(found, f"{when}python"), median(found, f"{when}database")
        each = f"{claims / seconds:9,.0f} {cpu:7.2f} {claims / cpu:12,.0f}"
        print(f"{what:16} {seconds:7.2f} {each} {python:7.2f} {database:8.2f}")
    by_wall = median(floor, "seconds") / median(posted, "seconds")
    by_cpu = median(floor, "processors") / median(posted, "processors")
    print(f"posting at {by_wall:.0%} of the floor's speed by the wall, {by_cpu:.0%} by processor time")
    by_post = median(posted, "after processors") / median(posted, "processors")
    print(f"what denials, holds and queues do after the commit takes {by_post:.1f} times the processor time of posting")


def readers(asked: Any, folder: Path) -> None:
    path = files.remittance(folder / "bench.835", asked.claims)
    print(f"\nReading alone: {asked.claims:,} claims, {path.stat().st_size / 1e6:.1f} MB, median of {asked.rounds}")
    libraries.compare(path, asked.claims, asked.rounds)


def memory(asked: Any, folder: Path) -> None:
    server = _servers(asked, folder)[-1]
    print(f"\nMemory on {server.name}, each file in a fresh process, nobody following")
    print(f"{'file':>8} {'claims':>8} {'peak MB':>8} {'s':>7} {'claims/s':>9}")
    one = files.remittance(folder / "one.835", 500, WORDY).stat().st_size / 500
    for megabytes in asked.megabytes:
        claims = int(megabytes * 1e6 / one)
        path = files.remittance(folder / "wordy.835", claims, WORDY)
        practice = server.new()
        measure("fill", practice, folder, claims)
        found = measure("post", practice, folder, path, BENCH_ALONE="1")
        server.drop(practice)
        size = f"{path.stat().st_size / 1e6:.0f} MB"
        print(f"{size:>8} {claims:8,} {found['peak']:8.0f} {found['seconds']:7.1f} {claims / found['seconds']:9,.0f}")


if __name__ == "__main__":
    main()
