"""The jobs page: what ran, how far, what failed and why; whose jobs one sees; and running one again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from cob.jobs import actions, presenters, sweep
from cob.jobs.models import Job, State
from cob.jobs.progress import Progress

pytestmark = pytest.mark.django_db
LIST = "/jobs/"


def page_of(job):
    return reverse("jobs:job-page", args=[job.pk])


def test_the_list_says_what_ran_for_how_long_and_why_it_failed(sign_in, ben, main):
    failed = actions.run(actions.open_job("tests.refuse", by=ben, site=main).pk)
    Job.objects.filter(pk=failed.pk).update(finished_at=failed.started_at + timedelta(seconds=185))

    page = sign_in(ben).get(LIST).content.decode()

    assert "Read a file" in page
    assert "Failed" in page
    assert "3 min 5 s" in page
    assert "Line 3 has no amount. Ask the payer for a corrected file." in page


@pytest.mark.parametrize(("state", "shown"), [("failed", 1), ("done", 2), ("", 3), ("nonsense", 3)])
def test_the_list_is_narrowed_by_state(sign_in, ben, state, shown):
    for kind in ("tests.count", "tests.count", "tests.refuse"):
        actions.run(actions.open_job(kind).pk)

    assert len(sign_in(ben).get(LIST, {"state": state}).context["rows"]) == shown


def test_the_list_costs_the_same_for_one_job_and_for_fifty(sign_in, ben, main, queries_of):
    client = sign_in(ben)
    actions.open_job("tests.count", by=ben, site=main)
    for_one = queries_of(lambda: client.get(LIST))

    for _ in range(49):
        actions.open_job("tests.count", by=ben, site=main)

    assert queries_of(lambda: client.get(LIST)) == for_one
    assert len(client.get(LIST).context["rows"]) == 50


def test_another_sites_job_is_not_there(sign_in, kit, ben, main):
    job = actions.open_job("tests.count", by=ben, site=main)

    client = sign_in(kit)

    assert client.get(LIST).context["rows"] == []
    assert client.get(page_of(job)).status_code == 404
    assert client.get(reverse("jobs:job-progress", args=[job.pk])).status_code == 404


def test_a_running_job_shows_how_far_it_is_and_asks_for_itself_every_second(sign_in, ben):
    job = actions.take(actions.open_job("tests.count").pk)
    progress = Progress(job.pk)
    progress.of(100, "reading claims")
    progress.at(40)
    cache.set(f"job-progress:{job.pk}", {"done": 40, "total": 100, "what": "reading claims", "at": 0})

    page = sign_in(ben).get(page_of(job)).content.decode()

    assert "40 of 100" in page
    assert "reading claims" in page
    assert 'hx-trigger="every 1s"' in page
    assert "<noscript>" in page


@pytest.mark.parametrize(("is_over", "status"), [(False, 200), (True, 286)])
def test_the_polled_part_stops_being_polled_when_the_job_is_over(sign_in, ben, is_over, status):
    job = actions.open_job("tests.count")
    if is_over:
        actions.run(job.pk)

    answer = sign_in(ben).get(reverse("jobs:job-progress", args=[job.pk]))

    assert answer.status_code == status
    assert b"<html" not in answer.content
    assert (b"hx-get" in answer.content) is not is_over


def test_a_supervisor_runs_a_job_again_and_lands_on_the_new_one(sign_in, sol, main):
    job = actions.run(actions.open_job("tests.refuse", site=main).pk)

    answer = sign_in(sol).post(reverse("jobs:job-again", args=[job.pk]))

    again = Job.objects.exclude(pk=job.pk).get()
    assert answer.url == page_of(again)
    assert (again.by, again.state, again.site) == (sol, State.QUEUED, main)


def test_of_two_who_run_a_job_again_the_second_is_shown_what_the_first_started(sign_in, sol):
    job = actions.run(actions.open_job("tests.refuse").pk)
    client, here = sign_in(sol), reverse("jobs:job-again", args=[job.pk])

    first, second = client.post(here).url, client.post(here)

    assert second.url == first
    assert "is not over yet. This is the job that does it." in client.get(first).content.decode()
    assert Job.objects.count() == 2


def test_the_same_kind_of_work_on_something_else_is_no_repetition(sol):
    job = actions.run(actions.open_job("tests.refuse", part="1").pk)
    actions.open_job("tests.refuse", part="2")

    with acting(sol):
        assert actions.run_again(job=job, by=sol).args == {"part": "1"}


def test_a_job_that_is_not_over_is_not_doubled(sign_in, sol):
    job = actions.open_job("tests.count")

    sign_in(sol).post(reverse("jobs:job-again", args=[job.pk]))

    assert Job.objects.count() == 1


def test_a_biller_sees_jobs_but_does_not_run_them_again(sign_in, ben):
    job = actions.run(actions.open_job("tests.refuse").pk)
    client = sign_in(ben)

    assert b"Run again" not in client.get(page_of(job)).content
    assert client.post(reverse("jobs:job-again", args=[job.pk])).status_code == 403


@pytest.mark.parametrize(
    ("silent", "says"),
    [
        pytest.param(None, "No worker has been heard of yet", id="never"),
        pytest.param(presenters.SILENCE - timedelta(seconds=1), "", id="lately"),
        pytest.param(presenters.SILENCE + timedelta(seconds=5), "for 3 min 5 s", id="too long ago"),
    ],
)
def test_a_missing_worker_is_said_before_anybody_wonders(silent, says):
    now = timezone.now()

    told = presenters.silence(now - silent if silent else None, now)

    assert (says in told) if says else not told


def test_the_list_warns_while_no_worker_runs(sign_in, ben, woken):
    client = sign_in(ben)
    assert b"No worker has been heard of" in client.get(LIST).content

    sweep.requeue_abandoned()

    assert b"No worker has been heard of" not in client.get(LIST).content


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (10, "10 s"),
        (59.4, "59 s"),
        (60, "1 min 0 s"),
        (3599, "59 min 59 s"),
        (3720, "1 h 2 min"),
    ],
)
def test_a_duration_in_words(seconds, words):
    assert presenters.duration(timedelta(seconds=seconds)) == words


def test_an_outcome_is_told_in_words():
    row = presenters.present(
        [
            Job(
                title="x",
                state=State.DONE,
                outcome={"claims_read": 12, "held": ["a", "b"], "balanced": True, "file": None},
            )
        ]
    )[0]

    assert row.outcome == (("Claims read", "12"), ("Held", "a, b"), ("Balanced", "yes"), ("File", "—"))
    assert row.summary == "claims read: 12, held: a, b, balanced: yes, file: —"
