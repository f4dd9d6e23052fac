"""Keys for rows that are written by the thousand: UUIDs of version 7 (RFC 9562), each after the one before.

Random keys land all over every index; these land side by side, which halves what a database does for a row.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator

_COUNTED = 1 << 12
_VERSION_7, _VARIANT = 7 << 76, 2 << 62


def in_order() -> Iterator[uuid.UUID]:
    """Without end."""
    return (uuid.UUID(int=number) for number in _numbers())


def texts_in_order() -> Iterator[str]:
    """The same as 32 hexadecimal digits, for who needs no more than that."""
    return (f"{number:032x}" for number in _numbers())


def _numbers() -> Iterator[int]:
    """48 bits of milliseconds, a counter of 12 bits, 62 random bits."""
    last = 0
    while True:
        # A clock that was set back, or stands still, must not lead back to a counter used before.
        last = max(time.time_ns() // 1_000_000, last + 1)
        noise = os.urandom(8 * _COUNTED)
        head = last << 80 | _VERSION_7 | _VARIANT
        for n in range(_COUNTED):
            tail = int.from_bytes(noise[8 * n : 8 * n + 8], "big") >> 2
            yield head | n << 64 | tail
