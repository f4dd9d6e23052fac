"""What dead workers left is done again, once; what living workers do is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from cob.jobs import actions, breath, sweep, worker
from cob.jobs.models import Job, State
from cob.jobs.progress import Progress

pytestmark = pytest.mark.django_db
ELSEWHERE = "other-host/1:77:abcd"


def _running(owner=ELSEWHERE, *, heard=timedelta(0), attempts=1):
    now = timezone.now()
    return Job.objects.create(
        kind="tests.count",
        title="Count",
        state=State.RUNNING,
        owner=owner,
        attempts=attempts,
        started_at=now,
        breathed_at=now - heard,
    )


def _state(job):
    job.refresh_from_db()
    return job.state


@pytest.mark.parametrize(
    ("silent", "expected"),
    [
        pytest.param(sweep.LEASE - timedelta(seconds=5), State.RUNNING, id="heard within the lease"),
        pytest.param(sweep.LEASE + timedelta(seconds=5), State.QUEUED, id="silent beyond the lease"),
    ],
)
def test_a_worker_on_another_machine_is_dead_after_the_lease(woken, silent, expected):
    job = _running(heard=silent)

    sweep.requeue_abandoned()

    assert _state(job) == expected


def test_a_breath_in_the_cache_keeps_a_job_whose_row_is_old(woken):
    job = _running(heard=timedelta(hours=1))
    cache.set(f"job-breath:{job.pk}", timezone.now().timestamp())

    sweep.requeue_abandoned()

    assert _state(job) == State.RUNNING


def test_a_dead_process_of_this_machine_is_recognised_without_waiting(woken):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    machine = worker.this_worker().partition(":")[0]
    job = _running(owner=f"{machine}:{gone.pid}:abcd1234")

    sweep.requeue_abandoned()

    assert _state(job) == State.QUEUED
    assert woken == [job.pk]


def test_a_living_process_of_this_machine_keeps_its_job(woken):
    machine = worker.this_worker().partition(":")[0]
    job = _running(owner=f"{machine}:{os.getppid()}:abcd1234")

    sweep.requeue_abandoned()

    assert _state(job) == State.RUNNING


def test_a_job_of_an_earlier_life_under_our_own_process_number_is_put_back(woken):
    job = _running(owner=worker.this_worker()[:-2] + "zz")

    sweep.requeue_abandoned()

    assert _state(job) == State.QUEUED


def test_our_own_job_is_alive_while_a_thread_does_it_and_abandoned_when_none_does(woken):
    job = _running(owner=worker.this_worker(), heard=timedelta(hours=1))
    worker.begin(Progress(job.pk))
    sweep.requeue_abandoned()
    assert _state(job) == State.RUNNING

    worker.end(job.pk)
    sweep.requeue_abandoned()
    assert _state(job) == State.QUEUED


def test_a_forked_child_is_another_worker():
    mine = worker.this_worker()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, worker.this_worker().encode())
        os._exit(0)
    os.waitpid(child, 0)

    theirs = os.read(reading, 200).decode()

    assert theirs.rpartition(":")[2] != mine.rpartition(":")[2]
    assert len(theirs) <= Job._meta.get_field("owner").max_length


def test_at_the_start_of_the_embedded_worker_everything_running_is_abandoned_and_woken_at_once(woken):
    running, waiting = _running(), actions.open_job("tests.count")

    assert sweep.requeue_abandoned(all_running=True) == 2

    assert _state(running) == State.QUEUED
    assert set(woken) == {running.pk, waiting.pk}


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        pytest.param(sweep.ATTEMPTS_MAX - 1, State.QUEUED, id="fourth worker died: once more"),
        pytest.param(sweep.ATTEMPTS_MAX, State.FAILED, id="fifth worker died: enough"),
    ],
)
def test_a_job_that_keeps_killing_its_worker_stops_after_five(woken, attempts, expected):
    job = _running(attempts=attempts)

    sweep.requeue_abandoned(all_running=True)

    assert _state(job) == expected
    assert bool(job.error) == (expected == State.FAILED)


def test_a_waiting_job_is_woken_by_one_sweep_and_not_by_the_next(woken):
    job = actions.open_job("tests.count")

    sweep.requeue_abandoned()
    sweep.requeue_abandoned()

    assert woken == [job.pk]


def test_a_waiting_job_is_woken_again_when_the_cache_has_forgotten(woken):
    job = actions.open_job("tests.count")
    sweep.requeue_abandoned()
    cache.clear()

    sweep.requeue_abandoned()

    assert woken == [job.pk, job.pk]


def test_two_sweeps_at_once_put_a_job_back_once(woken):
    job = _running(heard=timedelta(hours=1))
    stale = Job.objects.get(pk=job.pk)
    sweep.requeue_abandoned()
    taken = actions.take(job.pk, owner="next")

    sweep._put_back(stale)

    assert _state(taken) == State.RUNNING
    assert taken.owner == "next"


def test_ending_in_good_order_gives_the_job_back_and_the_try_does_not_count():
    job = actions.take(actions.open_job("tests.count").pk)

    assert sweep.release_mine() == 1

    job.refresh_from_db()
    assert (job.state, job.owner, job.attempts) == (State.QUEUED, "", 0)


@pytest.mark.parametrize(("days", "kept"), [(89, 1), (91, 0)])
def test_ended_jobs_are_forgotten_after_ninety_days(days, kept):
    job = actions.run(actions.open_job("tests.count").pk)
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=days))

    sweep.forget_old()

    assert Job.objects.count() == kept


def test_jobs_that_wait_are_never_forgotten():
    job = actions.open_job("tests.count")
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(days=400))

    assert sweep.forget_old() == 0


def test_the_page_can_say_when_a_worker_last_looked(woken):
    assert sweep.last_swept() is None

    sweep.requeue_abandoned()

    assert timezone.now() - sweep.last_swept() < timedelta(minutes=1)


class _NoCache:
    """A cache that cannot be reached."""

    def __getattr__(self, name):
        raise ConnectionError


def test_without_the_cache_jobs_are_still_done_put_back_and_woken(woken, done, monkeypatch):
    for module in (sweep, breath):
        monkeypatch.setattr(module, "cache", _NoCache())
    monkeypatch.setattr("cob.jobs.progress.cache", _NoCache())
    dead, fresh = _running(heard=timedelta(hours=1)), actions.open_job("tests.count")

    assert sweep.requeue_abandoned() == 2
    assert _state(dead) == State.QUEUED
    assert actions.run(fresh.pk).state == State.DONE
    assert sweep.last_swept() is None
