"""Which worker this process is, and what it is doing now.

A job names the token of the worker that holds it. No earlier life and no sibling shares a token, so a job held by a
dead process of the same machine is recognised at once; only for other machines there is the lease.
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cob.jobs.progress import Progress

_birth = uuid.uuid4().hex[:8]
_doing: dict[uuid.UUID, Progress] = {}
_guard = threading.Lock()


def _reborn() -> None:
    """A forked child is another worker than its parent, and does nothing yet."""
    global _birth
    _birth = uuid.uuid4().hex[:8]
    _doing.clear()


os.register_at_fork(after_in_child=_reborn)


def _machine() -> str:
    """Where process numbers mean the same: the host, and within it the container."""
    namespace = Path("/proc/self/ns/pid")
    inside = namespace.readlink().name.strip("pid:[]") if namespace.is_symlink() else "0"
    return f"{socket.gethostname()[:40]}/{inside}"


def this_worker() -> str:
    """Machine, process and birth: changes with every start and every fork. At most 80 characters."""
    return f"{_machine()}:{os.getpid()}:{_birth}"[:80]


def is_dead_neighbour(owner: str) -> bool:
    """Whether this token is of a process of this very machine that is no more. False when that cannot be known."""
    machine, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    if machine != _machine() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(number) == os.getpid() and owner != this_worker()


def begin(progress: Progress) -> None:
    """This process starts on a job."""
    with _guard:
        _doing[progress.job_id] = progress


def end(job_id: uuid.UUID) -> None:
    """This process has let go of a job, however it ended."""
    with _guard:
        _doing.pop(job_id, None)


def is_doing(job_id: uuid.UUID) -> bool:
    """Whether a thread of this very process is at this job now."""
    with _guard:
        return job_id in _doing


def is_busy() -> bool:
    """Whether this process is at any job now."""
    with _guard:
        return bool(_doing)


def drop_all() -> None:
    """This process ends: each job it is doing stops at its next step and leaves no trace."""
    with _guard:
        for progress in _doing.values():
            progress.lose()
