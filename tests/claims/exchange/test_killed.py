"""An import killed at any moment and started again ends as one that was never disturbed; of two at once, one posts."""

from __future__ import annotations

import os
import random
import time
from io import BytesIO

import pytest
from django.db import transaction

from claims.exchange import import_file, receive
from claims.ledger_check import check_all
from claims.models import AdjudicatedLine, Adjudication, Claim, ClaimPayer, EdiFile, Posting, ReportedAdjustment
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims.edi_samples import answer, claim, file_835, file_837p, insured, service, svc
from tests.claims.exchange import workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CLAIMS = 200
# COB_KILLS=20 for the long run; a handful in every run of the suite.
KILLS = int(os.environ.get("COB_KILLS", "6"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the workers keep their files, the same for all of them: they are copies of one process."""
    return tmp_path_factory.mktemp("workers")


@pytest.fixture
def paths(main, folder, monkeypatch):
    """A file of claims and its remittance, and an environment in which workers find the tests' database."""
    monkeypatch.setenv("DATABASE_URL", workers.database_url())
    monkeypatch.setenv("COB_DATA_DIR", str(folder / "data"))
    people = [insured(member=f"MEM{n:04}", last=f"DOE{n:04}") for n in range(CLAIMS)]
    lines = (service(1), service(2, "85025", 77_00))
    claims = [claim(f"PCN{n:04}", *lines, subscriber=who) for n, who in enumerate(people)]
    answers = [
        answer(
            f"PCN{n:04}",
            svc(("CO-45", 50_00), ("PR-2", 20_00)),
            svc(("CO-45", 17_00), code="85025", charge=77_00, number=2),
            number=f"ICN{n:04}",
            last=f"DOE{n:04}",
        )
        for n in range(CLAIMS)
    ]
    found = folder / "claims.837", folder / "week.835"
    for path, data in zip(found, (file_837p(*claims), file_835(*answers)), strict=True):
        path.write_bytes(data)
    return found


@pytest.fixture
def expected(paths):
    """What one clean run leaves, worked out and rolled back, and how long each file took."""
    seconds = []
    with transaction.atomic(), acting("rehearsal"):
        for path in paths:
            began = time.monotonic()
            edi_file, _ = receive(path.name, BytesIO(path.read_bytes()), by=None)
            import_file(edi_file)
            seconds.append(time.monotonic() - began)
        found = state()
        transaction.set_rollback(True)
    return found, seconds


def state():
    claims = Claim.objects.order_by("control_number")
    postings = Posting.objects.order_by("claim__control_number", "posted_at")
    return {
        "claims": list(claims.values_list("control_number", "paid_cents", "written_off_cents", "patient_cents")),
        "payers": list(ClaimPayer.objects.order_by("claim__control_number").values_list("state", "answered_on")),
        "postings": list(postings.values_list("claim__control_number", "line__number", "kind", "carc", "amount_cents")),
        "rows": rows(),
        "files": EdiFile.objects.count(),
        "outcomes": sorted(EdiFile.objects.values_list("kind", "outcome")),
        "told": Event.objects.filter(verb__in=["remittance posted", "claims imported"]).count(),
    }


def rows():
    return [m.objects.count() for m in (Claim, Adjudication, AdjudicatedLine, ReportedAdjustment, Posting)]


def test_an_import_killed_many_times_ends_like_one_that_was_not(paths, expected):
    expected, seconds = expected
    chance, killed = random.Random(), 0
    for path, took in zip(paths, seconds, strict=True):
        before = rows()
        for _ in range(KILLS // 2):
            gate = workers.CONTEXT.Barrier(2)
            worker = workers.start(path, gate)
            gate.wait(60)
            time.sleep(chance.uniform(0, took))
            worker.kill()
            if workers.outcome(worker) is None:
                killed += 1
                assert rows() == before or EdiFile.objects.filter(outcome__in=["stored", "posted"], name=path.name)
        gate = workers.CONTEXT.Barrier(1)
        assert workers.outcome(workers.start(path, gate)) in {"stored", "posted", "already_imported"}

    assert killed >= KILLS // 2
    assert state() == expected
    assert check_all().broken == {}


def test_of_two_workers_that_import_one_file_at_once_one_posts(paths, expected):
    expected, _ = expected
    for path, done in zip(paths, ("stored", "posted"), strict=True):
        gate = workers.CONTEXT.Barrier(2)
        both = [workers.start(path, gate) for _ in range(2)]
        assert sorted(map(workers.outcome, both)) == ["already_imported", done]

    assert state() == expected
