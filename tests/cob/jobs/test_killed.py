"""The real server and the real worker, killed in the middle of a job: it is done again, once, and never two at once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from contextlib import contextmanager

import psycopg
import pytest

from cob.env import ROOT, env

pytestmark = pytest.mark.slow
SERVED = "tests.cob.jobs.served"
PATIENCE_SECONDS = 60


def _until(what, condition):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {PATIENCE_SECONDS} seconds")


@contextmanager
def _new_database(template="template1"):
    """A PostgreSQL database of the test's own, dropped after."""
    name = f"cobdesk_killed_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(env.database_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(name):
    return f"{env.database_url.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """Migrated once for all: a PostgreSQL database to copy, or a folder whose SQLite file is copied."""
    folder = tmp_path_factory.mktemp("migrated")
    if not env.database_url:
        Desk(folder, "").run("manage.py", "migrate", "--verbosity", "0")
        yield folder
        return
    with _new_database() as name:
        Desk(folder, _url(name)).run("manage.py", "migrate", "--verbosity", "0")
        yield name


@pytest.fixture
def database_url(migrated, tmp_path):
    """A database of the test's own, on the engine the suite runs on; empty means SQLite in the data folder."""
    if env.database_url:
        with _new_database(migrated) as name:
            yield _url(name)
    else:
        shutil.copy(migrated / "cobdesk.sqlite3", tmp_path)
        yield ""


class Desk:
    """One data folder and whatever processes were started on it."""

    def __init__(self, folder, database_url, redis_url=""):
        self.folder = folder
        self.environment = {
            **os.environ,
            "COB_DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "COB_REDIS_URL": redis_url,
            "COB_WEB_WORKERS": "0",
            "DJANGO_SETTINGS_MODULE": "cob.settings",
        }
        self.started = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def run(self, *arguments):
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments):
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def serve(self):
        bind = f"127.0.0.1:{self.port}"
        process = self.start("gunicorn", "--config", "python:cob.gunicorn", "--bind", bind, f"{SERVED}:application")
        _until("serving", self._answers)
        return process

    def work(self):
        return self.start("celery", "-A", SERVED, "worker", "--concurrency", "2", "--loglevel", "WARNING")

    def _answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def marks(self):
        file = self.folder / "marks"
        return file.read_text().split("\n")[:-1] if file.exists() else []

    def let_go(self):
        (self.folder / "go").touch()

    def rows(self):
        return json.loads(self.run("-m", SERVED, "show"))

    def clean_up(self):
        for process in self.started:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            process.wait()


@pytest.fixture
def desk(tmp_path, database_url):
    desk = Desk(tmp_path, database_url)
    yield desk
    desk.clean_up()


@pytest.fixture
def desk_on_redis(tmp_path, database_url):
    if not env.cob_redis_url:
        pytest.skip("COB_REDIS_URL names no Redis; CI runs this with one.")
    desk = Desk(tmp_path, database_url, redis_url=f"{env.cob_redis_url.rpartition('/')[0]}/13")
    yield desk
    desk.clean_up()


DONE_SECOND_TIME = {"state": "done", "attempts": 2, "outcome": {"made": 1}, "error": ""}


def test_the_whole_server_killed_in_a_job_does_it_again_once_after_the_next_start(desk):
    desk.run("-m", SERVED, "open")
    server = desk.serve()
    _until("the job's beginning", lambda: desk.marks() == ["began"])
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()

    server = desk.serve()
    _until("the second try", lambda: desk.marks() == ["began", "began"])
    desk.let_go()
    _until("the job's end", lambda: "ended" in desk.marks())
    _until("the row's end", lambda: desk.rows()["jobs"] == [DONE_SECOND_TIME])
    server.terminate()
    server.wait(timeout=15)
    server = desk.serve()
    server.terminate()
    server.wait(timeout=15)

    assert desk.marks() == ["began", "began", "ended"]
    assert desk.rows() == {"jobs": [DONE_SECOND_TIME], "sites": 1}


def test_only_the_master_killed_leaves_no_second_worker_beside_the_orphan(desk):
    desk.run("-m", SERVED, "open")
    server = desk.serve()
    _until("the job's beginning", lambda: desk.marks() == ["began"])
    server.kill()
    server.wait()

    desk.port += 1  # the orphan may still hold the first
    desk.serve()
    desk.let_go()
    _until("the row's end", lambda: desk.rows()["jobs"][0]["state"] == "done")

    assert "two at once" not in desk.marks()
    assert desk.rows()["sites"] == 1


def test_a_clean_stop_in_the_middle_of_a_job_takes_seconds_and_costs_no_try(desk):
    desk.run("-m", SERVED, "open")
    server = desk.serve()
    _until("the job's beginning", lambda: desk.marks() == ["began"])

    began = time.monotonic()
    server.terminate()
    server.wait(timeout=30)

    assert time.monotonic() - began < 12
    assert desk.rows()["jobs"] == [{"state": "queued", "attempts": 0, "outcome": None, "error": ""}]


def test_a_worker_group_killed_in_a_job_does_it_again_once_after_the_next_start(desk_on_redis):
    desk = desk_on_redis
    desk.run("-m", SERVED, "open")
    worker = desk.work()
    _until("the job's beginning", lambda: desk.marks() == ["began"])
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()

    worker = desk.work()
    _until("the second try", lambda: desk.marks() == ["began", "began"])
    desk.let_go()
    _until("the row's end", lambda: desk.rows()["jobs"] == [DONE_SECOND_TIME])
    worker.terminate()
    worker.wait(timeout=30)

    assert desk.marks() == ["began", "began", "ended"]
    assert desk.rows()["sites"] == 1
