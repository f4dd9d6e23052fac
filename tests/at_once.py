"""Several people pressing one button at the same moment, each in a thread with connections of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from django.core.cache import cache
from django.db import connection

PATIENCE_SECONDS = 60


def at_once(press, people):
    """What `press(person)` gave, or the error it was refused with, for each in their order; all begin together."""
    people = list(people)
    together = threading.Barrier(len(people))

    def alone(person):
        try:
            connection.ensure_connection()
            together.wait(timeout=PATIENCE_SECONDS)
            return press(person)
        except Exception as refused:
            return refused
        finally:
            _leave()

    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(alone, people, timeout=PATIENCE_SECONDS))


def _leave():
    """Close what this thread opened. Django never closes a thread's Redis client, and a socket left open is a warning
    to whichever test is running when it is swept up."""
    connection.close()
    for pool in getattr(getattr(cache, "_cache", None), "_pools", {}).values():
        pool.disconnect()
