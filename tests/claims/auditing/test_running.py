"""A run as jobs: everything once, from where it was left, by however many workers, and older runs are forgotten."""

from __future__ import annotations

from uuid import UUID

import pytest

from claims.auditing import reading, running
from claims.models import OrderAudit, OrderDifference
from cob.audit.models import Event
from cob.coverage.supposing import suppose
from cob.jobs import actions as jobs
from cob.jobs.models import Job, State
from cob.jobs.progress import Lost, Progress
from tests.claims import stories
from tests.claims.auditing.conftest import with_two_plans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


@pytest.fixture
def wrong(main):
    """Five patients, each with a claim billed the wrong way round."""
    patients = [with_two_plans(main, chart_number=f"N{n}") for n in range(5)]
    return [stories.claim_of(one, [one.his, one.own], number=f"W{n}") for n, one in enumerate(patients)]


@pytest.fixture
def _small(monkeypatch):
    """One patient a chunk, two a part."""
    monkeypatch.setattr(reading, "CHUNK", 1)
    monkeypatch.setattr(running, "CHUNK", 1)
    monkeypatch.setattr(running, "PART", 2)


def work():
    for job in Job.objects.filter(state=State.QUEUED).order_by("created_at"):
        jobs.run(job.pk)


def found():
    return sorted(OrderDifference.objects.values_list("claim__control_number", flat=True))


ALL = ["W0", "W1", "W2", "W3", "W4"]


@pytest.mark.usefixtures("_small")
def test_every_part_is_a_job_and_together_they_find_every_claim_once(wrong, sol):
    run = running.start(by=sol)

    assert [part.number for part in run.parts.all()] == [1, 2, 3]
    assert Job.objects.filter(kind=running.JOB, state=State.QUEUED).count() == 3
    work()

    run.refresh_from_db()
    assert found() == ALL
    assert run.finished_at
    assert running.added_up([one for p in run.parts.all() for one in p.counts.values()]) == {
        "claims": 5, "differ": 5, "open": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("_small")
def test_a_run_is_not_over_before_its_last_part(wrong, sol):
    run = running.start(by=sol)
    first, *rest = Job.objects.filter(kind=running.JOB).order_by("created_at")
    jobs.run(first.pk)
    run.refresh_from_db()
    assert run.finished_at is None

    for job in rest:
        jobs.run(job.pk)
    run.refresh_from_db()
    assert run.finished_at


def test_a_part_that_was_cut_off_goes_on_behind_its_last_chunk(wrong, sol, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 1)
    run = running.start(by=sol)
    part = run.parts.get()
    chunks, asked = running.chunks, []

    def cut_off(*args, **kwargs):
        for at, chunk in enumerate(chunks(*args, **kwargs)):
            if at == 2:
                raise KeyboardInterrupt
            yield chunk

    monkeypatch.setattr(running, "chunks", cut_off)
    with pytest.raises(KeyboardInterrupt):
        running.do_part(str(part.pk), Progress(part.job_id))
    monkeypatch.setattr(running, "chunks", lambda *a, **k: (asked.append(c) or c for c in chunks(*a, **k)))
    part.refresh_from_db()
    before = part.at

    work()

    assert before is not None
    assert [chunk.last > before for chunk in asked] == [True] * 3
    assert found() == ALL
    assert run.parts.get().counts[str(wrong[0].site_id)]["claims"] == 5


@pytest.mark.parametrize("stretch", [1, 2, 3, 5, 100])
def test_however_wide_an_answer_is_every_patient_comes_once(wrong, monkeypatch, stretch):
    monkeypatch.setattr(reading, "CHUNK", 2)
    monkeypatch.setattr(reading, "STRETCH", stretch)
    ids = sorted(str(claim.patient_id) for claim in wrong)

    found = list(reading.chunks(reading.Scope()))
    behind = list(reading.chunks(reading.Scope(), after=UUID(ids[1])))
    between = list(reading.chunks(reading.Scope(), first=UUID(ids[1]), last=UUID(ids[3])))

    def told(chunks):
        return [(claim.patient, [row[:2] for row in claim.payers]) for chunk in chunks for claim in chunk.claims]

    payers = {str(c.patient_id): [(p.rank, str(p.coverage_id)) for p in c.payers.order_by("rank")] for c in wrong}
    assert told(found) == [(pk, payers[pk]) for pk in ids]
    assert told(behind) == [(pk, payers[pk]) for pk in ids[2:]]
    assert told(between) == [(pk, payers[pk]) for pk in ids[1:4]]
    assert [pk for chunk in found for pk in chunk.charts] == ids
    assert sum(chunk.patients for chunk in found) == 5
    assert str(found[-1].last) == ids[-1]


def test_a_job_done_twice_finds_nothing_twice(wrong, sol):
    run = running.start(by=sol)
    work()
    part = run.parts.first()

    assert running.do_part(str(part.pk), Progress(part.job_id)) == {}
    assert found() == ALL


def test_a_run_whose_last_worker_was_killed_before_ending_it_is_ended(wrong, sol):
    run = running.start(by=sol)
    work()
    OrderAudit.objects.filter(pk=run.pk).update(finished_at=None)
    part = run.parts.get()

    running.do_part(str(part.pk), Progress(part.job_id))

    run.refresh_from_db()
    assert run.finished_at


def test_a_worker_taken_for_dead_writes_nothing(wrong, sol):
    run = running.start(by=sol)
    late = run.parts.first()
    (chunk,) = list(reading.chunks(reading.Scope()))
    running.do_part(str(late.pk), Progress(late.job_id))

    with pytest.raises(Lost):
        running._keep(late, chunk, [])
    assert found() == ALL


def test_a_run_is_of_its_sites(wrong, main, north, sol):
    elsewhere = with_two_plans(north)
    stories.claim_of(elsewhere, [elsewhere.his, elsewhere.own], number="N0")

    run = running.start(by=sol, sites=[main])
    work()

    assert found() == ALL
    assert set(run.parts.first().counts or run.parts.last().counts) <= {str(main.pk)}


def test_a_hypothetical_run_says_so_and_is_no_real_one(wrong, sol):
    run = running.start(by=sol, as_if=suppose(["msp.aged.years=70"]))
    work()

    assert run.is_hypothetical
    assert run.as_if == ["msp.aged.years=70"]
    assert not OrderAudit.objects.real().exists()
    assert found() == []


def test_a_supposition_that_means_nothing_any_more_stops_the_job_in_words(wrong, sol):
    run = running.start(by=sol)
    OrderAudit.objects.filter(pk=run.pk).update(as_if=["luck=7"])
    work()

    (job,) = Job.objects.filter(kind=running.JOB)
    assert job.state == State.FAILED
    assert job.error.startswith("luck: there is no such number or option.")


def test_older_runs_are_forgotten_with_what_they_found(wrong, sol, monkeypatch):
    monkeypatch.setattr(running, "KEPT", 2)
    oldest = running.start(by=sol)
    work()
    for _ in range(2):
        running.start(by=sol)
        work()

    assert not OrderAudit.objects.filter(pk=oldest.pk).exists()
    assert not OrderDifference.objects.filter(run=oldest.pk).exists()


def test_asking_is_on_the_trail_with_its_author(wrong, sol):
    from cob.audit.acting import acting

    with acting(sol):
        running.start(by=sol)

    event = Event.objects.get(verb="order audit asked")
    assert (event.actor_id, event.after) == (sol.pk, {"as_if": [], "parts": 1})


def test_neither_job_nor_its_outcome_names_a_patient_or_a_claim(wrong, sol):
    running.start(by=sol)
    work()

    (job,) = Job.objects.filter(kind=running.JOB)
    said = f"{job.title} {job.args} {job.outcome} {job.error}"
    assert not any(word in said for word in ("Oakes", "W0", "N1", "Lakeside"))
    assert job.outcome == {"claims": 5, "differ": 5, "open": 0}
