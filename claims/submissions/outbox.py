"""The folder from which files go to the clearinghouse: a file appears there complete, once its sending is on file.

It is laid out under a hidden name before the commit and takes its own name after it; what a crash leaves in between is
settled at the next sending: released when the submission was committed, removed when it was not.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.conf import settings

from claims.models import Submission

_UNSETTLED_SECONDS = 600


def folder() -> Path:
    """`outbox` in the data folder, made when first needed."""
    found = Path(settings.DATA_DIR) / "outbox"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def lay_out(interchange: str, data: bytes) -> None:
    """Write the file where nobody looks yet."""
    handle = os.open(_hidden(interchange), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def release(interchange: str) -> None:
    """Let it go, under its final name; doing it again does nothing."""
    hidden = _hidden(interchange)
    if hidden.exists():
        hidden.replace(folder() / f"{interchange}.837")


def settle(*, now: float | None = None) -> int:
    """Release or remove what was left laid out more than ten minutes ago. Returns how many files it settled."""
    limit = (time.time() if now is None else now) - _UNSETTLED_SECONDS
    left = [path for path in folder().glob(".*.part") if path.stat().st_mtime < limit]
    for path in left:
        interchange = path.name[1:-5]
        if Submission.objects.filter(interchange=interchange).exclude(kept="").exists():
            release(interchange)
        else:
            path.unlink(missing_ok=True)
    return len(left)


def _hidden(interchange: str) -> Path:
    return folder() / f".{interchange}.part"
