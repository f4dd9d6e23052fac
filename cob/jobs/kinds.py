"""The kinds of job there are: each app names its own with `@job_kind` and this keeps the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cob.jobs.progress import Progress

Handler = Callable[[dict[str, Any], Progress], dict[str, Any] | None]


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
    being killed anywhere. `quiet` kinds are forgotten when they end well with nothing to say (outcome empty).
    """

    def register(run: Handler) -> Handler:
        KINDS[name] = Kind(name=name, title=title, run=run, quiet=quiet)
        return run

    return register
