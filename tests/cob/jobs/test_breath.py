"""A job that is busy for long is not taken for dead, and one that was taken stops where it is."""

from __future__ import annotations

import threading

import pytest
from django.core.cache import cache
from django.utils import timezone

from cob.jobs import actions, breath
from cob.jobs.kinds import job_kind
from cob.jobs.models import Job, State
from cob.jobs.progress import Lost, Progress

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_breath_is_heard_in_the_cache_and_on_postgresql_in_the_row(is_postgresql):
    job = actions.take(actions.open_job("tests.count").pk)
    taken_at = job.breathed_at

    assert breath.breathe(job.pk, job.owner)

    job.refresh_from_db()
    assert float(cache.get(f"job-breath:{job.pk}")) >= taken_at.timestamp()
    assert (job.breathed_at > taken_at) == is_postgresql
    assert breath.heard_at(job) >= taken_at.timestamp()


def test_a_breath_finds_out_that_the_job_was_taken_away():
    job = actions.take(actions.open_job("tests.count").pk)
    Job.objects.filter(pk=job.pk).update(owner="another")

    assert not breath.breathe(job.pk, job.owner)


def test_a_job_that_was_taken_away_stops_at_its_next_step():
    progress = Progress("1")
    progress.of(10)
    progress.lose()

    with pytest.raises(Lost):
        progress.step()


def test_breathing_goes_on_while_the_job_is_busy_and_ends_with_it():
    job = actions.take(actions.open_job("tests.count").pk)
    began, breaths = timezone.now().timestamp(), threading.Semaphore(0)
    original = breath.breathe

    def counted(*args):
        kept = original(*args)
        breaths.release()
        return kept

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(breath, "breathe", counted)
        with breath.breathing(job, Progress(job.pk), every_seconds=0.01):
            assert breaths.acquire(timeout=10)
            assert breaths.acquire(timeout=10)
    job.refresh_from_db()

    assert breath.heard_at(job) >= began
    assert not [thread for thread in threading.enumerate() if thread.name == f"breath-{job.pk}"]


def test_a_zombie_is_told_by_its_breath_and_leaves_no_mark_on_the_job(monkeypatch):
    monkeypatch.setattr(breath, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(actions, "breathing", lambda job, progress: breath.breathing(job, progress, every_seconds=0.01))
    reached = []

    @job_kind("tests.zombie", title="Zombie")
    def zombie(args, progress):
        Job.objects.update(owner="the next worker")
        assert progress._is_lost.wait(10)
        progress.step()
        reached.append("after the step")

    job = actions.open_job("tests.zombie")

    assert actions.run(job.pk) is None

    job.refresh_from_db()
    assert (job.state, job.owner, reached) == (State.RUNNING, "the next worker", [])


def test_a_database_that_does_not_answer_is_no_reason_to_stop(monkeypatch):
    def broken(*args):
        raise OSError

    monkeypatch.setattr(breath, "breathe", broken)
    job = Job(kind="tests.count", title="Count")

    assert breath._breathe_safely(job)
