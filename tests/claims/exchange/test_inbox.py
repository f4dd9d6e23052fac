"""The watched folder: nothing is taken half-written, nothing is moved before it is safe, nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings

from claims.exchange import import_file
from claims.exchange.inbox import look
from claims.models import Claim, EdiFile
from cob.audit.acting import acting
from cob.jobs.models import Job, State
from tests.claims.edi_samples import answer, claim, file_835, file_837p, svc, transaction

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000.0


@pytest.fixture
def inbox(main):
    folder = Path(settings.INBOX_DIR)
    folder.mkdir(parents=True)
    return folder


def lay(folder, name, data, *, age):
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (NOW - age, NOW - age))
    return path


def see(now=NOW):
    with acting("Look into the watched folder"):
        return look(now=now)


def work():
    """What the worker does with the jobs that are open."""
    with acting("Import a file"):
        for job in Job.objects.filter(kind="claims.import_file", state=State.QUEUED):
            import_file(EdiFile.objects.get(pk=job.args["edi_file"]))
            Job.objects.filter(pk=job.pk).update(state=State.DONE)


def test_claims_are_received_before_what_answers_them_whatever_they_are_called(inbox):
    lay(inbox, "1.835", file_835(transaction(answer("PCN1", svc()))), age=60)
    lay(inbox, "2.837", file_837p(claim()), age=60)
    see()

    assert [row.name for row in EdiFile.objects.order_by("received_at")] == ["2.837", "1.835"]


def test_a_file_that_lies_still_is_received_imported_and_then_moved(inbox):
    path = lay(inbox, "claims.837", file_837p(claim()), age=60)
    first = see()
    assert (first.received, first.done, path.exists()) == (1, 0, True)
    work()
    second = see()

    assert (second.received, second.done, path.exists()) == (0, 1, False)
    assert (inbox / "done" / "claims.837").exists()
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(("age", "looks", "received"), [(1.9, 2, 0), (2.0, 1, 0), (2.0, 2, 1), (15.0, 1, 1)])
def test_a_file_is_taken_when_it_has_settled(inbox, age, looks, received):
    lay(inbox, "a.835", file_835(answer("PCN1", svc())), age=age)
    for _ in range(looks):
        see()

    assert EdiFile.objects.count() == received


def test_a_file_that_grew_between_two_looks_waits(inbox):
    lay(inbox, "a.835", b"ISA*half", age=10)
    see()
    lay(inbox, "a.835", file_835(answer("PCN1", svc())), age=5)
    see()
    assert EdiFile.objects.count() == 0
    see()
    assert EdiFile.objects.get().size > 100


def test_what_is_turned_away_goes_to_failed_and_stays_on_file(inbox):
    lay(inbox, "letter.txt", b"Dear Sir", age=60)
    see()
    work()
    found = see()

    assert found.failed == 1
    assert (inbox / "failed" / "letter.txt").read_bytes() == b"Dear Sir"
    assert EdiFile.objects.get().outcome == "refused"


def test_killed_after_the_row_and_before_the_move_the_next_look_moves_it(inbox):
    from django.core.cache import cache

    path = lay(inbox, "claims.837", file_837p(claim()), age=60)
    see()
    work()
    cache.clear()
    found = see()

    assert (found.received, found.done, path.exists()) == (0, 1, False)
    assert (EdiFile.objects.count(), Claim.objects.count()) == (1, 1)


def test_one_job_however_often_the_clock_ticks(inbox):
    lay(inbox, "claims.837", file_837p(claim()), age=60)
    for _ in range(3):
        see()

    assert Job.objects.filter(kind="claims.import_file").count() == 1


def test_the_same_name_twice_keeps_both_files(inbox):
    for number in (1, 2):
        lay(inbox, "claims.837", file_837p(claim(f"PCN{number}"), number=number), age=60)
        see()
        work()
        see()

    assert len(list((inbox / "done").iterdir())) == 2


def test_hidden_files_and_links_are_left_alone(inbox, tmp_path):
    lay(inbox, ".part", b"x", age=60)
    outside = tmp_path / "outside"
    outside.write_bytes(b"x")
    (inbox / "link").symlink_to(outside)
    see()

    assert EdiFile.objects.count() == 0


def test_a_name_in_another_encoding_holds_up_neither_its_file_nor_the_others(inbox):
    lay(inbox, os.fsdecode(b"m\xe4rz.837"), file_837p(claim()), age=60)
    lay(inbox, "z.835", file_835(transaction(answer("PCN1", svc()))), age=60)
    see()
    work()
    last = see()

    assert sorted(EdiFile.objects.values_list("name", flat=True)) == ["m?rz.837", "z.835"]
    assert (last.done, last.failed) == (2, 0)
    assert sorted(os.fsencode(path.name) for path in (inbox / "done").iterdir()) == [b"m\xe4rz.837", b"z.835"]
