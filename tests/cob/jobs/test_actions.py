"""A job is opened with the change that needs it, done by one worker, and ends by saying what came of it."""

from __future__ import annotations

import logging
import uuid

import pytest
from django.db import transaction

from cob.accounts.models import Site
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.jobs import actions
from cob.jobs.models import Job, State

pytestmark = pytest.mark.django_db


def test_a_job_is_done_and_its_outcome_kept(done):
    job = actions.run(actions.open_job("tests.count", total=5).pk)

    assert done == [{"total": 5}]
    assert (job.state, job.outcome, job.done, job.total) == (State.DONE, {"counted": 5}, 5, 5)
    assert job.started_at
    assert job.finished_at >= job.started_at


def test_a_worker_is_woken_only_when_the_change_that_needs_the_job_commits(woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.open_job("tests.count")
        assert woken == []

    assert woken == [job.pk]


def test_a_change_rolled_back_leaves_no_job_and_wakes_nobody(woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        actions.open_job("tests.count")
        transaction.set_rollback(True)

    assert not Job.objects.exists()
    assert woken == []


def test_an_unknown_kind_is_refused_when_it_is_opened():
    with pytest.raises(KeyError, match=r"tests\.unknown"):
        actions.open_job("tests.unknown")


def test_a_slot_opens_once():
    assert actions.open_job("tests.count", slot="2026-03-10") is not None
    assert actions.open_job("tests.count", slot="2026-03-10") is None
    assert actions.open_job("tests.count", slot="2026-03-11") is not None


def test_two_messages_for_one_job_do_it_once(done):
    job = actions.open_job("tests.count")

    actions.run(job.pk)
    actions.run(job.pk)

    assert len(done) == 1


def test_of_two_workers_one_takes_the_job():
    job = actions.open_job("tests.count")

    assert actions.take(job.pk, owner="first").owner == "first"
    assert actions.take(job.pk, owner="second") is None


def test_a_message_for_a_job_that_was_rolled_back_is_ignored(done):
    assert actions.run(uuid.uuid4()) is None
    assert done == []


def test_a_handler_that_cannot_go_on_says_why_in_its_own_words():
    job = actions.run(actions.open_job("tests.refuse").pk)

    assert job.state == State.FAILED
    assert job.error == "Line 3 has no amount. Ask the payer for a corrected file."


def test_a_crash_is_told_without_what_the_exception_quoted_and_undoes_its_work(caplog):
    with caplog.at_level(logging.INFO):
        job = actions.run(actions.open_job("tests.crash").pk)

    assert job.state == State.FAILED
    assert job.error.startswith("Break stopped: ValueError. Run it again")
    assert str(job.pk) in job.error
    assert "Rivera" not in job.error
    assert not Site.objects.filter(code="half").exists()


def test_a_kind_this_program_does_not_know_fails_with_a_hint():
    job = Job.objects.create(kind="tests.newer", title="From a newer version")

    ended = actions.run(job.pk)

    assert ended.state == State.FAILED
    assert "older worker" in ended.error


def test_a_worker_that_was_taken_for_dead_ends_nothing():
    job = actions.take(actions.open_job("tests.count").pk, owner="slow")
    Job.objects.filter(pk=job.pk).update(owner="fast")

    actions._finish(job, outcome={"late": True})

    job.refresh_from_db()
    assert (job.state, job.owner, job.outcome) == (State.RUNNING, "fast", None)


def test_what_a_job_writes_is_authored_by_the_person_who_asked_for_it(ana, main):
    from cob.jobs.kinds import job_kind
    from tests.factories.patients import PatientFactory

    @job_kind("tests.write", title="Write")
    def write(args, progress):
        PatientFactory(site=main)

    actions.run(actions.open_job("tests.write", by=ana).pk)
    actions.run(actions.open_job("tests.write").pk)

    events = Event.objects.filter(subject_type="patients.patient").order_by("id")
    assert [event.actor_name for event in events] == ["Ana Arroyo", "Write"]


def test_quiet_jobs_with_nothing_to_say_leave_one_row_and_those_with_news_stay():
    for slot in ("1", "2", "3"):
        actions.run(actions.open_job("tests.look", slot=slot).pk)
    actions.run(actions.open_job("tests.look", slot="4", found=2).pk)

    assert sorted(Job.objects.values_list("slot", flat=True)) == ["3", "4"]


def test_a_quiet_job_that_is_over_still_holds_its_slot(done):
    actions.run(actions.open_job("tests.look", slot="2026-03-10").pk)

    assert actions.open_job("tests.look", slot="2026-03-10") is None
    assert len(done) == 1


def test_running_again_is_a_new_job_by_that_person_with_the_same_args_on_the_trail(ben, main):
    first = actions.run(actions.open_job("tests.count", site=main, total=2).pk)

    with acting(ben):
        again = actions.run_again(job=first, by=ben)

    first.refresh_from_db()
    assert first.state == State.DONE
    assert (again.pk != first.pk, again.args, again.by, again.site) == (True, {"total": 2}, ben, main)
    event = Event.objects.get(verb="ran again")
    assert (event.subject_id, event.actor_id) == (str(again.pk), ben.pk)


def test_a_broker_that_cannot_be_reached_costs_nothing_but_a_warning(monkeypatch, caplog):
    from cob.jobs.tasks import run_job

    def refused(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(run_job, "apply_async", refused)

    actions.wake(uuid.uuid4())

    assert "broker_unreachable" in caplog.text
