"""One file brought by several at once: one row, one job, and it posts once."""

from __future__ import annotations

from io import BytesIO

import pytest

from claims.exchange import import_file, open_import, receive
from claims.models import EdiFile, Posting
from cob.audit.acting import acting
from cob.jobs.models import Job
from tests.at_once import at_once
from tests.claims.edi_samples import (
    answer,
    claim,
    file_835,
    file_837p,
    svc,
)

pytestmark = pytest.mark.django_db
GOOD = file_835(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00))))


def test_two_receive_the_same_bytes_and_there_is_one_row(main, ben, kit):
    with acting(ben):
        first, is_new = receive("a.835", BytesIO(GOOD), by=ben)
    with acting(kit):
        second, is_new_again = receive("b.835", BytesIO(GOOD), by=kit)

    assert (first.pk, is_new, is_new_again) == (second.pk, True, False)
    assert second.name == "a.835"


def test_an_import_opens_one_job_however_often_it_is_asked_for(main, ben):
    with acting(ben):
        edi_file, _ = receive("a.835", BytesIO(GOOD), by=ben)
        first, second = open_import(edi_file, by=ben), open_import(edi_file, by=ben)
        assert first == second
        import_file(edi_file)
        assert open_import(edi_file, by=ben) is None

    assert Job.objects.filter(kind="claims.import_file").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("workers", [2, 4])
def test_of_workers_that_import_one_file_at_once_one_posts(main, ben, workers):
    with acting(ben):
        claims, _ = receive("c.837", BytesIO(file_837p(claim())), by=ben)
        import_file(claims)
        remits, _ = receive("r.835", BytesIO(GOOD), by=ben)

    def work(by):
        with acting(by):
            return import_file(EdiFile.objects.get(pk=remits.pk))["outcome"]

    assert sorted(at_once(work, [ben] * workers)) == ["already_imported"] * (workers - 1) + ["posted"]
    assert Posting.objects.filter(kind="payment").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_that_bring_one_file_at_once_both_get_the_one_row(main, ben):
    def bring_it(by):
        with acting(by):
            return receive("r.835", BytesIO(GOOD), by=by)

    found = at_once(bring_it, [ben, ben])

    assert {row.pk for row, _ in found} == {EdiFile.objects.get().pk}
    assert sorted(is_new for _, is_new in found) == [False, True]
