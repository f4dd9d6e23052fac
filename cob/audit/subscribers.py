"""How a lower app reaches a higher one without knowing it: after commit, whoever asked for a verb is called.

What one act commits is told together when the act ends, so that an import of a thousand claims asks the queues once.
A subscriber must be safe to run twice and safe to miss (a nightly sweep gives the same result); its failure is logged
and never undoes what was committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import structlog
from django.apps import apps

if TYPE_CHECKING:
    from cob.audit.models import Event

log = structlog.get_logger(__name__)
Subscriber = Callable[[list["Event"]], None]

_verbs: dict[Subscriber, frozenset[str]] = {}
_last_of_app: set[Subscriber] = set()
_gathered: ContextVar[list[Event] | None] = ContextVar("gathered", default=None)


def subscribe(*verbs: str, last_of_app: bool = False) -> Callable[[Subscriber], Subscriber]:
    """Decorator: call this with the committed events of these verbs, all that one act brought together. `last_of_app`:
    it asks about what others of its app answer.
    """

    def add(subscriber: Subscriber) -> Subscriber:
        _verbs[subscriber] = _verbs.get(subscriber, frozenset()) | set(verbs)
        if last_of_app:
            _last_of_app.add(subscriber)
        return subscriber

    return add


@contextmanager
def gathering() -> Iterator[None]:
    """Keep what is committed inside and tell it at the end; inside another gathering it changes nothing."""
    if _gathered.get() is not None:
        yield
        return
    token = _gathered.set([])
    try:
        yield
    finally:
        try:
            tell_now()
        finally:
            _gathered.reset(token)


def tell(event: Event) -> None:
    """An event was committed: tell it now, or at the end of the act it belongs to."""
    gathered = _gathered.get()
    if gathered is None:
        _tell_all([event])
    elif any(event.verb in verbs for verbs in _verbs.values()):
        gathered.append(event)


def tell_now() -> None:
    """Tell what was gathered so far; for an act that wants to read what its subscribers made of it."""
    gathered = _gathered.get()
    if gathered:
        events, gathered[:] = list(gathered), []
        _tell_all(events, gathered)


def _tell_all(events: list[Event], gathered: list[Event] | None = None) -> None:
    """Each subscriber once, lowest first; what a lower one commits is told to the higher ones with the rest."""
    for subscriber, verbs in _in_order():
        wanted = [event for event in events if event.verb in verbs]
        if wanted:
            _call(subscriber, wanted)
        if gathered:
            events = [*events, *gathered]
            gathered.clear()


def _in_order() -> list[tuple[Subscriber, frozenset[str]]]:
    """Lower apps answer before higher ones ask about their answer, whichever module happened to be imported first."""
    places = {config.name: place for place, config in enumerate(apps.get_app_configs())}

    def place(one: tuple[Subscriber, frozenset[str]]) -> tuple[int, bool]:
        config = apps.get_containing_app_config(one[0].__module__)
        return places[config.name] if config else len(places), one[0] in _last_of_app

    return sorted(_verbs.items(), key=place)


def _call(subscriber: Subscriber, events: list[Event]) -> None:
    try:
        subscriber(events)
    except Exception:
        where = f"{subscriber.__module__}.{subscriber.__qualname__}"
        log.exception("subscriber_failed", code=where, kind=events[0].verb, count=len(events))
