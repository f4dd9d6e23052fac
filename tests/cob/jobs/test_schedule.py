"""The clock may tick twice, late or not at all: each slot's work is done once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from cob.jobs import actions, schedule
from cob.jobs.models import Job

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def at(day, hour, minute):
    return datetime(2026, 3, day, hour, minute, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def _schedule(settings, woken):
    settings.TIME_ZONE = "America/New_York"
    settings.JOB_SCHEDULE = {
        "jobs.sweep": timedelta(minutes=1),
        "tests.count": "04:10",
        "tests.look": timedelta(seconds=15),
    }


def test_two_ticks_of_one_slot_open_one_job():
    first = schedule.open_slot("tests.count", now=at(10, 4, 10))
    second = schedule.open_slot("tests.count", now=at(10, 4, 10))

    assert first is not None
    assert second is None
    assert Job.objects.count() == 1


def test_a_second_tick_after_the_job_was_done_does_not_do_it_again(done):
    actions.run(schedule.open_slot("tests.count", now=at(10, 4, 10)).pk)

    assert schedule.open_slot("tests.count", now=at(10, 4, 11)) is None
    assert len(done) == 1


def test_the_next_day_is_another_slot(done):
    actions.run(schedule.open_slot("tests.count", now=at(10, 4, 10)).pk)

    assert schedule.open_slot("tests.count", now=at(11, 4, 10)) is not None


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        pytest.param(datetime(2026, 3, 11, 3, 59, tzinfo=UTC), "2026-03-10", id="before midnight in the practice"),
        pytest.param(datetime(2026, 3, 11, 4, 0, tzinfo=UTC), "2026-03-11", id="midnight in the practice"),
    ],
)
def test_a_day_is_the_practices_day(now, slot):
    assert schedule.slot_of("04:10", now) == slot


def test_an_interval_slot_is_its_start():
    assert schedule.slot_of(timedelta(seconds=15), datetime.fromtimestamp(1029, UTC)) == "1020"


def test_an_interval_job_waits_for_the_one_before_it():
    job = schedule.open_slot("tests.look", now=at(10, 9, 0))

    assert schedule.open_slot("tests.look", now=at(10, 9, 1)) is None
    actions.run(job.pk)
    assert schedule.open_slot("tests.look", now=at(10, 9, 1)) is not None


@pytest.mark.parametrize(
    ("now", "opened"),
    [
        pytest.param(at(10, 4, 9), [], id="a minute before its hour"),
        pytest.param(at(10, 4, 10), ["tests.count"], id="at its hour"),
        pytest.param(at(10, 23, 59), ["tests.count"], id="late in the evening"),
    ],
)
def test_the_days_missed_work_is_caught_up_once(now, opened):
    assert schedule.catch_up(now=now) == opened
    assert schedule.catch_up(now=now) == []


def test_the_sweep_catches_up_too_when_a_tick_was_lost():
    schedule.open_slot("jobs.sweep", now=at(10, 4, 11))

    assert list(Job.objects.values_list("kind", "slot")) == [("tests.count", "2026-03-10")]


def test_a_tick_for_a_kind_nobody_knows_any_more_is_ignored():
    assert schedule.open_slot("tests.removed") is None
    assert not Job.objects.exists()


def test_the_beat_entries_follow_the_settings():
    entries = schedule.beat_schedule()

    assert entries["tests.count"]["schedule"].hour == {4}
    assert entries["tests.count"]["schedule"].minute == {10}
    assert entries["tests.look"]["schedule"] == timedelta(seconds=15)
    assert entries["tests.look"]["options"] == {"expires": 15}


def test_every_scheduled_kind_of_this_desk_has_a_program(settings):
    from cob.checks import schedule_names_known_jobs

    assert [message.id for message in schedule_names_known_jobs()] == []
    settings.JOB_SCHEDULE = {"tests.removed": "04:10"}
    assert [message.id for message in schedule_names_known_jobs()] == ["COB.E006"]


@pytest.mark.parametrize(("minutes", "kept"), [(1, 1), (-1, 0)], ids=["still good", "over"])
def test_a_session_that_is_over_is_deleted_with_what_was_asked_in_it(settings, minutes, kept):
    settings.JOB_SCHEDULE = {"sessions.forget": "04:20"}
    Session.objects.create(session_key="s", session_data="x", expire_date=timezone.now() + timedelta(minutes=minutes))

    actions.run(schedule.open_slot("sessions.forget").pk)

    assert Session.objects.count() == kept


HAS_A_PLAN = """
import threading
import django
django.setup()
from celery import beat
from cob.jobs import embedded

plan = threading.Event()

class Clock(beat.Service):
    def start(self):
        print(*sorted(self.scheduler.schedule), sep="\\n")
        plan.set()

beat.Service = Clock
embedded._work = lambda: embedded._is_over.set() if plan.wait(20) else None  # a worker that is slow to begin
embedded._live()
"""


def test_the_clock_of_the_embedded_worker_has_its_plan_however_slow_the_worker_begins(desk, settings):
    planned = set(desk.run("-c", HAS_A_PLAN).split())

    assert {kind for kind in settings.JOB_SCHEDULE if not kind.startswith("tests.")} <= planned
