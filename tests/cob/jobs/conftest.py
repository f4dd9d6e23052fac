"""Kinds of job that exist only here, and what they were seen doing."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction

from cob.accounts.models import Site
from cob.jobs.kinds import KINDS, JobStopped, job_kind


@pytest.fixture
def done():
    """The args of each time a test job was done, in order."""
    return []


@pytest.fixture(autouse=True)
def _test_kinds(done):
    before = dict(KINDS)

    @job_kind("tests.count", title="Count")
    def count(args, progress):
        done.append(args)
        progress.of(args.get("total", 3), "counting")
        for _ in range(args.get("total", 3)):
            progress.step()
        return {"counted": args.get("total", 3)}

    @job_kind("tests.look", title="Look for news", quiet=True)
    def look(args, progress):
        done.append(args)
        return {"found": args["found"]} if args.get("found") else None

    @job_kind("tests.refuse", title="Read a file")
    def refuse(args, progress):
        raise JobStopped("Line 3 has no amount. Ask the payer for a corrected file.")

    @job_kind("tests.crash", title="Break")
    def crash(args, progress):
        with transaction.atomic():
            Site.objects.create(name="Half done", code="half", npi="1000000004")
            raise ValueError("Rivera, Rosa 04/02/1980")

    yield
    KINDS.clear()
    KINDS.update(before)


@pytest.fixture
def woken(monkeypatch):
    """Which jobs the broker was told of, in order."""
    from cob.jobs import actions, sweep

    told = []
    monkeypatch.setattr(actions, "wake", lambda pk: told.append(pk))
    monkeypatch.setattr(sweep, "wake", lambda pk: told.append(pk))
    return told


@pytest.fixture
def is_postgresql():
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]
