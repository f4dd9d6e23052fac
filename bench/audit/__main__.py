"""Fill a scratch PostgreSQL database with N patients, audit all their claims with real Celery workers, and say how fast
that was, how large the workers grew, and how it compares with reading the same rows and doing nothing.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import psycopg

from bench.audit import practice

ROOT = Path(__file__).resolve().parents[2]

FLOOR = (
    "SELECT id, birth_on, site_id FROM patients_patient",
    "SELECT patient_id, id, kind, subscriber_id, relationship, enrolled, effective_on, ended_on, open_ended,"
    " employer_id, payer_id FROM coverage_coverage",
    "SELECT patient_id, id, birth_on, birth_month_day, relation, spouse_of_id FROM patients_relatedperson",
    "SELECT patient_id, path, value, true_from FROM coverage_fact",
    "SELECT id, patient_id, site_id, service_from, related_to FROM claims_claim WHERE NOT is_void",
    "SELECT claim_id, rank, coverage_id, state, rank_from FROM claims_claimpayer",
)


def main() -> None:
    asked = _asked()
    name = f"cob_bench_audit_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(asked.server, autocommit=True) as server, tempfile.TemporaryDirectory() as folder:
        server.execute(f"CREATE DATABASE {name}")
        try:
            url = f"{asked.server.rpartition('/')[0]}/{name}"
            os.environ |= {"DATABASE_URL": url, "COB_REDIS_URL": asked.redis, "COB_DATA_DIR": folder}
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")
            run(url, asked)
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--server", default="postgresql://%2Fvar%2Frun%2Fpostgresql/postgres")
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/7")
    parser.add_argument("--as-if", action="append", default=[])
    return parser.parse_args()


def run(url: str, asked: argparse.Namespace) -> None:
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True, cwd=ROOT)
    began = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        practice.fill(connection, asked.patients)
    print(f"filled {asked.patients:,} patients in {time.perf_counter() - began:.0f} s")
    floor = _floor(url)
    print(f"floor: the same rows out by COPY and counted, {asked.patients / floor:,.0f} patients/s")
    began = time.perf_counter()
    seconds, claims, rows, peaks = _audit(asked)
    print(f"audit: {claims:,} claims of {asked.patients:,} patients in {seconds:.1f} s, {rows:,} rows written")
    print(
        f"       {asked.patients / seconds:,.0f} patients/s with {asked.workers} workers; {seconds / floor:.2f} x floor"
    )
    print("       peak memory of each worker: " + ", ".join(f"{peak / 1024:.0f} MiB" for peak in peaks))


def _floor(url: str) -> float:
    """One process that reads every row an audit needs, as text, and does nothing with it."""
    began = time.perf_counter()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for query in FLOOR:
            with cursor.copy(f"COPY ({query}) TO STDOUT") as rows:
                for _ in rows:
                    pass
    return time.perf_counter() - began


def _audit(asked: argparse.Namespace) -> tuple[float, int, int, list[int]]:
    import django

    django.setup()
    from claims.auditing import running
    from claims.models import OrderAudit, OrderDifference
    from cob.audit.acting import acting
    from cob.coverage.supposing import suppose

    command = [
        "-m",
        "celery",
        "-A",
        "cob.celery",
        "worker",
        "--concurrency",
        str(asked.workers),
        "--loglevel",
        "WARNING",
    ]
    worker = subprocess.Popen([sys.executable, *command], cwd=ROOT, start_new_session=True)
    try:
        _wait_for(lambda: len(_children(worker.pid)) >= asked.workers)
        time.sleep(3)
        began = time.perf_counter()
        with acting("bench"):
            run_ = running.start(by=None, as_if=suppose(asked.as_if))
        _wait_for(lambda: OrderAudit.objects.filter(pk=run_.pk, finished_at__isnull=False).exists())
        seconds = time.perf_counter() - began
        peaks = [_peak_kib(pid) for pid in _children(worker.pid)]
        counts = running.added_up([one for part in run_.parts.all() for one in part.counts.values()])
        return seconds, counts["claims"], OrderDifference.objects.filter(run=run_).count(), peaks
    finally:
        os.killpg(worker.pid, signal.SIGTERM)
        worker.wait(60)


def _wait_for(condition) -> None:
    while not condition():
        time.sleep(0.05)


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _peak_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


if __name__ == "__main__":
    main()
