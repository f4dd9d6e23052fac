"""The real server and the real worker, with one kind of job more, for the tests that kill them.

`gunicorn tests.cob.jobs.served:application`, `celery -A tests.cob.jobs.served worker`, and
`python -m tests.cob.jobs.served`, which opens one such job, each in a process of its own.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")

from cob.celery import app
from cob.wsgi import application

__all__ = ["app", "application"]

from django.conf import settings
from django.db import transaction

from cob.accounts.models import Site
from cob.jobs import actions
from cob.jobs.kinds import job_kind

FOLDER = Path(settings.DATA_DIR)
MARKS = FOLDER / "marks"


def mark(word):
    with MARKS.open("a") as file:
        file.write(f"{word}\n")


@job_kind("tests.slow", title="Slow")
def slow(args, progress):
    """Says that it began, waits to be let go, and leaves one row; two at once say so."""
    with (FOLDER / "busy").open("w") as busy:
        try:
            fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            mark("two at once")
        progress.of(1, "waiting")
        with transaction.atomic():
            Site.objects.create(name=f"Made by {args['name']}", code=args["name"], npi=args["name"])
            mark("began")
            until = time.monotonic() + 60
            while not (FOLDER / "go").exists() and time.monotonic() < until:
                progress.step(0)
                time.sleep(0.02)
        mark("ended")
    return {"made": 1}


if __name__ == "__main__":
    actions.open_job("tests.slow", name="one")
