"""How a lower app reaches a higher one without knowing it: after commit, whoever asked for a verb is called.

A subscriber must be safe to run twice and safe to miss (a nightly sweep gives the same result); its failure is
logged and never undoes what was committed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from cob.audit.models import Event

log = structlog.get_logger(__name__)
Subscriber = Callable[["Event"], None]
_by_verb: dict[str, list[Subscriber]] = {}


def subscribe(*verbs: str) -> Callable[[Subscriber], Subscriber]:
    """Decorator: call this after each committed event with one of these verbs."""

    def add(subscriber: Subscriber) -> Subscriber:
        for verb in verbs:
            listeners = _by_verb.setdefault(verb, [])
            if subscriber not in listeners:
                listeners.append(subscriber)
        return subscriber

    return add


def tell(event: Event) -> None:
    """Call everyone who asked for this event's verb."""
    for subscriber in _by_verb.get(event.verb, ()):
        try:
            subscriber(event)
        except Exception:
            log.exception("subscriber_failed", code=f"{subscriber.__module__}.{subscriber.__name__}", kind=event.verb)
