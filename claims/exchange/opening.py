"""An import as a job: opened once for a file, however many people press the button, and claims before answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from claims.models import EdiFile
from claims.models.edi_file import Outcome
from cob.accounts.models import Site, User
from cob.jobs.actions import open_job
from cob.jobs.models import Job
from cob.x12.errors import X12Error
from cob.x12.sniff import sniff

JOB = "claims.import_file"


def claims_first(paths: Iterable[Path]) -> list[Path]:
    """Files of claims before those that answer them, else as given: an answer whose claims are on file is matched at
    once, and tells whose remittance it is."""
    return sorted(paths, key=lambda path: not _holds_claims(path))


def _holds_claims(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return sniff(stream).kind == "837P"
    except (OSError, X12Error):
        return False


class _SomebodyElseDid(Exception):
    """Two at once: the other's job stands."""


def open_import(edi_file: EdiFile, *, by: User | None, site: Site | None = None) -> Job | None:
    """The job that imports this file: a new one, or the one under way. None when the file is imported already."""
    edi_file.refresh_from_db()
    if edi_file.outcome in (Outcome.POSTED, Outcome.STORED, Outcome.ALREADY_IMPORTED):
        return None
    if edi_file.job and not edi_file.job.is_over:
        return edi_file.job
    try:
        with transaction.atomic():
            job = open_job(JOB, by=by, site=site, edi_file=str(edi_file.pk))
            if not EdiFile.objects.filter(pk=edi_file.pk, job=edi_file.job_id).update(job=job):
                raise _SomebodyElseDid
    except _SomebodyElseDid:
        edi_file.refresh_from_db()
        return edi_file.job
    edi_file.refresh_from_db()
    return job
