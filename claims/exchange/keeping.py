"""A file is kept before anything else is known about it: streamed to disk under its own hash, then one row.

The same bytes are one row. Two people who bring the same file at once both end up with that row, and one of them is
told that it was there already.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from pathlib import Path
from typing import IO

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from claims.models import EdiFile
from cob.accounts.models import Site, User

_CHUNK = 1024 * 1024
_LEFT_BEHIND_SECONDS = 24 * 3600


def receive(name: str, stream: IO[bytes], *, by: User | None, job_site: Site | None = None) -> tuple[EdiFile, bool]:
    """Keep the raw file and give its row; True when these bytes were never seen before.

    Safe to be killed anywhere: without the row nothing was received, and the sender still has the file. `job_site`
    makes a new file visible at that site before its contents name one.
    """
    kept, sha256, size = _keep(stream)
    try:
        with transaction.atomic():
            found = EdiFile.objects.filter(sha256=sha256).first()
            if found:
                return found, False
            row = EdiFile(name=_written(name), sha256=sha256, size=size, by=by)
            row.kept.name = kept
            row.save()
            if job_site:
                row.sites.add(job_site)
            return row, True
    except IntegrityError:
        return EdiFile.objects.get(sha256=sha256), False


def _written(name: str) -> str:
    """A file's own name as a column can hold it: a letter of another encoding than UTF-8 becomes a question mark."""
    return Path(name).name[:200].encode(errors="replace").decode()


def _keep(stream: IO[bytes]) -> tuple[str, str, int]:
    """Write under a passing name, then rename to the hash: a half-written file never carries a final name."""
    part = Path(default_storage.path(f"edi/arriving/{uuid.uuid4().hex}.part"))
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        sha256 = digest.hexdigest()
        kept = f"edi/{sha256[:2]}/{sha256}.x12"
        final = Path(default_storage.path(kept))
        final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.replace(final)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return kept, sha256, size


def sweep_arriving(*, now: float | None = None) -> int:
    """Remove what a killed process left half-written more than a day ago. Returns how many."""
    folder = Path(default_storage.path("edi/arriving"))
    limit = (time.time() if now is None else now) - _LEFT_BEHIND_SECONDS
    old = [part for part in folder.glob("*.part") if part.stat().st_mtime < limit] if folder.is_dir() else []
    for part in old:
        part.unlink(missing_ok=True)
    return len(old)
