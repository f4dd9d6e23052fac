"""An import killed at any moment and started again ends as one that was never disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from io import BytesIO
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from claims.exchange import import_file, receive
from claims.models import AdjudicatedLine, Adjudication, Claim, ClaimPayer, EdiFile, Posting, ReportedAdjustment
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.env import ROOT
from tests.claims.edi_samples import answer, claim, file_835, file_837p, insured, service, svc

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CLAIMS, KILLS = 400, 8


def files(folder):
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


def undisturbed(paths):
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
        "rows": [m.objects.count() for m in (Adjudication, AdjudicatedLine, ReportedAdjustment, EdiFile)],
        "outcomes": sorted(EdiFile.objects.values_list("kind", "outcome")),
        "told": Event.objects.filter(verb__in=["remittance posted", "claims imported"]).count(),
    }


def database_url():
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    # The server may be named by the folder of its socket, and its user be the one who runs the tests.
    who = f"{values['USER']}@" if values["USER"] else ""
    where = quote(values["HOST"] or "localhost", safe="")
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{who}{where}{port}/{values['NAME']}"


def start(path, folder):
    env = os.environ | {"DATABASE_URL": database_url(), "COB_DATA_DIR": str(folder)}
    command = [sys.executable, str(ROOT / "manage.py"), "import_edi", str(path)]
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_an_import_killed_many_times_ends_like_one_that_was_not(main, tmp_path):
    paths = files(tmp_path)
    expected, seconds = undisturbed(paths)
    empty = tmp_path / "empty.835"
    empty.touch()
    began = time.monotonic()
    start(empty, tmp_path / "data").wait()
    to_start = time.monotonic() - began
    with acting("rehearsal"):
        EdiFile.objects.all().delete()
    chance, killed = random.Random(), 0
    for path, took in zip(paths, seconds, strict=True):
        for _ in range(KILLS // 2):
            process = start(path, tmp_path / "data")
            try:
                process.wait(timeout=to_start * 0.8 + took * chance.uniform(0.0, 0.8))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.wait()
        assert start(path, tmp_path / "data").wait() == 0

    assert killed >= 5
    assert state() == expected
