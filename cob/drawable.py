"""Text as the fonts built into every PDF reader draw it: what they lack would be a black box in a name."""

from __future__ import annotations

import unicodedata

PAGE = "cp1252"  # Latin-1 with the usual quotes and dashes
# Letters whose stroke is no mark that could be left out; the minus sign, hyphens, and Hawaii's okina.
_PLAIN = str.maketrans(
    {"−": "-", "‐": "-", "‑": "-", "ʻ": "‘", "ʼ": "’"}
    | {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i"}
)


def drawable(text: str) -> str:
    """The same text; a letter the fonts lack without its marks, and a question mark for what has none. A letter and
    its mark may come apart: they are one letter first."""
    return "".join(map(_drawn, unicodedata.normalize("NFC", text).translate(_PLAIN)))


def _drawn(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character)
    for form in (character, "".join(part for part in parts if not unicodedata.combining(part))):
        try:
            return form.encode(PAGE).decode(PAGE)
        except UnicodeEncodeError:
            continue
    return "?"
