"""The real server and worker as processes of their own, on a data folder and a database of the test's own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
import uuid
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import connection

from cob.env import ROOT, env

PATIENCE_SECONDS = 90
SERVED = "tests.cob.jobs.served"
FILE = "cobdesk.sqlite3"


def until(what, condition):
    """Wait for it, looking twenty times a second; fail by its name."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {PATIENCE_SECONDS} seconds")


@contextmanager
def new_database(template="template1"):
    """A PostgreSQL database of the test's own, dropped after; its name."""
    name = f"cobdesk_test_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(env.database_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def url_of(name):
    return f"{env.database_url.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, tmp_path_factory):
    """The suite's own database, and a copy of it as the migrations left it: a PostgreSQL database or an SQLite file."""
    with django_db_blocker.unblock():
        if not env.database_url:
            copy = tmp_path_factory.mktemp("migrated") / FILE
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(copy)])
            yield copy
            return
        connection.close()  # PostgreSQL copies only a database to which nobody is connected.
        with new_database(connection.settings_dict["NAME"]) as copy:
            yield copy


@pytest.fixture
def database_url(django_db_setup, tmp_path):
    """A migrated database of the test's own, on the engine the suite runs on; empty means SQLite in the data folder."""
    if not env.database_url:
        shutil.copy(django_db_setup, tmp_path)
        yield ""
        return
    with new_database(django_db_setup) as name:
        yield url_of(name)


@pytest.fixture
def desk(tmp_path, database_url):
    """A migrated desk with nothing in it, and an end to all that was started on it."""
    desk = Desk(tmp_path, database_url)
    yield desk
    desk.clean_up()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _from_json(value):
    """PostgreSQL's driver reads an object by itself, SQLite's gives its text."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


class Desk:
    """One data folder and whatever processes were started on it."""

    def __init__(self, folder, database_url="", redis_url="", *, served=SERVED, **environment):
        self.folder = folder
        self.served = served
        self.port = free_port()
        self.started = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("COB_", "DJANGO_"))},
            "COB_DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "COB_REDIS_URL": redis_url,
            "DJANGO_SETTINGS_MODULE": "cob.settings",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }

    def try_to_run(self, *arguments):
        """Run Python with these arguments to its end."""
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def run(self, *arguments):
        """The same, and it must succeed; what it wrote."""
        done = self.try_to_run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments):
        """Start Python with these arguments in a process group of its own; it writes to `log`."""
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def serve(self):
        """gunicorn as the desk configures it, with what the tests' module adds."""
        bind = f"127.0.0.1:{self.port}"
        served = ("--config", "python:cob.gunicorn", "--bind", bind, f"{self.served}:application")
        process = self.start("-m", "gunicorn", *served)
        until("serving", self.answers)
        return process

    def work(self):
        """A Celery worker of two processes, with what the tests' module adds."""
        return self.start("-m", "celery", "-A", self.served, "worker", "--concurrency", "2", "--loglevel", "WARNING")

    def get(self, path):
        """Status and body."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()

    def answers(self):
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    @property
    def log(self):
        return self.folder / "log"

    def marks(self):
        """What the slow job said, line by line."""
        file = self.folder / "marks"
        return file.read_text().split("\n")[:-1] if file.exists() else []

    def let_go(self):
        """Let the slow job end."""
        (self.folder / "go").touch()

    def ask(self, statement):
        """Rows of the desk's database, without starting Django for each look."""
        if url := self.environment["DATABASE_URL"]:
            with psycopg.connect(url) as database:
                return database.execute(statement).fetchall()
        with closing(sqlite3.connect(self.folder / FILE, timeout=20)) as database:
            return database.execute(statement).fetchall()

    def rows(self):
        """The slow jobs as they are on file."""
        names = ("state", "attempts", "outcome", "error")
        jobs = self.ask(f"SELECT {', '.join(names)} FROM jobs_job WHERE kind = 'tests.slow'")
        ((sites,),) = self.ask("SELECT count(*) FROM accounts_site")
        return {"jobs": [dict(zip(names, map(_from_json, job), strict=True)) for job in jobs], "sites": sites}

    def clean_up(self):
        for process in self.started:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            process.wait()
