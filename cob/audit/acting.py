"""Every write has an author: a person or a named task. Outside `acting(...)` a write is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from cob.accounts.models import User
from cob.audit.subscribers import gathering


class NobodyActing(RuntimeError):
    """A row that must have an author was about to be written without one."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts now. `who` is looked up when first needed, so a request that writes nothing costs nothing."""

    who: Callable[[], User | str | None]
    verb: str = ""
    reason: str = ""
    request_id: str = ""


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


@contextmanager
def acting(
    by: User | str | Callable[[], User | str | None], *, reason: str = "", request_id: str = ""
) -> Iterator[None]:
    """Name who is responsible for the writes inside: a user, or a task by its name ("nightly sweep")."""
    who = by if callable(by) and not isinstance(by, User) else lambda: by
    token = _actor.set(Actor(who=who, reason=reason, request_id=request_id or uuid.uuid4().hex))
    try:
        with gathering():
            yield
    finally:
        _actor.reset(token)


@contextmanager
def doing(verb: str, *, reason: str = "") -> Iterator[None]:
    """Name the act: rows written inside are on the trail under this verb instead of plain created/changed."""
    now = current()
    token = _actor.set(replace(now, verb=verb, reason=reason or now.reason))
    try:
        yield
    finally:
        _actor.reset(token)


def current() -> Actor:
    """The actor of this thread. Raises NobodyActing outside `acting(...)` or when nobody is signed in."""
    actor = _actor.get()
    if actor is None or actor.who() is None:
        raise NobodyActing("A write needs an author. Wrap it in `with acting(user_or_task_name): …`.")
    return actor


def person() -> User | None:
    """The signed-in person acting now, or None when a task acts."""
    who = current().who()
    return who if isinstance(who, User) else None
