"""The worker killed at random moments of the night's asking and of the ladder: nothing is lost and nothing doubled.

The same practice is worked through twice, once undisturbed and once by workers that are killed again and again; items,
steps of the ladder, endings, notices and the trail must be the same.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time

import pytest

from cob.env import env
from tests.real_desk import Desk, new_database, until, url_of

# The mark makes the suite set up its own database, of which each desk gets a copy.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
MODULE = "tests.workqueues.slow_motion"
PAUSE_SECONDS = 0.08
# Each try asks every queue and opens what is new in it (twenty steps each) and then climbs the ladder (four more).
# Somewhere in the asking, somewhere in the ladder: one time less than the tries after which a job is given up.
SPANS = ((1, 44), (20, 40), (41, 44), (1, 44))


@pytest.fixture
def two_databases(django_db_setup, tmp_path):
    """An empty database each for the calm and the disturbed practice, on the engine the suite runs on."""
    if env.database_url:
        with new_database(django_db_setup) as one, new_database(django_db_setup) as other:
            yield lambda name: {"calm": url_of(one), "killed": url_of(other)}[name]
        return

    def copied(name):
        (tmp_path / name).mkdir()
        shutil.copy(django_db_setup, tmp_path / name)
        return ""

    yield copied


def shown(desk):
    return json.loads(desk.run("-m", MODULE, "show"))


def is_over(desk):
    return json.loads(desk.run("-m", MODULE, "state")) == ["done", len(SPANS) + 1]


def kill_again_and_again(desk, start):
    """Each worker is killed at a random moment of a random step; the last one may finish."""
    chance = random.Random(11)
    for first, last in SPANS:
        step = len(desk.marks()) + chance.randint(first, last)
        worker = start()
        until("the night's next steps", lambda step=step: len(desk.marks()) >= step)
        time.sleep(chance.uniform(0, 2 * PAUSE_SECONDS))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    start()
    until("the night's end", lambda: is_over(desk))


@pytest.mark.parametrize("broker", ["embedded", "redis"])
def test_a_night_killed_again_and_again_ends_as_the_undisturbed_one(two_databases, tmp_path, broker):
    if broker == "redis" and not env.cob_redis_url:
        pytest.skip("COB_REDIS_URL names no Redis; CI runs this with one.")
    redis = f"{env.cob_redis_url.rpartition('/')[0]}/12" if broker == "redis" else ""
    calm = Desk(tmp_path / "calm", two_databases("calm"), served=MODULE)
    killed = Desk(tmp_path / "killed", two_databases("killed"), redis, served=MODULE, SLOW_MOTION=str(PAUSE_SECONDS))
    try:
        for desk in (calm, killed):
            desk.folder.mkdir(exist_ok=True)
            desk.run("-m", MODULE, "fill")
        assert shown(calm) == shown(killed)
        calm.run("-m", MODULE, "run")

        killed.run("-m", MODULE, "open")
        kill_again_and_again(killed, killed.serve if broker == "embedded" else killed.work)

        there, here = shown(calm), shown(killed)
        assert {name: len(rows) for name, rows in here.items()} == {name: len(rows) for name, rows in there.items()}
        assert here == there
        assert len(here["escalations"]) > 30
    finally:
        killed.clean_up()
