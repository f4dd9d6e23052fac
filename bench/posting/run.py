"""Import N claims and their remittance on an empty database, and write the same number of bare rows beside it."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COB_DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        claims, remittance = files(count)
        measure("837P", claims, count)
        measure("835", remittance, count)
        bare(count)


def files(count: int) -> tuple[bytes, bytes]:
    """Three lines a claim, two payers; every line paid, one of them sequestered."""
    from tests.claims import edi_samples as x12

    lines = (x12.service(1), x12.service(2, "85025", 77_00), x12.service(3, "36415", 20_00))
    people = [x12.insured(member=f"M{n:06}", last=f"DOE{n:06}") for n in range(count)]
    claims = [
        x12.claim(f"PCN{n:06}", *lines, subscriber=who, other_coverages=(x12.also(member=f"S{n:06}"),))
        for n, who in enumerate(people)
    ]
    answered = (
        x12.svc(("CO-45", 50_00), ("PR-2", 20_00)),
        x12.svc(("CO-45", 17_00), code="85025", charge=77_00, number=2),
        x12.svc(("CO-45", 5_00), ("CO-253", 30), code="36415", charge=20_00, number=3),
    )
    answers = [x12.answer(f"PCN{n:06}", *answered, number=f"ICN{n:06}", last=f"DOE{n:06}") for n in range(count)]
    return x12.file_837p(*claims), x12.file_835(*answers)


def measure(kind: str, data: bytes, count: int) -> None:
    from claims.exchange import import_file, receive
    from cob.audit import subscribers
    from cob.audit.acting import acting

    # Denials and queues have benches of their own.
    subscribers._verbs.clear()
    with acting("bench"):
        edi_file, _ = receive(kind, io.BytesIO(data), by=None)
        began = time.perf_counter()
        outcome = import_file(edi_file)["outcome"]
        seconds = time.perf_counter() - began
    print(f"{kind}: {outcome}, {count} claims in {seconds:.2f} s, {count / seconds:,.0f}/s")


def bare(count: int) -> None:
    """What the database itself takes for the rows of that remittance: 1 answer, 3 lines, 7 adjustments, 10 entries."""
    from django.db import connection, transaction

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in (("a", 1), ("l", 3), ("c", 7), ("p", 10)):
            cursor.execute(f"CREATE TEMPORARY TABLE bare_{table} (id text PRIMARY KEY, a text, b text, n bigint)")
            values = [(f"{table}{n}", "x" * 32, "y" * 64, n) for n in range(count * rows)]
            cursor.executemany(f"INSERT INTO bare_{table} VALUES (%s, %s, %s, %s)", values)
    seconds = time.perf_counter() - began
    print(f"bare rows: {count} claims in {seconds:.2f} s, {count / seconds:,.0f}/s")


if __name__ == "__main__":
    main()
