"""The kinds of job there are: each app names its own with `@job_kind` and this keeps the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cob.jobs.progress import Progress

Handler = Callable[[dict[str, Any], Progress], dict[str, Any] | None]


class JobStopped(Exception):
    """Raised by a handler that cannot go on: its sentence is shown on the jobs page as it is.

    Say what was wrong and what to do. No patient data: name files, lines and ids of rows.
    """


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    title: str
    run: Handler
    quiet: bool = False


KINDS: dict[str, Kind] = {}


def job_kind(name: str, *, title: str, quiet: bool = False) -> Callable[[Handler], Handler]:
    """Register the function that does this kind of work.

    It is given the job's args and a Progress, and returns the outcome as JSON. It must be safe to run again after
    being killed anywhere. Of a `quiet` kind that ends well with nothing to say (empty outcome), only the latest job
    is kept.
    """

    def register(run: Handler) -> Handler:
        KINDS[name] = Kind(name=name, title=title, run=run, quiet=quiet)
        return run

    return register
