"""Broken files out of good ones: one replacement each, and a right segment count unless the count is what is broken."""

from __future__ import annotations

import re


def changed(data: bytes, old: str, new: str) -> bytes:
    """The file with one piece of text replaced; refuses a piece that is not there exactly once."""
    text = data.decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the file"
    return recounted(text.replace(old, new))


def recounted(text: str) -> bytes:
    """SE01 made right again for a file of one transaction."""
    segments = [s for s in re.split(r"~\s*", text) if s]
    ids = [s.split("*")[0] for s in segments]
    count = ids.index("SE") - ids.index("ST") + 1
    return re.sub(r"(~\s*)SE\*\d+\*", rf"\g<1>SE*{count}*", text).encode()


def miscounted(data: bytes, old: str, new: str) -> bytes:
    """One replacement and nothing put right after it: for broken envelopes."""
    text = data.decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the file"
    return text.replace(old, new).encode()
