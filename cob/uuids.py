"""Keys for rows that are written by the thousand: UUIDs of version 7 (RFC 9562), each after the one before.

Random keys land all over every index; these land side by side, which halves what a database does for a row.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from threading import Lock

_COUNTED = 1 << 12
_VERSION_7, _VARIANT = 7 << 76, 2 << 62


def is_id(text: str) -> bool:
    """Whether it can be the id of a row at all."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def in_order() -> Iterator[uuid.UUID]:
    """Without end."""
    return (uuid.UUID(int=number) for number in _numbers())


def texts_in_order() -> Iterator[str]:
    """The same as 32 hexadecimal digits, for who needs no more than that."""
    return (f"{number:032x}" for number in _numbers())


def _numbers() -> Iterator[int]:
    """48 bits of milliseconds, a counter of 12 bits, 62 random bits."""
    while True:
        noise = os.urandom(8 * _COUNTED)
        head = _millisecond() << 80 | _VERSION_7 | _VARIANT
        for n in range(_COUNTED):
            tail = int.from_bytes(noise[8 * n : 8 * n + 8], "big") >> 2
            yield head | n << 64 | tail


_counting = Lock()
_last = 0


def _millisecond() -> int:
    """Now, and after every one given before in this process: whoever begins later gets the later keys, and a clock that
    was set back, or stands still, does not lead back to a counter used before."""
    global _last
    with _counting:
        _last = max(time.time_ns() // 1_000_000, _last + 1)
        return _last
