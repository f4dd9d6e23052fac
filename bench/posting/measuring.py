"""One measurement each, in a process of its own: what it finds is its last line, as JSON."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from bench.posting import practice

# In an order in which they may be written.
TABLES = (
    *("claims_edifile", "claims_remittance", "claims_adjudication", "claims_adjudicatedline"),
    *("claims_reportedadjustment", "claims_posting"),
)


class Clock:
    """Seconds by the wall, and of processors: Python's and, on PostgreSQL, those of the process that serves it."""

    def __init__(self, backend: int | None) -> None:
        self._backend = backend
        self._began = self._now()

    def _now(self) -> tuple[float, float, float]:
        served = 0.0
        if self._backend:
            ticks = Path(f"/proc/{self._backend}/stat").read_text().rpartition(")")[2].split()
            served = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
        return time.perf_counter(), time.process_time(), served

    def read(self) -> dict[str, float]:
        """Since the clock was made."""
        wall, python, database = (now - then for now, then in zip(self._now(), self._began, strict=True))
        return {"seconds": wall, "python": python, "database": database, "processors": python + database}


def _clock() -> Clock:
    from django.db import connection

    connection.ensure_connection()
    return Clock(connection.connection.info.backend_pid if connection.vendor == "postgresql" else None)


def fill(url: str, data: str, claims: str) -> dict[str, float]:
    """The practice, with nothing answered."""
    practice.ready(url, data)
    practice.on_file(int(claims))
    return {}


def post(url: str, data: str, path: str) -> dict[str, float]:
    """From the file's bytes to the commit, and apart from it what denials and queues do after the commit."""
    practice.ready(url, data)
    from claims.exchange import import_file, receive
    from cob.audit.acting import acting

    with acting("bench"), Path(path).open("rb") as stream:
        clock = _clock()
        edi_file, _ = receive("bench.835", stream, by=None)
        result = import_file(edi_file, counted=False)
        found = clock.read()
        assert result["outcome"] == "posted", result["reason"]
        assert all(t["posted"] == t["claims"] for t in result["transactions"])
        after = _clock() if not os.environ.get("BENCH_ALONE") else None
        if after is None:
            _nobody_follows()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    followed = after.read() if after else {}
    return found | {"peak": peak} | {f"after {what}": value for what, value in followed.items()}


def _nobody_follows() -> None:
    from cob.audit import subscribers

    subscribers._verbs.clear()


def keep(url: str, data: str, folder: str) -> dict[str, float]:
    """The rows the file became, as text that PostgreSQL copies, or as a SQLite file of bare tables."""
    practice.ready(url, data)
    from django.db import connection

    counts = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table.removeprefix("claims_")] = cursor.fetchone()[0]
            if connection.vendor == "postgresql":
                with (Path(folder) / table).open("wb") as out, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    for part in copy:
                        out.write(part)
    return counts


def copy(url: str, data: str, folder: str) -> dict[str, float]:
    """The floor on PostgreSQL: the very same rows, ready-made, by COPY into the same tables, in one transaction."""
    practice.ready(url, data)
    from django.db import connection, transaction

    clock = _clock()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            with (Path(folder) / table).open("rb") as rows, cursor.copy(f"COPY {table} FROM STDIN") as into:
                while part := rows.read(1 << 20):
                    into.write(part)
    return clock.read()


def executemany(url: str, data: str, posted: str) -> dict[str, float]:
    """The floor on SQLite: the very same rows, ready-made in memory, by `executemany` in one transaction."""
    practice.ready(url, data)
    from django.db import connection, transaction

    with sqlite3.connect(posted) as source:
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    clock = _clock()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, found in rows.items():
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(found[0]))})", found)
    return clock.read()


@contextmanager
def _quiet():
    """Whatever is printed meanwhile goes to standard error: the last line of standard output is the result."""
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        yield
    finally:
        sys.stdout = out


MEASUREMENTS = {f.__name__: f for f in (fill, post, keep, copy, executemany)}

if __name__ == "__main__":
    with _quiet():
        said = MEASUREMENTS[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(said))
