"""The real server and the real worker, killed in the middle of a job: it is done again, once, and never two at once."""

from __future__ import annotations

import os
import signal
import time

import pytest

from cob.env import env
from tests.real_desk import SERVED, Desk, until

# The mark makes the suite set up its own database, of which each desk gets a copy.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def desk_on_redis(tmp_path, database_url):
    if not env.cob_redis_url:
        pytest.skip("COB_REDIS_URL names no Redis; CI runs this with one.")
    desk = Desk(tmp_path, database_url, redis_url=f"{env.cob_redis_url.rpartition('/')[0]}/13")
    yield desk
    desk.clean_up()


DONE_SECOND_TIME = {"state": "done", "attempts": 2, "outcome": {"made": 1}, "error": ""}


def test_the_whole_server_killed_in_a_job_does_it_again_once_after_the_next_start(desk):
    desk.run("-m", SERVED)
    server = desk.serve()
    until("the job's beginning", lambda: desk.marks() == ["began"])
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()

    server = desk.serve()
    until("the second try", lambda: desk.marks() == ["began", "began"])
    desk.let_go()
    until("the job's end", lambda: "ended" in desk.marks())
    until("the row's end", lambda: desk.rows()["jobs"] == [DONE_SECOND_TIME])
    server.terminate()
    server.wait(timeout=15)
    server = desk.serve()
    server.terminate()
    server.wait(timeout=15)

    assert desk.marks() == ["began", "began", "ended"]
    assert desk.rows() == {"jobs": [DONE_SECOND_TIME], "sites": 1}


def test_only_the_master_killed_leaves_no_second_worker_beside_the_orphan(desk):
    desk.run("-m", SERVED)
    server = desk.serve()
    until("the job's beginning", lambda: desk.marks() == ["began"])
    server.kill()
    server.wait()

    desk.port += 1  # the orphan may still hold the first
    desk.serve()
    desk.let_go()
    until("the row's end", lambda: desk.rows()["jobs"][0]["state"] == "done")

    assert "two at once" not in desk.marks()
    assert desk.rows()["sites"] == 1


def test_a_clean_stop_in_the_middle_of_a_job_takes_seconds_and_costs_no_try(desk):
    desk.run("-m", SERVED)
    server = desk.serve()
    until("the job's beginning", lambda: desk.marks() == ["began"])

    began = time.monotonic()
    server.terminate()
    server.wait(timeout=30)

    assert time.monotonic() - began < 12
    assert desk.rows()["jobs"] == [{"state": "queued", "attempts": 0, "outcome": None, "error": ""}]


def test_a_worker_group_killed_in_a_job_does_it_again_once_after_the_next_start(desk_on_redis):
    desk = desk_on_redis
    desk.run("-m", SERVED)
    worker = desk.work()
    until("the job's beginning", lambda: desk.marks() == ["began"])
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()

    worker = desk.work()
    until("the second try", lambda: desk.marks() == ["began", "began"])
    desk.let_go()
    until("the row's end", lambda: desk.rows()["jobs"] == [DONE_SECOND_TIME])
    worker.terminate()
    worker.wait(timeout=30)

    assert desk.marks() == ["began", "began", "ended"]
    assert desk.rows()["sites"] == 1
