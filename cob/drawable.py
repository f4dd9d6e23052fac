"""Text as the fonts built into every PDF reader draw it: what they lack would be a black box in a name."""

from __future__ import annotations

import unicodedata

PAGE = "cp1252"  # Latin-1 with the usual quotes and dashes
# Letters whose stroke is no mark that could be left out, and the minus sign.
_PLAIN = str.maketrans({"−": "-", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i"})


def drawable(text: str) -> str:
    """The same text; a letter the fonts lack without its marks, and a question mark for what has none."""
    return "".join(map(_drawn, text.translate(_PLAIN)))


def _drawn(character: str) -> str:
    for form in (character, unicodedata.normalize("NFKD", character)[:1]):
        try:
            return form.encode(PAGE).decode(PAGE)
        except UnicodeEncodeError:
            continue
    return "" if unicodedata.combining(character) else "?"
