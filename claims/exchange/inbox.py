"""The watched folder: what lies there whole is received and imported, then moved to `done` or `failed`.

A file is moved only when its row exists and its import has ended; killed anywhere, the next look goes on from there.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache

from claims.exchange.keeping import receive, sweep_arriving
from claims.exchange.opening import claims_first, open_import
from claims.models import EdiFile
from claims.models.edi_file import Outcome
from cob.jobs.models import State

log = structlog.get_logger(__name__)

SETTLED_SECONDS = 2
# A file nobody has looked at before is taken at once when it has lain still this long; else at the second look.
SURELY_SETTLED_SECONDS = 15
_REMEMBER_SECONDS = 24 * 3600
_TURNED_AWAY = (Outcome.QUARANTINED, Outcome.REFUSED)


@dataclass(slots=True)
class Looked:
    """What one look at the folder did."""

    received: int = 0
    done: int = 0
    failed: int = 0


def look(*, now: float | None = None) -> Looked:
    """Receive what has settled, open its import, and move away what was imported."""
    folder = Path(settings.INBOX_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep_arriving()
    found = Looked()
    lying = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    for path in claims_first(path for path in lying if not path.is_symlink() and path.is_file()):
        try:
            _take(path, time.time() if now is None else now, found)
        except OSError as error:
            # It may have been taken away, or we may not read it: the next look tells.
            log.warning("inbox_file_unreadable", code=type(error).__name__)
    return found


def _take(path: Path, now: float, found: Looked) -> None:
    stat = path.stat()
    print_of = (path.name, stat.st_size, stat.st_mtime_ns)
    known: dict[str, Any] = cache.get(_key(path)) or {}
    if known.get("print") != print_of:
        cache.set(_key(path), {"print": print_of}, _REMEMBER_SECONDS)
        if now - stat.st_mtime < SURELY_SETTLED_SECONDS:
            return
        known = {}
    if now - stat.st_mtime < SETTLED_SECONDS:
        return
    row = known.get("row")
    edi_file = EdiFile.objects.filter(pk=row).select_related("job").first() if row else None
    if edi_file is None:
        with path.open("rb") as stream:
            edi_file, is_new = receive(path.name, stream, by=None)
        found.received += is_new
        cache.set(_key(path), {"print": print_of, "row": str(edi_file.pk)}, _REMEMBER_SECONDS)
    _settle(path, edi_file, found)


def _settle(path: Path, edi_file: EdiFile, found: Looked) -> None:
    """Move the file when its import has ended; until then see to it that one is under way."""
    if edi_file.outcome in _TURNED_AWAY or (edi_file.job and edi_file.job.state == State.FAILED):
        _move(path, "failed", edi_file)
        found.failed += 1
    elif edi_file.outcome != Outcome.WAITING:
        _move(path, "done", edi_file)
        found.done += 1
    else:
        open_import(edi_file, by=None)


def _move(path: Path, to: str, edi_file: EdiFile) -> None:
    folder = path.parent / to
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / path.name
    if target.exists():
        target = folder / f"{path.stem}.{edi_file.sha256[:8]}{path.suffix}"
    path.replace(target)
    cache.delete(_key(path))


def _key(path: Path) -> str:
    # Cache keys must not hold blanks or be long; file names do both.
    return f"inbox:{os.fsencode(path.name).hex()[:180]}"
