"""The worker killed at random moments of the night's asking and of the ladder: nothing is lost and nothing doubled.

One practice is worked through twice, once undisturbed and once by workers that are killed again and again; items,
steps of the ladder, endings, notices and the trail must be the same.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from contextlib import contextmanager

import pytest

from cob.env import env
from tests.real_desk import FILE, Desk, new_database, until, url_of

# The mark makes the suite set up its own database, of which each desk gets a copy.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
MODULE = "tests.workqueues.slow_motion"
PAUSE_SECONDS = 0.04
# Each try asks every queue and opens what is new in it (twenty steps each) and then climbs the ladder (four more).
# Somewhere in the asking, somewhere in the ladder: one time less than the tries after which a job is given up.
SPANS = ((1, 44), (20, 40), (41, 44), (1, 44))


@pytest.fixture(scope="module")
def practice(django_db_setup, tmp_path_factory):
    """The practice before its night, for as many desks as want a copy; and what an undisturbed night makes of it."""
    folder = tmp_path_factory.mktemp("practice")
    with _copied(django_db_setup, folder / "filled") as (filled, url):
        Desk(filled, url, served=MODULE).run("-m", MODULE, "fill")
        kept = url.rpartition("/")[2] if url else filled / FILE
        with _copied(kept, folder / "calm") as (calm, calm_url):
            desk = Desk(calm, calm_url, served=MODULE)
            desk.run("-m", MODULE, "run")
            yield kept, shown(desk)


@contextmanager
def _copied(template, folder):
    """A folder for a desk and its database: a copy of a database of PostgreSQL or of a file of SQLite."""
    folder.mkdir()
    if env.database_url:
        with new_database(template) as name:
            yield folder, url_of(name)
    else:
        shutil.copy(template, folder / FILE)
        yield folder, ""


def shown(desk):
    return json.loads(desk.run("-m", MODULE, "show"))


def is_over(desk):
    return desk.ask("SELECT state, attempts FROM jobs_job WHERE kind = 'workqueues.nightly'") == [
        ("done", len(SPANS) + 1)
    ]


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
def test_a_night_killed_again_and_again_ends_as_the_undisturbed_one(practice, tmp_path, broker):
    if broker == "redis" and not env.cob_redis_url:
        pytest.skip("COB_REDIS_URL names no Redis; CI runs this with one.")
    redis = f"{env.cob_redis_url.rpartition('/')[0]}/12" if broker == "redis" else ""
    filled, there = practice
    with _copied(filled, tmp_path / "killed") as (folder, url):
        killed = Desk(folder, url, redis, served=MODULE, SLOW_MOTION=str(PAUSE_SECONDS))
        try:
            killed.run("-m", MODULE, "open")
            kill_again_and_again(killed, killed.serve if broker == "embedded" else killed.work)
            here = shown(killed)
        finally:
            killed.clean_up()
    assert {name: len(rows) for name, rows in here.items()} == {name: len(rows) for name, rows in there.items()}
    assert here == there
    assert len(here["escalations"]) > 30
