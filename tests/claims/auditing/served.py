"""A worker that does audits, one patient a chunk, and stops behind its second chunk until it is let go.

`python -m tests.claims.auditing.served fill|start|work|show`, each in a process of its own, for the test that kills it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")

from cob.wsgi import application

__all__ = ["application"]

from django.conf import settings

from claims.auditing import reading, running
from claims.models import OrderAudit, OrderDifference
from cob.accounts.models import Site
from cob.audit.acting import acting
from cob.jobs import actions, sweep
from cob.jobs.models import Job, State
from tests.claims import stories
from tests.claims.auditing.conftest import with_two_plans

FOLDER = Path(settings.DATA_DIR)
PATIENTS = 4


def mark(word):
    with (FOLDER / "marks").open("a") as file:
        file.write(f"{word}\n")


def fill():
    with acting("test task"):
        site = Site.objects.create(name="Main", code="main", npi="1234567893")
        for n in range(PATIENTS):
            patient = with_two_plans(site, chart_number=f"N{n}")
            stories.claim_of(patient, [patient.his, patient.own], number=f"W{n}")


def start():
    with acting("test task"):
        running.start(by=None)


def work():
    """Take what waits, as a worker does when it starts; behind the second chunk wait to be let go."""
    reading.CHUNK = 1
    keep = running._keep

    def kept(part, chunk, rows):
        keep(part, chunk, rows)
        mark("kept")
        until = time.monotonic() + 60
        while (FOLDER / "marks").read_text().count("kept") == 2 and not (FOLDER / "go").exists():
            assert time.monotonic() < until
            time.sleep(0.02)

    running._keep = kept
    sweep.requeue_abandoned()
    for job in Job.objects.filter(state=State.QUEUED):
        actions.run(job.pk)


def show():
    (run,) = OrderAudit.objects.all()
    said = {
        "found": sorted(OrderDifference.objects.values_list("claim__control_number", flat=True)),
        "counts": running.added_up([one for part in run.parts.all() for one in part.counts.values()]),
        "is_over": run.finished_at is not None,
        "attempts": list(Job.objects.values_list("attempts", flat=True)),
    }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    {"fill": fill, "start": start, "work": work, "show": show}[sys.argv[1]]()
