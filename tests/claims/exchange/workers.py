"""Real processes that import files, to be killed or set against each other: copies of one that has loaded Django."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path
from urllib.parse import quote

import django

if __name__ != "__main__" and "pytest" not in sys.modules:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")
    django.setup()

CONTEXT = multiprocessing.get_context("forkserver")


def start(path, gate):
    """A worker that waits at the gate (a barrier), then receives and imports the file; see `outcome`."""
    CONTEXT.set_forkserver_preload([__name__])
    process = CONTEXT.Process(target=_bring, args=(path, gate), daemon=True)
    process.start()
    return process


OUTCOMES = ("stored", "posted", "already_imported")


def _bring(path, gate):
    from claims.exchange import import_file, receive
    from cob.audit.acting import acting

    gate.wait(60)
    with acting("a worker"), Path(path).open("rb") as stream:
        edi_file, _ = receive(path.name, stream, by=None)
        sys.exit(10 + OUTCOMES.index(import_file(edi_file)["outcome"]))


def outcome(process):
    """How a worker ended, None when it was killed."""
    process.join(120)
    return OUTCOMES[process.exitcode - 10] if process.exitcode >= 10 else None


def database_url():
    """The database of the tests, as a process of its own names it."""
    from django.db import connection

    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    # The server may be named by the folder of its socket, and its user be the one who runs the tests.
    who = f"{values['USER']}@" if values["USER"] else ""
    where = quote(values["HOST"] or "localhost", safe="")
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{who}{where}{port}/{values['NAME']}"
